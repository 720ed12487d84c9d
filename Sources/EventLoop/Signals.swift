import CLinux
import Glibc

/// What an operator tells a running process.
package enum Signal: Sendable {
  /// Stop in good order: SIGTERM, or SIGINT from a terminal.
  case stop
  /// Read certificates and configuration again: SIGHUP.
  case reload
}

/// The signals of the process, told on a thread of their own, where anything may be done about them.
///
/// To hold them back in every thread and wait for them in one would need no handler, and would lose
/// to the first thread that a runtime starts before `main`.
package enum Signals {
  // Written by `watch` before the handler that reads it is there.
  private nonisolated(unsafe) static var pipe: (read: Int32, write: Int32) = (-1, -1)

  /// Ignores SIGPIPE for ever: a write to a closed socket is an error like any other.
  package static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

  /// Calls `handler` on a thread of its own for every signal, one at a time. Once per process.
  package static func watch(_ handler: @escaping @Sendable (Signal) -> Void) {
    ignoreBrokenPipes()
    var ends: [Int32] = [-1, -1]
    let failed = unsafe Glibc.pipe(&ends)
    precondition(failed == 0, "There is no pipe for signals: \(SystemError.last).")
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    precondition(unsafe pipe.read < 0, "Signals are watched once.")
    unsafe pipe = (ends[0], ends[1])

    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = { number in
      // Nothing else is safe here: whatever was interrupted may hold any lock.
      let kept = errno
      var byte = UInt8(truncatingIfNeeded: number)
      unsafe write(Signals.pipe.write, &byte, 1)
      errno = kept
    }
    action.sa_flags = SA_RESTART
    for number in [SIGTERM, SIGINT, SIGHUP] { unsafe sigaction(number, &action, nil) }

    let end = ends[0]
    Threads.start(named: "signals") {
      // Whoever started us may have held them back, as the threads of a test runner do.
      var own = sigset_t()
      unsafe sigemptyset(&own)
      for number in [SIGTERM, SIGINT, SIGHUP] { unsafe sigaddset(&own, number) }
      unsafe pthread_sigmask(SIG_UNBLOCK, &own, nil)
      var byte: UInt8 = 0
      while true {
        guard unsafe read(end, &byte, 1) == 1 else { continue }
        handler(Int32(byte) == SIGHUP ? .reload : .stop)
      }
    }
  }
}
