internal import Bytes

/// What a node notes of a person's attempts. It is no act of theirs: nothing is asked of the
/// credential but that it is one, for it may have been revoked meanwhile.
func decideAttempts(
  _ attempts: [DeniedAttempt], by actor: Actor, at stamp: Int64, facts: some Facts
) throws(Refusal) -> [Event] {
  guard case .credential(let id, let owner) = actor,
    let credential = facts.credential(id), credential.person == owner
  else { throw .notFound("credential", Settings.id) }
  try Check.count(attempts.count, "attempts", max: Bound.attempts)
  let known = facts.tally(DeniedAttempt.tally(of: id))
  var left = Int(DeniedAttempt.mostRows) - Int(known?.count(inMinuteOf: stamp) ?? 0)
  var events: [Event] = []
  var counted: DeniedAttempt?
  for attempt in attempts {
    if attempt.count == 1, left > 0 {
      left -= 1
      events.append(attempt.event(by: owner, facts))
    } else if let before = counted {
      counted?.count = before.count &+ attempt.count
      if before.incident != attempt.incident { counted?.incident = nil }
      if before.what != attempt.what { counted?.what = DeniedAttempt.several }
    } else {
      counted = attempt
    }
  }
  if let counted { events.append(counted.event(by: owner, facts)) }
  return events
}

extension Facts {
  /// What is kept of attempts once they are in the record: how many rows this minute has.
  func attemptsTally(after attempts: [DeniedAttempt], of credential: ID, at stamp: Int64) -> Tally {
    let known = tally(DeniedAttempt.tally(of: credential))?.count(inMinuteOf: stamp) ?? 0
    let rows = attempts.count { $0.count == 1 }
    return Tally(
      failures: UInt8(min(Int(DeniedAttempt.mostRows), Int(known) + rows)),
      at: stamp - stamp % Span.minute)
  }
}

extension Tally {
  /// How many it counts in the minute of `stamp`: it began with that minute, or counts for nothing.
  fileprivate func count(inMinuteOf stamp: Int64) -> UInt8 {
    at == stamp - stamp % Span.minute ? failures : 0
  }
}

extension DeniedAttempt {
  /// What a row tells of attempts that were several things.
  package static let several = "several things"

  /// Under what the rows of a credential are counted.
  static func tally(of credential: ID) -> ID {
    ID(high: credential.high ^ 0x6174_7465_6d70_7473, low: credential.low)
  }

  /// As it stands in the record: at the incident that it was about, or else at who tried.
  fileprivate func event(by person: ID, _ facts: some Facts) -> Event {
    if let id = incident, let incident = facts.incident(id) {
      return incident.event(.attemptDenied(self), happenedAt: at)
    }
    var without = self
    without.incident = nil
    let subject = Subject(
      kind: facts.person(person) == nil ? .service : .person, id: person)
    return Event(subject: subject, happenedAt: at, fact: .attemptDenied(without))
  }
}

/// What a node notes of reads of what is restricted: before it shows it, by whoever asks; or of
/// itself, what it showed to an incident's team while it had no quorum.
func decideReads(
  _ reads: [RestrictedRead], by actor: Actor, at stamp: Int64, facts: some Facts
) throws(Refusal) -> [Event] {
  try Check.count(reads.count, "reads", max: Bound.reads)
  var events: [Event] = []
  for read in reads {
    guard let incident = facts.incident(read.incident) else {
      // One that is not there any more has nobody to tell.
      if actor == .system { continue }
      throw .notFound("incident", read.incident)
    }
    if actor != .system {
      guard actor == .credential(id: read.credential, person: read.person),
        let credential = facts.credential(read.credential), facts.works(credential, at: stamp),
        let person = facts.person(read.person), person.isActive,
        facts.sees(person, incident, at: stamp)
      else { throw .notFound("incident", read.incident) }
    }
    events.append(incident.event(.restrictedRead(read), happenedAt: read.at))
  }
  return events
}

extension Facts {
  /// Whether a person may know of an incident at a time (policy sections 8 and 9).
  package func sees(_ person: Person, _ incident: Incident, at now: Int64) -> Bool {
    seesWithoutGlass(person, incident) || hasBrokenGlass(person, before: incident, at: now)
  }

  /// Whether a person may know of an incident, also once a glass that they broke is whole again.
  func seesWithoutGlass(_ person: Person, _ incident: Incident) -> Bool {
    guard incident.isRestricted else { return true }
    if incident.isVisible(to: person, hasActed: false) { return true }
    let contacts = settings()?.contacts ?? SpecialContacts()
    if Flag.allCases.contains(where: { contacts.include(person, for: $0) }) { return true }
    // A service whose key posted its alerts has acted on it, and is nobody to be shown it.
    guard service(person.id) == nil else { return false }
    return incident.isVisible(to: person, hasActed: hasActed(person.id, on: incident.id))
  }
}
