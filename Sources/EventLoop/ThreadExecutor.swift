import Glibc

/// A thread for code that blocks: SQLite, fsync, name resolution.
///
/// Like a loop it is an executor for actors and tasks and lives as long as the process.
@safe package final class ThreadExecutor: SerialExecutor, TaskExecutor, @unchecked Sendable {
  private enum Work {
    case job(UnownedJob)
    case closure(@Sendable () -> Void)
  }

  private let name: String
  // Guarded by `mutex`.
  private var queue: [Work] = []
  private var thread = pthread_t()
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let filled: UnsafeMutablePointer<pthread_cond_t>

  /// Starts the thread.
  package init(name: String) {
    self.name = name
    unsafe mutex = .allocate(capacity: 1)
    unsafe mutex.initialize(to: pthread_mutex_t())
    unsafe pthread_mutex_init(mutex, nil)
    unsafe filled = .allocate(capacity: 1)
    unsafe filled.initialize(to: pthread_cond_t())
    unsafe pthread_cond_init(filled, nil)
    Threads.start(named: name) { self.run() }
  }

  /// Whether the caller is on this thread.
  package var inThread: Bool {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return pthread_equal(thread, pthread_self()) != 0
  }

  /// Runs `work` on the thread, in the order of submitting. From any thread.
  package func submit(_ work: @escaping @Sendable () -> Void) { put(.closure(work)) }

  package func enqueue(_ job: consuming ExecutorJob) { put(.job(UnownedJob(job))) }

  package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
    unsafe UnownedSerialExecutor(ordinary: self)
  }

  package func checkIsolated() {
    precondition(inThread, "This belongs to the thread \(name).")
  }

  package func isIsolatingCurrentContext() -> Bool? { inThread }

  private func put(_ work: Work) {
    unsafe pthread_mutex_lock(mutex)
    queue.append(work)
    unsafe pthread_cond_signal(filled)
    unsafe pthread_mutex_unlock(mutex)
  }

  private func run() {
    let serial = unsafe asUnownedSerialExecutor()
    let task = unsafe asUnownedTaskExecutor()
    unsafe pthread_mutex_lock(mutex)
    thread = pthread_self()
    while true {
      while queue.isEmpty { unsafe pthread_cond_wait(filled, mutex) }
      let batch = queue
      queue = []
      unsafe pthread_mutex_unlock(mutex)
      for work in batch {
        switch work {
        case .job(let job):
          unsafe job.runSynchronously(isolatedTo: serial, taskExecutor: task)
        case .closure(let body):
          body()
        }
      }
      unsafe pthread_mutex_lock(mutex)
    }
  }
}
