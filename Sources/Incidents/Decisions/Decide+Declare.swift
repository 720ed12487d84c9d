internal import Bytes

extension Hearing {
  /// A person reports an incident. It is never refused for want of a service, team or priority.
  func declare(_ new: Declaration) throws(Refusal) -> [Event] {
    try require(.signedIn, to: "declare incidents")
    try Check.name(new.title, "title", max: Bound.title)
    try Check.length(new.description, "description", max: Bound.description)
    try Check.optional(new.reference, "reference", max: Bound.reference)
    try Check.optional(new.source.reference, "source.reference", max: Bound.reference)
    let happenedAt = try past(new.happenedAt)
    guard facts.incident(new.id) == nil else {
      throw .exists("id", "An incident of this id is known.")
    }
    var service: Service?
    if let id = new.service {
      guard let found = facts.service(id) else { throw .notFound("service", id) }
      service = found
    }
    if let keyService {
      guard service == nil || service?.id == keyService.id else {
        throw .keysOwnService(keyService)
      }
      service = keyService
    }
    let matrix = facts.matrix(of: service?.id)
    let choice = new.choice(on: service)
    try checkRecurrence(new)
    let declared = Declared(
      title: new.title, description: new.description, source: new.source,
      reference: new.reference, service: service?.id, unknownService: nil,
      teams: teams(of: service, at: choice.priority(by: matrix)),
      classification: Classification(choice, isConfirmed: false, by: matrix),
      reporter: keyService == nil ? asker.id : nil,
      beganAt: happenedAt, recurrenceOf: new.extras.recurrenceOf)
    var events = begin(new.id, declared, isExercise: new.isExercise)
    if let triaged = new.triaged(in: facts) {
      var event = events[0]
      event.happenedAt = nil
      event.fact = .triaged(triaged)
      events.append(event)
    }
    return events
  }

  /// The first events of an incident: that it was declared, and whom that woke.
  func begin(_ id: ID, _ declared: Declared, isExercise: Bool) -> [Event] {
    var events = [
      Event(
        subject: Subject(kind: .incident, id: id), happenedAt: declared.beganAt,
        exercise: isExercise, policyVersion: settings.policyVersion, fact: .declared(declared))
    ]
    if declared.classification.priority.isHigh {
      var page = events[0]
      page.happenedAt = nil
      let own = declared.service.flatMap { facts.servicePolicy($0)?.version } ?? 0
      page.fact = wake(
        PagedIncident(
          id, declared, isExercise: isExercise, versions: (own, settings.policyVersion)))
      events.append(page)
    }
    let matrix = facts.matrix(of: declared.service)
    if matrix != .standard {
      var pin = events[0]
      pin.happenedAt = nil
      pin.fact = .matrixPinned(matrix)
      events.append(pin)
    }
    return events
  }

  /// Whom a P1 or P2 wakes: the on-call lead of its service, or else the duty contact.
  func leadPage(for service: ID?) -> Fact {
    if let service, let shift = facts.onCall(service: service, role: .lead, at: stamp),
      facts.person(shift.person)?.isActive == true
    {
      return .leadNotified(person: shift.person, shift: shift.id)
    }
    return .noLeadOnCall(contact: settings.dutyContact)
  }

  /// The teams of a service, or the default team for an unknown one.
  func teams(of service: Service?, at priority: Priority) -> Incident.Teams {
    var teams = Incident.Teams(
      first: service?.firstLine, second: secondLine(of: service), third: service?.thirdLine,
      ownerLine: .second)
    let profile = facts.level < 2 ? nil : service.flatMap { facts.arrangement(of: $0.id)?.profile }
    teams.ownerLine = Ownership.line(
      for: priority, in: teams, hasSupplier: profile?.thirdLineSupplier != nil)
    return teams
  }

  /// What it recurs from is known to whoever declares it, and as real.
  private func checkRecurrence(_ new: Declaration) throws(Refusal) {
    guard let id = new.extras.recurrenceOf else { return }
    guard try visible(id).isExercise == new.isExercise else {
      throw .invalid(
        "recurrenceOf", "An exercise and a real incident have nothing to do with each other.")
    }
  }

  /// The 2nd line team of a service; the default team where it has none, or nobody is in it.
  private func secondLine(of service: Service?) -> ID {
    guard let service, let named = service.secondLine else { return settings.defaultTeam }
    guard facts.level >= 2 else { return named }
    return facts.delivery(of: service)?.id ?? settings.defaultTeam
  }

  /// A happened-at, or another such time that stands in a field: in the past, or so little in the future
  /// that a clock is to blame.
  func past(_ time: Int64?, _ field: String = "happenedAt") throws(Refusal) -> Int64? {
    guard let time else { return nil }
    try Check.time(time, field)
    guard time <= stamp + Grace.clockSkew else {
      throw .invalid(field, "\(DisplayTime.text(time)) has not happened yet.")
    }
    return min(time, stamp)
  }
}

/// How much time a decision grants.
package enum Grace {
  /// How far a person's clock may be ahead of the leader's.
  static let clockSkew = Span.minute
  /// How late something may be recorded so that clocks still go by it, before behaviour level 2.
  static let recordedLate = Span.day
  /// The same from then on, for a responder: business days of the service's calendar.
  static let recordedLateDays: Int64 = 1
  /// How long after its closing an incident is reopened rather than declared anew, before behaviour
  /// level 2.
  static let reopenable = 7 * Span.day
  /// The same from then on, in business days.
  static let reopenableDays: Int64 = 5
  /// Business days from resolved to closed by itself, for a P3 or P4.
  static let closing: Int64 = 5
  /// Business days from resolved to the review's date and attendees being set.
  static let settingReview: Int64 = 2
  /// Business days from resolved to the review being held.
  static let holdingReview: Int64 = 10
  /// How soon after clearing the same alerts belong to the same incident.
  static let flapping = 30 * Span.minute
  /// Within which time more than ten new incidents for a service are a storm of alerts, and after which
  /// nothing more is gathered by it.
  static let storm = 5 * Span.minute
  /// How long after a P1 or P2 should be acknowledged the lead's first assessment is due.
  static let assessment = 15 * Span.minute
  /// How late something may be before it is said that nobody could be reminded.
  package static let lateness = 2 * Span.minute
  /// How long after its alerts cleared an incident stays open that nobody touched.
  package static let cleared = 10 * Span.minute
}
