package import Crypto

/// What is kept in the place of a password: enough to check one, too little to find one.
///
/// It is spelt as a PHC string, `$scrypt$ln=15,r=8,p=3$salt$key`, so that the cost that it was made
/// with stands in it and can be raised for others later.
package struct PasswordVerifier: Hashable, Sendable {
  /// Bytes of salt, random for each.
  package static let saltSize = 16
  /// Bytes of key.
  package static let keySize = 32
  /// The most characters of one, for whoever stores it.
  package static let longest = 128

  /// What it costs to check a password against it.
  package let cost: Scrypt.Cost
  private let salt: [UInt8]
  private let key: [UInt8]

  /// What to keep of `password`. Costs as much as a check.
  ///
  /// - Parameter salt: ``saltSize`` bytes that nobody can foretell.
  package init(
    _ password: Password, cost: Scrypt.Cost = .standard, salt: [UInt8] = secureRandom(saltSize)
  ) throws(CryptoError) {
    precondition(salt.count == Self.saltSize, "A salt of \(salt.count) bytes.")
    self.cost = cost
    self.salt = salt
    key = try Scrypt.key(of: password.bytes, salt: salt, cost: cost, count: Self.keySize)
  }

  private init(cost: Scrypt.Cost, salt: [UInt8], key: [UInt8]) {
    self.cost = cost
    self.salt = salt
    self.key = key
  }

  /// Whether `password` is the one. Its time says nothing about how near it is.
  package func accepts(_ password: Password) throws(CryptoError) -> Bool {
    let derived = try Scrypt.key(
      of: password.bytes, salt: salt, cost: cost, count: Self.keySize)
    return constantTimeEqual(derived, key)
  }

  /// Whether it was made at another cost than is asked for today: make a new one when the person
  /// signs in next, since only then is their password at hand.
  package var isOutdated: Bool { cost != .standard }

  /// Whether `password` is that of an account which has `verifier`, or of no account at all.
  ///
  /// Where there is no verifier the same work is done for nothing, so that neither the answer nor
  /// its time tells whether the account exists or has a password. Only an outdated verifier is
  /// checked in a time of its own.
  package static func check(
    _ password: Password, against verifier: PasswordVerifier?
  ) throws(CryptoError) -> Bool {
    let isRight = try (verifier ?? nobody).accepts(password)
    return isRight && verifier != nil
  }

  /// Of no password: its key is random.
  private static let nobody = PasswordVerifier(
    cost: .standard, salt: secureRandom(saltSize), key: secureRandom(keySize))
}

extension PasswordVerifier {
  /// The verifier that a PHC string spells, or `nil` for anything but what ``text`` writes, or for a
  /// cost that is out of bounds.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "$", omittingEmptySubsequences: false)
    guard text.utf8.count <= Self.longest, parts.count == 5, parts[0].isEmpty,
      parts[1] == "scrypt", let cost = Scrypt.Cost(phc: String(parts[2])),
      let salt = Base64.decode(parts[3]), salt.count == Self.saltSize,
      let key = Base64.decode(parts[4]), key.count == Self.keySize
    else { return nil }
    self.init(cost: cost, salt: salt, key: key)
  }

  /// As it is stored.
  package var text: String {
    "$scrypt$\(cost.phc)$\(Base64.encode(salt))$\(Base64.encode(key))"
  }
}

extension PasswordVerifier: CustomStringConvertible, CustomReflectable {
  /// Its cost, never its key: with that a guesser could begin.
  package var description: String { "$scrypt$\(cost.phc)$…" }

  /// Nothing to look into.
  package var customMirror: Mirror { Mirror(self, children: []) }
}

extension Scrypt.Cost {
  /// The parameters of a PHC string.
  fileprivate var phc: String { "ln=\(logN),r=\(blockSize),p=\(parallelism)" }

  fileprivate init?(phc text: String) {
    let values = zip(["ln=", "r=", "p="], text.split(separator: ",")).compactMap { name, pair in
      pair.hasPrefix(name) ? Int(pair.dropFirst(name.count)) : nil
    }
    guard values.count == 3,
      let cost = Scrypt.Cost(logN: values[0], blockSize: values[1], parallelism: values[2]),
      // One cost has one spelling.
      cost.phc == text
    else { return nil }
    self = cost
  }
}
