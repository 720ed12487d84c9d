import Access
import Crypto
import Testing

@Suite("A token")
struct TokenTests {
  private let zeros = "mst_" + String(repeating: "A", count: 43)

  @Test func `is spelt with its prefix and 43 characters, and reads back as itself`() throws {
    let token = Token.make()
    #expect(token.spelling.utf8.count == Token.length)
    #expect(token.spelling.hasPrefix("mst_"))
    #expect(Token(token.spelling) == token)
    #expect(Token.make() != token)
  }

  @Test func `is kept as the SHA-256 of its 32 bytes`() {
    #expect(Token(zeros)?.hash == SHA256.hash([UInt8](repeating: 0, count: 32)))
  }

  @Test func `is never printed`() {
    let token = Token.make()
    #expect("\(token)" == "mst_…")
    #expect(!String(reflecting: token).contains(token.spelling.dropFirst(4)))
  }

  @Test(arguments: [
    "",
    "mst_",
    "mst_" + String(repeating: "A", count: 42),
    "mst_" + String(repeating: "A", count: 44),
    "MST_" + String(repeating: "A", count: 43),
    "mst_" + String(repeating: "A", count: 42) + "B",
    "mst_" + String(repeating: "A", count: 42) + "=",
    "mst_" + String(repeating: "+", count: 43),
  ])
  func `has one spelling only`(text: String) {
    #expect(Token(text) == nil)
  }

  @Test(arguments: ["Bearer ", "bearer ", "BEARER   "])
  func `is found in an Authorization field`(scheme: String) {
    #expect(Token(authorization: Array((scheme + zeros).utf8)[...]) == Token(zeros))
  }

  @Test(arguments: ["", "Bearer", "Basic ", "Token ", "Bearer\t", "Bearers "])
  func `is not found in another field`(scheme: String) {
    #expect(Token(authorization: Array((scheme + zeros).utf8)[...]) == nil)
    #expect(Token(authorization: Array(scheme.utf8)[...]) == nil)
  }
}
