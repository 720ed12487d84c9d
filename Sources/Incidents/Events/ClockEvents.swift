internal import Bytes

/// What an incident is to wait for, as somebody says it (policy section 2).
///
/// A P3 to P6 pauses: its resolution clock stands still until the opening of the day on which somebody
/// looks again. A P1 or P2 never does: the time is attributed.
package struct Waiting: Hashable, Sendable {
  /// For what. ``Clocks/Wait/Cause/resolved`` is not said.
  package var cause: Clocks.Wait.Cause
  /// The day on which somebody looks again, as days since 1970. A pause has one.
  package var lookAgain: Int32?
  /// Since when, if that is not now.
  package var happenedAt: Int64?
  /// Until when, if it is over already. A pause is not.
  package var until: Int64?
  /// More words; may be missing.
  package var note: String?

  /// A wait.
  package init(
    for cause: Clocks.Wait.Cause, lookAgain: Int32? = nil, happenedAt: Int64? = nil,
    until: Int64? = nil, note: String? = nil
  ) {
    self.cause = cause
    self.lookAgain = lookAgain
    self.happenedAt = happenedAt
    self.until = until
    self.note = note
  }
}

/// That an incident waits.
package struct WaitingBegan: Hashable, Sendable {
  /// For what, and when.
  package var wait: Clocks.Wait
  /// More words.
  package var note: String?

  /// A beginning.
  package init(wait: Clocks.Wait, note: String?) {
    self.wait = wait
    self.note = note
  }
}

/// That due times were counted anew.
package struct ClocksRecounted: Hashable, Sendable {
  /// What the calendar is called.
  package var calendar: String
  /// When the resolution is due now, if it has a due time.
  package var dueAt: Int64?

  /// A count.
  package init(calendar: String, dueAt: Int64?) {
    self.calendar = calendar
    self.dueAt = dueAt
  }
}

/// A calendar as it is to be.
package struct CalendarChange: Hashable, Sendable {
  /// When its people work.
  package var calendar: CalendarDefinition
  /// The version that was seen, if the change holds only for that: 0 for one that is as it ships, or not
  /// there at all.
  package var seen: UInt64?

  /// A change.
  package init(_ calendar: CalendarDefinition, seen: UInt64? = nil) {
    self.calendar = calendar
    self.seen = seen
  }
}

extension WaitingBegan {
  /// What it is in a timeline.
  func sentence(by who: String) -> String {
    let cause =
      switch wait.cause {
      case .supplier: "waits for a supplier"
      case .user: "waits for the user"
      case .plannedDate: "waits for a planned date"
      case .resolved: "was resolved meanwhile"
      }
    var text = "\(who) said that it \(cause)"
    if wait.isPause, let day = wait.lookAgain {
      text +=
        "; its resolution clock stands still until work begins on \(DisplayTime.day(Int64(day)))"
    } else if let until = wait.until {
      text += ", from \(DisplayTime.text(wait.from)) until \(DisplayTime.text(until))"
    } else {
      text += "; its clocks run on"
    }
    return text + (note.map { $0.isEmpty ? "." : ": \($0)" } ?? ".")
  }
}

extension Waiting: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(cause)
    bytes.put(maybe: lookAgain.map(Int64.init))
    bytes.put(maybe: happenedAt)
    bytes.put(maybe: until)
    bytes.put(maybe: note)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      for: try bytes.value(), lookAgain: try bytes.maybeDay(), happenedAt: try bytes.maybeTime(),
      until: try bytes.maybeTime(), note: try bytes.maybeText(max: Bound.reason))
  }
}

extension WaitingBegan: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(wait)
    bytes.put(maybe: note)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(wait: try bytes.value(), note: try bytes.maybeText(max: Bound.reason))
  }
}

extension ClocksRecounted: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(calendar)
    bytes.put(maybe: dueAt)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(calendar: try bytes.string(max: Bound.name), dueAt: try bytes.maybeTime())
  }
}

extension CalendarChange: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(calendar)
    bytes.put(maybe: seen)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(try bytes.value(), seen: try bytes.maybeNumber())
  }
}
