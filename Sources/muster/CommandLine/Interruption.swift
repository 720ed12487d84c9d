import EventLoop
import Glibc

/// What is done and said when somebody ends the program, with control-C or otherwise, in the midst of
/// something: nothing stays half done without a word.
enum Interruption {
  /// What is done, and what is said; empty for nothing.
  typealias Farewell = @Sendable () -> String

  private static let farewells = Lock<[(number: Int, farewell: Farewell)]>([])
  private static let numbers = Lock(0)

  /// Has control-C, SIGTERM and SIGHUP heeded from now on, but for those that whoever started the
  /// program had it ignore, as nohup does. Once per process.
  static func heed() {
    let ignored = [SIGTERM, SIGINT, SIGHUP].filter(isIgnored)
    defer { for number in ignored { Glibc.signal(number, SIG_IGN) } }
    Signals.watch { signal in
      let all = farewells.withLock { $0 }
      Progress.end()
      for (_, farewell) in all.reversed() {
        let words = farewell()
        if !words.isEmpty { Terminal.note("\nmuster: \(words)") }
      }
      // Whoever started the program is told that it was ended, as if nothing had been heeded.
      let number = signal == .stop ? SIGINT : SIGHUP
      Glibc.signal(number, SIG_DFL)
      kill(getpid(), number)
    }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard unsafe sigaction(number, nil, &action) == 0 else { return false }
    // SIG_IGN is no function, but the number 1 in the place of one.
    return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }

  /// Does `body`; who interrupts it meanwhile is bidden farewell.
  static func bidding<Result>(
    _ farewell: @escaping Farewell, during body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let number = numbers.withLock { number in
      number += 1
      return number
    }
    farewells.withLock { $0.append((number, farewell)) }
    defer { farewells.withLock { $0.removeAll { $0.number == number } } }
    return try body()
  }
}
