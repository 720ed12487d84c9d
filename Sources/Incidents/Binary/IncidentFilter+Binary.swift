package import Bytes

extension IncidentFilter: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.putCodes(statuses)
    bytes.put(maybe: isOver)
    bytes.put(services)
    bytes.put(teams)
    bytes.putCodes(priorities)
    bytes.putCodes(flags)
    bytes.put(maybe: holder)
    bytes.put(maybe: lead)
    bytes.put(maybe: reporter)
    bytes.put(maybe: isExercise)
    bytes.put(isOverdue)
    bytes.put(maybe: declaredFrom)
    bytes.put(maybe: declaredUntil)
    bytes.put(maybe: referencePrefix)
    bytes.put(order)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init()
    statuses = try bytes.codes()
    isOver = try bytes.maybeTruth()
    services = try bytes.ids(max: Bound.list)
    teams = try bytes.ids(max: Bound.list)
    priorities = try bytes.codes()
    flags = try bytes.codes()
    holder = try bytes.maybe()
    lead = try bytes.maybe()
    reporter = try bytes.maybe()
    isExercise = try bytes.maybeTruth()
    isOverdue = try bytes.bool()
    declaredFrom = try bytes.maybeTime()
    declaredUntil = try bytes.maybeTime()
    referencePrefix = try bytes.maybeText(max: Bound.reference)
    order = try bytes.value()
  }
}

extension IncidentFilter.Someone: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .me: bytes.put(1 as UInt8)
    case .person(let id):
      bytes.put(2 as UInt8)
      bytes.put(id)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1: self = .me
    case 2: self = .person(try bytes.id())
    case let tag: throw .unknown(what: "IncidentFilter.Someone", value: UInt64(tag))
    }
  }
}

extension ByteWriter {
  /// How many there are, and the number of each.
  fileprivate mutating func putCodes<Value: RawRepresentable>(_ values: [Value])
  where Value.RawValue == UInt8 {
    put(UInt8(values.count))
    for value in values { put(value.rawValue) }
  }
}

extension ByteReader {
  fileprivate mutating func codes<Value: RawRepresentable>() throws(MalformedBytes) -> [Value]
  where Value.RawValue == UInt8 {
    var values: [Value] = []
    for _ in 0..<(try u8()) { values.append(try value()) }
    return values
  }
}

extension SavedView: BinaryForm {
  /// Its binary form, version 1.
  package func encoded() -> [UInt8] { versioned(reserving: 192) }
  /// The view in `bytes`.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) { try self.init(versioned: bytes) }

  func write(to bytes: inout ByteWriter) {
    bytes.put(id)
    bytes.put(name)
    bytes.put(owner)
    bytes.put(isShared)
    bytes.put(filter)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      id: try bytes.id(), name: try bytes.string(max: Bound.name), owner: try bytes.value(),
      isShared: try bytes.bool(), filter: try bytes.value())
  }
}

extension SavedView.Owner: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .person(let id):
      bytes.put(1 as UInt8)
      bytes.put(id)
    case .team(let id):
      bytes.put(2 as UInt8)
      bytes.put(id)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1: self = .person(try bytes.id())
    case 2: self = .team(try bytes.id())
    case let tag: throw .unknown(what: "SavedView.Owner", value: UInt64(tag))
    }
  }
}
