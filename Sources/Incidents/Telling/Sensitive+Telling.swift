internal import Bytes

extension NotificationChoice {
  func sentence(by who: String) -> String {
    "\(who) decided that the breach is \(isNotified ? "" : "not ")notified, because: \(reason)"
  }
}

extension SightChange {
  func sentence(by who: String, _ names: Names) -> String {
    switch self {
    case .widen(let reason): "\(who) let everybody know of it, because: \(reason)"
    case .narrow: "\(who) took it back that everybody may know of it."
    case .add(let person): "\(who) named \(names.person(person)), who may know of it."
    case .prune(let person): "\(who) took \(names.person(person)) off those who may know of it."
    }
  }
}

extension FaceStep {
  func sentence(by who: String) -> String {
    switch self {
    case .draft(let text): "\(who) drafted what staff are told in its stead: \(text.title)"
    case .approve(let number, _):
      "\(who) agreed to what staff are told in its stead (\(number)): it is published."
    case .withdraw(let number): "\(who) took back what staff are told in its stead (\(number))."
    }
  }
}

extension NoticeChange {
  func sentence(by who: String) -> String {
    switch self {
    case .published(let text): "\(who) published a notice to everybody: \(text.title)"
    case .withdrawn: "\(who) took a notice to everybody back."
    }
  }
}

extension Incident {
  /// That the specialist teams are told, and whether a breach is notified (policy section 8).
  func flagDuties(at now: Int64) -> [Duty] {
    openFlags.map { report($0, at: now) } + notificationDuty(at: now)
  }

  private func report(_ flag: Flag, at now: Int64) -> Duty {
    // The 72 hours of a breach run round the clock from when somebody became aware.
    let hours = flag == .data ? data.map { $0.awareAt + Self.breachSpan } : nil
    // Whoever resolves it before that makes it overdue (policy section 5).
    let due = resolved.map { min($0.at, hours ?? $0.at) } ?? hours
    let isLate = !status.isLive
    return Duty(
      slug: "report-\(flag.slug)",
      text: isLate
        ? "It is \(status.word) and the \(flag.team) has not been told: report it now."
        : "Report it to the \(flag.team) now, and follow their process.",
      dueAt: due, isRed: isLate || due.map { now > $0 } ?? false)
  }

  private static let breachSpan = 72 * Span.hour
  /// When the decision is asked for, counted from when somebody became aware.
  private static let breachMarks = [24 * Span.hour, 48 * Span.hour, 66 * Span.hour, breachSpan]

  /// Whether somebody has yet to decide whether a breach is notified.
  var asksForNotification: Bool {
    !isExercise && isSet(.data) && sensitive.notification == nil && !hasPassedOn(.data)
  }

  private func notificationDuty(at now: Int64) -> [Duty] {
    guard asksForNotification, let aware = data?.awareAt else { return [] }
    let mark = Self.breachMarks.first { aware + $0 >= now } ?? Self.breachSpan
    let end = DisplayTime.text(aware + Self.breachSpan)
    return [
      Duty(
        slug: "decide-notification",
        text: "Decide whether the breach is notified, and record that with the reason. The 72 "
          + "hours from when somebody became aware end on \(end).",
        dueAt: aware + mark, isRed: now > aware + 66 * Span.hour)
    ]
  }

  /// What must be read before anything else while a flag is set, with where the process is written.
  package func banners(_ contacts: SpecialContacts) -> [String] {
    Flag.allCases.filter(isSet).map { flag in
      let procedure = contacts.contact(for: flag)?.procedure.map { " \($0)" } ?? ""
      return "This may be \(flag.phrase). The separate, formal process of the \(flag.team) must be "
        + "followed.\(procedure)"
    }
  }
}

extension Contact {
  /// Where it reaches somebody, and how they want to be told.
  package func text(_ names: Names) -> String {
    let who =
      switch recipient {
      case .person(let id): names.person(id)
      case .team(let id), .leads(let id): names.team(id)
      case .auditors: "the auditors"
      case .address(let address): address
      }
    return procedure.map { "\(who): \($0)" } ?? who
  }
}
