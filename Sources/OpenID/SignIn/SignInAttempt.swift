import Bytes
import Crypto
import HTTP

/// A sign-in between the moment when the browser was sent to the provider and its return.
///
/// Nobody stores it. All that has to be known stands in the `state` of the address, sealed with the
/// cluster's secret, so that any node finishes what another began. The code verifier and the nonce
/// are made from the same secret and the state: they are never in an address, and whoever reads the
/// state cannot make them.
struct SignInAttempt: Hashable {
  /// For how long a person may be at the provider, in milliseconds: ten minutes, as a code may live
  /// at most (RFC 6749, section 4.1.2).
  static let life: Int64 = 600_000
  /// Random bytes that tell one attempt from any other.
  static let randomSize = 16
  /// Characters of a state: 1, 16 and 8 bytes, a path with its length, and a code of 32.
  static let longestState = (1 + randomSize + 8 + 5 + ReturnPath.longest + SHA256.size) * 4 / 3 + 1

  /// When it ends, in milliseconds since 1970.
  let expiresAt: Int64
  /// Where the person wanted to go.
  let returnPath: ReturnPath?
  private let random: [UInt8]

  private static let version: UInt8 = 1
  /// The codes of one secret that are used here, by what they are for.
  private enum Purpose: String {
    case state = "muster openid state 1\n"
    case verifier = "muster openid verifier 1\n"
    case nonce = "muster openid nonce 1\n"
  }

  /// An attempt that begins at `now`.
  init(random: [UInt8], returnPath: ReturnPath?, at now: Int64) {
    precondition(random.count == Self.randomSize, "An attempt of \(random.count) random bytes.")
    self.random = random
    self.returnPath = returnPath
    expiresAt = now + Self.life
  }

  /// When it began.
  var begunAt: Int64 { expiresAt - Self.life }

  // MARK: As text

  /// The attempt that a state spells, or `nil` if it was not sealed with this secret, for this
  /// provider and this browser.
  init?(state: String, seal: Seal) {
    guard state.utf8.count <= Self.longestState, let bytes = Base64URL.decode(state),
      bytes.count > SHA256.size
    else { return nil }
    let content = Array(bytes.dropLast(SHA256.size))
    let code = seal.code(of: content, for: Purpose.state.rawValue)
    guard constantTimeEqual(code, Array(bytes.suffix(SHA256.size))) else { return nil }
    // Only we seal, so that what does not read is of another version: it is none of ours.
    try? self.init(decoding: content)
  }

  /// The `state` that goes to the provider and comes back (RFC 6749, section 4.1.1).
  func state(_ seal: Seal) -> String {
    Base64URL.encode(content + seal.code(of: content, for: Purpose.state.rawValue))
  }

  /// The secret whose challenge the provider is shown: 43 characters (RFC 7636, section 4.1).
  func verifier(_ seal: Seal) -> String {
    Base64URL.encode(seal.code(of: content, for: Purpose.verifier.rawValue))
  }

  /// What the ID token must repeat (OpenID Connect Core 1.0, section 15.5.2).
  func nonce(_ seal: Seal) -> String {
    Base64URL.encode(seal.code(of: content, for: Purpose.nonce.rawValue))
  }

  private init(decoding bytes: [UInt8]) throws(MalformedBytes) {
    var reader = ByteReader(bytes)
    let version = try reader.u8()
    guard version == Self.version else {
      throw .unknown(what: "SignInAttempt", value: UInt64(version))
    }
    random = try reader.raw(Self.randomSize)
    expiresAt = try reader.i64()
    returnPath = try reader.optional { reader throws(MalformedBytes) in
      let text = try reader.string(max: ReturnPath.longest)
      guard let path = ReturnPath(text) else { throw .notText }
      return path
    }
    try reader.finish()
  }

  private var content: [UInt8] {
    var writer = ByteWriter()
    writer.put(Self.version)
    writer.putRaw(random)
    writer.put(expiresAt)
    writer.put(optional: returnPath) { writer, path in writer.put(path.text) }
    return writer.bytes
  }

  /// The cluster's secret, for one provider and one browser.
  ///
  /// A state that was made for another provider, client or browser is not valid, whatever it says:
  /// that is what keeps one provider from finishing what was begun at another (RFC 9700, section
  /// 4.4).
  struct Seal {
    private let secret: [UInt8]
    private let binding: [UInt8]

    /// The seal of a party and a browser.
    init(secret: [UInt8], configuration: ProviderConfiguration, browser: BrowserMark) {
      self.secret = secret
      // No address and no client's name has a line end in it, so that no two are written alike.
      let party = [
        configuration.issuer.text, configuration.clientID, configuration.redirectURI.text,
      ].joined(separator: "\n")
      binding = SHA256.hash(Array(party.utf8)) + browser.hash
    }

    /// The code of some bytes, for one purpose.
    fileprivate func code(of bytes: [UInt8], for purpose: String) -> [UInt8] {
      HMACSHA256.code(of: Array(purpose.utf8) + binding + bytes, key: secret)
    }
  }
}
