import JSON

/// The members of an object that somebody else wrote, taken out by name.
///
/// What is `null` is taken for not there. What else is there are no matters of ours: a provider may
/// say more than we ask (OpenID Connect Discovery 1.0, section 3; RFC 7519, section 4).
struct Members<Failure: Error> {
  private let members: [JSONValue.Member]
  private let wrong: (_ name: String) -> Failure

  /// The members of an object, or `nil` where it is none.
  ///
  /// - Parameter wrong: What is thrown for a member that is missing or of another kind.
  init?(_ value: JSONValue, wrong: @escaping (_ name: String) -> Failure) {
    guard case .object(let members) = value.kind else { return nil }
    self.members = members
    self.wrong = wrong
  }

  /// A member, or `nil` where it is not there.
  subscript(name: String) -> JSONValue? {
    let value = members.first { $0.name.isExactly(name) }?.value
    return value?.kind == .null ? nil : value
  }

  /// A text that has to be there.
  func text(_ name: String) throws(Failure) -> String {
    guard let text = try optionalText(name) else { throw wrong(name) }
    return text
  }

  /// A text.
  func optionalText(_ name: String) throws(Failure) -> String? {
    guard let value = self[name] else { return nil }
    guard case .string(let text) = value.kind else { throw wrong(name) }
    return text
  }

  /// A list of texts, or one text that stands for a list of one (RFC 7519, section 4.1.3).
  func texts(_ name: String) throws(Failure) -> [String]? {
    guard let value = self[name] else { return nil }
    switch value.kind {
    case .string(let text): return [text]
    case .array(let elements):
      var texts: [String] = []
      for element in elements {
        guard case .string(let text) = element.kind else { throw wrong(name) }
        texts.append(text)
      }
      return texts
    default: throw wrong(name)
    }
  }

  /// Yes or no; some providers write it as a text.
  func truth(_ name: String) throws(Failure) -> Bool? {
    guard let value = self[name] else { return nil }
    switch value.kind {
    case .bool(let truth): return truth
    case .string("true"): return true
    case .string("false"): return false
    default: throw wrong(name)
    }
  }

  /// An instant in milliseconds since 1970, written in seconds (RFC 7519, section 2: NumericDate).
  ///
  /// A fraction of a second is cut off. What is after the year 9999 is no instant.
  func instant(_ name: String) throws(Failure) -> Int64? {
    guard let value = self[name] else { return nil }
    let last: Int64 = 253_402_300_799
    guard case .number(let spelling) = value.kind else { throw wrong(name) }
    let parts = spelling.split(separator: ".", maxSplits: 1)
    guard let whole = parts.first, let seconds = Int64(whole), (0...last).contains(seconds),
      parts.dropFirst().allSatisfy({ $0.utf8.allSatisfy { $0 &- UInt8(ascii: "0") < 10 } })
    else { throw wrong(name) }
    return seconds * 1000
  }
}
