package import JSON

/// One object of a configuration file, read key by key.
///
/// Whatever is not asked for is a mistake in the file: ``finish()`` refuses it, so that a slip of
/// the pen is never a setting that silently does not hold.
package struct ConfigurationReader {
  private let path: String
  private let line: Int
  private let members: [JSONValue.Member]
  private var known: [String] = []

  /// The object that is the whole file.
  package init(_ bytes: [UInt8]) throws(ConfigurationError) {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: bytes)
    } catch {
      throw ConfigurationError(line: error.line, "The file is not JSON: \(error.detail).")
    }
    try self.init(value, path: "")
  }

  private init(_ value: JSONValue, path: String) throws(ConfigurationError) {
    guard case .object(let members) = value.kind else {
      let name = path.isEmpty ? "The file" : "\"\(path)\""
      throw ConfigurationError(line: value.line, "\(name) must be an object: { … }.")
    }
    self.path = path
    line = value.line
    self.members = members
  }

  // MARK: Values

  /// A value that another room reads, or `nil` if the key is not there.
  package mutating func optionalValue(_ key: String) -> JSONValue? {
    known.append(key)
    return members.first { $0.name == key }?.value
  }

  /// A text that is not empty.
  package mutating func text(_ key: String, _ what: String) throws(ConfigurationError) -> String {
    try text(key, what) { (text: String) in text.isEmpty ? nil : text }
  }

  /// A text that `read` makes something of; `nil` from it is a refusal that says `what` is allowed.
  package mutating func text<Value>(
    _ key: String, _ what: String, _ read: (String) -> Value?
  ) throws(ConfigurationError) -> Value {
    let value = try required(key, what)
    guard case .string(let text) = value.kind, let read = read(text) else {
      throw wrong(key, value, what)
    }
    return read
  }

  /// A text that may be left out.
  package mutating func optionalText(
    _ key: String, _ what: String
  ) throws(ConfigurationError) -> String? {
    guard has(key) else { return nil }
    return try text(key, what)
  }

  /// A text that `read` makes something of, and that may be left out.
  package mutating func optionalText<Value>(
    _ key: String, _ what: String, _ read: (String) -> Value?
  ) throws(ConfigurationError) -> Value? {
    guard has(key) else { return nil }
    return try text(key, what, read)
  }

  /// Yes or no, which may be left out: then it is no.
  package mutating func truth(_ key: String) throws(ConfigurationError) -> Bool {
    guard has(key) else { return false }
    let what = "true or false"
    let value = try required(key, what)
    guard case .bool(let truth) = value.kind else { throw wrong(key, value, what) }
    return truth
  }

  /// A whole number within `range`.
  package mutating func number(
    _ key: String, in range: ClosedRange<Int>, unit: String = ""
  ) throws(ConfigurationError) -> Int {
    let what = "a whole number from \(range.lowerBound) to \(range.upperBound)\(unit)"
    let value = try required(key, what)
    guard case .number(let digits) = value.kind, let number = Int(digits), range.contains(number)
    else { throw wrong(key, value, what) }
    return number
  }

  /// A whole number within `range`, or `usual` where it is left out.
  package mutating func number(
    _ key: String, in range: ClosedRange<Int>, unit: String = "", usual: Int
  ) throws(ConfigurationError) -> Int {
    guard has(key) else { return usual }
    return try number(key, in: range, unit: unit)
  }

  /// An object, read by `read` to its last key.
  package mutating func object<Value>(
    _ key: String, _ read: (inout ConfigurationReader) throws(ConfigurationError) -> Value
  ) throws(ConfigurationError) -> Value {
    let value = try required(key, "an object: { … }")
    var reader = try ConfigurationReader(value, path: full(key))
    let result = try read(&reader)
    try reader.finish()
    return result
  }

  /// An object that may be left out.
  package mutating func optionalObject<Value>(
    _ key: String, _ read: (inout ConfigurationReader) throws(ConfigurationError) -> Value
  ) throws(ConfigurationError) -> Value? {
    guard has(key) else { return nil }
    return try object(key, read)
  }

  /// A list of `count` objects, each read by `read` to its last key.
  package mutating func objects<Value>(
    _ key: String, count: ClosedRange<Int>,
    _ read: (inout ConfigurationReader) throws(ConfigurationError) -> Value
  ) throws(ConfigurationError) -> [Value] {
    let what = "a list of \(count.lowerBound) to \(count.upperBound) objects"
    let value = try required(key, what)
    guard case .array(let elements) = value.kind, count.contains(elements.count) else {
      throw wrong(key, value, what)
    }
    var values: [Value] = []
    for (index, element) in elements.enumerated() {
      var reader = try ConfigurationReader(element, path: "\(full(key))[\(index)]")
      values.append(try read(&reader))
      try reader.finish()
    }
    return values
  }

  // MARK: Refusals

  /// Refuses keys that nothing asked for.
  package func finish() throws(ConfigurationError) {
    guard let stranger = members.first(where: { !known.contains($0.name) }) else { return }
    let place = path.isEmpty ? "here" : "in \"\(path)\""
    throw ConfigurationError(
      line: stranger.line,
      "\"\(full(stranger.name))\" is not known. Allowed \(place): \(known.joined(separator: ", "))."
    )
  }

  /// A refusal of the value of `key`, for reasons that lie between several values.
  package func refusal(of key: String, _ reason: String) -> ConfigurationError {
    let line = members.first { $0.name == key }?.line ?? self.line
    return ConfigurationError(line: line, "\"\(full(key))\" \(reason)")
  }

  /// Whether a key is there; from now on it is known.
  private mutating func has(_ key: String) -> Bool {
    if !known.contains(key) { known.append(key) }
    return members.contains { $0.name == key }
  }

  private mutating func required(
    _ key: String, _ what: String
  ) throws(ConfigurationError) -> JSONValue {
    guard has(key), let member = members.first(where: { $0.name == key }) else {
      throw ConfigurationError(line: line, "\"\(full(key))\" is missing: \(what).")
    }
    return member.value
  }

  private func wrong(_ key: String, _ value: JSONValue, _ what: String) -> ConfigurationError {
    ConfigurationError(
      line: value.line, "\"\(full(key))\" must be \(what), not \(Self.shown(value)).")
  }

  private func full(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  /// What stands there, short enough for a sentence.
  private static func shown(_ value: JSONValue) -> String {
    /// Longer texts are cut.
    let longest = 60
    return switch value.kind {
    case .null: "null"
    case .bool(let truth): "\(truth)"
    case .number(let digits): digits
    case .string(let text): "\"\(text.prefix(longest))\(text.count > longest ? "…" : "")\""
    case .array(let elements): "a list of \(elements.count)"
    case .object: "an object"
    }
  }
}
