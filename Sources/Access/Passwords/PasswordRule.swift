/// Why a password cannot be chosen. Each says what would do.
package enum PasswordRefusal: Error, Hashable, Sendable {
  /// It has fewer characters than ``Password/shortest``.
  case tooShort(characters: Int)
  /// It has more bytes than ``Password/longest``.
  case tooLong
  /// It has a line end, a tab or another character that cannot be typed.
  case controlCharacter
  /// It is one of the 10,000 commonest, or one of them with digits and signs around it.
  case common
  /// It has the name or the mail address of its person in it.
  case containsName
}

extension PasswordRefusal: CustomStringConvertible {
  /// A sentence for the person who chose it.
  package var description: String {
    switch self {
    case .tooShort(let characters):
      "A password has at least \(Password.shortest) characters; this one has \(characters)."
        + " Four words that do not belong together are easy to keep in mind."
    case .tooLong: "A password has at most \(Password.longest) bytes."
    case .controlCharacter:
      "A password has no line end, tab or other control character. One may have come with a paste."
    case .common: "This is one of the passwords that are tried first. Choose another."
    case .containsName: "A password does not contain your name or your e-mail address."
    }
  }
}

extension Password {
  /// The fewest characters of one that is chosen, counted as Unicode scalars once it is prepared:
  /// more than one a person may see, never fewer.
  package static let shortest = 12
  /// Shorter parts of names are in too many words.
  private static let shortestName = 3
  /// Several short parts of a name without what is between them are in fewer words, yet in some.
  private static let shortestJoined = 4

  /// A password that somebody chooses: long enough, not a common one, without their name.
  ///
  /// No kinds of characters are asked for. Guidance of NIST (SP 800-63B, section 5.1.1.2) and of the
  /// NCSC is that such rules make passwords easier to guess, not harder.
  ///
  /// - Parameters:
  ///   - typed: As it was typed or pasted.
  ///   - name: The name of its person.
  ///   - email: Their mail address, of which the part before the last "@" counts.
  package init(
    choosing typed: String, name: String, email: String
  ) throws(PasswordRefusal) {
    guard let password = Password(typed) else { throw .tooLong }
    let scalars = password.text.unicodeScalars
    guard !scalars.contains(where: { $0.properties.generalCategory == .control }) else {
      throw .controlCharacter
    }
    guard scalars.count >= Self.shortest else { throw .tooShort(characters: scalars.count) }
    let small = password.text.lowercased().preparedAsPassword
    guard !CommonPasswords.include(small) else { throw .common }
    let local = email.lastIndex(of: "@").map { String(email[..<$0]) } ?? email
    guard !Self.names(name, in: small), !Self.names(local, in: small) else { throw .containsName }
    self = password
  }

  /// Whether any word of `name` is in `text`, or all of its words in a row.
  private static func names(_ name: String, in text: String) -> Bool {
    let words = words(of: name.lowercased().preparedAsPassword)
    let said = words.contains { word in
      word.count >= shortestName && Array(text.unicodeScalars).contains(word)
    }
    let joined = Array(words.joined())
    return said
      || joined.count >= shortestJoined && Array(Self.words(of: text).joined()).contains(joined)
  }

  /// What stands between blanks and signs.
  private static func words(of text: String) -> [[Unicode.Scalar]] {
    text.unicodeScalars
      .split { !$0.properties.isAlphabetic && $0.properties.numericType == nil }
      .map(Array.init)
  }
}
