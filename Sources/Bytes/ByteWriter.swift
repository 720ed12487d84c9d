/// Bytes being written in Muster's own binary form: little-endian integers, and lengths in front.
///
/// Everything that reaches a disk or another node is written with this one and read with
/// ``ByteReader``. There are no names and no padding, so the form is as stable as the order of the
/// calls: each format that uses it begins with a version of its own.
package struct ByteWriter: Sendable {
  /// What has been written so far.
  package private(set) var bytes: [UInt8] = []

  /// An empty writer with room for `capacity` bytes.
  package init(reserving capacity: Int = 256) {
    bytes.reserveCapacity(capacity)
  }

  /// Writes one byte.
  package mutating func put(_ value: UInt8) { bytes.append(value) }

  /// Writes two bytes, little-endian.
  package mutating func put(_ value: UInt16) { putWord(value.littleEndian) }

  /// Writes four bytes, little-endian.
  package mutating func put(_ value: UInt32) { putWord(value.littleEndian) }

  /// Writes eight bytes, little-endian.
  package mutating func put(_ value: UInt64) { putWord(value.littleEndian) }

  /// Writes eight bytes, little-endian, two's complement.
  package mutating func put(_ value: Int64) { put(UInt64(bitPattern: value)) }

  /// Writes one byte, 0 or 1.
  package mutating func put(_ value: Bool) { put(value ? 1 as UInt8 : 0) }

  /// Writes the sixteen bytes of an id.
  package mutating func put(_ value: ID) {
    putWord(value.high.bigEndian)
    putWord(value.low.bigEndian)
  }

  /// Writes a length of four bytes and then the bytes.
  package mutating func put(_ value: [UInt8]) {
    put(UInt32(value.count))
    bytes.append(contentsOf: value)
  }

  /// Writes a length of four bytes and then the text as UTF-8.
  package mutating func put(_ value: String) {
    put(UInt32(value.utf8.count))
    bytes.append(contentsOf: value.utf8)
  }

  /// Writes bytes whose length the reader knows.
  package mutating func putRaw(_ value: some Sequence<UInt8>) { bytes.append(contentsOf: value) }

  /// Writes 0 for `nil`, or 1 and then the value by `body`.
  @inlinable package mutating func put<Value>(
    optional value: Value?, by body: (inout ByteWriter, Value) -> Void
  ) {
    guard let value else { return put(false) }
    put(true)
    body(&self, value)
  }

  /// Writes a count of four bytes and then each element by `body`.
  @inlinable package mutating func put<Element>(
    each elements: [Element], by body: (inout ByteWriter, Element) -> Void
  ) {
    put(UInt32(elements.count))
    for element in elements { body(&self, element) }
  }

  private mutating func putWord(_ word: some FixedWidthInteger) {
    unsafe withUnsafeBytes(of: word) { unsafe bytes.append(contentsOf: $0) }
  }
}
