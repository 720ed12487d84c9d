import EventLoop
import Glibc
package import Raft

/// The node's own log: one line an event, in plain words, to standard error. It never holds a
/// person's data or a secret.
package struct NodeLog: Sendable {
  private let name: String

  /// A log whose lines begin with the time and `name`.
  package init(name: String) { self.name = name }

  /// Writes one line: the time, the node, and what happened.
  package func write(_ text: String) {
    let line = Array("\(Self.timestamp(Clock.now())) \(name) \(text)\n".utf8)
    // A log line that cannot be written has nowhere to be reported.
    _ = unsafe line.withUnsafeBytes { bytes in
      unsafe Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
    }
  }

  /// Writes why the process cannot go on and ends it at once. The other nodes see its sockets
  /// close, and nothing that was not durable has been promised.
  package func end(_ text: String) -> Never {
    write("ends: \(text)")
    // Other threads are at work: `exit` would take their ground away by running exit handlers.
    _exit(Self.softwareFailure)
  }

  /// EX_SOFTWARE of sysexits.h: a supervisor may start the node again.
  private static let softwareFailure: Int32 = 70

  /// A change of role in words.
  package func write(_ notice: Notice) {
    switch notice {
    case .becameFollower(let leader?, let term): write("follows \(leader) in \(term)")
    case .becameFollower(nil, let term): write("follows nobody yet in \(term)")
    case .becamePreCandidate(let term): write("asks whether it could lead \(term)")
    case .becameCandidate(let term): write("campaigns to lead \(term)")
    case .becameLeader(let term): write("leads \(term)")
    case .steppedDown(let term, .higherTerm(let peer)):
      write("no longer leads \(term): \(peer) told of a later one")
    case .steppedDown(let term, .noQuorum):
      write("no longer leads \(term): it heard too few of the others")
    case .steppedDown(let term, .diskStalled):
      write("no longer leads \(term): its own disk does not answer")
    case .steppedDown(let term, .transferred(let peer)):
      write("no longer leads \(term): it handed over to \(peer)")
    case .steppedDown(let term, .removed):
      write("no longer leads \(term): it is no member any more")
    case .membershipChanged(let index):
      write("has other members by the entry at \(index)")
    case .levelChanged(let level, let index):
      write("goes on at behaviour level \(level) from the entry at \(index)")
    }
  }

  /// What an operator must look at.
  package func write(_ alarm: ReplicaAlarm) {
    switch alarm {
    case .diverged(let member, let index):
      write(
        "ALARM: the state of \(member) is not that of the others at \(index); it serves nothing "
          + "until it has another")
    case .noMajority(let index):
      write(
        "ALARM: the states of the members differ at \(index) and no majority agrees: compare them "
          + "by hand before anything else")
    case .poisoned(let index):
      write(
        "ALARM: applying the entry at \(index) has ended this node twice; it votes and keeps the "
          + "log, applies nothing from there on, and serves nothing. If the others went past it, "
          + "replace this node; if all of them stopped, see muster cluster skip")
    case .givesNoStamp(let clock, let last):
      write(
        "ALARM: its clock says \(Self.timestamp(clock)), the last entry was stamped "
          + "\(Self.timestamp(last)), and no majority of the members has the same time: it takes no "
          + "write until they agree. Set the clocks right, or, if this one is, start it with "
          + "--trust-clock")
    }
  }

  /// RFC 3339 in UTC, such as 2026-11-23T09:04:05.678Z, of milliseconds since 1970.
  package static func timestamp(_ now: Int64) -> String {
    let (days, milliseconds) = now.floored(by: 86_400_000)
    let (year, month, day) = date(ofDay: days)
    let seconds = milliseconds / 1_000
    return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2) + "T"
      + padded(seconds / 3_600, 2) + ":" + padded(seconds / 60 % 60, 2) + ":"
      + padded(seconds % 60, 2) + "." + padded(milliseconds % 1_000, 3) + "Z"
  }

  /// The date of a day since 1970-01-01, by eras of 400 years that begin on 1 March.
  private static func date(ofDay days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = (days + 719_468).floored(by: 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let fromMarch = (5 * dayOfYear + 2) / 153
    let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
    let day = dayOfYear - (153 * fromMarch + 2) / 5 + 1
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

extension Int64 {
  /// Quotient and remainder, the remainder never negative.
  fileprivate func floored(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
