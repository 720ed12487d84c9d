package import Bytes

/// That somebody was reminded of a duty (policy section 4).
package struct Reminder: Hashable, Sendable {
  /// Of what.
  package var kind: Kind
  /// Of which, where there are several: the number of a review's action; else 0.
  package var number: UInt32
  /// When the duty is due.
  package var dueAt: Int64
  /// The time that brought the reminder.
  package var at: Int64
  /// To whom it falls.
  package var to: Addressee

  /// A reminder.
  package init(kind: Kind, number: UInt32 = 0, dueAt: Int64, at: Int64, to addressee: Addressee) {
    self.kind = kind
    self.number = number
    self.dueAt = dueAt
    self.at = at
    to = addressee
  }

  /// What is reminded of.
  package enum Kind: UInt8, CaseIterable, Sendable {
    /// Say "we have it".
    case acknowledge = 1
    /// Confirm the priority.
    case confirmPriority = 2
    /// The lead's first assessment.
    case assess = 3
    /// The next update.
    case sendUpdate = 4
    /// The last update.
    case sendLastUpdate = 5
    /// Tell the data protection team, within 72 hours.
    case reportData = 6
    /// Is there anything to record?
    case anythingToRecord = 7
    /// Still on it?
    case stillOnIt = 8
    /// Set a date for the review, and say who takes part.
    case arrangeReview = 9
    /// Hold and finish the review.
    case finishReview = 10
    /// An action of the review.
    case completeAction = 11
    /// Look again at what waits in the backlog.
    case lookAtBacklog = 12
    /// Look again at what it waits for.
    case lookAgain = 13
    /// Hear from a supplier who promised it.
    case chaseSupplier = 14
    /// Give a reason that is missing.
    case giveReason = 15
    /// Say why an update was late.
    case explainDelay = 16
    /// Record its ticket.
    case recordTicket = 17
    /// Decide whether a breach is notified.
    case decideNotification = 18

    /// The slug of the duty.
    package var slug: String {
      switch self {
      case .acknowledge: "acknowledge"
      case .confirmPriority: "confirm-priority"
      case .assess: "assess"
      case .sendUpdate: "send-update"
      case .sendLastUpdate: "send-last-update"
      case .reportData: "report-data"
      case .anythingToRecord: "anything-to-record"
      case .stillOnIt: "still-on-it"
      case .arrangeReview: "arrange-review"
      case .finishReview: "finish-review"
      case .completeAction: "complete-action"
      case .lookAtBacklog: "look-at-backlog"
      case .lookAgain: "look-again"
      case .chaseSupplier: "chase-supplier"
      case .giveReason: "give-reason"
      case .explainDelay: "explain-delay"
      case .recordTicket: "record-ticket"
      case .decideNotification: "decide-notification"
      }
    }
  }

  /// To whom a duty falls.
  package enum Addressee: Hashable, Sendable {
    /// One person.
    case person(ID)
    /// A team.
    case team(ID)
    /// The leads of a team.
    case leads(of: ID)
  }

  /// Whether the due time was past.
  package var isOverdue: Bool { at > dueAt }
}

/// How far a duty was reminded of. Another due time is another duty.
package struct ReminderMark: Hashable, Sendable {
  var kind: Reminder.Kind
  var number: UInt32
  var dueAt: Int64
  /// The last time of a reminder that was given.
  var through: Int64
}

/// A duty that has a due time, without its words: on the road of every write.
struct Timed: Hashable {
  var kind: Reminder.Kind
  var number: UInt32 = 0
  /// When it began to be owed.
  var from: Int64
  var dueAt: Int64
  /// When three quarters of its time have run, where that is not by the wall clock.
  var soon: Int64?

  /// The first time after `through` at which somebody is reminded, if there is another.
  func next(after through: Int64) -> Int64? {
    switch kind {
    case .anythingToRecord, .stillOnIt, .lookAtBacklog, .lookAgain, .chaseSupplier:
      dueAt > through ? dueAt : nil
    case .reportData, .decideNotification: breachTimes.first { $0 > through }
    case .completeAction where through > dueAt, .giveReason where through > dueAt:
      dueAt + 1 + ((through - dueAt - 1) / Timed.repetition + 1) * Timed.repetition
    case .giveReason, .explainDelay: dueAt + 1 > through ? dueAt + 1 : nil
    case .sendUpdate, .sendLastUpdate: updateTimes.first { $0 > through }
    case .acknowledge, .confirmPriority, .assess, .arrangeReview, .finishReview, .completeAction,
      .recordTicket:
      if soonAt > through {
        soonAt
      } else {
        // At the due instant it is still met.
        dueAt + 1 > through ? dueAt + 1 : nil
      }
    }
  }

  /// The last time at which somebody was to be reminded by `stamp`, after `through`.
  func latest(by stamp: Int64, after through: Int64) -> Int64? {
    var latest: Int64?
    var last = through
    if kind == .completeAction || kind == .giveReason, stamp > dueAt + Timed.repetition {
      last = max(through, stamp - Timed.repetition)
    }
    while let next = next(after: last), next <= stamp {
      latest = next
      last = next
    }
    return latest
  }

  /// Three quarters of the time have run.
  private var soonAt: Int64 { soon ?? from + (3 * (dueAt - from) + 3) / 4 }

  /// When an update is asked for: before it is due, and then of one more person after the other, a quarter
  /// of its interval apart: 5 minutes on a P1 and 15 on a P2, as the paging chain waits (policy section 7).
  private var updateTimes: [Int64] {
    [soonAt] + (0..<3).map { dueAt + 1 + $0 * askingApart }
  }

  /// How long an overdue update waits before the next person is asked for it.
  private var askingApart: Int64 { max((dueAt - from) / 4, Span.minute) }

  /// How many people were asked for an overdue update before the reminder at `time`.
  func askedBefore(_ time: Int64) -> Int64 {
    time > dueAt ? (time - dueAt - 1) / askingApart : 0
  }

  /// 24, 48 and 66 of 72 hours, round the clock from when somebody became
  /// aware, and the end of them; none before the flag was set.
  private var breachTimes: [Int64] {
    let aware = dueAt - 72 * Span.hour
    return [24, 48, 66].map { max(from, aware + $0 * Span.hour) } + [max(from, dueAt + 1)]
  }

  /// An action or a reason that is overdue is reminded of every week.
  private static let repetition = 7 * Span.day
}
