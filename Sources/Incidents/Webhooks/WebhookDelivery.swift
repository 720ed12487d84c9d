package import Bytes

/// One thing that is posted to one webhook, and what became of it.
///
/// Rows are made as events are made true, and change by events, so they are a fold of the record. They
/// hold ids: names and texts are looked up when it is sent.
package struct WebhookDelivery: Hashable, Sendable {
  /// So long it is tried, in milliseconds: a day.
  package static let patience = Span.day
  /// So long a row is kept once it is over, in milliseconds: seven days.
  package static let kept = 7 * Span.day
  /// So long whoever claimed it has to send it and to say what came of it, in milliseconds. After that
  /// nobody knows, and another may claim it.
  package static let lease = 20 * Span.second

  /// Follows from the event that made it. A receiver knows by it what it has had already.
  package var id: ID
  /// Whose.
  package var webhook: ID
  /// What is told.
  package var about: About
  /// The incident that it is about, if it is about one.
  package var incident: ID?
  /// Whether that is an exercise.
  package var isExercise: Bool
  /// When it came to be.
  package var at: Int64
  /// What became of it.
  package internal(set) var state: State
  /// How often it was claimed since it was last asked for.
  package internal(set) var attempts: UInt32 = 0
  /// Whether an attempt may have arrived of which nobody knows the end, or did.
  package internal(set) var mayRepeat = false
  /// When it is given up.
  package internal(set) var endsAt: Int64
  /// What the last attempt came to, if that is known.
  package internal(set) var lastAnswer: DeliveryAnswer?

  /// What is told.
  package enum About: Hashable, Sendable {
    /// People were woken.
    case page(people: [ID], step: PageStep, cause: PageCause)
    /// Senior management was told.
    case escalation(Escalation)
    /// People were reminded of what they owe.
    case reminders([Reminder])
    /// What somebody is told at once.
    case message(ID)
    /// Nothing: an administrator tries it.
    case test(by: ID)

    /// In which order those go that wait: the least first.
    package var rank: UInt8 {
      switch self {
      // Who was woken already waits for who was not.
      case .page(_, .again, _), .message: 1
      case .page, .escalation, .test: 0
      case .reminders: 2
      }
    }
  }

  /// What became of a delivery.
  package enum State: Hashable, Sendable {
    /// It is to be sent at this time, or as soon as can be after it.
    case waiting(until: Int64)
    /// Somebody is about to.
    case claimed(DeliveryClaim)
    /// It was taken.
    case sent(at: Int64)
    /// It was not, and is not tried any more.
    case failed(at: Int64)

    /// Whether nothing more happens to it by itself.
    package var isOver: Bool {
      switch self {
      case .waiting, .claimed: false
      case .sent, .failed: true
      }
    }

    /// Its word in lists.
    package var word: String {
      switch self {
      case .waiting: "waiting"
      case .claimed: "claimed"
      case .sent: "sent"
      case .failed: "failed"
      }
    }
  }

  /// One that waits to be sent at once.
  init(
    id: ID, to webhook: ID, _ about: About, incident: ID?, isExercise: Bool, at stamp: Int64
  ) {
    self.id = id
    self.webhook = webhook
    self.about = about
    self.incident = incident
    self.isExercise = isExercise
    at = stamp
    state = .waiting(until: stamp)
    endsAt = stamp + Self.patience
  }

  /// When it may be claimed, unless it is over.
  package var dueAt: Int64? {
    switch state {
    case .waiting(let time): time
    case .claimed(let claim): claim.until
    case .sent, .failed: nil
    }
  }
}

/// That somebody is about to send a delivery.
package struct DeliveryClaim: Hashable, Sendable {
  /// Made by whoever claims, to tell its own claims from others'.
  package var id: ID
  /// The node that claims.
  package var node: UInt64
  /// Until when nobody else may.
  package var until: Int64

  /// A claim.
  package init(id: ID, node: UInt64, until: Int64) {
    self.id = id
    self.node = node
    self.until = until
  }
}

/// What an attempt to deliver came to.
package enum DeliveryAnswer: Hashable, Sendable {
  /// The receiver answered; and said after how many seconds to come again, if it did.
  case status(UInt16, retryAfter: UInt32?)
  /// It did not answer in time.
  case timedOut
  /// It could not be reached, or not safely: why, in at most ``Bound/reference`` bytes.
  case unreachable(String)
  /// It was not sent at all, and never will be: why.
  case unsendable(String)

  /// What becomes of a delivery by it.
  package enum Class: Hashable, Sendable {
    /// It was taken.
    case taken
    /// It is worth trying again.
    case again
    /// It is not.
    case refused
  }

  /// What becomes of a delivery by it: 2xx is taken; 408, 429, 5xx and silence are tried again; anything
  /// else is refused. Redirections are not followed, so they are refusals.
  package var kind: Class {
    switch self {
    case .status(200...299, _): .taken
    case .status(408, _), .status(429, _), .status(500...599, _): .again
    case .status: .refused
    case .timedOut, .unreachable: .again
    case .unsendable: .refused
    }
  }

  /// Whether the receiver has not said what became of it.
  var isSilence: Bool {
    switch self {
    case .timedOut, .unreachable: true
    case .status, .unsendable: false
    }
  }

  /// In a sentence.
  package var words: String {
    switch self {
    case .status(let code, _): "the receiver answered \(code)"
    case .timedOut: "the receiver did not answer in time"
    case .unreachable(let why): "the receiver could not be reached: \(why)"
    case .unsendable(let why): "it was not sent: \(why)"
    }
  }
}

/// How long a delivery waits after an attempt that failed.
package enum DeliveryBackoff {
  /// After the first attempt, the second and so on, in seconds; the last one repeats.
  package static let seconds: [Int64] = [5, 30, 120, 600, 1_800, 3_600]
  /// The longest that a receiver may ask for, in seconds.
  package static let longest: Int64 = 3_600

  /// The wait in milliseconds: of the table, up to a fifth more by chance of the id, and never shorter
  /// than the receiver asked for, if that is no more than ``longest``.
  ///
  /// - Parameter attempt: From 1 on.
  package static func wait(
    of delivery: ID, after attempt: UInt32, retryAfter: UInt32? = nil
  ) -> Int64 {
    let step = min(Int(max(attempt, 1)), seconds.count) - 1
    let base = seconds[step] * Span.second
    let chance = ID(following: delivery, version: UInt64(attempt), place: 1).low % 1_000
    let asked = min(Int64(retryAfter ?? 0), longest) * Span.second
    return max(base + base * Int64(chance) / 5_000, asked)
  }
}

/// What the node that sends wants to have said of deliveries.
package enum DeliveryStep: Hashable, Sendable {
  /// It is about to send it.
  case claim(ID, by: ID, node: UInt64)
  /// What came of its claim.
  case end(ID, claim: ID, DeliveryAnswer)
  /// It has been kept long enough.
  case forget(ID)
}

/// What happened to a delivery.
package struct DeliveryMove: Hashable, Sendable {
  /// Which.
  package var delivery: ID
  /// Whose.
  package var webhook: ID
  /// What.
  package var what: What

  /// What happened to it.
  package enum What: Hashable, Sendable {
    /// Somebody is about to send it. Whether an earlier attempt may have arrived.
    case claimed(DeliveryClaim, mayRepeat: Bool)
    /// It was taken.
    case sent(DeliveryAnswer)
    /// It is tried again.
    case putOff(DeliveryAnswer, until: Int64)
    /// It is not tried any more; nothing was answered where its time was over.
    case failed(DeliveryAnswer?)
    /// Its row goes.
    case forgotten
  }

  /// A move.
  package init(delivery: ID, webhook: ID, what: What) {
    self.delivery = delivery
    self.webhook = webhook
    self.what = what
  }
}
