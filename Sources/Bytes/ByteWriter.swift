/// Bytes being written in Muster's own binary form: little-endian integers, and lengths in front.
///
/// Everything that reaches a disk or another node is written with this one and read with
/// ``ByteReader``. There are no names and no padding, so the form is as stable as the order of the
/// calls: each format that uses it begins with a version of its own.
package struct ByteWriter: Sendable {
  /// What has been written, and room behind it. A word that is stored in room costs a fifth of one that is
  /// appended.
  private var room: [UInt8]
  private var count = 0

  /// What has been written so far.
  package var bytes: [UInt8] { Array(room[..<count]) }

  /// What has been written, without a copy of it.
  package consuming func finished() -> [UInt8] {
    room.removeLast(room.count - count)
    return room
  }

  /// An empty writer with room for `capacity` bytes.
  package init(reserving capacity: Int = 256) {
    room = [UInt8](repeating: 0, count: capacity)
  }

  /// Writes one byte.
  package mutating func put(_ value: UInt8) {
    makeRoom(for: 1)
    room[count] = value
    count += 1
  }

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
    unsafe value.withUnsafeBytes { unsafe append($0) }
  }

  /// Writes a length of four bytes and then the text as UTF-8.
  package mutating func put(_ value: String) {
    var value = value
    value.withUTF8 { text in
      put(UInt32(text.count))
      unsafe append(UnsafeRawBufferPointer(text))
    }
  }

  /// Writes bytes whose length the reader knows.
  package mutating func putRaw(_ value: [UInt8]) {
    unsafe value.withUnsafeBytes { unsafe append($0) }
  }

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

  private mutating func putWord<Word: FixedWidthInteger & BitwiseCopyable>(_ word: Word) {
    makeRoom(for: MemoryLayout<Word>.size)
    // There is room for it.
    unsafe room.withUnsafeMutableBytes { room in
      unsafe room.storeBytes(of: word, toByteOffset: count, as: Word.self)
    }
    count += MemoryLayout<Word>.size
  }

  private mutating func append(_ value: UnsafeRawBufferPointer) {
    makeRoom(for: value.count)
    // There is room for them; what is read is lent for the call.
    unsafe room.withUnsafeMutableBytes { room in
      unsafe UnsafeMutableRawBufferPointer(rebasing: room[count..<count + value.count])
        .copyMemory(from: value)
    }
    count += value.count
  }

  private mutating func makeRoom(for more: Int) {
    let missing = count + more - room.count
    guard missing > 0 else { return }
    room.append(contentsOf: repeatElement(0, count: max(missing, room.count)))
  }
}
