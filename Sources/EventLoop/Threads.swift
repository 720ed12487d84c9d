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
  package static func yieldToOthers() {
    var none = sched_param()
    // To Linux a thread is a process of its own here. Without it the thread only takes its turn.
    _ = unsafe sched_setscheduler(0, idlePolicy, &none)
  }

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
