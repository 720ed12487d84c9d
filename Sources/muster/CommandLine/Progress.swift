import EventLoop
import Glibc

/// How far long work has come, where somebody looks at a terminal: one line on standard error, which is
/// drawn again and again and wiped in the end. Elsewhere there is none.
///
/// The work only says how far it is; a thread draws, so that a call that waits is seen to wait. There is
/// one line: work within other work leaves the line to that.
package enum Progress {
  /// What a line says.
  package struct Line: Hashable, Sendable {
    /// What is being done, such as "Exporting the record".
    package var what: String
    /// What is counted: "rows"; `nil` where only time passes.
    package var unit: String?
    /// How many there are in all, if that is known.
    package var total: Int?
    /// How many are done.
    package var count = 0
    /// When it is given up, or over at the latest.
    package var limit: Duration?

    /// A line at the beginning of some work.
    package init(_ what: String, unit: String? = nil, total: Int? = nil, limit: Duration? = nil) {
      self.what = what
      self.unit = unit
      self.total = total
      self.limit = limit
    }

    /// The line after so much time; nothing while the work is not long.
    package func text(after elapsed: Duration) -> String? {
      guard elapsed >= Progress.patience else { return nil }
      var text = what
      if let unit {
        let done = total.map { "\(count) of \($0) \(unit)" } ?? "\(count) \(unit)"
        let share = total.flatMap { $0 > 0 ? " (\(min(100, 100 * count / $0)) %)" : nil } ?? ""
        text += ": \(done)\(share), \(Self.time(elapsed))"
      } else {
        text += ": \(Self.time(elapsed))" + (limit.map { " of at most \(Self.time($0))" } ?? "")
      }
      return text
    }

    private static func time(_ length: Duration) -> String {
      let seconds = length.components.seconds
      return seconds < 120 ? "\(seconds) s" : "\(seconds / 60) min"
    }
  }

  /// Work that is over sooner is not told of.
  package static let patience = Duration.seconds(1)
  private static let interval: UInt32 = 200_000

  private struct State {
    var line: Line?
    var began: Int64 = 0
    /// Which work it is, for the thread that draws it.
    var number = 0
    /// How many characters are on the screen.
    var drawn = 0
  }
  private static let state = Lock(State())

  /// Does `body` with a line on the screen if it takes long. `body` is given what says how much is done,
  /// and may say how much there is.
  static func during<Result>(
    _ line: Line, _ body: (_ reach: (_ count: Int, _ total: Int?) -> Void) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard isSeen, begin(line) else { return try body { _, _ in } }
    defer { end() }
    return try body { count, total in
      state.withLock { state in
        state.line?.count = count
        if let total { state.line?.total = total }
      }
    }
  }

  /// Wipes the line, so that something else can be written.
  static func wipe() {
    state.withLock { state in
      guard state.drawn > 0 else { return }
      Terminal.ask("\r\(String(repeating: " ", count: state.drawn))\r")
      state.drawn = 0
    }
  }

  /// Whether somebody looks at standard error, on something that can go back to the beginning of a line.
  private static var isSeen: Bool {
    isatty(STDERR_FILENO) == 1 && Environment.value("TERM") != "dumb"
  }

  private static func begin(_ line: Line) -> Bool {
    let number: Int? = state.withLock { state in
      guard state.line == nil else { return nil }
      state.line = line
      state.began = Clock.monotonic()
      state.number += 1
      return state.number
    }
    guard let number else { return false }
    Threads.start(named: "progress") {
      while draw(number) { usleep(interval) }
    }
    return true
  }

  /// Wipes the line for good: the work is over, or the program.
  static func end() {
    wipe()
    state.withLock { $0.line = nil }
  }

  /// Draws the line of a piece of work; false once that is over.
  private static func draw(_ number: Int) -> Bool {
    state.withLock { state in
      guard state.number == number, let line = state.line else { return false }
      let elapsed = Duration.nanoseconds(Clock.monotonic() - state.began)
      guard let text = line.text(after: elapsed) else { return true }
      let rest = max(0, state.drawn - text.count)
      Terminal.ask("\r\(text)\(String(repeating: " ", count: rest))")
      state.drawn = text.count
      return true
    }
  }
}
