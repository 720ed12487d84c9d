import Bytes
import Testing

@Suite("Bytes")
struct BytesTests {
  @Test func `are read back as they were written`() throws {
    var writer = ByteWriter()
    writer.put(7 as UInt8)
    writer.put(0x1234 as UInt16)
    writer.put(0xDEAD_BEEF as UInt32)
    writer.put(UInt64.max)
    writer.put(Int64.min)
    writer.put(true)
    writer.put(ID(high: 1, low: 2))
    writer.put("Ångström")
    writer.put([1, 2, 3] as [UInt8])
    writer.put(optional: nil as String?) { $0.put($1) }
    writer.put(optional: "there") { $0.put($1) }
    writer.put(each: [4, 5] as [UInt64]) { $0.put($1) }

    var reader = ByteReader(writer.bytes)
    #expect(try reader.u8() == 7)
    #expect(try reader.u16() == 0x1234)
    #expect(try reader.u32() == 0xDEAD_BEEF)
    #expect(try reader.u64() == .max)
    #expect(try reader.i64() == .min)
    #expect(try reader.bool())
    #expect(try reader.id() == ID(high: 1, low: 2))
    #expect(try reader.string(max: 20) == "Ångström")
    #expect(try reader.blob(max: 3) == [1, 2, 3])
    #expect(try reader.optional { reader throws(MalformedBytes) in try reader.u8() } == nil)
    #expect(
      try reader.optional { reader throws(MalformedBytes) in try reader.string(max: 9) } == "there")
    #expect(
      try reader.array(max: 2) { reader throws(MalformedBytes) in try reader.u64() } == [4, 5])
    try reader.finish()
  }

  @Test(arguments: [0, 1, 7, 8, 37, 38, 64])
  func `are the same however much room was reserved for them`(room: Int) {
    var writer = ByteWriter(reserving: room)
    writer.putRaw([])
    writer.put(0x0102_0304_0506_0708 as UInt64)
    writer.put(9 as UInt8)
    writer.put("")
    writer.put("Ångström")
    writer.putRaw([10, 11])
    writer.put([12] as [UInt8])
    let text: [UInt8] = [0xC3, 0x85, 0x6E, 0x67, 0x73, 0x74, 0x72, 0xC3, 0xB6, 0x6D]
    let expected: [UInt8] =
      [8, 7, 6, 5, 4, 3, 2, 1, 9, 0, 0, 0, 0, 10, 0, 0, 0] + text + [10, 11, 1, 0, 0, 0, 12]
    #expect(writer.bytes == expected)
    #expect(writer.finished() == expected)
  }

  @Test func `that end too soon say how many are missing`() {
    var reader = ByteReader([1, 2])
    #expect(throws: MalformedBytes.tooShort(missing: 2)) { try reader.u32() }
  }

  @Test func `with a length over the limit are refused before anything is read`() {
    var reader = ByteReader([255, 255, 255, 255])
    #expect(throws: MalformedBytes.overLimit(found: 4_294_967_295, limit: 16)) {
      try reader.blob(max: 16)
    }
  }

  @Test func `that are not UTF-8 are not text`() {
    var reader = ByteReader([1, 0, 0, 0, 0xFF])
    #expect(throws: MalformedBytes.notText) { try reader.string(max: 4) }
  }

  @Test func `left over at the end are refused`() {
    #expect(throws: MalformedBytes.trailing(count: 1)) { try ByteReader([9]).finish() }
  }
}

@Suite("An id")
struct IDTests {
  @Test func `is spelt in lower case and read in either`() {
    let id = ID(high: 0x0192_F0E1_D2C3_7B4A, low: 0x8596_8778_695A_4B3C)
    #expect(id.description == "0192f0e1-d2c3-7b4a-8596-8778695a4b3c")
    #expect(ID("0192F0E1-D2C3-7B4A-8596-8778695A4B3C") == id)
    #expect(ID(bytes: id.bytes) == id)
  }

  @Test(arguments: ["", "0192f0e1", "0192f0e1-d2c3-7b4a-8596-8778695a4b3", "g".padded(to: 36)])
  func `is not made of anything else`(text: String) {
    #expect(ID(text) == nil)
  }

  @Test func `of version 7 sorts by its time`() {
    let earlier = ID(version7At: 1_000, random: (.max, .max))
    let later = ID(version7At: 1_001, random: (0, 0))
    #expect(earlier < later)
    #expect(earlier.description.dropFirst(14).first == "7")
  }
}

extension String {
  fileprivate func padded(to length: Int) -> String {
    self + String(repeating: "0", count: length - count)
  }
}
