import CSQLite

/// A disk that fails once, or for ever, at the n-th call, counted from ``arm(after:with:)``; and
/// that forgets what was not synced when its power is lost.
///
/// It is an SQLite VFS that passes everything on to the system's own, until the count is over. Used
/// from one thread.
@safe package final class FaultyDisk {
  /// How it fails.
  package enum Fault: Int32, CaseIterable, Sendable {
    /// Nothing reaches the disk from then on, not even what closing the file would write: what
    /// opens the files next sees what a process left that was killed there. SQLITE_IOERR.
    case crash = 10
    case full = 13  // SQLITE_FULL
    case write = 778  // SQLITE_IOERR_WRITE
    case sync = 1_034  // SQLITE_IOERR_FSYNC

    /// SQLITE_IOERR_TRUNCATE
    static let truncation: Int32 = 1_546
    /// SQLITE_IOERR_DELETE
    static let removal: Int32 = 2_570
  }

  /// What the callbacks know.
  final class Core {
    var countdown = Countdown()
    /// Whether to keep in mind what was not synced.
    let forgets: Bool
    /// By path, what a power cut could take back.
    var unsynced: [String: Unsynced] = [:]
    var ignoresSyncs = false

    init(forgets: Bool) { self.forgets = forgets }
  }

  /// How long it still works.
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
    var core: Unmanaged<Core>
    var unsynced: Unmanaged<Unsynced>?
  }

  /// What a connection is opened with to reach this disk.
  package let name: String
  private let core: Core
  private let vfs: UnsafeMutablePointer<sqlite3_vfs>
  private let nameBytes: UnsafeMutablePointer<CChar>

  /// A sound disk.
  ///
  /// - Parameters:
  ///   - name: Told from those of all other disks of the process.
  ///   - forgets: Whether ``losePower(_:)`` will be called: to be able to forget costs one read for
  ///     each write.
  package init(name: String, forgets: Bool = false) {
    self.name = name
    core = Core(forgets: forgets)
    unsafe nameBytes = .allocate(capacity: name.utf8.count + 1)
    for (place, unit) in (Array(name.utf8) + [0]).enumerated() {
      unsafe nameBytes[place] = CChar(bitPattern: unit)
    }
    unsafe vfs = .allocate(capacity: 1)
    unsafe vfs.initialize(to: sqlite3_vfs_find("unix")!.pointee)
    unsafe vfs.pointee.zName = UnsafePointer(nameBytes)
    unsafe vfs.pointee.pAppData = Unmanaged.passUnretained(core).toOpaque()
    unsafe vfs.pointee.xOpen = { vfs, path, file, flags, outFlags in
      let system = unsafe sqlite3_vfs_find("unix")!
      let status = unsafe system.pointee.xOpen(system, path, file, flags, outFlags)
      guard status == SQLITE_OK, let file = unsafe file, unsafe file.pointee.pMethods != nil else {
        return status
      }
      unsafe FaultyDisk.patch(file, path: path, core: FaultyDisk.core(of: vfs))
      return SQLITE_OK
    }
    unsafe vfs.pointee.xDelete = { vfs, path, syncsFolder in
      if unsafe FaultyDisk.core(of: vfs).countdown.isGone { return Fault.removal }
      let system = unsafe sqlite3_vfs_find("unix")!
      return unsafe system.pointee.xDelete(system, path, syncsFolder)
    }
    unsafe sqlite3_vfs_register(vfs, 0)
  }

  deinit {
    unsafe sqlite3_vfs_unregister(vfs)
    unsafe vfs.deallocate()
    unsafe nameBytes.deallocate()
  }

  private static func core(of vfs: UnsafeMutablePointer<sqlite3_vfs>?) -> Core {
    unsafe Unmanaged.fromOpaque(vfs!.pointee.pAppData).takeUnretainedValue()
  }

  static func methods(
    of file: UnsafeMutablePointer<sqlite3_file>?
  ) -> UnsafeMutablePointer<Methods> {
    unsafe UnsafeMutableRawPointer(mutating: file!.pointee.pMethods!)
      .assumingMemoryBound(to: Methods.self)
  }

  private static func patch(
    _ file: UnsafeMutablePointer<sqlite3_file>, path: UnsafePointer<CChar>?, core: Core
  ) {
    let methods = UnsafeMutablePointer<Methods>.allocate(capacity: 1)
    let plain = unsafe file.pointee.pMethods!
    let unsynced = unsafe path.flatMap { unsafe core.unsynced(at: String(cString: $0)) }
    unsafe methods.initialize(
      to: Methods(
        patched: plain.pointee, original: plain, core: .passUnretained(core),
        unsynced: unsynced.map { unsafe Unmanaged.passRetained($0) }))
    unsafe methods.pointee.patched.xClose = { file in
      let methods = unsafe FaultyDisk.methods(of: file)
      let status = unsafe methods.pointee.original.pointee.xClose(file)
      unsafe methods.pointee.unsynced?.release()
      unsafe methods.deinitialize(count: 1)
      unsafe methods.deallocate()
      return status
    }
    unsafe methods.pointee.patched.xWrite = { file, bytes, count, offset in
      let methods = unsafe FaultyDisk.methods(of: file)
      let core = unsafe methods.pointee.core.takeUnretainedValue()
      if core.countdown.fails() { return core.countdown.fault }
      let original = unsafe methods.pointee.original
      if let unsynced = unsafe methods.pointee.unsynced?.takeUnretainedValue() {
        unsafe unsynced.willWrite(
          UnsafeRawBufferPointer(start: bytes, count: Int(count)), at: Int(offset), of: file,
          by: original)
      }
      return unsafe original.pointee.xWrite(file, bytes, count, offset)
    }
    unsafe methods.pointee.patched.xSync = { file, flags in
      let methods = unsafe FaultyDisk.methods(of: file)
      let core = unsafe methods.pointee.core.takeUnretainedValue()
      let unsynced = unsafe methods.pointee.unsynced?.takeUnretainedValue()
      if core.countdown.fails() {
        if core.countdown.fault == Fault.sync.rawValue { unsynced?.failToSync() }
        return Fault.sync.rawValue
      }
      if !core.ignoresSyncs { unsynced?.sync() }
      return unsafe methods.pointee.original.pointee.xSync(file, flags)
    }
    unsafe methods.pointee.patched.xTruncate = { file, size in
      let methods = unsafe FaultyDisk.methods(of: file)
      let core = unsafe methods.pointee.core.takeUnretainedValue()
      if core.countdown.fails() { return Fault.truncation }
      let original = unsafe methods.pointee.original
      if let unsynced = unsafe methods.pointee.unsynced?.takeUnretainedValue() {
        unsafe unsynced.willTruncate(to: Int(size), of: file, by: original)
      }
      return unsafe original.pointee.xTruncate(file, size)
    }
    unsafe file.pointee.pMethods = UnsafeRawPointer(methods)
      .assumingMemoryBound(to: sqlite3_io_methods.self)
  }

  // MARK: - What happens to it

  /// Lets `count` calls succeed and fails the next.
  package func arm(after count: Int, with fault: Fault) {
    core.countdown = Countdown(left: count, fault: fault.rawValue)
  }

  /// Fails no more, unless it is gone: see ``revive()``.
  ///
  /// - Returns: Whether it has failed since it was armed.
  @discardableResult package func disarm() -> Bool {
    defer { core.countdown = Countdown(isGone: core.countdown.isGone) }
    return core.countdown.hasFailed
  }

  /// Takes nothing any more: what is closed now leaves what a killed process leaves.
  package func detach() {
    core.countdown = Countdown(fault: Fault.crash.rawValue, isGone: true)
  }

  /// Whether it only says that it has synced, from now on: a deliberate fault.
  package var ignoresSyncs: Bool {
    get { core.ignoresSyncs }
    set { core.ignoresSyncs = newValue }
  }

  /// Is a sound disk again.
  package func revive() { core.countdown = Countdown() }

  /// Takes back what was not synced, each write or parts of it or not, as `chance` has it. No
  /// connection may be open.
  package func losePower(_ chance: inout some RandomNumberGenerator) {
    for path in core.unsynced.keys.sorted() {
      core.unsynced[path]?.losePower(path: path, &chance)
    }
    core.unsynced = [:]
  }
}

extension FaultyDisk.Core {
  /// What is not synced of the file at `path`, which is open. A file that was made anew in the place
  /// of one that is gone has nothing to do with that one.
  func unsynced(at path: String) -> Unsynced? {
    guard forgets else { return nil }
    let number = FileNumber(of: path)
    if let known = unsynced[path], known.number == number { return known }
    let fresh = Unsynced(number: number)
    unsynced[path] = fresh
    return fresh
  }
}
