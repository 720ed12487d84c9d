import CSQLite
import Glibc

extension FaultyDisk {
  /// Draws what SQLite takes for chance from `seed`, in this whole process, from now on: with the
  /// same seed the same files are written, byte for byte.
  package static func seedSQLite(_ seed: UInt64) {
    _ = isSeeded
    unsafe state = seed
    // Has SQLite ask for a seed anew.
    sqlite3_randomness(0, nil)
  }

  /// Whether selects without an order go the other way round, on every connection opened from now
  /// on in this process.
  package static func reverseSelects(_ isReversed: Bool) {
    _ = isExtended
    unsafe reverses = isReversed
  }

  // One thread at a time runs worlds with files.
  private nonisolated(unsafe) static var state: UInt64 = 0
  private nonisolated(unsafe) static var reverses = false

  /// A system of its own that has no chance, in the place of the default one.
  private static let isSeeded: Bool = {
    let vfs = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
    unsafe vfs.initialize(to: sqlite3_vfs_find("unix")!.pointee)
    unsafe vfs.pointee.zName = UnsafePointer(strdup("seeded"))
    unsafe vfs.pointee.xRandomness = { _, count, bytes in
      for place in 0..<Int(count) {
        unsafe FaultyDisk.state = unsafe FaultyDisk.state &* 6_364_136_223_846_793_005 &+ 1
        unsafe bytes![place] = unsafe CChar(truncatingIfNeeded: FaultyDisk.state >> 56)
      }
      return count
    }
    return unsafe sqlite3_vfs_register(vfs, 1) == SQLITE_OK
  }()

  private static let isExtended: Bool = {
    let extend:
      @convention(c) (
        OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, OpaquePointer?
      ) -> Int32 = { database, _, _ in
        guard unsafe FaultyDisk.reverses else { return SQLITE_OK }
        return unsafe sqlite3_exec(
          database, "PRAGMA reverse_unordered_selects = ON", nil, nil, nil)
      }
    return unsafe sqlite3_auto_extension(
      unsafeBitCast(extend, to: (@convention(c) () -> Void).self)) == SQLITE_OK
  }()
}
