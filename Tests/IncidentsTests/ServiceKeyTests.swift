import Bytes
import Incidents
import Testing

/// What a service's own systems may do, with a key or a certificate.
@Suite("A service key")
struct ServiceKeyTests {
  private static let id = ID(high: 12, low: 7)
  private static let actor = Actor.credential(id: id, person: Office.payments)

  private static func key(
    _ scopes: KeyScopes = [.declare], service: ID = Office.payments, expiresAt: Int64? = nil,
    isCertificate: Bool = false, hash: UInt8 = 90
  ) -> NewServiceKey {
    NewServiceKey(
      id: id, service: service, hash: [UInt8](repeating: hash, count: Bound.hash),
      label: "deploys", terms: TokenTerms(prefix: "mst_abcd", expiresAt: expiresAt),
      scopes: scopes, isCertificate: isCertificate)
  }

  private func office(_ scopes: KeyScopes) throws -> Office {
    var office = try Office(isRaised: true)
    try office.run(.issueServiceKey(Self.key(scopes)))
    return office
  }

  private func declare(_ service: ID?) -> Action {
    .declare(Declaration(id: Office.incident, title: "Payments fail", service: service))
  }

  private let note = IncidentAction.note(Note(kind: .finding, text: "Rolled back."))

  @Test func `declares incidents of its service, and touches nothing`() throws {
    for named in [nil, Office.payments] {
      var office = try office([.declare])
      try office.run(declare(named), as: Self.actor)
      #expect(office.state().service == Office.payments)
      #expect(office.state().reporter == nil)
      try office.run(.incident(Office.incident, note), as: Self.actor)
      #expect(!office.state().isTouched)
      try office.act(.delivery, note)
      #expect(office.state().isTouched)
    }
  }

  @Test func `says nothing of another service`() throws {
    var office = try office([.declare])
    #expect(office.rule(declare(Office.signIn), by: Self.actor) == .rightMissing)
    try office.declare(.level(.p3), service: Office.signIn)
    #expect(office.rule(.incident(Office.incident, note), by: Self.actor) == .rightMissing)
  }

  @Test func `does what its scopes say and nothing else`() throws {
    let alert = Office.alert(.firing, incident: 3)
    let all: [(KeyScopes, Action)] = [(.declare, declare(nil)), (.alerts, alert)]
    for (scope, action) in all {
      for (other, _) in all {
        let office = try office([.read, other])
        let rule: Refusal.Rule? = other == scope ? nil : .rightMissing
        #expect(office.rule(action, by: Self.actor) == rule)
      }
    }
    var office = try office([.read, .declare, .alerts])
    try office.declare()
    let glass = GlassBreak(
      id: ID(high: 70, low: 1), scope: .incident(Office.incident), reason: "because")
    let others: [Action] = [
      .breakGlass(glass), .issueServiceKey(Self.key()), .revokeCredential(Self.id),
      .incident(Office.incident, .acknowledge(happenedAt: nil)),
      .incident(Office.incident, .close(overrideReason: "no")),
      .extendSession, .clearMeans(Office.Who.onCall.id),
    ]
    for action in others {
      #expect(office.rule(action, by: Self.actor) == .rightMissing, "\(action)")
    }
  }

  @Test func `sees nothing that is restricted, though it declared it`() throws {
    var office = try office([.read, .declare])
    try office.run(declare(nil), as: Self.actor)
    try office.act(.firstLine, .setFlag(FlagRaising(flag: .data)))
    #expect(office.rule(.incident(Office.incident, note), by: Self.actor) == .notFound)
    let service = try #require(office.department.service(Office.payments))
    #expect(
      !office.department.sees(
        Person(standingFor: service), office.state(), at: office.clock))
  }

  @Test func `works until it is revoked or over, and is nobody's but its service's`() throws {
    var office = try Office(isRaised: true)
    let end = office.clock + 3_600_000
    try office.run(.issueServiceKey(Self.key(expiresAt: end, isCertificate: true)))
    #expect(office.department.credential(Self.id)?.kind == .certificate)
    let wrong = Actor.credential(id: Self.id, person: Office.signIn)
    #expect(office.rule(declare(nil), by: wrong) == .credentialRevoked)
    #expect(office.rule(declare(nil), by: Self.actor) == nil)
    office.clock = end
    #expect(office.rule(declare(nil), by: Self.actor) == .credentialRevoked)
    var other = try self.office([.declare])
    try other.run(.revokeCredential(Self.id))
    #expect(other.rule(declare(nil), by: Self.actor) == .credentialRevoked)
  }

  @Test func `is issued by administrators, with scopes and an end that make sense`() throws {
    let office = try Office(isRaised: true)
    let admin = Office.Who.admin.actor
    for who in Office.Who.allCases {
      let rule: Refusal.Rule? = who == .admin ? nil : .rightMissing
      #expect(office.rule(.issueServiceKey(Self.key()), by: who.actor) == rule, "\(who)")
    }
    let refused: [(NewServiceKey, Refusal.Rule)] = [
      (Self.key([]), .invalidField), (Self.key(KeyScopes(rawValue: 8)), .invalidField),
      (Self.key(service: ID(high: 9, low: 9)), .notFound),
      (Self.key(expiresAt: office.clock), .invalidField),
      (Self.key(isCertificate: true), .invalidField),
    ]
    for (key, rule) in refused {
      #expect(office.rule(.issueServiceKey(key), by: admin) == rule, "\(key)")
    }
  }

  // Two of one hash cannot be told apart, and the store takes no second: that would end every node.
  @Test func `has a secret that no other credential has, and so has any other`() throws {
    let office = try office([.read])
    let admin = Office.Who.admin.actor
    let hash = [UInt8](repeating: 90, count: Bound.hash)
    let id = ID(high: 12, low: 8)
    var again = Self.key()
    again.id = id
    let end = office.clock + 3_600_000
    let seconds: [Action] = [
      .issueServiceKey(again),
      .issueCredential(
        NewCredential(id: id, person: Office.Who.admin.id, hash: hash, label: "x")),
      .issueIngestKey(
        NewIngestKey(id: id, service: Office.payments, hash: hash, label: "x")),
      .issueJoinToken(NewJoinToken(id: id, hash: hash, label: "x", expiresAt: end)),
    ]
    for action in seconds { #expect(office.rule(action, by: admin) == .alreadyExists) }
  }
}
