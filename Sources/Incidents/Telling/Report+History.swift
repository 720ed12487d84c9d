internal import Bytes

/// What only the timeline of an incident tells.
extension ReportTeller {
  /// Each priority that it had, with who said so and why.
  var priorities: Table {
    var table = Table(headings: ["When", "Priority", "State", "Factors", "Who", "Why"], rows: [])
    func add(_ entry: TimelineEntry, _ after: Classification, _ who: String, _ why: String) {
      table.rows.append([
        DisplayTime.text(entry.at), "\(after.priority)",
        after.isConfirmed ? "confirmed" : "provisional", after.factors.map(Self.words) ?? "", who,
        why,
      ])
    }
    for entry in timeline {
      switch entry.event.fact {
      case .declared(let declared):
        let who = declared.isByAlert ? "An alert" : names.actor(entry.actor)
        add(entry, declared.classification, who, "declared")
      case .priorityChanged(let change):
        add(
          entry, change.after, change.byAlert ? "An alert" : names.actor(entry.actor),
          change.reason ?? "")
      default: break
      }
    }
    return table
  }

  /// Who had which role, from when to when.
  var tenures: Table {
    var tenures = Tenures()
    for entry in timeline { tenures.take(entry) }
    return Table(
      headings: ["Role", "Who", "From", "Until"],
      rows: tenures.all.map { tenure in
        [
          tenure.role.word, names.person(tenure.person), DisplayTime.text(tenure.from),
          tenure.until.map { DisplayTime.text($0) } ?? "",
        ]
      })
  }

  /// Which line gave it to which, after how long, and where it came back.
  var handOvers: Table {
    var since = incident.declaredAt
    var rows: [[String]] = []
    for entry in timeline {
      guard case .ownerMoved(let move) = entry.event.fact else { continue }
      let why = move.reason ?? (move.followsPriority ? "It follows from its priority." : "")
      rows.append([
        DisplayTime.text(entry.at), move.from.word, move.to.word,
        Span.words(max(0, entry.stamp - since)), move.isBounce ? "yes" : "no", why,
      ])
      since = entry.stamp
    }
    return Table(
      headings: ["When", "From", "To", "It had lain there", "Came back", "Why"], rows: rows)
  }

  /// Where a rule was passed over, by whom and why.
  var exceptions: [String] {
    timeline.compactMap { entry in
      switch entry.event.fact {
      case .closedByOverride, .reviewWaived, .glassBroken, .resolutionAgreed: return sentence(entry)
      case .communicationMoved(let moved): return moved.isOverride ? sentence(entry) : nil
      case .resolved(let resolved):
        if case .phone = resolved.agreement { return sentence(entry) }
        return nil
      default: return nil
      }
    }
  }

  private func sentence(_ entry: TimelineEntry) -> String {
    "\(DisplayTime.text(entry.at)): \(entry.event.sentence(by: entry.actor, names: names))"
  }

  /// What the lead first took it for.
  var assessment: [Particular] {
    for entry in timeline {
      guard case .assessed(let assessment, let person) = entry.event.fact else { continue }
      return [
        Particular(label: "What it is", value: assessment.what),
        Particular(label: "Who is affected", value: assessment.affected),
        Particular(label: "What is done next", value: assessment.next),
        Particular(
          label: "Assessed", value: "\(DisplayTime.text(entry.at)) by \(names.person(person))"),
      ]
    }
    return []
  }

  /// The latest finished review.
  /// The latest finished review.
  private var latestReview: Review? {
    var latest: Review?
    for entry in timeline {
      if case .reviewed(let review, _, _) = entry.event.fact { latest = review }
    }
    return latest
  }

  /// The cause: what the review established, or else what was said as it was resolved.
  var cause: [Part] {
    if case .established(let cause)? = latestReview?.cause { return [Part(.paragraphs([cause]))] }
    return [Part(.paragraphs(incident.resolved.map { [$0.cause ?? "Not known."] } ?? []))]
  }

  var review: [Part] {
    guard let review = latestReview else { return waiver }
    let times = [
      ("Began", review.beganAt), ("Detected", review.detectedAt),
      ("Mitigated", review.mitigatedAt),
    ]
    let cause =
      switch review.cause {
      case .established(let cause): cause
      case .notEstablished(let because): "Not established, because: \(because)"
      }
    return [
      Part(.paragraphs([review.summary]), title: "Summary"),
      Part(.paragraphs([review.impact]), title: "Impact"),
      Part(
        .particulars(
          times.compactMap { label, time in
            time.map { Particular(label: label, value: DisplayTime.text($0)) }
          }), title: "Times"),
      Part(.paragraphs([cause]), title: "Cause"),
      Part(.points(review.contributingFactors), title: "Contributing factors"),
      Part(.points(review.wentWell), title: "What went well"),
      Part(.points(review.wentBadly), title: "What did not"), actions(of: review),
      Part(.points(review.attendees.map(names.person)), title: "Who took part"),
    ]
  }

  private var waiver: [Part] {
    guard incident.isReviewWaived, let waiver = incident.marks.waiver else { return [] }
    return [Part(.paragraphs(["Waived: \(waiver.reason.words(names))."]))]
  }

  /// When an action of the latest review was done.
  private func completed(_ place: Int) -> String {
    var (actions, done): ([ReviewAction], [UInt32: Int64]) = ([], [:])
    for entry in timeline {
      switch entry.event.fact {
      case .reviewed(let review, _, _):
        done = review.completed(after: actions, done)
        actions = review.actionList
      case .actionCompleted(let number, _): done[number] = entry.at
      default: break
      }
    }
    return done[UInt32(place + 1)].map { DisplayTime.text($0) } ?? ""
  }

  private func actions(of review: Review) -> Part {
    switch review.actions {
    case .none(let because):
      Part(.paragraphs(["None, because: \(because)"]), title: "Actions")
    case .some(let actions):
      Part(
        .table(
          Table(
            headings: ["What", "Who", "By", "Done"],
            rows: actions.enumerated().map { place, action in
              [
                action.what, names.person(action.owner), DisplayTime.text(action.due),
                completed(place),
              ]
            })),
        title: "Actions")
    }
  }

  /// Who wrote which version of the review, and which versions of the report are kept.
  var versions: Table {
    Table(
      headings: ["Version", "What", "Who", "When", "SHA-256"],
      rows: timeline.compactMap { entry in
        let at = DisplayTime.text(entry.stamp)
        switch entry.event.fact {
        case .reviewed(_, let person, let version):
          return ["\(version)", "review finished", names.person(person), at, ""]
        case .reportKept(let report):
          let what = report.redactions.isEmpty ? "kept" : "kept, redacted"
          return [
            report.name.text, what, names.actor(entry.actor), at, report.hash.asHexadecimal,
          ]
        default: return nil
        }
      })
  }
}

/// Who had which role, as the events of one incident tell it.
private struct Tenures {
  struct Tenure {
    let role: Role
    let person: ID
    let from: Int64
    var until: Int64?
  }

  private(set) var all: [Tenure] = []
  private var offers: [(role: Role, person: ID)] = []

  mutating func take(_ entry: TimelineEntry) {
    switch entry.event.fact {
    case .roleOffered(let role, let person, _): offers.append((role, person))
    case .roleTaken(let taken):
      offers.removeAll { $0.role == taken.role && $0.person == taken.person }
      if taken.role == .technicalSupport {
        if has(taken.role, taken.person) { return }
      } else {
        end(at: entry.stamp) { $0.role == taken.role }
      }
      all.append(Tenure(role: taken.role, person: taken.person, from: entry.stamp, until: nil))
    case .roleLeft(let role, let person):
      end(at: entry.stamp) { $0.role == role && $0.person == person }
    case .roleDeclined(let role, let person):
      let before = offers.count
      offers.removeAll { $0.role == role && $0.person == person }
      guard offers.count == before else { return }
      end(at: entry.stamp) { $0.role == role && $0.person == person }
    case .leaverReleased(let person, _, _): end(at: entry.stamp) { $0.person == person }
    default: break
    }
  }

  private func has(_ role: Role, _ person: ID) -> Bool {
    all.contains { $0.role == role && $0.person == person && $0.until == nil }
  }

  private mutating func end(at stamp: Int64, where ends: (Tenure) -> Bool) {
    for place in all.indices where all[place].until == nil && ends(all[place]) {
      all[place].until = stamp
    }
  }
}

extension Span {
  /// "12 s", "35 min", "2 h 10 min", "3 d 4 h": the two largest units that are not nothing.
  package static func words(_ milliseconds: Int64) -> String {
    let units = [("d", day), ("h", hour), ("min", minute), ("s", second)]
    var rest = milliseconds
    var parts: [String] = []
    for (name, length) in units {
      let count = rest / length
      rest -= count * length
      if count > 0 { parts.append("\(count) \(name)") }
      // A day and some seconds are a day.
      if count > 0 && parts.count == 2 || parts.count == 1 && count == 0 { break }
    }
    return parts.isEmpty ? "0 s" : parts.joined(separator: " ")
  }
}

extension [UInt8] {
  /// Two lower-case digits for each byte.
  fileprivate var asHexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
