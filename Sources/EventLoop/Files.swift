import Glibc

/// Why the operating system could not do what was asked with a file.
package struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was tried.
  package enum Attempt: String, Sendable {
    case open, read, write, sync, rename, remove, list
    case makeFolder = "make the folder"
  }

  /// What was tried.
  package let attempt: Attempt
  /// With which file or folder.
  package let path: String
  /// What came in between.
  package let cause: Cause

  /// What came in between.
  package enum Cause: Hashable, Sendable {
    /// The operating system refused.
    case system(SystemError)
    /// The file is longer than `limit` bytes.
    case tooLong(limit: Int)
  }

  /// An error of these parts.
  package init(attempt: Attempt, path: String, cause: Cause) {
    self.attempt = attempt
    self.path = path
    self.cause = cause
  }

  package var description: String {
    switch cause {
    case .system(let error): "Cannot \(attempt.rawValue) \(path): \(error)."
    case .tooLong(let limit): "\(path) is longer than the \(limit) bytes expected of it."
    }
  }

  /// Whether the disk has no room, or the owner may use no more of it.
  package var isDiskFull: Bool {
    cause == .system(SystemError(ENOSPC)) || cause == .system(SystemError(EDQUOT))
  }

  /// Whether there is no such file.
  package var isMissing: Bool { cause == .system(SystemError(ENOENT)) }
}

/// What a node asks of the file system: few things, each done completely or not at all.
///
/// All of them block, so none is for a loop's thread once the node runs.
package enum Files {
  /// All bytes of a file of at most `limit` bytes.
  package static func read(_ path: String, atMost limit: Int) throws(FileError) -> [UInt8] {
    let file = try open(path, O_RDONLY | O_CLOEXEC)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = unsafe Glibc.read(file.number, &chunk, chunk.count)
      guard count >= 0 else {
        if errno == EINTR { continue }
        throw failure(.read, path)
      }
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
      guard bytes.count <= limit else {
        throw FileError(attempt: .read, path: path, cause: .tooLong(limit: limit))
      }
    }
  }

  /// Makes `path` hold exactly `bytes` with the permissions `mode`, through a crash too: readers see
  /// the old file or the new one, and after the return it is the new one.
  package static func write(
    _ bytes: [UInt8], to path: String, mode: UInt32
  ) throws(FileError) {
    let draft = "\(path).\(getpid()).new"
    do throws(FileError) {
      // Left over from a crash of a process with the same id.
      _ = unsafe unlink(draft)
      let file = try open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode: mode)
      // Whatever the umask of the caller is.
      guard fchmod(file.number, mode) == 0 else { throw failure(.write, draft) }
      var written = 0
      while written < bytes.count {
        let count = unsafe bytes[written...].withUnsafeBytes {
          unsafe Glibc.write(file.number, $0.baseAddress, $0.count)
        }
        guard count >= 0 else {
          if errno == EINTR { continue }
          throw failure(.write, draft)
        }
        written += count
      }
      guard fsync(file.number) == 0 else { throw failure(.sync, draft) }
      try rename(draft, to: path)
    } catch {
      unsafe unlink(draft)
      throw error
    }
  }

  /// Makes the file at `path` at least `count` bytes long, with zeros that lie on the disk: what is
  /// written over them later changes no length, and its sync is the cheaper for it.
  package static func lengthen(_ path: String, to count: Int) throws(FileError) {
    let file = try open(path, O_WRONLY | O_CLOEXEC)
    var place = try size(of: path)
    let zeros = [UInt8](repeating: 0, count: 1 << 20)
    while place < count {
      let written = unsafe zeros.withUnsafeBytes {
        unsafe pwrite(file.number, $0.baseAddress, min($0.count, count - place), place)
      }
      guard written >= 0 else {
        if errno == EINTR { continue }
        throw failure(.write, path)
      }
      place += written
    }
    guard fsync(file.number) == 0 else { throw failure(.sync, path) }
  }

  /// Renames a file within its folder, and makes the folder remember.
  package static func rename(_ path: String, to newPath: String) throws(FileError) {
    guard unsafe Glibc.rename(path, newPath) == 0 else { throw failure(.rename, path) }
    try syncFolder(folder(of: newPath))
  }

  /// Removes a file, and makes the folder remember. A missing file is no error.
  package static func remove(_ path: String) throws(FileError) {
    guard unsafe unlink(path) == 0 else {
      if errno == ENOENT { return }
      throw failure(.remove, path)
    }
    try syncFolder(folder(of: path))
  }

  /// Makes a folder and those above it that are missing, with the permissions `mode`. One that is
  /// there already is left as it is.
  package static func makeFolder(_ path: String, mode: UInt32) throws(FileError) {
    if unsafe mkdir(path, mode) == 0 { return try syncFolder(folder(of: path)) }
    switch errno {
    case EEXIST where isFolder(path):
      return
    case ENOENT where folder(of: path) != path:
      try makeFolder(folder(of: path), mode: mode)
      guard unsafe mkdir(path, mode) == 0 || errno == EEXIST else {
        throw failure(.makeFolder, path)
      }
      try syncFolder(folder(of: path))
    default:
      throw failure(.makeFolder, path)
    }
  }

  /// The names in a folder, in order, without "." and "..".
  package static func list(_ path: String) throws(FileError) -> [String] {
    guard let stream = unsafe opendir(path) else { throw failure(.list, path) }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Whether there is a file, folder or anything else of that name.
  package static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// How long a file is, in bytes.
  package static func size(of path: String) throws(FileError) -> Int {
    var facts = stat()
    guard unsafe stat(path, &facts) == 0 else { throw failure(.read, path) }
    return Int(facts.st_size)
  }

  /// Makes a folder remember the names in it.
  package static func syncFolder(_ path: String) throws(FileError) {
    let folder = try open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard fsync(folder.number) == 0 else { throw failure(.sync, path) }
  }

  /// Bytes that this process may still write where `folder` is, and all there are; `nil` where the
  /// operating system does not say.
  package static func room(in folder: String) -> (free: Int64, total: Int64)? {
    var figures = statvfs()
    guard unsafe statvfs(folder, &figures) == 0 else { return nil }
    let block = Int64(clamping: figures.f_frsize)
    return (
      Int64(clamping: figures.f_bavail) * block, Int64(clamping: figures.f_blocks) * block
    )
  }

  /// The path of the folder that a path lies in.
  package static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func isFolder(_ path: String) -> Bool {
    var facts = stat()
    return unsafe stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
  }

  static func open(
    _ path: String, _ flags: Int32, mode: UInt32 = 0
  ) throws(FileError) -> Descriptor {
    let number = unsafe Glibc.open(path, flags, mode)
    guard number >= 0 else { throw failure(.open, path) }
    return Descriptor(owning: number)
  }

  static func failure(_ attempt: FileError.Attempt, _ path: String) -> FileError {
    FileError(attempt: attempt, path: path, cause: .system(.last))
  }
}
