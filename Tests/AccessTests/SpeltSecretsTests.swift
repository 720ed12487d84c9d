import Access
import Bytes
import Testing

@Suite("A secret in a text")
struct SpeltSecretsTests {
  @Test func `is masked wherever it stands, and whole`() {
    let token = Token.make().spelling
    let hook = WebhookSecret(
      of: ID(high: 1, low: 2), generation: 1, from: [UInt8](repeating: 7, count: 32)
    ).spelling
    #expect(SpeltSecrets.masked(token) == "mst_…")
    #expect(SpeltSecrets.masked("msj_" + token.dropFirst(4)) == "msj_…")
    #expect(
      SpeltSecrets.masked("\"\(token)\" is none of low, high; nor is \(hook).")
        == "\"mst_…\" is none of low, high; nor is msw_….")
    #expect(SpeltSecrets.masked("/\(token)\(token)/a") == "/mst_…/a")
    #expect(SpeltSecrets.masked("the end: \(token.prefix(30))") == "the end: mst_…")
  }

  @Test(arguments: [
    "", "mst_", "mst_token", "msx_0123456789012345678901234567890123456789", "ä–…", "ms",
  ])
  func `is not seen where there is none`(text: String) {
    #expect(SpeltSecrets.masked(text) == text)
  }
}
