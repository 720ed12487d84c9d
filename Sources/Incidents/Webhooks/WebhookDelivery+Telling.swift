/// What a delivery says, in plain words.
extension WebhookDelivery {
  /// In one or two sentences. An exercise says so first.
  ///
  /// Whoever reads it may be anybody: of an incident that is restricted it says no more than that there
  /// is something for whoever may see it.
  ///
  /// - Parameters:
  ///   - names: What people, teams and services are called.
  ///   - incident: The one that it is about, if it is about one and that is there.
  ///   - message: The message that it is about, if it is about one and that is there.
  package func sentence(_ names: Names, incident: Incident?, message: Message?) -> String {
    CommunicationText.marked(plain(names, incident, message), isExercise: isExercise)
  }

  private func plain(_ names: Names, _ incident: Incident?, _ message: Message?) -> String {
    if let incident, incident.isRestricted { return restricted(names, incident) }
    let what = incident.map { "\($0.reference.text) (\($0.classification.priority)): \($0.title)" }
    switch about {
    case .page(let people, let step, let cause):
      let who = people.map(names.person).joined(separator: ", ")
      // Of several each has a step of their own, which the incident tells.
      let role =
        step == .again ? ", once more," : people.count == 1 ? ", as \(step.word)," : ","
      return "\(cause.sentence)\(who)\(role) answer this page of \(what ?? "an incident")"
    case .escalation(let escalation):
      let who = escalation.to.map(names.person) ?? "Senior management"
      let why = escalation.reason.map { " (\($0))" } ?? ""
      let limit = escalation.missedLimit.map { " Its limit was \(DisplayTime.text($0))." } ?? ""
      return "\(who) is told as senior management\(why) of \(what ?? "an incident")\(limit)"
    case .reminders(let reminders):
      let owed = reminders.map { $0.words(names) }.joined(separator: "; ")
      return "Owed to \(what ?? "an incident"). \(owed)."
    case .message:
      return message?.told(names) ?? "What was to be told here is gone."
    case .test(let person):
      return "\(names.person(person)) tries this webhook. Nothing has happened."
    }
  }

  private func restricted(_ names: Names, _ incident: Incident) -> String {
    let reference = incident.reference.text
    return switch about {
    case .page(let people, _, _):
      "\(people.map(names.person).joined(separator: ", ")), answer this page of an incident that you "
        + "may see: \(reference)."
    case .escalation, .reminders, .message, .test:
      "There is something to see to in an incident that you may see: \(reference)."
    }
  }

  /// For whom it is.
  ///
  /// - Parameter message: The message that it is about, if it is about one.
  package func recipients(_ message: Message?) -> [Message.Recipient] {
    switch about {
    case .page(let people, _, _): return people.map { .person($0) }
    case .escalation(let escalation): return escalation.to.map { [.person($0)] } ?? []
    case .reminders(let reminders):
      var found: [Message.Recipient] = []
      for reminder in reminders where !found.contains(reminder.to.recipient) {
        found.append(reminder.to.recipient)
      }
      return found
    case .message: return message.map { [$0.recipient] } ?? []
    case .test: return []
    }
  }
}

extension Message {
  /// What it says without the mark of an exercise, which whoever tells it puts before everything.
  fileprivate func told(_ names: Names) -> String {
    var message = self
    message.isExercise = false
    return message.sentence(names)
  }
}

extension Reminder.Addressee {
  fileprivate var recipient: Message.Recipient {
    switch self {
    case .person(let id): .person(id)
    case .team(let id): .team(id)
    case .leads(let id): .leads(of: id)
    }
  }
}
