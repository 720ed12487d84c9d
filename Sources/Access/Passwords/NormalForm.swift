@_spi(_Unicode) import Swift

extension String {
  /// The text as RFC 8265, section 4.2.2 has it for passwords: spaces of all kinds are the one of
  /// ASCII, and what is canonically the same is spelt the same (form NFC), so that an "é" typed as one
  /// scalar or as two is one password.
  ///
  /// Not NFKC, which NIST allows beside it: that would make alike what the person sees to differ,
  /// such as "²" and "2", and RFC 8265 forbids it.
  ///
  /// The standard library has NFC and does not show it to everybody yet. Tables of our own would be
  /// the same again in 3,000 lines; a test with the forms of Unicode's Annex 15 would notice a change.
  var preparedAsPassword: String {
    var spaced = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      spaced.append(scalar.properties.generalCategory == .spaceSeparator ? " " : scalar)
    }
    var prepared = String.UnicodeScalarView()
    prepared.append(contentsOf: String(spaced)._nfc)
    return String(prepared)
  }
}
