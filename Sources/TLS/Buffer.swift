/// Bytes that come in at the end and go out at the front.
struct Buffer {
  /// Bytes already gone are moved out of the way when there are so many, and most of all.
  private static let slack = 64 * 1_024

  private var bytes: [UInt8] = []
  private var start = 0

  /// How many bytes are in it.
  var count: Int { bytes.count - start }

  /// The length that the first four bytes say, little-endian; nil before all four are there.
  var firstLength: Int? {
    guard count >= 4 else { return nil }
    return (0..<4).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * $1) }
  }

  /// Puts a number of four bytes at the end, little-endian.
  mutating func append(_ number: UInt32) {
    for shift in [0, 8, 16, 24] as [UInt32] {
      bytes.append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }

  /// Puts bytes at the end.
  mutating func append(_ more: [UInt8]) {
    makeRoom()
    bytes += more
  }

  /// Puts bytes at the end.
  mutating func append(_ more: UnsafeRawBufferPointer) {
    makeRoom()
    unsafe bytes.append(contentsOf: more)
  }

  /// `count` bytes, the first of them `offset` from the front.
  func slice(from offset: Int, count: Int) -> [UInt8] {
    Array(bytes[start + offset..<start + offset + count])
  }

  /// Runs `body` on all bytes.
  func withUnread<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    unsafe bytes.withUnsafeBytes { unsafe body(UnsafeRawBufferPointer(rebasing: $0[start...])) }
  }

  /// Takes `count` bytes away from the front. An empty buffer keeps its memory up to `kept` bytes.
  mutating func drop(_ count: Int, keeping kept: Int) {
    start += count
    guard start == bytes.count else { return }
    bytes.removeAll(keepingCapacity: bytes.capacity <= kept)
    start = 0
  }

  private mutating func makeRoom() {
    guard start > Buffer.slack, start > bytes.count / 2 else { return }
    bytes.removeFirst(start)
    start = 0
  }
}
