/// How Muster shows the provider that it is the client (OpenID Connect Core 1.0, section 9).
package enum ClientAuthentication: Hashable, Sendable {
  /// Not at all: a public client, protected by PKCE alone.
  case none
  /// With a secret in the Authorization field: `client_secret_basic`.
  case basic(ClientSecret)
  /// With a secret in the body: `client_secret_post`.
  case post(ClientSecret)

  /// Its name in a provider's document.
  package var method: String {
    switch self {
    case .none: "none"
    case .basic: "client_secret_basic"
    case .post: "client_secret_post"
    }
  }
}

/// The secret that the provider has given to this client.
package struct ClientSecret: Hashable, Sendable {
  /// Bytes of a secret.
  package static let longest = 1_024

  let text: String

  /// The secret that a file holds, without the line end that editors leave; `nil` where that is
  /// empty, too long, or has characters that none may have (RFC 6749, appendix A.2).
  package init?(file bytes: [UInt8]) {
    var bytes = bytes
    if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
    if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
    guard (1...Self.longest).contains(bytes.count), bytes.allSatisfy({ (0x20..<0x7F).contains($0) })
    else { return nil }
    text = String(decoding: bytes, as: UTF8.self)
  }
}

extension ClientSecret: CustomStringConvertible, CustomReflectable {
  /// Never the secret, so that no log line or failed test can print it.
  package var description: String { "…" }

  /// Nothing to look into.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
