@_spi(_Unicode) import Swift

/// A text as it is compared where something is looked for that must not be there: without case, accents,
/// marks that nobody sees, and the difference between the forms in which one letter can be written; every
/// run of white space is one space.
///
/// Canonical forms (NFC, NFD) fall together by decomposing and leaving out the marks; of the compatible ones
/// the full-width letters, the ligatures, the circled letters and the mathematical alphabets, in which a
/// name can still be read.
struct FoldedText {
  /// What is compared.
  private(set) var scalars: [Unicode.Scalar] = []
  /// For each of them, the character of the text that it comes from, counted from 0.
  private(set) var sources: [Int] = []

  init(_ text: String) {
    for (place, character) in text.enumerated() {
      for scalar in String(character)._nfd { take(scalar, from: place) }
    }
  }

  private mutating func take(_ scalar: Unicode.Scalar, from place: Int) {
    if scalar.properties.isWhitespace {
      guard scalars.last != " " else { return }
      return append(" ", from: place)
    }
    for plain in Self.plain(scalar).unicodeScalars {
      // Upper case first: "ß" and "SS" are one, and so are both forms of a small sigma.
      let folded = plain.properties.uppercaseMapping.lowercased()
      for letter in folded._nfd where Self.isSeen(letter) { append(letter, from: place) }
    }
  }

  private mutating func append(_ scalar: Unicode.Scalar, from place: Int) {
    scalars.append(scalar)
    sources.append(place)
  }

  private static func isSeen(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .control, .format: false
    default: !scalar.properties.isDefaultIgnorableCodePoint
    }
  }

  /// The plain letters of those that only look otherwise.
  private static func plain(_ scalar: Unicode.Scalar) -> String {
    func letter(_ offset: UInt32, from first: Unicode.Scalar) -> String {
      Unicode.Scalar(first.value + offset).map { String($0) } ?? ""
    }
    let value = scalar.value
    switch value {
    case 0xFF01...0xFF5E: return letter(value - 0xFF01, from: "!")
    case 0x24B6...0x24CF: return letter(value - 0x24B6, from: "a")
    case 0x24D0...0x24E9: return letter(value - 0x24D0, from: "a")
    case 0x1D400...0x1D6A3: return letter((value - 0x1D400) % 26, from: "a")
    case 0x1D7CE...0x1D7FF: return letter((value - 0x1D7CE) % 10, from: "0")
    case 0xFB00...0xFB06: return ["ff", "fi", "fl", "ffi", "ffl", "st", "st"][Int(value - 0xFB00)]
    default: return String(scalar)
    }
  }

  /// Where `needle` begins, at or after a place.
  func places(of needle: Needle) -> [Range<Int>] {
    let wanted = needle.folded
    guard !wanted.isEmpty, scalars.count >= wanted.count else { return [] }
    var places: [Range<Int>] = []
    for start in 0...(scalars.count - wanted.count) where scalars[start] == wanted[0] {
      let range = start..<start + wanted.count
      guard scalars[range].elementsEqual(wanted) else { continue }
      if needle.isWords, !isWordEdge(range.lowerBound) || !isWordEdge(range.upperBound) { continue }
      places.append(range)
    }
    return places
  }

  /// Whether no word goes on across a place.
  private func isWordEdge(_ place: Int) -> Bool {
    guard place > 0, place < scalars.count else { return true }
    return !Self.isOfWord(scalars[place - 1]) || !Self.isOfWord(scalars[place])
  }

  private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }
}

/// A text that must not be in what is published.
struct Needle: Hashable {
  /// As it is compared, without white space around it.
  let folded: [Unicode.Scalar]
  /// Whether only whole words count.
  let isWords: Bool

  /// `nil` for a text of nothing that can be seen.
  init?(_ text: String, isWords: Bool = false) {
    var folded = FoldedText(text).scalars[...]
    while folded.first == " " { folded.removeFirst() }
    while folded.last == " " { folded.removeLast() }
    guard !folded.isEmpty else { return nil }
    self.folded = Array(folded)
    self.isWords = isWords
  }
}
