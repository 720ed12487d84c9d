import Crypto
import JSON

/// The keys that a provider signs with at present (RFC 7517, section 5).
///
/// Providers change their keys. A token that names a key which is not here may be signed by a newer
/// one: ``TokenRefusal/asksForFreshKeys`` then says to fetch the set again, and whoever fetches bounds
/// how often, because anybody can make up a name.
package struct KeySet: Hashable, Sendable {
  /// Bytes of its document: a key has some 500, with a certificate chain 5,000.
  package static let largest = 256 * 1024
  /// Keys in a set: two or three are usual, and each is tried out when the set is read.
  package static let most = 64
  /// What signatures are checked with; nothing else is taken.
  static let algorithms = SignatureAlgorithm.allCases

  /// A key that is passed over, and why.
  package struct Ignored: Hashable, Sendable {
    /// Its name, if it has one.
    package let id: String?
    /// Why.
    package let reason: SigningKey.Unfitness

    /// A key that is passed over.
    package init(id: String?, reason: SigningKey.Unfitness) {
      self.id = id
      self.reason = reason
    }
  }

  /// The keys that are of use, in the order of the document.
  package let keys: [SigningKey]
  /// The others.
  package let ignored: [Ignored]

  /// Reads the document at `keySetAddress` of ``ProviderMetadata``.
  ///
  /// A key that is weak, misspelt or of another kind is passed over (section 5), so that it keeps
  /// none of the others from being used; a document in which none is of use is refused.
  package init(parsing bytes: [UInt8]) throws(ProviderError) {
    let members = try Members(bytes, of: .keySet, limit: Self.largest)
    guard case .array(let elements)? = members["keys"]?.kind, elements.count <= Self.most else {
      throw .member(.keySet, name: "keys")
    }
    var keys: [SigningKey] = []
    var ignored: [Ignored] = []
    for element in elements {
      do throws(SigningKey.Unfitness) {
        let key = try SigningKey(element)
        if key.id != nil,
          keys.contains(where: { Self.isSame($0.id, key.id) && $0.algorithm == key.algorithm })
        {
          throw .isSecond
        }
        keys.append(key)
      } catch {
        ignored.append(Ignored(id: Self.id(of: element), reason: error))
      }
    }
    guard !keys.isEmpty else { throw .noUsableKey }
    self.keys = keys
    self.ignored = ignored
  }

  /// The key that a token is signed with, as its header says (OpenID Connect Core 1.0, section 10.1).
  ///
  /// A token may leave the name out where there is only one key that it can be.
  func key(named id: String?, for algorithm: SignatureAlgorithm) throws(TokenRefusal) -> SigningKey
  {
    let candidates = keys.filter { $0.algorithm == algorithm }
    guard let id else {
      guard let only = candidates.first else { throw .unknownKey(nil) }
      guard candidates.count == 1 else { throw .keyNotNamed }
      return only
    }
    if let key = candidates.first(where: { Self.isSame($0.id, id) }) { return key }
    if let unfit = ignored.first(where: { Self.isSame($0.id, id) }) {
      throw .unfitKey(id, unfit.reason)
    }
    throw .unknownKey(id)
  }

  /// The name of a key that may be of no use.
  private static func id(of element: JSONValue) -> String? {
    guard let members = Members(element, wrong: SigningKey.Unfitness.member),
      case .string(let id)? = members["kid"]?.kind
    else { return nil }
    return id
  }

  private static func isSame(_ left: String?, _ right: String?) -> Bool {
    switch (left, right) {
    case (nil, nil): true
    case (let left?, let right?): left.isExactly(right)
    default: false
    }
  }
}
