import CSQLite
import Glibc

/// What was written to a file, and what stood there, since all of it was last on the disk.
final class Unsynced {
  private enum Change {
    case write([UInt8], at: Int)
    case truncation(to: Int)
  }

  private enum Fate {
    case waiting
    case synced
    /// A sync failed: the system forgets that it must be written, while reads still see it.
    case lost
  }

  private struct Step {
    let change: Change
    /// What stood there, and how long the file was.
    let before: (bytes: [UInt8], at: Int, size: Int)
    var fate = Fate.waiting
  }

  /// Which file it is, whatever its name.
  let number: FileNumber
  private var steps: [Step] = []

  /// What the smallest write is that a disk does whole.
  private static let sector = 512

  init(number: FileNumber) { self.number = number }

  func willWrite(
    _ bytes: UnsafeRawBufferPointer, at offset: Int, of file: UnsafeMutablePointer<sqlite3_file>?,
    by methods: UnsafePointer<sqlite3_io_methods>
  ) {
    let before = unsafe Self.read(bytes.count, at: offset, of: file, by: methods)
    steps.append(unsafe Step(change: .write(Array(bytes), at: offset), before: before))
  }

  func willTruncate(
    to size: Int, of file: UnsafeMutablePointer<sqlite3_file>?,
    by methods: UnsafePointer<sqlite3_io_methods>
  ) {
    let before = unsafe Self.read(.max, at: size, of: file, by: methods)
    steps.append(Step(change: .truncation(to: size), before: before))
  }

  private static func read(
    _ count: Int, at offset: Int, of file: UnsafeMutablePointer<sqlite3_file>?,
    by methods: UnsafePointer<sqlite3_io_methods>
  ) -> (bytes: [UInt8], at: Int, size: Int) {
    var size: sqlite3_int64 = 0
    _ = unsafe methods.pointee.xFileSize(file, &size)
    var bytes = [UInt8](repeating: 0, count: max(0, min(count, Int(size) - offset)))
    if !bytes.isEmpty {
      _ = unsafe methods.pointee.xRead(file, &bytes, Int32(bytes.count), Int64(offset))
    }
    return (bytes, offset, Int(size))
  }

  func sync() {
    for place in steps.indices where steps[place].fate == .waiting {
      steps[place].fate = .synced
    }
    if steps.allSatisfy({ $0.fate == .synced }) { steps = [] }
  }

  func failToSync() {
    for place in steps.indices where steps[place].fate == .waiting { steps[place].fate = .lost }
  }

  /// Undoes everything, and then does again what was synced and some of what was not.
  func losePower(path: String, _ chance: inout some RandomNumberGenerator) {
    guard !steps.isEmpty, FileNumber(of: path) == number else { return }
    let file = unsafe open(path, O_WRONLY)
    guard file >= 0 else { return }
    defer { close(file) }
    for step in steps.reversed() {
      Self.put(step.before.bytes[...], at: step.before.at, to: file)
      ftruncate(file, step.before.size)
    }
    for step in steps {
      switch (step.change, step.fate) {
      case (.write(let bytes, let offset), .synced): Self.put(bytes[...], at: offset, to: file)
      case (.truncation(let size), .synced): ftruncate(file, size)
      case (.write(let bytes, let offset), .waiting):
        Self.put(some: bytes, at: offset, to: file, &chance)
      case (.truncation(let size), .waiting):
        if chance.next() & 1 == 0 { ftruncate(file, size) }
      case (_, .lost): break
      }
    }
    steps = []
  }

  /// All of it, nothing, or some of its sectors.
  private static func put(
    some bytes: [UInt8], at offset: Int, to file: Int32, _ chance: inout some RandomNumberGenerator
  ) {
    switch chance.next() % 4 {
    case 0: break
    case 1, 2: put(bytes[...], at: offset, to: file)
    default:
      var start = 0
      while start < bytes.count {
        // Sectors lie where the file has them, not where the write began.
        let end = min(bytes.count, start + sector - (offset + start) % sector)
        if chance.next() & 1 == 0 { put(bytes[start..<end], at: offset + start, to: file) }
        start = end
      }
    }
  }

  private static func put(_ bytes: ArraySlice<UInt8>, at offset: Int, to file: Int32) {
    guard !bytes.isEmpty else { return }
    let written = unsafe bytes.withUnsafeBytes {
      unsafe pwrite(file, $0.baseAddress, $0.count, offset)
    }
    precondition(written == bytes.count, "What stood there cannot be put back.")
  }
}

/// Tells a file from one that has its name after it.
struct FileNumber: Hashable {
  private let inode: UInt64

  init(of path: String) {
    var status = stat()
    inode = unsafe stat(path, &status) == 0 ? UInt64(status.st_ino) : 0
  }
}
