package import Crypto
package import JSON

/// One of a provider's public keys (RFC 7517, section 4), of a kind that signatures are checked with.
package struct SigningKey: Hashable, Sendable {
  /// What a token calls it by, if it has a name.
  package let id: String?
  /// What it is for. The kind of key decides, and no token.
  package let algorithm: SignatureAlgorithm
  private let numbers: Numbers

  private enum Numbers: Hashable {
    case rsa(modulus: [UInt8], exponent: [UInt8])
    case p256(x: [UInt8], y: [UInt8])
  }

  /// Why a key is of no use here.
  package enum Unfitness: Error, Hashable, Sendable {
    /// It is of a kind, or on a curve, that is not known here.
    case kind(String)
    /// It is for something else than signatures.
    case use(String)
    /// It is for signatures of another algorithm.
    case algorithm(String)
    /// A member is missing or of another kind.
    case member(String)
    /// It is too weak, too large, or not on its curve.
    case numbers
    /// Its private part stands beside it, so that anybody can sign with it.
    case isNotPrivate
    /// Another key before it has the same name and is for the same.
    case isSecond
  }

  /// Reads a key, or says why it is of no use.
  package init(_ value: JSONValue) throws(Unfitness) {
    guard let members = Members(value, wrong: Unfitness.member) else { throw .kind("") }
    id = try members.optionalText("kid")
    algorithm = try Self.algorithm(of: members)
    if let use = try members.optionalText("use"), use != "sig" { throw .use(use) }
    if let operations = try members.texts("key_ops"), !operations.contains("verify") {
      throw .use(operations.joined(separator: " "))
    }
    if let named = try members.optionalText("alg"), named != algorithm.rawValue {
      throw .algorithm(named)
    }
    guard members["d"] == nil else { throw .isNotPrivate }
    switch algorithm {
    case .rs256:
      numbers = .rsa(modulus: try members.number("n"), exponent: try members.number("e"))
    case .es256: numbers = .p256(x: try members.number("x"), y: try members.number("y"))
    }
    do throws(CryptoError) {
      _ = try key()
    } catch {
      throw .numbers
    }
  }

  /// What a key is for, as its kind says (RFC 7518, section 6.1).
  private static func algorithm(
    of members: Members<Unfitness>
  ) throws(Unfitness) -> SignatureAlgorithm {
    let kind = try members.text("kty")
    if kind == "RSA" { return .rs256 }
    guard kind == "EC" else { throw .kind(kind) }
    let curve = try members.text("crv")
    guard curve == "P-256" else { throw .kind(curve) }
    return .es256
  }

  /// Whether its holder signed `message`. A signature in another form is not valid either.
  func isValid(_ signature: [UInt8], of message: [UInt8]) throws(CryptoError) -> Bool {
    try key().isValid(signature, of: message)
  }

  /// The key for OpenSSL. It is made each time, which costs less than the check that follows, so
  /// that a key of a set is a value as any other.
  private func key() throws(CryptoError) -> PublicKey {
    switch numbers {
    case .rsa(let modulus, let exponent):
      try PublicKey(rsaModulus: modulus, exponent: exponent)
    case .p256(let x, let y): try PublicKey(p256x: x, y: y)
    }
  }
}

extension Members<SigningKey.Unfitness> {
  /// A number in base64url, most significant byte first (RFC 7518, section 2: Base64urlUInt).
  fileprivate func number(_ name: String) throws(SigningKey.Unfitness) -> [UInt8] {
    guard let bytes = Base64URL.decode(try text(name)) else { throw .member(name) }
    return bytes
  }
}
