internal import COpenSSL

/// With what hash and what kind of key a message was signed (RFC 7518, section 3.1).
///
/// There are two. Whatever else a message may name, nothing here can check it.
package enum SignatureAlgorithm: String, CaseIterable, Hashable, Sendable {
  /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518, section 3.3).
  case rs256 = "RS256"
  /// ECDSA on the curve P-256 with SHA-256 (RFC 7518, section 3.4).
  case es256 = "ES256"
}

/// Somebody else's public key, by which their signatures are checked; freed at the end of its scope.
@safe
package struct PublicKey: ~Copyable {
  /// The algorithm that this key is for. It decides, never what a message says of itself.
  package let algorithm: SignatureAlgorithm
  private let pointer: OpaquePointer

  /// Bits of an RSA modulus. Fewer are too weak (RFC 7518, section 3.3), and more take so long that
  /// whoever sends a key could keep a thread busy.
  package static let rsaBits = 2048...8192
  /// Bytes of each coordinate of a point on P-256.
  package static let coordinateSize = 32
  /// Bytes of an RSA exponent: it is 65537 nearly everywhere.
  private static let longestExponent = 4

  /// An RSA key of a modulus and an exponent, most significant byte first (RFC 7518, section 6.3.1).
  ///
  /// It is refused outside ``rsaBits``, and with an exponent that is even, one, or over four bytes.
  package init(rsaModulus: [UInt8], exponent: [UInt8]) throws(CryptoError) {
    let modulus = Array(rsaModulus.drop { $0 == 0 })
    let exponent = Array(exponent.drop { $0 == 0 })
    let bits = modulus.count * 8 - (modulus.first?.leadingZeroBitCount ?? 0)
    guard Self.rsaBits.contains(bits), exponent.count <= Self.longestExponent,
      let last = exponent.last, last & 1 == 1, exponent != [1]
    else { throw .malformedPublicKey }
    let key = DER.sequence(DER.integer(modulus) + DER.integer(exponent))
    try self.init(DER.sequence(Self.rsaEncryption + DER.bits(key)), algorithm: .rs256)
  }

  /// A key that is a point on the curve P-256 (RFC 7518, section 6.2.1). One beside it is refused.
  package init(p256x x: [UInt8], y: [UInt8]) throws(CryptoError) {
    guard x.count == Self.coordinateSize, y.count == Self.coordinateSize else {
      throw .malformedPublicKey
    }
    // 4: both coordinates follow (SEC 1, section 2.3.3).
    try self.init(DER.sequence(Self.ecOnP256 + DER.bits([4] + x + y)), algorithm: .es256)
  }

  /// The key of a SubjectPublicKeyInfo (RFC 5280, section 4.1).
  ///
  /// That form is one call, where OpenSSL's own parameters are a dozen, each to be freed.
  private init(_ info: [UInt8], algorithm: SignatureAlgorithm) throws(CryptoError) {
    let key = unsafe info.withUnsafeBufferPointer { buffer in
      var start = buffer.baseAddress
      return unsafe d2i_PUBKEY(nil, &start, buffer.count)
    }
    guard let key = unsafe key else {
      ERR_clear_error()
      throw .malformedPublicKey
    }
    unsafe pointer = unsafe key
    self.algorithm = algorithm
  }

  deinit { unsafe EVP_PKEY_free(pointer) }

  /// Whether the holder of this key's private half signed `message`. Some 50 µs.
  ///
  /// - Parameter signature: In the form of RFC 7518: as long as the modulus for RS256, and for ES256
  ///   two numbers of 32 bytes side by side. In any other form it is not valid.
  package func isValid(_ signature: [UInt8], of message: [UInt8]) throws(CryptoError) -> Bool {
    let signature: [UInt8]? =
      switch algorithm {
      case .rs256: signature
      case .es256: Self.sequence(ofTwoNumbers: signature)
      }
    guard let signature else { return false }
    let context = try unsafe require("check a signature", EVP_MD_CTX_new())
    defer { unsafe EVP_MD_CTX_free(context) }
    try unsafe require(
      "check a signature", EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, pointer))
    let answer = unsafe EVP_DigestVerify(
      context, signature, signature.count, message, message.count)
    // What is no signature at all is an error to OpenSSL, and to us one that is not valid.
    ERR_clear_error()
    return answer == 1
  }

  /// The signature r ‖ s (RFC 7518, section 3.4) in the form that OpenSSL reads: a sequence of two
  /// integers (RFC 3279, section 2.2.3).
  private static func sequence(ofTwoNumbers signature: [UInt8]) -> [UInt8]? {
    guard signature.count == 2 * coordinateSize else { return nil }
    return DER.sequence(
      DER.integer(Array(signature.prefix(coordinateSize)))
        + DER.integer(Array(signature.suffix(coordinateSize))))
  }

  /// The AlgorithmIdentifier of rsaEncryption with its null (RFC 3279, section 2.3.1).
  private static let rsaEncryption: [UInt8] = [
    0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00,
  ]
  /// The AlgorithmIdentifier of id-ecPublicKey on prime256v1 (RFC 5480, section 2.1.1).
  private static let ecOnP256: [UInt8] = [
    0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48,
    0xCE, 0x3D, 0x03, 0x01, 0x07,
  ]
}

/// The little of DER (X.690) that a key and a signature are written in.
private enum DER {
  /// A sequence of what is written already.
  static func sequence(_ content: [UInt8]) -> [UInt8] { [0x30] + length(content.count) + content }

  /// A string of whole bytes of bits.
  static func bits(_ content: [UInt8]) -> [UInt8] {
    [0x03] + length(content.count + 1) + [0] + content
  }

  /// A number that is not negative, most significant byte first.
  static func integer(_ number: [UInt8]) -> [UInt8] {
    var digits = Array(number.drop { $0 == 0 })
    // A first bit that is set, or no byte at all, would be another number.
    if digits.first.map({ $0 & 0x80 != 0 }) ?? true { digits.insert(0, at: 0) }
    return [0x02] + length(digits.count) + digits
  }

  private static func length(_ count: Int) -> [UInt8] {
    guard count >= 0x80 else { return [UInt8(count)] }
    var digits: [UInt8] = []
    var rest = count
    while rest > 0 {
      digits.insert(UInt8(truncatingIfNeeded: rest), at: 0)
      rest >>= 8
    }
    return [0x80 | UInt8(digits.count)] + digits
  }
}
