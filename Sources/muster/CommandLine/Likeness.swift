/// Which of the words that there are somebody may have meant by one that there is not.
package enum Likeness {
  /// The most alike of `words`, if one is alike enough: letters may be wrong, missing, too many, or
  /// change places with their neighbours. The first of several that are equally so.
  ///
  /// - Parameter most: How many letters may; a third of them, unless it is said.
  package static func nearest(
    to word: String, among words: [String], atMost most: Int? = nil
  ) -> String? {
    let most = most ?? max(1, word.count / 3)
    let near = words.map { ($0, distance(word, $0, atMost: most)) }.filter { $0.1 <= most }
    return near.min { $0.1 < $1.1 }?.0
  }

  /// How many letters are to be changed to come from one text to another (Damerau and Levenshtein,
  /// each place once).
  private static func distance(_ left: String, _ right: String, atMost most: Int) -> Int {
    let (left, right) = (Array(left), Array(right))
    guard abs(left.count - right.count) <= most else { return most + 1 }
    var before: [Int] = []
    var row = Array(0...right.count)
    for i in left.indices {
      var next = [i + 1]
      for j in right.indices {
        let change = row[j] + (left[i] == right[j] ? 0 : 1)
        next.append(min(change, row[j + 1] + 1, next[j] + 1))
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          next[j + 1] = min(next[j + 1], before[j - 1] + 1)
        }
      }
      (before, row) = (row, next)
    }
    return row[right.count]
  }
}
