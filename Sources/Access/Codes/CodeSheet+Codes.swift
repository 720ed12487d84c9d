internal import Crypto
package import Incidents

/// How a sheet is made, and a code found on it.
extension CodeSheet {
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
    self.init(salt: salt, lines: codes.map { .unused(hash: Self.hash($0, salt)) })
  }

  /// The place of `code`, counted from 0, if it is on the sheet and not spent.
  ///
  /// All lines are looked at, so the time does not tell which one it was. Signing in by it is a
  /// command that names the place and the version of the sheet, which a new sheet does not share.
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

  private static func hash(_ code: OneTimeCode, _ salt: [UInt8]) -> [UInt8] {
    SHA256.hash(salt + code.characters)
  }
}
