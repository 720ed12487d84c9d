internal import Crypto

/// The 10,000 passwords that people choose most, so that nobody can choose them here.
///
/// They are kept as marks: the first 36 bits of their SHA-256, in ``table``. A password that is not
/// among them is taken for one with a chance of 1 in 7 million. The list itself would be no smaller,
/// and is not fit to be read.
enum CommonPasswords {
  /// Characters of a mark.
  static let markLength = 6
  /// A few characters said over and over are no better than said once.
  private static let longestStutter = 3

  /// Whether `text`, in small letters, is one of them: as it is, without the digits and signs
  /// around its letters, or said more than once. Those are what a guesser tries right after it.
  static func include(_ text: String) -> Bool {
    let whole = Array(text.unicodeScalars)
    let isLetter: (Unicode.Scalar) -> Bool = { $0.properties.isAlphabetic }
    let end = whole.lastIndex(where: isLetter).map { $0 + 1 } ?? whole.endIndex
    let start = whole.firstIndex(where: isLetter) ?? whole.startIndex
    return [whole[...], whole[..<end], whole[start..<end]].contains { spelling in
      let once = spelling.prefix(period(of: spelling))
      let isStutter = once.count < spelling.count && once.count <= longestStutter
      return isStutter || holds(spelling) || once.count < spelling.count && holds(once)
    }
  }

  /// After how many scalars `text` begins again, to its end; its own length if it never does.
  private static func period(of text: ArraySlice<Unicode.Scalar>) -> Int {
    let halves = text.isEmpty ? [] : Array(1...max(1, text.count / 2))
    return halves.first { step in
      text.count.isMultiple(of: step) && text.dropFirst(step).elementsEqual(text.dropLast(step))
    } ?? text.count
  }

  /// Whether exactly this is in the table.
  private static func holds(_ spelling: ArraySlice<Unicode.Scalar>) -> Bool {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: spelling)
    let mark = Array(
      Base64URL.encode(SHA256.hash(Array(String(text).utf8))).utf8.prefix(markLength))
    let marks = table.utf8Span.span
    var (low, high) = (0, marks.count / markLength)
    while low < high {
      let middle = (low + high) / 2
      let found = (0..<markLength).map { marks[middle * markLength + $0] }
      if found == mark { return true }
      if found.lexicographicallyPrecedes(mark) { low = middle + 1 } else { high = middle }
    }
    return false
  }
}
