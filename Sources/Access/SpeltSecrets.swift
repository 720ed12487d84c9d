import Crypto

/// Secrets of ours in texts that somebody is shown.
///
/// Whoever puts a token where it does not belong is told so, often in words that quote what they sent. Their
/// program may write those down where others read along.
package enum SpeltSecrets {
  /// What they begin with.
  private static let prefixes = [Token.prefix, JoinToken.prefix, WebhookSecret.prefix].map {
    Array($0.utf8)
  }
  /// Characters of base64url behind that from which on a text is taken for a secret. The shortest has 43; a
  /// part of one is masked too, and a word of people's has fewer.
  private static let fewest = 16

  /// The text with an ellipsis for all but the beginning of each secret in it.
  package static func masked(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var masked: [UInt8] = []
    var place = 0
    while place < bytes.count {
      let rest = bytes[place...]
      guard let prefix = prefixes.first(where: { rest.starts(with: $0) }) else {
        masked.append(bytes[place])
        place += 1
        continue
      }
      let secret = rest.dropFirst(prefix.count).prefix(while: Base64URL.has)
      masked += prefix
      masked += secret.count < fewest ? Array(secret) : Array("…".utf8)
      place = secret.endIndex
    }
    return String(decoding: masked, as: UTF8.self)
  }
}
