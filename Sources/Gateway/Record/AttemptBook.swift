import Bytes
import Incidents

/// What known people tried at this node and may not do, until it is in the record.
///
/// In a minute each credential has ``DeniedAttempt/mostRows`` of its own rows; what is beyond them is
/// counted, and told once the minute is over.
struct AttemptBook {
  /// So many credentials are kept in mind. Beyond them nothing is noted for a minute: who has so many
  /// tells nothing new with the next.
  private static let most = 2_000

  private struct Page {
    var minute: Int64
    var rows: UInt8 = 0
    var waiting: [DeniedAttempt] = []
    var counted: DeniedAttempt?
  }

  private var pages: [Actor: Page] = [:]

  /// Whether there is anything to note.
  var isEmpty: Bool { pages.isEmpty }

  /// Somebody tried something at `attempt.at`.
  mutating func note(_ attempt: DeniedAttempt, by actor: Actor) {
    guard pages[actor] != nil || pages.count < Self.most else { return }
    let minute = attempt.at / Span.minute
    var page = pages[actor] ?? Page(minute: minute)
    if page.minute != minute, page.counted == nil {
      page.minute = minute
      page.rows = 0
    }
    if page.minute == minute, page.rows < DeniedAttempt.mostRows {
      page.rows += 1
      page.waiting.append(attempt)
    } else if let counted = page.counted {
      page.counted?.count = counted.count &+ 1
      if counted.what != attempt.what { page.counted?.what = DeniedAttempt.several }
      if counted.incident != attempt.incident { page.counted?.incident = nil }
    } else {
      page.counted = attempt
    }
    pages[actor] = page
  }

  /// What is to be noted at `now`, by whom; it is not asked for again.
  mutating func due(at now: Int64) -> [(actor: Actor, attempts: [DeniedAttempt])] {
    var due: [(actor: Actor, attempts: [DeniedAttempt])] = []
    for (actor, kept) in pages {
      var page = kept
      var attempts = page.waiting
      page.waiting = []
      let isOver = page.minute != now / Span.minute
      if isOver, let counted = page.counted { attempts.append(counted) }
      pages[actor] = isOver ? nil : page
      if !attempts.isEmpty { due.append((actor, attempts)) }
    }
    return due
  }
}
