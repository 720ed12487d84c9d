package import Bytes

extension GlassBreak: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(id)
    bytes.put(scope)
    bytes.put(reason)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      id: try bytes.id(), scope: try bytes.value(), reason: try bytes.string(max: Bound.reason))
  }
}

extension GlassBreak.Scope: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .incident(let id):
      bytes.put(1 as UInt8)
      bytes.put(id)
    case .team(let id):
      bytes.put(2 as UInt8)
      bytes.put(id)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1: self = .incident(try bytes.id())
    case 2: self = .team(try bytes.id())
    case let tag: throw .unknown(what: "GlassBreak.Scope", value: UInt64(tag))
    }
  }
}

extension BrokenGlass: BinaryForm {
  /// Its binary form, version 1.
  package func encoded() -> [UInt8] { versioned(reserving: 160) }
  /// The broken glass in `bytes`.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) { try self.init(versioned: bytes) }

  func write(to bytes: inout ByteWriter) {
    bytes.put(asked)
    bytes.put(person)
    bytes.put(begins)
    bytes.put(ends)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      try bytes.value(), by: try bytes.id(), at: try bytes.time(), until: try bytes.time())
  }
}
