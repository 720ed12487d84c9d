import EventLoop
import Glibc
import Raft
import Store

/// The thread that reads the whole ledger through now and then, slowly, while nobody waits for it.
final class Scrubber: Sendable {
  private struct State {
    var figures = ScrubFigures()
    var isStopped = false
  }

  private let pace: ScrubPace
  private let current: CurrentState
  private let log: NodeLog
  private let inbox: CoreInbox
  private let state = Lock(State())

  init(_ pace: ScrubPace, state current: CurrentState, inbox: CoreInbox, log: NodeLog) {
    self.pace = pace
    self.current = current
    self.inbox = inbox
    self.log = log
  }

  var figures: ScrubFigures { state.withLock { $0.figures } }

  func start() {
    Threads.start(named: "scrub") {
      self.pause(self.pace.first)
      while !self.isStopped {
        self.scrub()
        self.pause(self.pace.every)
      }
    }
  }

  func stop() { state.withLock { $0.isStopped = true } }

  private var isStopped: Bool { state.withLock { $0.isStopped } }

  /// Reads the state in use through, or until another takes its place.
  private func scrub() {
    let version = current.version
    var scrub = LedgerScrub()
    do throws(StoreError) {
      let reader = try current.makeReader()
      while !isStopped, current.version == version {
        if try scrub.goOn(reader, rows: pace.rows) {
          let rows = scrub.rows
          state.withLock { $0.figures = ScrubFigures(endedAt: Clock.now(), rows: rows) }
          return
        }
        pause(pace.pause)
      }
    } catch .corrupt(let what) {
      // A state that went away under the reader is no fault of it.
      guard current.version == version, !isStopped else { return }
      let rows = scrub.rows
      state.withLock {
        $0.figures = ScrubFigures(endedAt: Clock.now(), rows: rows, fault: what)
      }
      log.write("ALARM: \(what). This node serves nothing until it has another state")
      inbox.bring(.input(.stateUnsound))
    } catch {
      log.write("could not read its state through: \(error)")
    }
  }

  private func pause(_ duration: Duration) {
    let end = Clock.monotonic() + duration.nanoseconds
    while !isStopped, Clock.monotonic() < end {
      usleep(useconds_t(min(200_000, max(1_000, (end - Clock.monotonic()) / 1_000))))
    }
  }
}

/// How fast a node reads its ledger through. At 200 rows each 100 ms a million incidents take about
/// half an hour, and a few hundredths of one core.
package struct ScrubPace: Hashable, Sendable {
  /// After the start, when a node has other things to do.
  package var first: Duration
  /// Rows of one piece, and the pause after it.
  package var rows: Int
  package var pause: Duration
  /// From the end of one to the next.
  package var every: Duration

  /// A pace; usually a minute after the start and then once a day.
  package init(
    first: Duration = .seconds(60), rows: Int = 200, pause: Duration = .milliseconds(100),
    every: Duration = .seconds(86_400)
  ) {
    self.first = first
    self.rows = rows
    self.pause = pause
    self.every = every
  }
}

/// What came of the last scrub that ended.
package struct ScrubFigures: Hashable, Sendable {
  /// Milliseconds since 1970; `nil` before the first.
  package var endedAt: Int64?
  /// How many rows held together.
  package var rows: UInt64 = 0
  /// The first that did not, in words.
  package var fault: String?

  /// What came of a scrub.
  package init(endedAt: Int64? = nil, rows: UInt64 = 0, fault: String? = nil) {
    self.endedAt = endedAt
    self.rows = rows
    self.fault = fault
  }
}
