/// What comes with a request to prove who sends it.
package enum Proof: Hashable, Sendable {
  /// A token, in the Authorization field: of a person or of a monitoring system.
  case token(Token)
  /// A session's secret, in a cookie that only our own pages send.
  case session(SessionSecret)

  /// What is looked up: 32 bytes.
  package var hash: [UInt8] {
    switch self {
    case .token(let token): token.hash
    case .session(let secret): secret.hash
    }
  }

  /// Whether it is a token.
  package var isToken: Bool {
    if case .token = self { true } else { false }
  }
}
