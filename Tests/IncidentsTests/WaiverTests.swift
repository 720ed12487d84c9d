import Bytes
import Incidents
import Testing

@Suite("A waived review")
struct WaiverTests {
  private func resolved(_ priority: Priority = .p1) throws -> Office {
    var office = try Office.led(priority)
    office.department.raise(to: Command.newestLevel, at: 0)
    try office.act(.onCall, Office.fixed)
    return office
  }

  private static let falseAlarm = IncidentAction.waiveReview(.falseAlarm)

  @Test func `lets a P1 close without one, and is counted`() throws {
    var office = try resolved()
    #expect(office.rule(.delivery, .close(overrideReason: nil)) == .reviewRequired)
    let events = try office.act(.delivery, Self.falseAlarm)
    #expect(events.map(\.fact) == [.reviewWaived(.falseAlarm, by: Office.Who.delivery.id)])
    #expect(office.state().marks.waivers == 1)
    #expect(!office.state().duties(at: office.clock).contains { $0.slug == "finish-review" })
    try office.act(.delivery, .close(overrideReason: nil))
    #expect(office.state().ending == .closed(at: office.clock - Span.second))
    #expect(office.state().marks.overrides == 0)
  }

  @Test func `is for Service Delivery alone`() throws {
    let office = try resolved()
    for who in [Office.Who.onCall, .engineer, .teamLead, .firstLine, .outsider, .auditor] {
      #expect(office.rule(who, Self.falseAlarm) == .rightMissing, "\(who)")
    }
    #expect(office.rule(.delivery, Self.falseAlarm) == nil)
  }

  @Test func `is of one resolution, as a review is`() throws {
    var office = try resolved()
    try office.act(.delivery, Self.falseAlarm)
    try office.act(.delivery, .reopen(reason: "It was real."))
    #expect(office.rule(.delivery, Self.falseAlarm) == .notResolved)
    try office.act(.onCall, Office.fixed)
    #expect(office.rule(.delivery, .close(overrideReason: nil)) == .reviewRequired)
    try office.act(.delivery, Self.falseAlarm)
    #expect(office.state().marks.waivers == 2)
  }

  @Test func `has one of the fixed reasons, and the reason holds`() throws {
    var office = try resolved()
    #expect(office.rule(.delivery, .waiveReview(.neverMajor)) == .invalidField)
    let lower = PriorityChange(choice: .level(.p3), confirm: true)
    var lowered = office
    try lowered.act(.delivery, .setPriority(lower))
    #expect(lowered.rule(.delivery, .waiveReview(.neverMajor)) == nil)

    let other = Office.incident(2)
    #expect(office.rule(.delivery, .waiveReview(.covered(by: other))) == .notFound)
    #expect(office.rule(.delivery, .waiveReview(.covered(by: Office.incident))) == .invalidField)
    try office.declare(.level(.p4), id: other)
    #expect(office.rule(.delivery, .waiveReview(.covered(by: other))) == .invalidField)
    try office.act(
      .delivery, .setPriority(PriorityChange(choice: .level(.p1), confirm: true)), on: other)
    #expect(office.rule(.delivery, .waiveReview(.covered(by: other))) == nil)
    try office.act(.firstLine, .setFlag(FlagRaising(flag: .data)), on: other)
    // Who may not know of the other learns nothing of it.
    var away = office
    try away.run(
      .setMember(
        MembershipChange(team: Office.liveServices, person: Office.Who.delivery.id, role: nil)))
    #expect(away.rule(.delivery, .waiveReview(.covered(by: other))) == .rightMissing)
  }

  @Test func `is of a review that is owed`() throws {
    var office = try resolved()
    try office.act(.onCall, Office.reviewed)
    #expect(office.rule(.delivery, Self.falseAlarm) == .reviewNotOwed)
    let minor = try resolved(.p3)
    #expect(minor.rule(.delivery, Self.falseAlarm) == .reviewNotOwed)
    var exercise = try Office(isRaised: true)
    try exercise.declare(exercise: true)
    try exercise.act(.delivery, .acknowledge(happenedAt: nil))
    try exercise.act(
      .delivery, .setPriority(PriorityChange(choice: .level(.p1), confirm: true)))
    try exercise.act(.delivery, Office.fixed)
    #expect(exercise.rule(.delivery, Self.falseAlarm) == .reviewNotOwed)
    #expect(exercise.rule(.delivery, .close(overrideReason: nil)) == nil)
  }

  @Test func `waits for every node to know it`() throws {
    var office = try Office.led()
    try office.act(.onCall, Office.fixed)
    #expect(office.rule(.delivery, Self.falseAlarm) == .levelUnknown)
    #expect(office.state().extras.marks == nil)
  }
}
