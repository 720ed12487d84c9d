import Glibc

/// What an operator tells a running process.
package enum Signal: Sendable {
  /// Stop in good order: SIGTERM, or SIGINT from a terminal.
  case stop
  /// Read certificates and configuration again: SIGHUP.
  case reload
}

/// The signals of the process, heard by one thread instead of interrupting any.
package enum Signals {
  /// Holds back the signals that ``watch(_:)`` hears, and ignores SIGPIPE for ever: a write to a
  /// closed socket is an error like any other. Call it first in `main`, before any thread starts,
  /// since threads inherit what is held back.
  package static func block() {
    var set = heard
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    signal(SIGPIPE, SIG_IGN)
  }

  /// Calls `handler` on a thread of its own for every signal, one at a time.
  package static func watch(_ handler: @escaping @Sendable (Signal) -> Void) {
    block()
    Threads.start(named: "signals") {
      while true { handler(wait()) }
    }
  }

  /// Waits on this thread for the next signal.
  package static func wait() -> Signal {
    var set = heard
    var number: Int32 = 0
    while unsafe sigwait(&set, &number) != 0 {}
    return number == SIGHUP ? .reload : .stop
  }

  private static var heard: sigset_t {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for number in [SIGTERM, SIGINT, SIGHUP] { unsafe sigaddset(&set, number) }
    return set
  }
}
