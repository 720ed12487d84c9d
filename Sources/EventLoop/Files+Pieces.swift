import Glibc

/// Files that are too long to be held in memory, piece by piece.
extension Files {
  /// At most `count` bytes from `offset` on; fewer at the end of the file, and none behind it.
  package static func read(
    _ path: String, at offset: Int, atMost count: Int
  ) throws(FileError) -> [UInt8] {
    let file = try open(path, O_RDONLY | O_CLOEXEC)
    var bytes = [UInt8](repeating: 0, count: count)
    var place = 0
    while place < count {
      let read = unsafe bytes.withUnsafeMutableBytes {
        unsafe pread(
          file.number, $0.baseAddress?.advanced(by: place), count - place, offset + place)
      }
      guard read >= 0 else {
        if errno == EINTR { continue }
        throw failure(.read, path)
      }
      guard read > 0 else { break }
      place += read
    }
    bytes.removeLast(count - place)
    return bytes
  }

  /// Writes bytes at `offset` of a file, which is made with the permissions `mode` if there is none.
  /// A power cut may undo it until ``sync(_:)``.
  package static func write(
    _ bytes: [UInt8], at offset: Int, to path: String, mode: UInt32
  ) throws(FileError) {
    let file = try open(path, O_WRONLY | O_CREAT | O_CLOEXEC, mode: mode)
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes[written...].withUnsafeBytes {
        unsafe pwrite(file.number, $0.baseAddress, $0.count, offset + written)
      }
      guard count >= 0 else {
        if errno == EINTR { continue }
        throw failure(.write, path)
      }
      written += count
    }
  }

  /// Makes what was written to a file outlive a power cut.
  package static func sync(_ path: String) throws(FileError) {
    let file = try open(path, O_RDONLY | O_CLOEXEC)
    guard fsync(file.number) == 0 else { throw failure(.sync, path) }
  }
}
