import Bytes
import Incidents
import Testing

/// Who may post alerts, and of what (policy section 10).
@Suite("An ingest key")
struct IngestKeyTests {
  private static let key = NewIngestKey(
    id: ID(high: 12, low: 1), service: Office.payments,
    hash: [UInt8](repeating: 9, count: Bound.hash), label: "Alertmanager")
  private static let actor = Actor.credential(id: key.id, person: Office.payments)

  private func office() throws -> Office {
    var office = try Office()
    try office.run(.issueIngestKey(Self.key))
    return office
  }

  private func alert(service: String?) -> Action {
    .alert(
      AlertNotification(
        incident: Office.incident, group: ID(high: 60, low: 1), source: "alertmanager",
        receiver: "muster", groupKey: "g", service: service,
        members: [
          AlertMember(
            fingerprint: "a", status: .firing, startsAt: Office.morning, name: "PaymentsDown",
            severity: "critical")
        ]))
  }

  @Test func `posts alerts of its service, whatever their labels say`() throws {
    for service in [nil, "sign-in", "parking"] {
      var office = try office()
      try office.run(alert(service: service), as: Self.actor)
      #expect(office.state().service == Office.payments)
      #expect(office.state().unknownService == nil)
      #expect(office.state().paged == [Office.Who.onCall.id])
      #expect(!office.state().isTouched)
    }
  }

  @Test func `does nothing else`() throws {
    var office = try office()
    try office.declare()
    let note = Action.incident(Office.incident, .note(Note(kind: .finding, text: "x")))
    let declaration = Declaration(id: Office.incident(2), title: "x")
    #expect(office.rule(note, by: Self.actor) == .rightMissing)
    #expect(office.rule(.declare(declaration), by: Self.actor) == .rightMissing)
    #expect(office.rule(.issueIngestKey(Self.key), by: Self.actor) == .rightMissing)
    #expect(office.rule(.revokeCredential(Self.key.id), by: Self.actor) == .rightMissing)
    #expect(office.rule(.closeCleared([]), by: Self.actor) == .rightMissing)
  }

  @Test func `is nobody's but its service's, and works until it is revoked`() throws {
    var office = try office()
    let wrong = Actor.credential(id: Self.key.id, person: Office.signIn)
    let person = Actor.credential(id: Self.key.id, person: Office.Who.admin.id)
    let alert = alert(service: nil)
    #expect(office.rule(alert, by: wrong) == .credentialRevoked)
    #expect(office.rule(alert, by: person) == .credentialRevoked)
    try office.run(.revokeCredential(Self.key.id))
    #expect(office.rule(alert, by: Self.actor) == .credentialRevoked)
  }

  @Test func `is issued by administrators, for a service that there is`() throws {
    let office = try Office()
    var key = Self.key
    for who in Office.Who.allCases where who != .admin {
      #expect(office.rule(.issueIngestKey(key), by: who.actor) == .rightMissing, "\(who)")
    }
    key.service = ID(high: 9, low: 9)
    #expect(office.rule(.issueIngestKey(key), by: Office.Who.admin.actor) == .notFound)
  }

  @Test func `is needed by all but administrators and Service Delivery`() throws {
    let office = try Office()
    for who in Office.Who.allCases {
      let may = who == .admin || who == .delivery
      #expect(
        office.rule(alert(service: "payments"), by: who.actor) == (may ? nil : .rightMissing),
        "\(who)")
    }
  }
}
