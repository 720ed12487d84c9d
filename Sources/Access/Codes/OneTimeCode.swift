internal import Crypto

/// One of ten codes on paper, with each of which a person signs in once when nothing else is left.
///
/// It is spelt in four groups of four, `K7QD-9MWX-3HTP-A2CE`: 80 random bits, of letters and digits
/// that are not taken for each other. Half as many could be found from a stolen `CodeSheet` by a
/// fast machine; these cannot, so a fast hash is enough, and checking a code costs nothing.
package struct OneTimeCode: Hashable, Sendable {
  /// Characters of a code, without what stands between its groups.
  package static let length = 16
  /// Characters of a group.
  package static let group = 4
  /// The most characters that are looked at: people add blanks.
  package static let longest = 64

  /// Without 0, 1, I and O.
  private static let alphabet = Array("23456789ABCDEFGHJKLMNPQRSTUVWXYZ".utf8)

  /// Its characters in the spelling that is hashed.
  let characters: [UInt8]

  /// A code that nobody can foretell.
  package static func make() -> OneTimeCode {
    // 256 is eight times 32, so every character is as likely as any other.
    OneTimeCode(characters: secureRandom(length).map { alphabet[Int($0 & 31)] })
  }

  private init(characters: [UInt8]) { self.characters = characters }

  /// The code that somebody typed, in either case and with any blanks and hyphens, or `nil` if it
  /// is none.
  package init?(_ typed: some StringProtocol) {
    guard typed.utf8.count <= Self.longest else { return nil }
    let characters = typed.utf8
      .filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "-") }
      .map { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 ? $0 - 32 : $0 }
    guard characters.count == Self.length, characters.allSatisfy(Self.alphabet.contains) else {
      return nil
    }
    self.characters = characters
  }

  /// As it is printed, this once.
  package var spelling: String {
    stride(from: 0, to: Self.length, by: Self.group)
      .map { String(decoding: characters[$0..<$0 + Self.group], as: UTF8.self) }
      .joined(separator: "-")
  }
}

extension OneTimeCode: CustomStringConvertible, CustomReflectable {
  /// Never the code, so that no log line or failed test can print it.
  package var description: String { "····-····-····-····" }

  /// Nothing to look into.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
