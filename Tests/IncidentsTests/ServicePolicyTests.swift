import Bytes
import Incidents
import Testing

@Suite("What a service does otherwise")
struct ServicePolicyTests {
  private static func change(_ calendar: Wish<String>) -> Action {
    var change = ServicePolicyChange(of: Office.payments)
    change.calendar = calendar
    return .changeServicePolicy(change)
  }

  @Test func `is kept in each of its versions`() throws {
    var office = try Office(isRaised: true)
    #expect(office.department.servicePolicy(Office.payments) == nil)
    try office.run(Self.change(.set("scotland")))
    try office.run(Self.change(.clear))
    let policies = [1, 2].map { office.department.servicePolicy(Office.payments, version: $0) }
    #expect(policies.map { $0?.calendar } == ["scotland", nil])
    #expect(policies.map { $0?.version } == [1, 2])
    #expect(office.department.servicePolicy(Office.payments) == policies[1])
    // Said again, it is not news.
    #expect(try office.run(Self.change(.clear)).isEmpty)
    for policy in policies.compactMap({ $0 }) {
      #expect(try ServicePolicy(decoding: policy.encoded()) == policy)
    }
  }

  @Test
  func `binds an incident that affects it beside another: the strictest target counts`() throws {
    var office = try Office.at("2026-11-23T10:00:00Z")
    var change = ServicePolicyChange(of: Office.signIn)
    change.terms.targets[.p3] = PriorityTarget(
      response: .minutes(30), resolution: .minutes(240), limit: .businessDays(3))
    try office.run(.changeServicePolicy(change))
    office.set("2026-11-23T10:00:00Z")
    try office.declare(.level(.p3))
    #expect(office.dues(\.response) == ["2026-11-23T12:00"])
    #expect(office.dues(\.resolution) == ["2026-11-24T10:00", "2026-11-25T10:00"])
    try office.act(
      .delivery, .affect(AffectedChange(service: Office.signIn, state: .degraded)))
    // Its limit is the laxer one, so that of the lead service stays.
    #expect(office.dues(\.response) == ["2026-11-23T10:30"])
    #expect(office.dues(\.resolution) == ["2026-11-23T14:00", "2026-11-25T10:00"])
    // What it expects later does not bind what began before.
    var undo = ServicePolicyChange(of: Office.signIn)
    undo.clears = [.targets]
    try office.run(.changeServicePolicy(undo))
    try office.act(
      .delivery, .affect(AffectedChange(service: Office.signIn, state: .restored)))
    #expect(office.dues(\.resolution) == ["2026-11-23T14:00", "2026-11-25T10:00"])
    try office.act(.delivery, .affect(AffectedChange(service: Office.signIn, state: nil)))
    #expect(office.dues(\.response) == ["2026-11-23T12:00"])
    #expect(office.dues(\.resolution) == ["2026-11-24T10:00", "2026-11-25T10:00"])
  }

  @Test func `is for whoever says who is on call for it`() throws {
    let office = try Office(isRaised: true)
    for who in Office.Who.allCases {
      let may = [.admin, .delivery, .teamLead].contains(who)
      let rule = office.rule(Self.change(.set("scotland")), by: who.actor)
      #expect(rule == (may ? nil : .rightMissing), "\(who)")
    }
  }

  @Test func `has a version that a change can be bound to`() throws {
    var office = try Office(isRaised: true)
    try office.run(Self.change(.set("scotland")), expecting: 0)
    #expect(throws: Refusal.self) { try office.run(Self.change(.clear), expecting: 0) }
    try office.run(Self.change(.clear), expecting: 1)
  }

  @Test func `is refused for a service that nobody knows, and before its level`() throws {
    var office = try Office(isRaised: true)
    let stranger = ServicePolicyChange(of: ID(high: 30, low: 99))
    #expect(office.rule(.changeServicePolicy(stranger)) == .notFound)
    office = try Office()
    #expect(office.rule(Self.change(.set("scotland"))) == .levelUnknown)
  }
}
