internal import Bytes

extension Fact {
  /// What an exercise tells nobody: that it would have been told.
  func drillSentence(by who: String, _ names: Names) -> String? {
    let told: (audience: CommunicationUpdate.Audience, what: String)
    switch self {
    case .updated(let update): told = (update.audience, update.text)
    case .communicationMoved(let moved):
      guard case .sent(let sent) = moved.step else { return nil }
      told = (moved.audience, sent.what)
    case .faceMoved(.approve(let number, _)):
      return "\(who) agreed to what staff would be told in its stead (\(number)), were this no "
        + "exercise."
    case .flagSet(let raising, let person):
      return "\(names.person(person)) flagged it as \(raising.flag.phrase). The "
        + "\(raising.flag.team) would be told now, were this no exercise" + tail(raising.note)
    case .flagReported(let report):
      return "\(report.by) would have told the \(report.flag.team), were this no exercise."
    case .ticketRecorded(let reference, _):
      return "\(who) would have recorded its ticket \(reference), were this no exercise."
    case .paged(let paged): return paged.drillSentence(names)
    default: return nil
    }
    guard told.audience.isWide else { return nil }
    return "\(who) would have told \(told.audience.word), were this no exercise: \(told.what)"
  }
}

extension CommunicationDrafted {
  func sentence(by who: String, _ names: Names) -> String {
    let asked = draft.approver.map { ", for \(names.person($0)) to agree to" } ?? ""
    return "\(who) drafted what to tell \(draft.audience.word)\(asked): \(draft.what)"
  }
}

extension CommunicationMoved {
  func sentence(by who: String) -> String {
    switch step {
    case .approved: "\(who) agreed to what \(audience.word) shall be told."
    case .sent(let sent):
      "\(who) told \(audience.word): \(sent.what)"
        + (sent.overrideReason.map { " (Without a second person's agreement: \($0))" } ?? "")
    case .withdrawn(let reason):
      "\(who) withdrew what \(audience.word) should have been told" + tail(reason)
    case .delivered(let delivery):
      "What \(audience.word) were told \(delivery.outcome.phrase) \(delivery.group)"
        + tail(delivery.detail)
    }
  }
}

extension Communication.Delivery.Outcome {
  var phrase: String {
    switch self {
    case .queued: "is on its way to"
    case .sent: "was sent to"
    case .failed: "did not reach"
    case .uncertain: "may or may not have reached"
    }
  }
}

extension StakeholderChange {
  func sentence(by who: String, _ names: Names) -> String {
    let whom =
      switch stakeholder {
      case .person(let id): names.person(id)
      case .team(let id): names.team(id)
      case .address(let address): address
      }
    return isAdded
      ? "\(who) named \(whom) as somebody to be kept informed."
      : "\(who) took \(whom) off those to be kept informed."
  }
}

extension ReachStatement {
  func sentence(by who: String) -> String {
    switch self {
    case .department(true): "\(who) says that it affects the whole department."
    case .department(false): "\(who) says that it does not affect the whole department."
    case .allStaffNotNeeded(let because):
      "\(who) says that all staff need not be told, because: \(because)"
    }
  }
}

extension TemplateChange {
  func sentence(by who: String) -> String {
    let priority = key.priority.map { " of a \($0)" } ?? ""
    let what = "what \(key.audience.word) are told\(priority), in \(key.language)"
    return text == nil
      ? "\(who) went back to the first template for \(what)."
      : "\(who) changed the template for \(what)."
  }
}

extension Message {
  /// What it says, in one or two sentences. It names an incident by its reference alone.
  ///
  /// - Parameters:
  ///   - names: What people, teams and services are called.
  ///   - isBrief: Whether whoever reads it may not know of the incident.
  package func sentence(_ names: Names, isBrief: Bool = false) -> String {
    CommunicationText.marked(plain(names, isBrief: isBrief), isExercise: isExercise)
  }

  private func plain(_ names: Names, isBrief: Bool) -> String {
    let reference = incident.map { Reference($0).text } ?? "an incident"
    switch about {
    case .glassBroken(let asked, let person, let until):
      let what =
        switch asked.scope {
        case .incident: isBrief ? "something that is restricted" : reference
        case .team(let team): "what \(names.team(team)) has to do with"
        }
      let why = isBrief ? "" : ", because: \(asked.reason)"
      return "\(names.person(person)) broke the glass before \(what), until "
        + "\(DisplayTime.text(until))\(why.isEmpty ? "." : why)"
    case .roleOffered(let role, _, let giver):
      return "\(names.person(giver)) offers you the role of \(role.word) on \(reference). "
        + "Accept or decline it."
    case .roleTaken(let role, let person, let previous):
      let after = previous.map { ", after \(names.person($0))" } ?? ""
      return "\(names.person(person)) is \(role.word) of \(reference) from now on\(after)."
    case .flagSet(let flag, let person):
      return "\(names.person(person)) flagged \(reference) as \(flag.phrase)."
    case .flagsStillOpen(let flags):
      let teams = flags.map { "the \($0.team)" }.joined(separator: " and ")
      return "\(reference) was resolved, and \(teams) has not been told."
    case .approvalAsked(_, let person):
      return "\(names.person(person)) asks you to agree to what shall be told of \(reference)."
    case .sentWithoutApproval(_, let person, let reason):
      return "\(names.person(person)) told all staff of \(reference) without a second person's "
        + "agreement, because: \(reason)"
    case .takenUpInEmergency(let person):
      return "\(names.person(person)), of none of its teams, took up \(reference): nobody had "
        + "acknowledged it within its response time."
    case .receipt(let declaredAt):
      return "You reported \(reference) on \(DisplayTime.text(declaredAt))."
    }
  }
}

/// The end of a sentence: what somebody said about it, or a full stop.
func tail(_ text: String?) -> String {
  guard let text, !text.isEmpty else { return "." }
  return ": \(text)"
}
