import Bytes

/// One write of a client to a register, as it goes through the log.
package struct Command: Hashable, Sendable {
  /// Names a write for good: said again, it is the same write.
  package struct Key: Hashable, Sendable {
    let client: Int
    let number: Int
  }

  let key: Key
  let register: Int
  let action: Action

  /// What it does.
  package enum Action: Hashable, Sendable {
    case write(UInt64)
    /// Writes if the register holds what is expected; else it is refused.
    case swap(from: UInt64, to: UInt64)
  }

  var encoded: [UInt8] {
    var writer = ByteWriter(reserving: 40)
    writer.put(UInt64(key.client))
    writer.put(UInt64(key.number))
    writer.put(UInt64(register))
    switch action {
    case .write(let value):
      writer.put(UInt8(0))
      writer.put(value)
    case .swap(let old, let new):
      writer.put(UInt8(1))
      writer.put(old)
      writer.put(new)
    }
    return writer.bytes
  }

  init(key: Key, register: Int, action: Action) {
    self.key = key
    self.register = register
    self.action = action
  }

  init(decoding bytes: [UInt8]) throws(MalformedBytes) {
    var reader = ByteReader(bytes)
    key = Key(client: Int(try reader.u64()), number: Int(try reader.u64()))
    register = Int(try reader.u64())
    let kind = try reader.u8()
    let first = try reader.u64()
    action = kind == 0 ? .write(first) : .swap(from: first, to: try reader.u64())
    try reader.finish()
  }
}
