package import Bytes
internal import Crypto

/// What is kept of a person's printed codes: hashes, and which of them are spent.
///
/// A new sheet takes the place of the old one, whose codes then work no more.
package struct CodeSheet: Hashable, Sendable {
  /// Codes of a sheet.
  package static let count = 10
  /// Bytes of salt, one for a sheet.
  package static let saltSize = 16

  /// One code of a sheet.
  package enum Line: Hashable, Sendable {
    /// Not used so far: SHA-256 of the salt and the code.
    case unused(hash: [UInt8])
    /// Used, so that nothing needs to be kept of it.
    case spent
  }

  private let salt: [UInt8]
  /// In the order in which they are printed.
  package private(set) var lines: [Line]

  private init(salt: [UInt8], lines: [Line]) {
    self.salt = salt
    self.lines = lines
  }

  /// Ten new codes to be printed this once, and the sheet to keep of them.
  package static func make() -> (codes: [OneTimeCode], sheet: CodeSheet) {
    var codes: [OneTimeCode] = []
    while codes.count < count {
      let code = OneTimeCode.make()
      if !codes.contains(code) { codes.append(code) }
    }
    return (codes, CodeSheet(of: codes, salt: secureRandom(saltSize)))
  }

  /// The sheet of these codes, none of them used.
  package init(of codes: [OneTimeCode], salt: [UInt8]) {
    precondition(salt.count == Self.saltSize, "A salt of \(salt.count) bytes.")
    precondition(codes.count == Self.count, "A sheet of \(codes.count) codes.")
    self.init(salt: salt, lines: codes.map { .unused(hash: Self.hash($0, salt)) })
  }

  /// How many codes are left: at two or fewer the person is asked to print new ones.
  package var unusedCount: Int { lines.count { $0 != .spent } }

  /// The place of `code`, counted from 0, if it is on the sheet and not spent.
  ///
  /// All lines are looked at, so the time does not tell which one it was. Signing in by it is a
  /// command that names the place and the credential of the sheet, which a new sheet does not share.
  /// When it is applied, ``spend(_:)`` decides, and so two nodes that are given the same code at once
  /// admit it once.
  package func place(of code: OneTimeCode) -> Int? {
    let hash = Self.hash(code, salt)
    var found: Int?
    for (place, line) in lines.enumerated() {
      if case .unused(let kept) = line, constantTimeEqual(kept, hash) { found = place }
    }
    return found
  }

  /// Uses up the code at `place`.
  ///
  /// - Returns: Whether it was there and not spent before. If not, nobody is signed in by it.
  package mutating func spend(_ place: Int) -> Bool {
    guard lines.indices.contains(place), lines[place] != .spent else { return false }
    lines[place] = .spent
    return true
  }

  private static func hash(_ code: OneTimeCode, _ salt: [UInt8]) -> [UInt8] {
    SHA256.hash(salt + code.characters)
  }
}

extension CodeSheet {
  /// The sheet that ``write(to:)`` wrote.
  package init(from reader: inout ByteReader) throws(MalformedBytes) {
    let salt = try reader.raw(Self.saltSize)
    var lines: [Line] = []
    for _ in 0..<Self.count {
      lines.append(try reader.bool() ? .unused(hash: try reader.raw(SHA256.size)) : .spent)
    }
    self.init(salt: salt, lines: lines)
  }

  /// Writes it for the state or a command: salt, then for each line 0, or 1 and its hash.
  package func write(to writer: inout ByteWriter) {
    writer.putRaw(salt)
    for line in lines {
      switch line {
      case .unused(let hash):
        writer.put(true)
        writer.putRaw(hash)
      case .spent: writer.put(false)
      }
    }
  }
}

extension CodeSheet: CustomStringConvertible, CustomReflectable {
  /// How much is left of it, never a hash.
  package var description: String { "\(unusedCount) of \(lines.count) codes" }

  /// Nothing to look into.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
