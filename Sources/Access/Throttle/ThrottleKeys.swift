package import Bytes
internal import Crypto

/// From where somebody signs in, as far as guesses are counted.
package enum SignInOrigin: Hashable, Sendable {
  /// A network: an IPv4 address, or the first 64 bits of an IPv6 one, which is what one customer has.
  case network([UInt8])
  /// A browser in which the person has signed in before, by its ``DeviceMark``. What others do at the
  /// same address or account makes no difference to it but the account's own short wait.
  case device(ID)

  /// The origin of the four or sixteen bytes of an address, or `nil` for any other number of them.
  package init?(address: [UInt8]) {
    switch address.count {
    case 4: self = .network(address)
    case 16 where address.starts(with: Self.mapped): self = .network(Array(address.suffix(4)))
    case 16: self = .network(Array(address.prefix(8)))
    default: return nil
    }
  }

  /// What stands before an IPv4 address in an IPv6 one (RFC 4291, section 2.5.5.2).
  private static let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

  fileprivate var bytes: [UInt8] {
    switch self {
    case .network(let bytes): [UInt8(bytes.count)] + bytes
    case .device(let id): [16] + id.bytes
    }
  }
}

/// Under which keys the tallies of an attempt are kept.
///
/// They are codes under a key of the cluster, so that the state holds no addresses and nobody can
/// tell from it who tried to sign in. Whatever was typed as an account has a key, whether or not it
/// exists: so neither waiting nor the rows tell.
package struct ThrottleKeys: Hashable, Sendable {
  /// Of the account, from anywhere.
  package let account: ID
  /// Of the origin, at any account.
  package let origin: ID
  /// Of the account from the origin.
  package let pair: ID

  /// The keys of an attempt.
  ///
  /// - Parameters:
  ///   - typed: What was typed as the account, in any case.
  ///   - origin: From where.
  ///   - secret: The cluster's key for this, at least 16 bytes.
  package init(account typed: String, origin: SignInOrigin, secret: [UInt8]) {
    precondition(secret.count >= 16, "A key of \(secret.count) bytes.")
    let name = Self.name(typed)
    account = Self.key(1, name, secret)
    self.origin = Self.key(2, origin.bytes, secret)
    pair = Self.key(3, name + origin.bytes, secret)
  }

  /// One form of what was typed as an account, whatever its case.
  static func name(_ typed: String) -> [UInt8] {
    SHA256.hash(Array(typed.lowercased().preparedAsPassword.utf8))
  }

  private static func key(_ kind: UInt8, _ bytes: [UInt8], _ secret: [UInt8]) -> ID {
    let code = HMACSHA256.code(of: [kind] + bytes, key: secret)
    let half = { (place: Int) in code[place..<place + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
    return ID(high: half(0), low: half(8))
  }
}
