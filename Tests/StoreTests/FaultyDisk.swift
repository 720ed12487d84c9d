import CSQLite

/// A disk that fails once, or for ever: at the n-th write, sync or truncation, counted from ``arm(after:with:)``.
///
/// It is an SQLite VFS that passes everything on to the system's own, until the count is over. Used
/// from one thread.
@safe final class FaultyDisk {
  /// How it fails.
  enum Fault: Int32, CaseIterable {
    /// Nothing reaches the disk from then on, not even what closing the file would write: what
    /// opens the files next sees what a process left that was killed there. SQLITE_IOERR.
    case crash = 10
    case full = 13  // SQLITE_FULL
    case write = 778  // SQLITE_IOERR_WRITE
    case sync = 1_034  // SQLITE_IOERR_FSYNC

    /// SQLITE_IOERR_TRUNCATE
    static let truncation: Int32 = 1_546
  }

  /// What the callbacks know.
  struct Countdown {
    /// Calls that still succeed; `nil` is all of them.
    var left: Int?
    var fault: Int32 = 0
    var hasFailed = false
    var isGone = false

    /// Whether this call is to fail.
    mutating func fails() -> Bool {
      if isGone { return true }
      guard let left else { return false }
      isGone = left == 0 && fault == Fault.crash.rawValue
      self.left = left > 0 ? left - 1 : nil
      hasFailed = hasFailed || left == 0
      return left == 0
    }
  }

  /// The methods of a file, patched, and what they were. SQLite sees the first member only.
  @safe struct Methods {
    var patched: sqlite3_io_methods
    var original: UnsafePointer<sqlite3_io_methods>
    var countdown: UnsafeMutablePointer<Countdown>
  }

  /// What a connection is opened with to reach this disk.
  let name: String
  private let vfs: UnsafeMutablePointer<sqlite3_vfs>
  private let nameBytes: UnsafeMutablePointer<CChar>
  private let countdown: UnsafeMutablePointer<Countdown>

  init(name: String) {
    self.name = name
    unsafe nameBytes = .allocate(capacity: name.utf8.count + 1)
    for (place, unit) in (Array(name.utf8) + [0]).enumerated() {
      unsafe nameBytes[place] = CChar(bitPattern: unit)
    }
    unsafe countdown = .allocate(capacity: 1)
    unsafe countdown.initialize(to: Countdown())
    unsafe vfs = .allocate(capacity: 1)
    unsafe vfs.initialize(to: sqlite3_vfs_find(nil)!.pointee)
    unsafe vfs.pointee.zName = UnsafePointer(nameBytes)
    unsafe vfs.pointee.pAppData = UnsafeMutableRawPointer(countdown)
    unsafe vfs.pointee.xOpen = { vfs, path, file, flags, outFlags in
      let system = unsafe sqlite3_vfs_find(nil)!
      let status = unsafe system.pointee.xOpen(system, path, file, flags, outFlags)
      guard status == SQLITE_OK, let file = unsafe file, let plain = unsafe file.pointee.pMethods
      else { return status }
      // One small block for each file that a test opens; it is never given back.
      let methods = UnsafeMutablePointer<Methods>.allocate(capacity: 1)
      unsafe methods.initialize(
        to: Methods(
          patched: plain.pointee, original: plain,
          countdown: vfs!.pointee.pAppData.assumingMemoryBound(to: Countdown.self)))
      unsafe methods.pointee.patched.xWrite = { file, bytes, count, offset in
        let methods = unsafe FaultyDisk.methods(of: file)
        if unsafe methods.pointee.countdown.pointee.fails() {
          return unsafe methods.pointee.countdown.pointee.fault
        }
        return unsafe methods.pointee.original.pointee.xWrite(file, bytes, count, offset)
      }
      unsafe methods.pointee.patched.xSync = { file, flags in
        let methods = unsafe FaultyDisk.methods(of: file)
        if unsafe methods.pointee.countdown.pointee.fails() { return Fault.sync.rawValue }
        return unsafe methods.pointee.original.pointee.xSync(file, flags)
      }
      unsafe methods.pointee.patched.xTruncate = { file, size in
        let methods = unsafe FaultyDisk.methods(of: file)
        if unsafe methods.pointee.countdown.pointee.fails() { return Fault.truncation }
        return unsafe methods.pointee.original.pointee.xTruncate(file, size)
      }
      unsafe file.pointee.pMethods = UnsafeRawPointer(methods)
        .assumingMemoryBound(to: sqlite3_io_methods.self)
      return SQLITE_OK
    }
    unsafe sqlite3_vfs_register(vfs, 0)
  }

  deinit {
    unsafe sqlite3_vfs_unregister(vfs)
    unsafe vfs.deallocate()
    unsafe nameBytes.deallocate()
    unsafe countdown.deallocate()
  }

  private static func methods(
    of file: UnsafeMutablePointer<sqlite3_file>?
  ) -> UnsafeMutablePointer<Methods> {
    unsafe UnsafeMutableRawPointer(mutating: file!.pointee.pMethods!)
      .assumingMemoryBound(to: Methods.self)
  }

  /// Lets `count` calls succeed and fails the next.
  func arm(after count: Int, with fault: Fault) {
    unsafe countdown.pointee = Countdown(left: count, fault: fault.rawValue)
  }

  /// Fails no more, unless it is gone: see ``revive()``.
  ///
  /// - Returns: Whether it has failed since it was armed.
  @discardableResult func disarm() -> Bool {
    defer { unsafe countdown.pointee = Countdown(isGone: countdown.pointee.isGone) }
    return unsafe countdown.pointee.hasFailed
  }

  /// Is a sound disk again.
  func revive() { unsafe countdown.pointee = Countdown() }
}
