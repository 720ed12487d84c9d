/// What a provider gives for a code (RFC 6749, section 5.1; OpenID Connect Core 1.0, section 3.1.3.3).
package struct TokenAnswer: Hashable, Sendable {
  /// Bytes of an answer: it has two or three tokens in it.
  package static let largest = 4 * SignedToken.largest
  /// Bytes of an access token, which travels in a field of a request.
  package static let longestAccessToken = 12 * 1024

  let idToken: String
  let accessToken: String

  /// Reads an answer to the request for tokens.
  ///
  /// - Parameters:
  ///   - status: The HTTP status of the answer.
  ///   - body: The answer.
  package init(status: Int, body: [UInt8]) throws(ProviderError) {
    guard status == 200 else { throw Self.refusal(status: status, body: body) }
    let members = try Members(body, of: .tokens, limit: Self.largest)
    guard try members.text("token_type").lowercased() == "bearer" else {
      throw .member(.tokens, name: "token_type")
    }
    idToken = try members.text("id_token")
    accessToken = try members.text("access_token")
    // RFC 6750, section 2.1: what may stand in a field.
    guard accessToken.utf8.count <= Self.longestAccessToken,
      accessToken.utf8.allSatisfy({ (0x21..<0x7F).contains($0) })
    else { throw .member(.tokens, name: "access_token") }
  }

  /// What a provider says that gives no tokens (RFC 6749, section 5.2).
  private static func refusal(status: Int, body: [UInt8]) -> ProviderError {
    do throws(ProviderError) {
      let members = try Members(body, of: .tokens, limit: largest)
      let detail = try members.optionalText("error_description") ?? ""
      return .refused(
        .tokens, error: try members.text("error").shortened, detail: detail.shortened)
    } catch {
      // A page of a proxy, most likely: the status says as much as can be known.
      return .status(.tokens, code: status)
    }
  }
}

extension TokenAnswer: CustomStringConvertible, CustomReflectable {
  /// Never the tokens, so that no log line or failed test can print them.
  package var description: String { "…" }

  /// Nothing to look into.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
