internal import CSQLite
internal import Glibc

/// What callbacks of a connection see and leave.
struct Watch {
  /// Frames in the write-ahead log after the last commit.
  var walFrames: Int32 = 0
  /// When a running statement is to stop, on the monotonic clock in nanoseconds; 0 is never.
  var deadline: UInt64 = 0
}

extension Database {
  /// Counts the frames of the log at each commit. This takes the place of SQLite's automatic
  /// checkpoints, which use the same hook: who owns the file checkpoints it.
  func watchCommits() {
    let count:
      @convention(c) (
        UnsafeMutableRawPointer?, OpaquePointer?, UnsafePointer<CChar>?, Int32
      ) -> Int32 = { context, _, _, frames in
        // The context is this connection's `watch`, which outlives the connection.
        unsafe context?.assumingMemoryBound(to: Watch.self).pointee.walFrames = frames
        return SQLITE_OK
      }
    unsafe sqlite3_wal_hook(handle, count, watch)
  }

  /// Refuses, from now on, statements whose answer would differ from one node to another: those
  /// that ask for chance or for the time.
  ///
  /// SQLite says which function a statement calls but not its arguments, so all of the date and
  /// time functions are refused and not only `'now'`.
  package func denyChanceAndTime() {
    let decide:
      @convention(c) (
        UnsafeMutableRawPointer?, Int32, UnsafePointer<CChar>?, UnsafePointer<CChar>?,
        UnsafePointer<CChar>?, UnsafePointer<CChar>?
      ) -> Int32 = { _, action, _, name, _, _ in
        guard action == SQLITE_FUNCTION, let name = unsafe name else { return SQLITE_OK }
        switch unsafe String(cString: name).lowercased() {
        case "random", "randomblob", "date", "time", "datetime", "julianday", "unixepoch",
          "strftime", "timediff", "current_date", "current_time", "current_timestamp":
          return SQLITE_DENY
        default:
          return SQLITE_OK
        }
      }
    unsafe sqlite3_set_authorizer(handle, decide, nil)
  }

  /// Stops statements of `body` that still run after `milliseconds`, with
  /// ``SQLiteError/Kind/interrupted``.
  package func within<Result, Failure>(
    milliseconds: UInt64, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    unsafe watch.pointee.deadline = monotonicNanoseconds() + milliseconds * 1_000_000
    let isLate: @convention(c) (UnsafeMutableRawPointer?) -> Int32 = { context in
      guard let watch = unsafe context?.assumingMemoryBound(to: Watch.self) else { return 0 }
      return unsafe monotonicNanoseconds() > watch.pointee.deadline ? 1 : 0
    }
    unsafe sqlite3_progress_handler(handle, stepsBetweenLooks, isLate, watch)
    defer { unsafe sqlite3_progress_handler(handle, 0, nil, nil) }
    return try body()
  }
}

extension Database {
  /// Asks `goesOn` now and then whether statements of `body` that still run are to go on. Those that are
  /// not end with ``SQLiteError/Kind/interrupted``.
  package func asking<Result, Failure>(
    _ goesOn: @escaping () -> Bool, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let question = Question(goesOn: goesOn)
    let isOver: @convention(c) (UnsafeMutableRawPointer?) -> Int32 = { context in
      guard let context = unsafe context else { return 0 }
      let question = unsafe Unmanaged<Question>.fromOpaque(context).takeUnretainedValue()
      return question.goesOn() ? 0 : 1
    }
    unsafe sqlite3_progress_handler(
      handle, stepsBetweenLooks, isOver, Unmanaged.passUnretained(question).toOpaque())
    defer {
      unsafe sqlite3_progress_handler(handle, 0, nil, nil)
      // SQLite holds it by its address alone.
      withExtendedLifetime(question) {}
    }
    return try body()
  }
}

/// Whether a statement is to go on.
private final class Question {
  let goesOn: () -> Bool
  init(goesOn: @escaping () -> Bool) { self.goesOn = goesOn }
}

/// Some tens of microseconds of SQLite's machine: late by that at most, at no cost worth measuring.
private let stepsBetweenLooks: Int32 = 4_000

private func monotonicNanoseconds() -> UInt64 {
  var now = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &now)
  return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
}
