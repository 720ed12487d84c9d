internal import Bytes

/// A value with one binary form: fields in the order of their writing, nothing between them.
///
/// The order is the format. A field is never dropped or moved within a format version, and one is
/// added only where everything ends, and only so that a value without it is written as it ever was
/// (``ByteWriter/put(atEnd:)``); the golden files in the tests notice if it is not so.
protocol BinaryForm {
  func write(to bytes: inout ByteWriter)
  init(from bytes: inout ByteReader) throws(MalformedBytes)
}

/// The version of every format in this room.
enum Format {
  /// The first.
  static let current: UInt8 = 1
}

extension BinaryForm {
  /// The format version and then the value.
  func versioned(reserving capacity: Int) -> [UInt8] {
    var bytes = ByteWriter(reserving: capacity)
    bytes.put(Format.current)
    write(to: &bytes)
    return (consume bytes).finished()
  }

  /// The value behind a format version, and nothing after it.
  init(versioned bytes: [UInt8]) throws(MalformedBytes) {
    var reader = ByteReader(bytes)
    let version = try reader.u8()
    guard version == Format.current else {
      throw .unknown(what: "\(Self.self) format", value: UInt64(version))
    }
    try self.init(from: &reader)
    try reader.finish()
  }
}

extension ByteWriter {
  mutating func put(_ value: some BinaryForm) { value.write(to: &self) }

  mutating func put<Value: RawRepresentable>(_ value: Value) where Value.RawValue == UInt8 {
    put(value.rawValue)
  }

  /// A value that what was written before did not have: nothing at all stands for none, so it must be
  /// the last of the message or record.
  mutating func put(atEnd value: (some BinaryForm)?) {
    value?.write(to: &self)
  }

  /// A value that what was written before did not have, unless it says nothing: `none`.
  mutating func put<Value: BinaryForm & Equatable>(atEnd value: Value, unless none: Value) {
    if value != none { value.write(to: &self) }
  }

  mutating func put(maybe value: (some BinaryForm)?) {
    guard let value else { return put(false) }
    put(true)
    value.write(to: &self)
  }

  mutating func put<Value: RawRepresentable>(maybe value: Value?) where Value.RawValue == UInt8 {
    // No case has the raw value 0 where it may be missing, except a level: so a mark of its own.
    guard let value else { return put(false) }
    put(true)
    put(value.rawValue)
  }

  mutating func put(maybe value: ID?) {
    guard let value else { return put(false) }
    put(true)
    put(value)
  }

  mutating func put(maybe value: Bool?) {
    guard let value else { return put(false) }
    put(true)
    put(value)
  }

  mutating func put(maybe value: Int64?) {
    guard let value else { return put(false) }
    put(true)
    put(value)
  }

  mutating func put(maybe value: UInt64?) {
    guard let value else { return put(false) }
    put(true)
    put(value)
  }

  mutating func put(maybe value: String?) {
    guard let value else { return put(false) }
    put(true)
    put(value)
  }

  mutating func put(_ values: [some BinaryForm]) {
    put(UInt32(values.count))
    for value in values { value.write(to: &self) }
  }

  mutating func put(_ values: [ID]) {
    put(UInt32(values.count))
    for value in values { put(value) }
  }

  mutating func put(_ values: [String]) {
    put(UInt32(values.count))
    for value in values { put(value) }
  }
}

extension ByteReader {
  /// What ``ByteWriter/put(atEnd:)`` wrote.
  mutating func atEnd<Value: BinaryForm>() throws(MalformedBytes) -> Value? {
    remaining == 0 ? nil : try Value(from: &self)
  }

  /// What ``ByteWriter/put(atEnd:unless:)`` wrote. Nothing has two forms: `none` written out is refused.
  mutating func atEnd<Value: BinaryForm & Equatable>(
    unless none: Value
  ) throws(MalformedBytes) -> Value {
    guard remaining > 0 else { return none }
    let value = try Value(from: &self)
    guard value != none else { throw .unknown(what: "\(Value.self) that says nothing", value: 0) }
    return value
  }

  mutating func value<Value: BinaryForm>() throws(MalformedBytes) -> Value {
    try Value(from: &self)
  }

  /// A case by its raw value; a number without a case is refused.
  mutating func value<Value: RawRepresentable>() throws(MalformedBytes) -> Value
  where Value.RawValue == UInt8 {
    let byte = try u8()
    guard let value = Value(rawValue: byte) else {
      throw .unknown(what: "\(Value.self)", value: UInt64(byte))
    }
    return value
  }

  mutating func maybe<Value: BinaryForm>() throws(MalformedBytes) -> Value? {
    try bool() ? try Value(from: &self) : nil
  }

  mutating func maybe<Value: RawRepresentable>() throws(MalformedBytes) -> Value?
  where Value.RawValue == UInt8 {
    guard try bool() else { return nil }
    let found: Value = try value()
    return found
  }

  mutating func maybeID() throws(MalformedBytes) -> ID? { try bool() ? try id() : nil }

  mutating func maybeTruth() throws(MalformedBytes) -> Bool? { try bool() ? try bool() : nil }

  mutating func maybeTime() throws(MalformedBytes) -> Int64? { try bool() ? try time() : nil }

  mutating func maybeNumber() throws(MalformedBytes) -> UInt64? { try bool() ? try u64() : nil }

  mutating func maybeText(max limit: Int) throws(MalformedBytes) -> String? {
    try bool() ? try string(max: limit) : nil
  }

  /// A point in time within ``Bound/time``.
  mutating func time() throws(MalformedBytes) -> Int64 {
    let stamp = try i64()
    guard Bound.time.contains(stamp) else {
      throw .unknown(what: "time", value: UInt64(bitPattern: stamp))
    }
    return stamp
  }

  mutating func values<Value: BinaryForm>(max limit: Int) throws(MalformedBytes) -> [Value] {
    let count = try count(max: limit)
    var values: [Value] = []
    // A hostile count must not reserve memory before its elements were seen.
    values.reserveCapacity(min(count, remaining))
    for _ in 0..<count { values.append(try Value(from: &self)) }
    return values
  }

  /// What is written only if there is some: an empty list is refused.
  mutating func some<Value: BinaryForm>(max limit: Int) throws(MalformedBytes) -> [Value] {
    let values: [Value] = try values(max: limit)
    guard !values.isEmpty else { throw .unknown(what: "list of none", value: 0) }
    return values
  }

  mutating func ids(max limit: Int) throws(MalformedBytes) -> [ID] {
    let count = try count(max: limit)
    var values: [ID] = []
    values.reserveCapacity(min(count, remaining / 16))
    for _ in 0..<count { values.append(try id()) }
    return values
  }

  mutating func texts(max limit: Int, each length: Int) throws(MalformedBytes) -> [String] {
    let count = try count(max: limit)
    var values: [String] = []
    values.reserveCapacity(min(count, remaining / 4))
    for _ in 0..<count { values.append(try string(max: length)) }
    return values
  }

  /// Exactly the bytes of a hash.
  mutating func hash() throws(MalformedBytes) -> [UInt8] { try raw(Bound.hash) }
}
