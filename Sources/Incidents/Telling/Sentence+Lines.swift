internal import Bytes

extension Fact {
  /// What happened to the lines, services and incidents around an incident.
  func lineSentence(by who: String, _ names: Names) -> String {
    switch self {
    case .answered(let answer, let person):
      answer.isLogged
        ? "\(names.person(person)) logged it; nothing more is done" + tail(answer.text)
        : "\(names.person(person)) answered it" + tail(answer.text)
    case .reasonGiven(let reason, let person):
      "\(names.person(person)) gave the reason that was missing: \(reason)"
    case .serviceAffected(let change):
      change.state.map { "\(names.service(change.service)) is \($0.word), says \(who)." }
        ?? "\(names.service(change.service)) is not affected after all, says \(who)."
    case .leadServiceSet(let set):
      "\(who) set its service to \(names.service(set.service)): \(names.team(set.teams.owner)) has it"
        + tail(set.reason)
    case .familyChanged(.gathered(let umbrella)):
      "It belongs to \(names.incident(umbrella)), which gathers a storm of alerts."
    case .familyChanged(.parent(let parent)):
      parent.map { "It belongs to \(names.incident($0)) from now on, says \(who)." }
        ?? "It belongs to no other incident any more, says \(who)."
    case .familyChanged(.children(let added, let removed)):
      [(added, "belongs to it from now on."), (removed, "belongs to it no more.")]
        .filter { !$0.0.isEmpty }
        .map { "\($0.0.map(names.incident).joined(separator: ", ")) \($0.1)" }
        .joined(separator: " ")
    case .umbrellaOpened:
      "Alerts opened more than \(AlertStorm.most) incidents of its service within a few minutes. This "
        + "one gathers those that follow, and nobody is paged for each."
    case .takenUpInEmergency:
      "\(who), of none of its teams, took it up: nobody had acknowledged it within its response time. "
        + "The team that owns it is told."
    case .parentSpoke(.updated):
      "Stakeholders were told of the major incident that it belongs to."
    case .parentSpoke(.resolved):
      "The major incident that it belongs to was resolved. Is this one restored too?"
    case .parentSpoke(.reopened):
      "The major incident that it belongs to was reopened."
    case .related(let relation): relation.sentence(by: who, names)
    case .engaged(let engagement): engagement.sentence(by: who, names)
    default: preconditionFailure("Told with the incident.")
    }
  }
}

extension Relation {
  fileprivate func sentence(by who: String, _ names: Names) -> String {
    switch self {
    case .childOf: preconditionFailure("Who belongs to whom is a change in the family.")
    case .recurrenceOf(let earlier):
      earlier.map { "\(who) said that it is a recurrence of \(names.incident($0))." }
        ?? "\(who) said that it is no recurrence."
    case .causedBy(let change):
      "\(who) said that the change \(change.reference) caused it"
        + (change.link.map { " (\($0))" } ?? "") + tail(change.text)
    }
  }
}

extension Engagement {
  fileprivate func sentence(by who: String, _ names: Names) -> String {
    switch self {
    case .supplier(let supplier):
      "\(supplier.name) works on it"
        + (supplier.reference.map { ", as \($0)" } ?? "")
        + (supplier.nextUpdateAt.map { "; they promise to be heard of by \(DisplayTime.text($0))" }
          ?? "") + ", says \(who)."
    case .specialist(.team(let team)): "\(who) brought in \(names.team(team))."
    case .specialist(.person(let person)): "\(who) brought in \(names.person(person))."
    case .specialist(.role(let role)): "\(who) brought in the \(role.word)."
    }
  }
}

extension Int64 {
  /// This span in words, in whole minutes: "2 h 10 min".
  var words: String {
    let minutes = self / Span.minute
    guard minutes >= 60 else { return "\(minutes) min" }
    return minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes / 60) h \(minutes % 60) min"
  }
}
