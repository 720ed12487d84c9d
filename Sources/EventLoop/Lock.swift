import Glibc

/// A value that one thread at a time may touch.
///
/// It stands on a pthread mutex and not on `Synchronization.Mutex`, because the thread sanitizer
/// does not see the latter and reports races that are none.
@safe package final class Lock<Value>: @unchecked Sendable {
  // Guarded by `mutex`, which lives on the heap because a mutex must not move.
  private nonisolated(unsafe) var value: Value
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  /// A lock around `value`.
  package init(_ value: consuming sending Value) {
    unsafe self.value = value
    unsafe mutex = .allocate(capacity: 1)
    unsafe mutex.initialize(to: pthread_mutex_t())
    let failed = unsafe pthread_mutex_init(mutex, nil)
    precondition(failed == 0, "A mutex could not be made: error \(failed).")
  }

  deinit {
    unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
  }

  /// Runs `body` on the value while no other thread can. Never wait for anything inside.
  package func withLock<Result, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return try unsafe body(&value)
  }
}
