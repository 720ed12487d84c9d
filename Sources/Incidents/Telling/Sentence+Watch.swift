internal import Bytes

/// What happened by the clock, told to people.
extension Fact {
  func watchSentence(by who: String, _ names: Names) -> String {
    switch self {
    case .paged(let paged): paged.sentence(names)
    case .pageAnswered(let answered):
      "\(names.person(answered.person)) answered the page: \(answered.answer.words)."
    case .escalated(let escalation): escalation.sentence(by: who, names)
    case .reminded(let reminders):
      "Reminded: " + reminders.map { $0.words(names) }.joined(separator: "; ") + "."
    case .assessed(let assessment, let person):
      "First assessment, by \(names.person(person)): \(assessment.what) Affected: "
        + "\(assessment.affected) Next: \(assessment.next)"
    case .reviewArranged(let plan, let person):
      "\(names.person(person)) set the review for \(DisplayTime.text(plan.at))"
        + (plan.attendees.isEmpty
          ? "."
          : ", with \(plan.attendees.map(names.person).joined(separator: ", ")).")
    case .actionCompleted(let number, let person):
      "\(names.person(person)) said that action \(number) of the review is done."
    case .gapNoted(let gap):
      "Nobody could be reminded or paged from \(DisplayTime.text(gap.from)) to "
        + "\(DisplayTime.text(gap.until)): too few nodes were up, or the clock jumped."
    default: preconditionFailure("Told with the incident.")
    }
  }
}

extension Paged {
  fileprivate func sentence(_ names: Names) -> String {
    let why = cause.sentence
    let missing = skipped.filter { $0 != .again }.map(\.absence)
    let absent = missing.isEmpty ? "" : "Nobody was \(missing.joined(separator: " or ")). "
    guard !woken.isEmpty else { return why + absent + "There was nobody to page." }
    return why + absent + woken.told(names)
  }

  /// The same of an exercise, where senior management is passed over whoever it is.
  func drillSentence(_ names: Names) -> String? {
    guard skipped.contains(.seniorManagement) else { return nil }
    var paged = self
    paged.skipped.removeAll { $0 == .seniorManagement }
    return paged.sentence(names)
      + " Senior management would have been paged, were this no exercise."
  }
}

extension [Paged.Woken] {
  /// That they were paged, each with the step as which it was.
  fileprivate func told(_ names: Names) -> String {
    let verb = count == 1 ? "was" : "were"
    let steps = PageStep.allCases.filter { step in contains { $0.step == step } }
    let groups = steps.map { step in
      let people = filter { $0.step == step }.map { names.person($0.person) }
      return (people.joined(separator: ", "), step == .again ? "once more" : "as \(step.word)")
    }
    guard groups.count > 1 else {
      return groups.map { "\($0.0) \(verb) paged, \($0.1)." }.joined()
    }
    return groups.map { "\($0.0) \($0.1)" }.joined(separator: "; ") + ": they \(verb) paged."
  }
}

extension PageCause {
  /// Why somebody is woken, before the rest is said.
  var sentence: String {
    switch self {
    case .declared: ""
    case .unanswered: "Nobody has taken it. "
    case .unacknowledged: "Nobody has acknowledged it. "
    case .cannotHelp: "Nobody of those who were paged can help. "
    case .silence: "Nothing has been heard of it. "
    case .newAlert: "Another alert fires for it. "
    }
  }
}

extension PageStep {
  /// What nobody was who was looked for at it.
  fileprivate var absence: String {
    switch self {
    case .lead, .second, .again: word
    case .teamLeads: "lead of the owning team"
    case .dutyContact: "duty contact"
    case .seniorManagement: "senior management"
    }
  }
}

extension PageAnswer {
  /// As they would say it.
  package var words: String {
    switch self {
    case .onIt: "on it"
    case .cannotHelp: "cannot help"
    case .eta(let minutes): "there in \(minutes) min"
    }
  }
}

extension Escalation {
  fileprivate func sentence(by who: String, _ names: Names) -> String {
    let why = missedLimit.map { "Its limit was \(DisplayTime.text($0)). " } ?? ""
    let told =
      to.map { "\(names.person($0)) was told of it as senior management" }
      ?? "Senior management would have been told of it"
    guard let reason, !reason.isEmpty else { return why + told + "." }
    return why + told + ", by \(who): \(reason)"
  }
}

extension Reminder {
  /// Who is reminded of what.
  func words(_ names: Names) -> String {
    let whom =
      switch to {
      case .person(let person): names.person(person)
      case .team(let team): names.team(team)
      case .leads(let team): "the leads of \(names.team(team))"
      }
    return "\(whom), \(kind.words(number)), \(isOverdue ? "was due" : "due") "
      + DisplayTime.text(dueAt)
  }
}

extension Reminder.Kind {
  /// What is owed.
  fileprivate func words(_ number: UInt32) -> String {
    switch self {
    case .acknowledge: "to say \u{201C}we have it\u{201D}"
    case .confirmPriority: "to confirm the priority"
    case .assess: "to make the first assessment"
    case .sendUpdate: "to send the next update"
    case .sendLastUpdate: "to tell stakeholders that it is over"
    case .reportData: "to report it to the \(Flag.data.team)"
    case .anythingToRecord: "is there anything to record"
    case .stillOnIt: "still on it"
    case .arrangeReview: "to set a date for the review"
    case .finishReview: "to finish the review"
    case .completeAction: "to complete action \(number)"
    case .lookAtBacklog: "to look at it again"
    case .lookAgain: "to look again at what it waits for"
    case .chaseSupplier: "to hear from a supplier who promised it"
    case .giveReason: "to give the reason that is missing"
    case .explainDelay: "to say why an update was late"
    case .recordTicket: "to record its ticket"
    case .decideNotification: "to decide whether the breach is notified"
    }
  }
}
