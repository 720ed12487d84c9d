package import Bytes
import Crypto

/// What a webhook's posts are signed with, and its receiver verifies them by.
///
/// It is made from the cluster's own secret each time that it is needed, and kept nowhere: so no
/// command, no row of the record and no export has it, and another generation is another secret.
package struct WebhookSecret: Hashable, Sendable {
  /// What every such secret begins with.
  package static let prefix = "msw_"

  private static let purpose = Array("muster webhook 1\n".utf8)
  private let key: [UInt8]

  /// The secret of a webhook.
  ///
  /// - Parameters:
  ///   - webhook: Its id.
  ///   - generation: Which of its secrets, from 1.
  ///   - secret: The cluster's.
  package init(of webhook: ID, generation: UInt32, from secret: [UInt8]) {
    var message = ByteWriter(reserving: 64)
    message.putRaw(Self.purpose)
    message.put(webhook)
    message.put(generation)
    key = HMACSHA256.code(of: message.bytes, key: secret)
  }

  /// The characters to be given to the receiver, this once. They are the key, byte by byte.
  package var spelling: String { Self.prefix + Base64URL.encode(key) }

  /// The code of a post: HMAC-SHA256 over its time, a dot and its body, in hexadecimal digits.
  ///
  /// - Parameters:
  ///   - time: As `Muster-Timestamp` says it, in seconds since 1970.
  ///   - body: The bytes of the body.
  package func code(at time: Int64, of body: [UInt8]) -> String {
    Hex.encode(HMACSHA256.code(of: Array("\(time).".utf8) + body, key: Array(spelling.utf8)))
  }
}

extension WebhookSecret: CustomStringConvertible, CustomReflectable {
  /// Never the secret, so that no log line or failed test can print it.
  package var description: String { "msw_…" }

  /// Nothing to look into.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
