package import Bytes

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

  /// Sixteen random bytes.
  package let salt: [UInt8]
  /// In the order in which they are printed.
  package private(set) var lines: [Line]

  /// A sheet of these lines.
  package init(salt: [UInt8], lines: [Line]) {
    precondition(salt.count == Self.saltSize, "A salt of \(salt.count) bytes.")
    precondition(lines.count == Self.count, "A sheet of \(lines.count) codes.")
    self.salt = salt
    self.lines = lines
  }

  /// How many codes are left: at two or fewer the person is asked to print new ones.
  package var unusedCount: Int { lines.count { $0 != .spent } }

  /// Uses up the code at `place`.
  ///
  /// - Returns: Whether it was there and not spent before. If not, nobody is signed in by it.
  package mutating func spend(_ place: Int) -> Bool {
    guard lines.indices.contains(place), lines[place] != .spent else { return false }
    lines[place] = .spent
    return true
  }
}

extension CodeSheet {
  /// The sheet that ``write(to:)`` wrote.
  package init(from reader: inout ByteReader) throws(MalformedBytes) {
    let salt = try reader.raw(Self.saltSize)
    var lines: [Line] = []
    for _ in 0..<Self.count {
      lines.append(try reader.bool() ? .unused(hash: try reader.raw(Bound.hash)) : .spent)
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

extension CodeSheet: BinaryForm {}

extension CodeSheet: CustomStringConvertible, CustomReflectable {
  /// How much is left of it, never a hash.
  package var description: String { "\(unusedCount) of \(lines.count) codes" }

  /// Nothing to look into.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
