package import Incidents

/// What comes with a request to prove who sends it.
package enum Proof: Hashable, Sendable {
  /// A token, in the Authorization field: of a person or of a monitoring system.
  case token(Token)
  /// A session's secret, in a cookie that only our own pages send.
  case session(SessionSecret)
  /// The certificate of a service's own system, whose key the handshake has proved: the SHA-256 of its
  /// DER form. Who issued it is of no interest, as in RFC 8705, section 2.2.
  case certificate([UInt8])

  /// What is looked up: 32 bytes.
  package var hash: [UInt8] {
    switch self {
    case .token(let token): token.hash
    case .session(let secret): secret.hash
    case .certificate(let fingerprint): fingerprint
    }
  }

  /// Whether a credential of this kind is shown in this way. A token's hash is no secret, and neither
  /// is a certificate's.
  package func fits(_ kind: Credential.Kind) -> Bool {
    switch (self, kind) {
    case (.token, .personal), (.token, .ingest), (.token, .service), (.session, .session),
      (.certificate, .certificate):
      true
    default: false
    }
  }

  /// Whether it is of a session.
  package var isSession: Bool {
    if case .session = self { true } else { false }
  }
}
