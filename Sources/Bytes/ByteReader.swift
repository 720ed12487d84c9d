/// Why bytes could not be read as what they should have been.
package enum MalformedBytes: Error, Hashable, Sendable {
  /// They ended `missing` bytes too soon.
  case tooShort(missing: Int)
  /// `count` bytes were left over at the end.
  case trailing(count: Int)
  /// A length or count of `found` is over the `limit` of this place.
  case overLimit(found: Int, limit: Int)
  /// A tag, version or number that has no meaning here.
  case unknown(what: String, value: UInt64)
  /// Text that is not UTF-8.
  case notText
}

/// Bytes being read back in the form that ``ByteWriter`` wrote.
///
/// Nothing is trusted: each read is checked against the end, each length against a limit, and
/// ``finish()`` refuses leftovers.
package struct ByteReader: Sendable {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  /// A reader at the first of `bytes`.
  package init(_ bytes: [UInt8]) { self.init(bytes[...]) }

  /// A reader at the first of `bytes`.
  package init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// How many bytes are still to be read.
  package var remaining: Int { bytes.endIndex - position }

  /// One byte.
  package mutating func u8() throws(MalformedBytes) -> UInt8 {
    guard remaining >= 1 else { throw .tooShort(missing: 1) }
    defer { position += 1 }
    return bytes[position]
  }

  /// Two bytes, little-endian.
  package mutating func u16() throws(MalformedBytes) -> UInt16 { try word() }

  /// Four bytes, little-endian.
  package mutating func u32() throws(MalformedBytes) -> UInt32 { try word() }

  /// Eight bytes, little-endian.
  package mutating func u64() throws(MalformedBytes) -> UInt64 { try word() }

  /// Eight bytes, little-endian, two's complement.
  package mutating func i64() throws(MalformedBytes) -> Int64 { Int64(bitPattern: try word()) }

  /// One byte that is 0 or 1.
  package mutating func bool() throws(MalformedBytes) -> Bool {
    let byte = try u8()
    guard byte <= 1 else { throw .unknown(what: "Bool", value: UInt64(byte)) }
    return byte == 1
  }

  /// The sixteen bytes of an id.
  package mutating func id() throws(MalformedBytes) -> ID {
    let (high, low): (UInt64, UInt64) = (try word(), try word())
    return ID(high: high.byteSwapped, low: low.byteSwapped)
  }

  /// A length and that many bytes, at most `limit`.
  package mutating func blob(max limit: Int) throws(MalformedBytes) -> [UInt8] {
    try raw(try count(max: limit))
  }

  /// A length and that many bytes of UTF-8, at most `limit`.
  package mutating func string(max limit: Int) throws(MalformedBytes) -> String {
    let length = try count(max: limit)
    guard remaining >= length else { throw .tooShort(missing: length - remaining) }
    defer { position += length }
    let start = position - bytes.startIndex
    do {
      let text = try UTF8Span(validating: bytes.span.extracting(start..<start + length))
      return String(copying: text)
    } catch {
      throw .notText
    }
  }

  /// Exactly `length` bytes.
  package mutating func raw(_ length: Int) throws(MalformedBytes) -> [UInt8] {
    precondition(length >= 0, "A length of \(length) is a caller's mistake.")
    guard remaining >= length else { throw .tooShort(missing: length - remaining) }
    defer { position += length }
    return Array(bytes[position..<position + length])
  }

  /// A length or count of four bytes, at most `limit`.
  package mutating func count(max limit: Int) throws(MalformedBytes) -> Int {
    let found = Int(try u32())
    guard found <= limit else { throw .overLimit(found: found, limit: limit) }
    return found
  }

  /// `nil`, or the value that `body` reads.
  @inlinable package mutating func optional<Value>(
    _ body: (inout ByteReader) throws(MalformedBytes) -> Value
  ) throws(MalformedBytes) -> Value? {
    guard try bool() else { return nil }
    return try body(&self)
  }

  /// A count, at most `limit`, and each element by `body`.
  @inlinable package mutating func array<Element>(
    max limit: Int, _ body: (inout ByteReader) throws(MalformedBytes) -> Element
  ) throws(MalformedBytes) -> [Element] {
    let count = try count(max: limit)
    var elements: [Element] = []
    // A hostile count must not reserve memory before its elements were seen.
    elements.reserveCapacity(min(count, remaining))
    for _ in 0..<count { elements.append(try body(&self)) }
    return elements
  }

  /// Refuses bytes that nobody read.
  package func finish() throws(MalformedBytes) {
    guard remaining == 0 else { throw .trailing(count: remaining) }
  }

  /// An integer of its own width, little-endian.
  private mutating func word<Word: FixedWidthInteger & BitwiseCopyable>()
    throws(MalformedBytes) -> Word
  {
    let count = Word.bitWidth / 8
    guard remaining >= count else { throw .tooShort(missing: count - remaining) }
    let start = position - bytes.startIndex
    position += count
    let word = unsafe bytes.span.bytes.unsafeLoadUnaligned(fromByteOffset: start, as: Word.self)
    return Word(littleEndian: word)
  }
}
