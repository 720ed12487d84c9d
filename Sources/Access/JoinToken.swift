package import Bytes
import Crypto

/// What the keeper of the peer CA hands to a new machine, once, so that it can join the cluster.
///
/// It is spelt `msj_` and base64url. Everything that the machine must know before it trusts anybody
/// is in it: where to ask, and the SHA-256 of the authority's certificate, by which it tells the
/// keeper from whoever else may answer there. The cluster knows only ``hash``.
package struct JoinToken: Hashable, Sendable {
  /// What every token to join with begins with.
  package static let prefix = "msj_"
  /// How many random bytes its secret has.
  package static let secretSize = 32
  /// The longest host and port to ask at, in bytes: that of a DNS name with some room.
  package static let longestAddress = 262
  /// The most characters that a token is spelt with: 355 bytes as base64url behind the prefix.
  package static let longest = 478

  private static let version: UInt8 = 1
  /// What is hashed or proven here is neither a person's token nor anything else's.
  private static let purpose = Array("muster join 1\n".utf8)

  /// By which the cluster lists it, revokes it and remembers that it was used.
  package let id: ID
  /// The first instant at which it works no more, in milliseconds since 1970.
  package let expiresAt: Int64
  /// SHA-256 of the authority's certificate.
  package let authority: [UInt8]
  /// Where it is taken: host and port.
  package let address: String
  private let secret: [UInt8]

  /// A token with a secret that nobody can foretell.
  ///
  /// - Precondition: `authority` is a SHA-256, `address` at most ``longestAddress`` bytes.
  package init(
    id: ID, secret: Secret, expiresAt: Int64, authority: [UInt8], address: String
  ) {
    precondition(authority.count == SHA256.size, "\(authority.count) bytes are no SHA-256.")
    precondition(address.utf8.count <= Self.longestAddress, "The address \(address) is too long.")
    self.id = id
    self.expiresAt = expiresAt
    self.authority = authority
    self.address = address
    self.secret = secret.bytes
  }

  /// The token that these characters spell, or `nil` for anything else. A token has one spelling.
  package init?(_ text: some StringProtocol) {
    guard text.utf8.count <= Self.longest, text.hasPrefix(Self.prefix),
      let bytes = Base64URL.decode(text.dropFirst(Self.prefix.utf8.count))
    else { return nil }
    // Whatever is wrong with it, it is no token.
    try? self.init(decoding: bytes)
  }

  private init(decoding bytes: [UInt8]) throws(MalformedBytes) {
    var reader = ByteReader(bytes)
    let version = try reader.u8()
    guard version == Self.version else {
      throw .unknown(what: "JoinToken", value: UInt64(version))
    }
    id = try reader.id()
    secret = try reader.raw(Self.secretSize)
    expiresAt = try reader.i64()
    authority = try reader.raw(SHA256.size)
    address = try reader.string(max: Self.longestAddress)
    try reader.finish()
  }

  /// The characters to be carried to the new machine, this once.
  package var spelling: String {
    var writer = ByteWriter()
    writer.put(Self.version)
    writer.put(id)
    writer.putRaw(secret)
    writer.put(expiresAt)
    writer.putRaw(authority)
    writer.put(address)
    return Self.prefix + Base64URL.encode(writer.bytes)
  }

  /// What the cluster keeps in its place.
  package var hash: [UInt8] { Secret(bytes: secret).hash }

  /// What shows that `message` comes from whoever has the token. The secret itself is sent nowhere,
  /// so that whoever is asked cannot use it, and a proof is good for its own message only.
  package func proof(of message: [UInt8]) -> [UInt8] {
    HMACSHA256.code(of: Self.purpose + message, key: secret)
  }

  /// Whether `proof` is the one of `message`, found out in constant time.
  package func isProven(_ message: [UInt8], by proof: [UInt8]) -> Bool {
    HMACSHA256.isValid(proof, of: Self.purpose + message, key: secret)
  }

  /// The random part of a token, made before the cluster has given it an id.
  package struct Secret: Hashable, Sendable {
    fileprivate let bytes: [UInt8]

    /// A secret that nobody can foretell.
    package static func make() -> Secret { Secret(bytes: secureRandom(secretSize)) }

    fileprivate init(bytes: [UInt8]) { self.bytes = bytes }

    /// What the cluster is told of it: 32 bytes, and never the hash of a person's token.
    package var hash: [UInt8] { SHA256.hash(purpose + bytes) }
  }
}

extension JoinToken: CustomStringConvertible, CustomReflectable {
  /// Never the secret, so that no log line or failed test can print it.
  package var description: String { "msj_…" }

  /// Nothing to look into.
  package var customMirror: Mirror { Mirror(self, children: []) }
}

extension JoinToken.Secret: CustomStringConvertible, CustomReflectable {
  /// Never the secret.
  package var description: String { "…" }

  /// Nothing to look into.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
