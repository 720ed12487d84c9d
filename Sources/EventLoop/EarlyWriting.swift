internal import CLinux
internal import Glibc

/// Has what was written to a file go to the disk a piece at a time, before somebody syncs it.
///
/// A sync that finds 32 MiB to write holds up its caller, and every other sync on that disk, for
/// tens of milliseconds. This promises nothing about what is durable: it only begins early.
package struct EarlyWriting: ~Copyable, Sendable {
  /// Bytes after which a piece is begun: 1 MiB.
  package static let piece = 1 << 20
  /// `SYNC_FILE_RANGE_WRITE` of Linux.
  private static let write: UInt32 = 2

  private let file: Descriptor
  /// Up to here it was begun.
  private var begun = 0

  /// For the file at `path`, which must be there and must not be replaced by another.
  package init(_ path: String) throws(FileError) {
    let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { throw FileError(attempt: .open, path: path, cause: .system(.last)) }
    file = Descriptor(owning: number)
  }

  /// The file is written up to `length` bytes from its beginning, and if that is less than before,
  /// from the beginning anew. Cheap unless a piece is full.
  package mutating func written(upTo length: Int) {
    if length < begun { begun = 0 }
    guard length - begun >= Self.piece else { return }
    // It is a hint: a file system that knows no ranges only takes its own time.
    sync_file_range(file.number, off_t(begun), off_t(length - begun), Self.write)
    begun = length
  }
}
