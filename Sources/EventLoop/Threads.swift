import CLinux
import Glibc

/// Threads of our own: few, named, and as long-lived as the process.
package enum Threads {
  /// Linux keeps 15 bytes of a thread's name.
  private static let longestName = 15

  /// Starts a thread that runs `body` once and is never joined.
  package static func start(named name: String, _ body: @escaping @Sendable () -> Void) {
    let work = unsafe Unmanaged.passRetained(Work(name: name, body: body)).toOpaque()
    var thread = pthread_t()
    let failed = unsafe pthread_create(
      &thread, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, work)
    precondition(failed == 0, "Thread \(name) could not start: \(SystemError(failed)).")
    pthread_detach(thread)
  }

  /// Has the calling thread wait whenever another one has work to do.
  ///
  /// Not by a low priority (`setpriority`): whoever wakes up would still wait until such a thread has had
  /// its slice of milliseconds, at each hop of a write (sched(7), `SCHED_IDLE`).
  ///
  /// - Returns: Whoever waits for it can end that by this.
  @discardableResult
  package static func yieldToOthers() -> Yielding {
    var none = sched_param()
    // To Linux a thread is a process of its own here. Without it the thread only takes its turn.
    _ = unsafe sched_setscheduler(0, idlePolicy, &none)
    return Yielding(thread: pthread_self())
  }

  /// Gives memory that was freed back to the system: some milliseconds. The allocator is locked meanwhile, so a
  /// thread that waits for all others takes its turn for it.
  package static func giveMemoryBack() {
    var none = sched_param()
    let policy = sched_getscheduler(0)
    _ = unsafe sched_setscheduler(0, usualPolicy, &none)
    _ = malloc_trim(0)
    _ = unsafe sched_setscheduler(0, policy, &none)
  }

  /// A thread that has waited for all others.
  package struct Yielding: Sendable {
    fileprivate let thread: pthread_t

    /// Has it take its turn like the others: on a busy machine it might never come to its end. It must be
    /// running still.
    package func hurry() {
      var none = sched_param()
      _ = unsafe pthread_setschedparam(thread, usualPolicy, &none)
    }
  }

  /// `SCHED_OTHER` of Linux.
  private static let usualPolicy: Int32 = 0

  /// `SCHED_IDLE` of Linux, which Swift does not see.
  private static let idlePolicy: Int32 = 5

  private final class Work: Sendable {
    private let name: String
    private let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }

    func run() {
      unsafe pthread_setname_np(pthread_self(), String(name.prefix(Threads.longestName)))
      body()
    }
  }
}
