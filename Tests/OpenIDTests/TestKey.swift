import COpenSSL
import Crypto
import JSON
import OpenID

/// A provider's key as it has it itself: it signs, and publishes its public half.
///
/// It is immutable, and OpenSSL counts who holds it, so that it may be used from any thread.
@safe
final class TestKey: @unchecked Sendable {
  let algorithm: SignatureAlgorithm
  private let pointer: OpaquePointer

  /// Made once: an RSA key costs a tenth of a second.
  static let rsa = TestKey(.rs256)
  static let otherRSA = TestKey(.rs256)
  static let ec = TestKey(.es256)
  static let otherEC = TestKey(.es256)
  static let weakRSA = TestKey(.rs256, bits: 1024)

  init(_ algorithm: SignatureAlgorithm, bits: Int32 = 2048) {
    self.algorithm = algorithm
    let context = unsafe EVP_PKEY_CTX_new_from_name(
      nil, algorithm == .rs256 ? "RSA" : "EC", nil)
    defer { unsafe EVP_PKEY_CTX_free(context) }
    precondition(unsafe EVP_PKEY_keygen_init(context) == 1)
    switch algorithm {
    case .rs256: precondition(unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(context, bits) == 1)
    case .es256: precondition(unsafe EVP_PKEY_CTX_set_group_name(context, "P-256") == 1)
    }
    var key: OpaquePointer?
    precondition(unsafe EVP_PKEY_generate(context, &key) == 1)
    unsafe pointer = unsafe key!
  }

  deinit { unsafe EVP_PKEY_free(pointer) }

  /// The key as a member of a set, with more members.
  func published(as id: String?, _ more: [JSONValue.Member] = []) -> JSONValue {
    var members: [JSONValue.Member] = []
    if let id { members.append(.init("kid", .init(.string(id)))) }
    switch algorithm {
    case .rs256:
      members.append(.init("kty", "RSA"))
      members.append(.init("n", .init(.string(Base64URL.encode(number("n"))))))
      members.append(.init("e", .init(.string(Base64URL.encode(number("e"))))))
    case .es256:
      members.append(.init("kty", "EC"))
      members.append(.init("crv", "P-256"))
      members.append(.init("x", .init(.string(Base64URL.encode(number("qx", size: 32))))))
      members.append(.init("y", .init(.string(Base64URL.encode(number("qy", size: 32))))))
    }
    return JSONValue(.object(members + more))
  }

  /// A token of these parts, signed with this key.
  func token(header: JSONValue, claims: JSONValue) -> String {
    token(header: header.serialised(), claims: claims.serialised())
  }

  func token(header: [UInt8], claims: [UInt8]) -> String {
    let signed = "\(Base64URL.encode(header)).\(Base64URL.encode(claims))"
    return "\(signed).\(Base64URL.encode(signature(of: Array(signed.utf8))))"
  }

  func signature(of message: [UInt8]) -> [UInt8] {
    let context = unsafe EVP_MD_CTX_new()
    defer { unsafe EVP_MD_CTX_free(context) }
    precondition(unsafe EVP_DigestSignInit(context, nil, EVP_sha256(), nil, pointer) == 1)
    var count = 1024
    var signature = [UInt8](repeating: 0, count: count)
    precondition(
      unsafe EVP_DigestSign(context, &signature, &count, message, message.count) == 1)
    let whole = Array(signature.prefix(count))
    return algorithm == .rs256 ? whole : Self.twoNumbers(whole)
  }

  /// The two integers of a sequence, each in 32 bytes.
  private static func twoNumbers(_ sequence: [UInt8]) -> [UInt8] {
    var rest = sequence.dropFirst(2)
    var numbers: [UInt8] = []
    for _ in 0..<2 {
      let count = Int(rest[rest.startIndex + 1])
      let digits = rest.dropFirst(2).prefix(count).drop { $0 == 0 }
      numbers += [UInt8](repeating: 0, count: 32 - digits.count) + digits
      rest = rest.dropFirst(2 + count)
    }
    return numbers
  }

  private func number(_ name: String, size: Int? = nil) -> [UInt8] {
    var number: OpaquePointer?
    precondition(unsafe EVP_PKEY_get_bn_param(pointer, name, &number) == 1)
    defer { unsafe BN_free(number) }
    var bytes = [UInt8](repeating: 0, count: size ?? Int(unsafe BN_num_bits(number) + 7) / 8)
    precondition(unsafe BN_bn2binpad(number, &bytes, Int32(bytes.count)) == Int32(bytes.count))
    return bytes
  }
}
