package import Bytes

extension PolicyTerms: BinaryForm {
  /// Its binary form, version 1.
  package func encoded() -> [UInt8] { versioned(reserving: 128) }
  /// The record in `bytes`.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) { try self.init(versioned: bytes) }

  func write(to bytes: inout ByteWriter) {
    bytes.put(targets)
    bytes.put(cadence)
    bytes.put(maybe: countsFromDeclaration)
    bytes.put(maybe: pagesNewAlerts)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      targets: try bytes.value(), cadence: try bytes.value(),
      countsFromDeclaration: try bytes.maybeTruth(), pagesNewAlerts: try bytes.maybeTruth())
  }
}

extension ByPriority: BinaryForm where Row: BinaryForm {
  /// The priorities as bits, and then what is said of each.
  func write(to bytes: inout ByteWriter) {
    let said = Priority.allCases.filter { self[$0] != nil }
    bytes.put(said.reduce(0 as UInt8) { $0 | 1 << ($1.rawValue - 1) })
    for row in said.compactMap({ self[$0] }) { bytes.put(row) }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init()
    let bits = try bytes.u8()
    guard bits >> UInt8(Priority.allCases.count) == 0 else {
      throw .unknown(what: "priorities", value: UInt64(bits))
    }
    for priority in Priority.allCases where bits >> (priority.rawValue - 1) & 1 == 1 {
      self[priority] = try Row(from: &bytes)
    }
  }
}

extension Allowance: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(isInDays)
    bytes.put(count)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self = try bytes.bool() ? .businessDays(try bytes.u32()) : .minutes(try bytes.u32())
  }
}

extension PriorityTarget: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(response)
    bytes.put(maybe: resolution)
    bytes.put(maybe: limit)
    bytes.put(isAlways)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      response: try bytes.value(), resolution: try bytes.maybe(), limit: try bytes.maybe(),
      isAlways: try bytes.bool())
  }
}

extension UpdateRule: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .none: bytes.put(0 as UInt8)
    case .every(let allowance):
      bytes.put(1 as UInt8)
      bytes.put(allowance)
    case .once(let allowance):
      bytes.put(2 as UInt8)
      bytes.put(allowance)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 0: self = .none
    case 1: self = .every(try bytes.value())
    case 2: self = .once(try bytes.value())
    case let tag: throw .unknown(what: "UpdateRule", value: UInt64(tag))
    }
  }
}
