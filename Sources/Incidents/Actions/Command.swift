package import Bytes

/// What one request asks for, as it travels in the log.
///
/// The gateway fills in everything that a replica may not find out by itself: who asks, new ids,
/// the salt. The leader stamps it as it appends; the stamp is not part of the command.
package struct Command: Hashable, Sendable {
  /// The most bytes of an encoded command; larger imports are split.
  package static let largest = 256 * 1024
  /// The behaviour level that every cluster begins at.
  package static let firstLevel: UInt8 = 1
  /// The newest behaviour level that this code applies; it applies all before it too.
  package static let newestLevel: UInt8 = 2

  /// Who asks. Comes from the credential, never from the request.
  package var actor: Actor
  /// The key under which a repeat of the request gets the same outcome.
  package var key: IdempotencyKey?
  /// When the gateway had it, in milliseconds since 1970. Information only: nothing decides by it.
  package var receivedAt: Int64
  /// Sixteen random bytes, for the ledger's commitments.
  package var salt: [UInt8]
  /// The behaviour level that it needs: at an earlier one it is refused, since some node may not know
  /// it.
  package var level: UInt8
  /// The version of the subject that the asker saw; another one is refused as stale.
  package var expectedVersion: UInt64?
  /// What is asked for.
  package var action: Action

  /// A command, for the level that its action needs unless another is named.
  ///
  /// - Precondition: `salt` has ``Bound/salt`` bytes.
  package init(
    actor: Actor, key: IdempotencyKey? = nil, receivedAt: Int64, salt: [UInt8],
    level: UInt8? = nil, expectedVersion: UInt64? = nil, action: Action
  ) {
    precondition(salt.count == Bound.salt, "A salt of \(salt.count) bytes.")
    self.actor = actor
    self.key = key
    self.receivedAt = receivedAt
    self.salt = salt
    self.level = level ?? action.level
    self.expectedVersion = expectedVersion
    self.action = action
  }
}

/// Who asks for something or caused something.
package enum Actor: Hashable, Sendable {
  /// A person, by one of their credentials.
  case credential(id: ID, person: ID)
  /// The cluster itself: founding, and later the duty clock.
  case system

  /// The person, unless it was the cluster itself.
  package var person: ID? {
    switch self {
    case .credential(_, let person): person
    case .system: nil
    }
  }
}

/// The key of a request that may be sent again. Its scope is the person.
package struct IdempotencyKey: Hashable, Sendable {
  /// The key as the client sent it, at most ``Bound/idempotencyKey`` bytes.
  package var text: String
  /// SHA-256 of the request, to tell a repeat from another request under the same key.
  package var requestHash: [UInt8]

  /// A key.
  package init(text: String, requestHash: [UInt8]) {
    self.text = text
    self.requestHash = requestHash
  }
}
