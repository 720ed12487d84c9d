import JSON

/// An object of settings, read key by key. What is not asked for is a mistake: ``finish()`` refuses it.
struct SettingsReader {
  private let path: String
  private let line: Int
  private let members: [JSONValue.Member]
  private var known: [String] = []

  /// The object that stands at `path` of a file.
  init(_ value: JSONValue, path: String) throws(ConfigurationError) {
    guard case .object(let members) = value.kind else {
      throw ConfigurationError(line: value.line, "\"\(path)\" must be an object: { … }.")
    }
    self.path = path
    line = value.line
    self.members = members
  }

  /// A text that `read` makes something of; `nil` from it is a refusal that says `what` is allowed.
  mutating func text<Value>(
    _ key: String, _ what: String, _ read: (String) -> Value?
  ) throws(ConfigurationError) -> Value {
    guard let value = try optionalText(key, what, read) else {
      throw ConfigurationError(line: line, "\"\(full(key))\" is missing: \(what).")
    }
    return value
  }

  /// A text that may be left out.
  mutating func optionalText<Value>(
    _ key: String, _ what: String, _ read: (String) -> Value?
  ) throws(ConfigurationError) -> Value? {
    guard let value = value(key) else { return nil }
    guard case .string(let text) = value.kind, let read = read(text) else {
      throw refusal(of: key, "must be \(what).")
    }
    return read
  }

  /// Yes or no; no where it is left out.
  mutating func truth(_ key: String) throws(ConfigurationError) -> Bool {
    guard let value = value(key) else { return false }
    guard case .bool(let truth) = value.kind else {
      throw refusal(of: key, "must be true or false.")
    }
    return truth
  }

  /// A list, each of whose elements `read` makes something of; empty where it is left out.
  mutating func list<Value>(
    _ key: String, _ what: String, most: Int,
    _ read: (JSONValue, _ path: String) throws(ConfigurationError) -> Value
  ) throws(ConfigurationError) -> [Value] {
    guard let value = value(key) else { return [] }
    guard case .array(let elements) = value.kind, elements.count <= most else {
      throw refusal(of: key, "must be a list of at most \(most) \(what).")
    }
    var values: [Value] = []
    for (index, element) in elements.enumerated() {
      values.append(try read(element, "\(full(key))[\(index)]"))
    }
    return values
  }

  /// Whether a key is there.
  mutating func has(_ key: String) -> Bool { value(key) != nil }

  /// A refusal of the value of `key`.
  func refusal(of key: String, _ reason: String) -> ConfigurationError {
    let line = members.first { $0.name == key }?.line ?? self.line
    return ConfigurationError(line: line, "\"\(full(key))\" \(reason)")
  }

  /// Refuses keys that nothing asked for.
  func finish() throws(ConfigurationError) {
    guard let stranger = members.first(where: { !known.contains($0.name) }) else { return }
    throw ConfigurationError(
      line: stranger.line,
      "\"\(full(stranger.name))\" is not known. "
        + "Allowed in \"\(path)\": \(known.joined(separator: ", ")).")
  }

  private mutating func value(_ key: String) -> JSONValue? {
    if !known.contains(key) { known.append(key) }
    return members.first { $0.name == key }?.value
  }

  private func full(_ key: String) -> String { "\(path).\(key)" }
}
