import EventLoop
import Raft
import Store

/// What other threads bring to the core lane, gathered so that a burst of it wakes the loop once.
final class CoreInbox: @unchecked Sendable {
  /// One thing brought. With each request comes the way to answer it.
  enum Arrival: Sendable {
    case write(
      [UInt8], patience: Int, deadline: Int, brought: Int64,
      answer: @Sendable (WriteAnswer, AppliedEntry?) -> Void)
    case read(deadline: Int, answer: @Sendable (ReadAnswer) -> Void)
    case awaitApplied(LogIndex, patience: Int, answer: @Sendable (ReadAnswer) -> Void)
    case persisted(through: UInt64)
    case applied([AppliedEntry], through: LogIndex, ended: Int64)
    case loaded([Entry], for: LogLoad.Purpose)
    case handOver
    case stop
  }

  private struct Contents {
    var arrivals: [Arrival] = []
    /// The loop has been told that there is something.
    var isRung = false
  }

  /// So many are taken into one burst: what its flush gathers must fit a few messages.
  private static let burst = 1_024

  let loop = EventLoop(name: "core")
  private let contents = Lock(Contents())
  // Touched on the loop's thread only.
  private var onRing: (() -> Void)?

  /// From now on `onRing` is called on the loop when something was brought.
  func begin(_ onRing: @escaping @Sendable () -> Void) {
    loop.submit {
      self.onRing = onRing
      onRing()
    }
  }

  /// Brings something. From any thread.
  func bring(_ arrival: Arrival) {
    let mustRing = contents.withLock { contents in
      contents.arrivals.append(arrival)
      defer { contents.isRung = true }
      return !contents.isRung
    }
    if mustRing { loop.submit { self.onRing?() } }
  }

  /// Takes what has come, in order; what is too much for one burst is rung for again. On the loop.
  func take() -> [Arrival] {
    let (taken, isMore) = contents.withLock { contents in
      guard contents.arrivals.count > Self.burst else {
        let all = contents.arrivals
        contents.arrivals = []
        contents.isRung = false
        return (all, false)
      }
      let first = Array(contents.arrivals[..<Self.burst])
      contents.arrivals.removeFirst(Self.burst)
      return (first, true)
    }
    if isMore { loop.submit { self.onRing?() } }
    return taken
  }
}
