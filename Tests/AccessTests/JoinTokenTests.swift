import Access
import Bytes
import Crypto
import Testing

@Suite("A token to join the cluster with")
struct JoinTokenTests {
  private static let token = JoinToken(
    id: ID(high: 1, low: 2), secret: .make(), expiresAt: 1_795_424_640_000,
    authority: [UInt8](repeating: 7, count: SHA256.size), address: "keeper.example:8460")

  @Test func `is spelt with its prefix, and reads back as itself`() throws {
    let spelling = Self.token.spelling
    #expect(spelling.hasPrefix("msj_"))
    let read = try #require(JoinToken(spelling))
    #expect(read == Self.token)
    #expect(read.address == "keeper.example:8460")
    #expect(read.expiresAt == 1_795_424_640_000)
    #expect(read.authority == [UInt8](repeating: 7, count: 32))
  }

  @Test func `fits its bound with the longest address`() {
    let longest = JoinToken(
      id: ID(high: 1, low: 2), secret: .make(), expiresAt: 0,
      authority: [UInt8](repeating: 7, count: SHA256.size),
      address: String(repeating: "a", count: JoinToken.longestAddress))
    #expect(longest.spelling.utf8.count == JoinToken.longest)
    #expect(JoinToken(longest.spelling) == longest)
  }

  @Test func `is none when a character is missing, more, or of a person's token`() {
    let spelling = Self.token.spelling
    #expect(JoinToken(spelling.dropLast()) == nil)
    #expect(JoinToken(spelling + "A") == nil)
    #expect(JoinToken("mst_" + spelling.dropFirst(4)) == nil)
    #expect(JoinToken(Token.make().spelling) == nil)
    #expect(Token(spelling) == nil)
    #expect(JoinToken("") == nil)
    #expect(JoinToken("msj_") == nil)
    #expect(JoinToken("msj_" + String(repeating: "A", count: JoinToken.longest)) == nil)
  }

  @Test func `is known by a hash that is no person's token's`() throws {
    let secret = JoinToken.Secret.make()
    let token = JoinToken(
      id: ID(high: 1, low: 2), secret: secret, expiresAt: 0,
      authority: [UInt8](repeating: 7, count: SHA256.size), address: "a:1")
    #expect(token.hash == secret.hash)
    #expect(token.hash.count == SHA256.size)
    // The secret's own bytes, as they stand in the token, spelt as a person's.
    let bytes = try #require(Base64URL.decode(token.spelling.dropFirst(4)))
    let person = try #require(Token("mst_" + Base64URL.encode(Array(bytes[17..<49]))))
    #expect(person.hash != token.hash)
  }

  @Test func `proves one message, and no other`() {
    let other = JoinToken(
      id: Self.token.id, secret: .make(), expiresAt: Self.token.expiresAt,
      authority: Self.token.authority, address: Self.token.address)
    let proof = Self.token.proof(of: [1, 2, 3])
    #expect(Self.token.isProven([1, 2, 3], by: proof))
    #expect(!Self.token.isProven([1, 2, 4], by: proof))
    #expect(!other.isProven([1, 2, 3], by: proof))
    #expect(!Self.token.isProven([1, 2, 3], by: []))
  }

  @Test func `is never printed`() {
    #expect("\(Self.token)" == "msj_…")
    #expect(!String(reflecting: Self.token).contains(Self.token.spelling.dropFirst(30)))
    #expect("\(JoinToken.Secret.make())" == "…")
  }
}
