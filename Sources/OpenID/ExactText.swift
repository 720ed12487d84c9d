extension String {
  /// Whether two texts are of the same bytes.
  ///
  /// Swift takes texts for equal that Unicode does: a kelvin sign for the letter K. What says who
  /// somebody is must be the same code points (OpenID Connect Core 1.0, section 15.1), so no such
  /// text is compared with `==` here.
  func isExactly(_ other: String) -> Bool { utf8.elementsEqual(other.utf8) }

  /// What a stranger wrote, fit for a log line: at most 200 characters and none that controls.
  var shortened: String {
    let longest = 200
    let shown = unicodeScalars.prefix(longest).map { scalar in
      scalar.properties.generalCategory == .control
        || scalar.properties.generalCategory == .format ? "\u{FFFD}" : scalar
    }
    var text = String(String.UnicodeScalarView(shown))
    if unicodeScalars.count > longest { text += "…" }
    return text
  }
}
