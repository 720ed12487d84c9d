import Bytes
import Incidents
import Testing

@Suite("A token with terms")
struct TokenTermsTests {
  private static let hour: Int64 = 3_600_000
  private let id = ID(high: 12, low: 3)

  private func new(_ terms: TokenTerms?) -> NewCredential {
    NewCredential(
      id: id, person: Office.Who.onCall.id, hash: [UInt8](repeating: 9, count: Bound.hash),
      label: "dashboard", terms: terms)
  }

  private let declare = Action.declare(Declaration(id: Office.incident(7), title: "Slow"))
  private var actor: Actor { .credential(id: id, person: Office.Who.onCall.id) }

  @Test func `works until its end`() throws {
    var office = try Office()
    let end = office.clock + Self.hour
    try office.run(.issueCredential(new(TokenTerms(prefix: "mst_abcd", expiresAt: end))))
    #expect(office.department.credential(id)?.expiresAt == end)
    office.clock = end - 1
    #expect(office.rule(declare, by: actor) == nil)
    office.clock = end
    #expect(office.rule(declare, by: actor) == .credentialRevoked)
  }

  @Test func `that only reads changes nothing`() throws {
    var office = try Office()
    try office.run(.issueCredential(new(TokenTerms(prefix: "mst_abcd", isReadOnly: true))))
    #expect(office.rule(declare, by: actor) == .rightMissing)
    #expect(office.rule(.revokeCredential(id), by: actor) == .rightMissing)
  }

  @Test func `cannot have run out when it is issued`() throws {
    let office = try Office()
    let over = TokenTerms(prefix: "mst_abcd", expiresAt: office.clock)
    #expect(
      office.rule(.issueCredential(new(over)), by: Office.Who.admin.actor) == .invalidField)
  }

  @Test func `to post alerts with cannot be one that only reads`() throws {
    let office = try Office()
    func key(_ terms: TokenTerms) -> Action {
      .issueIngestKey(
        NewIngestKey(
          id: id, service: Office.payments, hash: [UInt8](repeating: 9, count: Bound.hash),
          label: "probe", terms: terms))
    }
    let admin = Office.Who.admin.actor
    #expect(
      office.rule(key(TokenTerms(prefix: "mst_abcd", isReadOnly: true)), by: admin)
        == .invalidField)
    #expect(office.rule(key(TokenTerms(prefix: "mst_abcd")), by: admin) == nil)
  }

  @Test(
    arguments: [
      nil, TokenTerms(prefix: "mst_abcd"),
      TokenTerms(prefix: "mst_abcd", expiresAt: 1_800_000_000_000, isReadOnly: true),
    ])
  func `is read as it was written`(terms: TokenTerms?) throws {
    let command = Command(
      actor: Office.Who.admin.actor, receivedAt: 1, salt: [UInt8](repeating: 1, count: Bound.salt),
      action: .issueCredential(new(terms)))
    #expect(try Command(decoding: command.encoded()) == command)
    let record = Credential(
      id: id, version: 1, person: Office.Who.onCall.id, hash: [UInt8](repeating: 9, count: 32),
      label: "x", createdAt: 5, terms: terms)
    #expect(try Credential(decoding: record.encoded()) == record)
  }
}
