package import Crypto
import JSON

/// A token in three parts, signed as a whole (RFC 7515, section 3.1: the compact serialization).
///
/// Nothing that it says can be read before its signature was checked: ``payload(signedBy:)`` is the
/// only way in. What it says of itself chooses between keys that the provider has published, and
/// nothing else (RFC 8725, sections 2.1 and 3.1).
package struct SignedToken: Hashable, Sendable {
  /// Bytes of a token. One with two hundred groups has some ten thousand.
  package static let largest = 64 * 1024

  /// How it says that it is signed.
  package let algorithm: SignatureAlgorithm
  /// The name of the key that it says it is signed with.
  package let keyID: String?
  private let signedPart: [UInt8]
  private let claims: [UInt8]
  private let signature: [UInt8]

  /// Members of a header that bring a key along or say where to fetch one (RFC 7515, section 4.1),
  /// that have to be understood (section 4.1.11), or that change what is signed (RFC 7797).
  private static let refused = ["jwk", "jku", "x5u", "x5c", "crit", "b64"]

  /// Takes a token apart, and refuses one whose header says what is not taken.
  package init(_ text: String) throws(TokenRefusal) {
    guard text.utf8.count <= Self.largest else { throw .tooLarge(limit: Self.largest) }
    let parts = text.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 3, let head = Base64URL.decode(parts[0]),
      let claims = Base64URL.decode(parts[1]), let signature = Base64URL.decode(parts[2])
    else { throw .malformed }
    let header = try Members(signed: head) { .header($0) }
    algorithm = try Self.algorithm(of: header)
    for name in Self.refused where header[name] != nil { throw .header(name) }
    try Self.checkKind(of: header)
    keyID = try header.optionalText("kid")
    signedPart = Array(text.utf8.prefix(parts[0].utf8.count + 1 + parts[1].utf8.count))
    self.claims = claims
    self.signature = signature
  }

  /// What the token says, once it is known that the provider has signed it (RFC 7515, section 5.2).
  package func payload(signedBy keys: KeySet) throws(TokenRefusal) -> [UInt8] {
    let key = try keys.key(named: keyID, for: algorithm)
    let isValid: Bool
    do throws(CryptoError) {
      isValid = try key.isValid(signature, of: signedPart)
    } catch {
      // The key was one when the set was read, so OpenSSL has run out of something. Whatever the
      // cause, a signature that was not checked is not valid.
      throw .signature
    }
    guard isValid else { throw .signature }
    return claims
  }

  private static func algorithm(
    of header: Members<TokenRefusal>
  ) throws(TokenRefusal) -> SignatureAlgorithm {
    let name = try header.text("alg")
    guard let algorithm = KeySet.algorithms.first(where: { $0.rawValue.isExactly(name) }) else {
      throw .algorithm(name)
    }
    return algorithm
  }

  /// Refuses an access token or another statement that the same keys sign (RFC 8725, section 3.11).
  private static func checkKind(of header: Members<TokenRefusal>) throws(TokenRefusal) {
    guard let kind = try header.optionalText("typ") else { return }
    guard ["jwt", "application/jwt"].contains(kind.lowercased()) else { throw .kind(kind) }
  }
}

extension SignedToken: CustomStringConvertible, CustomReflectable {
  /// Never the token, so that no log line or failed test can print it.
  package var description: String { "…" }

  /// Nothing to look into.
  package var customMirror: Mirror { Mirror(self, children: []) }
}

extension Members<TokenRefusal> {
  /// The members of a part of a token.
  init(
    signed bytes: [UInt8], wrong: @escaping (_ name: String) -> TokenRefusal
  ) throws(TokenRefusal) {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: bytes)
    } catch {
      // Where in it the fault lies helps nobody: it was encoded by a program.
      throw .malformed
    }
    guard let members = Members(value, wrong: wrong) else { throw .malformed }
    self = members
  }
}
