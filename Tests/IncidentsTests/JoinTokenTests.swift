import Bytes
import Incidents
import Testing

/// With what a node may join the cluster, and how often.
@Suite("A token to join the cluster with")
struct JoinTokenTests {
  private static let hour: Int64 = 3_600_000

  private func token(of office: Office, holding span: Int64 = hour) -> NewJoinToken {
    NewJoinToken(
      id: ID(high: 12, low: 2), hash: [UInt8](repeating: 8, count: Bound.hash), label: "n4",
      expiresAt: office.clock + span)
  }

  @Test func `lets one node in, and no second`() throws {
    var office = try Office()
    let token = token(of: office)
    let issuedAt = office.clock
    try office.run(.issueJoinToken(token))
    let usedAt = office.clock
    try office.run(.useJoinToken(token.id))
    #expect(
      office.department.credential(token.id)
        == Credential(
          id: token.id, version: 2, person: Office.Who.admin.id, kind: .join, hash: token.hash,
          label: "n4", createdAt: issuedAt, revokedAt: usedAt, expiresAt: token.expiresAt))
    #expect(office.rule(.useJoinToken(token.id)) == .joinTokenSpent)
  }

  @Test func `works until its end, and not after it was revoked`() throws {
    var office = try Office()
    let token = token(of: office)
    try office.run(.issueJoinToken(token))
    var late = office
    late.clock = token.expiresAt
    #expect(late.rule(.useJoinToken(token.id)) == .joinTokenExpired)
    late.clock -= 1
    #expect(late.rule(.useJoinToken(token.id)) == nil)
    try office.run(.revokeCredential(token.id))
    #expect(office.rule(.useJoinToken(token.id)) == .joinTokenSpent)
  }

  @Test func `holds for at most seven days`() throws {
    let office = try Office()
    for span in [-1, 0, Bound.joinTokenLife + 1] {
      #expect(office.rule(.issueJoinToken(token(of: office, holding: span))) == .invalidField)
    }
    #expect(office.rule(.issueJoinToken(token(of: office, holding: Bound.joinTokenLife))) == nil)
  }

  @Test func `is issued and used by administrators, and signs nobody in`() throws {
    var office = try Office()
    let token = token(of: office)
    for who in Office.Who.allCases where who != .admin {
      #expect(office.rule(.issueJoinToken(token), by: who.actor) == .rightMissing, "\(who)")
    }
    try office.run(.issueJoinToken(token))
    for who in Office.Who.allCases where who != .admin {
      #expect(office.rule(.useJoinToken(token.id), by: who.actor) == .rightMissing, "\(who)")
    }
    let itself = Actor.credential(id: token.id, person: Office.Who.admin.id)
    #expect(office.rule(.useJoinToken(token.id), by: itself) == .credentialRevoked)
    // A person's token is none to join with.
    #expect(office.rule(.useJoinToken(Office.Who.onCall.credential)) == .notFound)
  }

  @Test func `is told apart from every other credential in its binary form`() throws {
    var office = try Office()
    try office.run(.issueJoinToken(token(of: office)))
    let credential = try #require(office.department.credential(token(of: office).id))
    #expect(try Credential(decoding: credential.encoded()) == credential)
  }
}
