internal import Bytes

/// The timeline, communications, status and lines of support.
extension Scene {
  func add(_ note: Note) throws(Refusal) -> [Event] {
    try Check.required(note.text, "text", max: Bound.text)
    let happened = try hearing.past(note.happenedAt)
    guard (note.kind == .correction) == (note.corrects != nil) else {
      throw .invalid(
        "corrects",
        note.corrects == nil
          ? "A correction names the entry that it corrects, by its position."
          : "Only a correction names another entry.")
    }
    if let id = note.onBehalfOf, facts.person(id) == nil { throw .notFound("person", id) }
    let noted = event(.noted(note), happenedAt: happened, onBehalfOf: note.onBehalfOf)
    guard incident.status == .open, isWork(note.kind) else { return [noted] }
    return [noted, status(.investigating)]
  }

  /// Whether an entry shows that work has begun: something done or found out by a responder.
  private func isWork(_ kind: Note.Kind) -> Bool {
    guard !standing.isDisjoint(with: [.responder, .serviceDelivery, .lead, .owning]) else {
      return false
    }
    return switch kind {
    case .action, .finding: true
    case .decision, .discussion, .communication, .evidence, .correction: false
    }
  }

  func send(_ update: CommunicationUpdate) throws(Refusal) -> [Event] {
    try Check.required(update.text, "text", max: Bound.text)
    try Check.time(optional: update.nextUpdateAt, "nextUpdateAt")
    guard update.audience == .team || !standing.isDisjoint(with: .sending) else {
      throw .rightMissing("send updates beyond the incident team", needs: .sending)
    }
    if let next = update.nextUpdateAt, next <= stamp {
      throw .invalid("nextUpdateAt", "\(DisplayTime.text(next)) is past already.")
    }
    // From level 2 on it is logged that it would have been sent.
    if incident.isExercise, update.audience.isWide, facts.level < 2 {
      throw .invalid(
        "audience", "An exercise is never announced to all staff or on the status page.")
    }
    try check(update.extras)
    try checkReach(update.audience)
    if facts.level >= 2, update.audience == .allStaff, needsApproval {
      throw .approvalRequired(incident, from: nil)
    }
    let sent = event(.updated(update))
    guard update.audience != .team else { return [sent] }
    return [sent] + told(children: .updated(nextUpdateAt: update.nextUpdateAt))
  }

  func move(_ change: StatusChange) throws(Refusal) -> [Event] {
    try Check.optional(change.note, "note", max: Bound.reason)
    try check(change)
    let here = incident.status
    switch (here, change.to) {
    case (.backlog, .backlog) where !change.place.isEmpty:
      let place = incident.backlogPlace.changed(by: change.place)
      guard place != incident.backlogPlace else { return [] }
      return [
        event(
          .statusMoved(StatusMoved(from: .backlog, to: .backlog, note: change.note, place: place)))
      ]
    case (.investigating, .investigating), (.mitigated, .mitigated), (.backlog, .backlog):
      return []
    case (.open, .investigating), (.mitigated, .investigating), (.backlog, .investigating):
      return [status(.investigating, note: change.note)]
    case (.investigating, .mitigated):
      return [status(.mitigated, note: change.note)]
    // Mitigated follows on work, even if nobody had time to say that it began.
    case (.open, .mitigated), (.backlog, .mitigated):
      return [
        status(.investigating), status(.mitigated, from: .investigating, note: change.note),
      ]
    case (.open, .backlog), (.investigating, .backlog), (.mitigated, .backlog):
      return try toBacklog(note: change.note, place: change.place)
    case (.resolved, _), (.inReview, _), (.closed, _), (.cancelled, _), (.duplicate, _):
      preconditionFailure("The life's table admits no move of what is \(here.word).")
    }
  }

  private func check(_ change: StatusChange) throws(Refusal) {
    guard change.to == .backlog || change.place.isEmpty else {
      throw .invalid("to", "Only what is in the backlog has a rank and a date to look again.")
    }
    if let rank = change.place.rank, !Bound.ranks.contains(rank) {
      throw .invalid(
        "rank", "A rank is from \(Bound.ranks.lowerBound) to \(Bound.ranks.upperBound).")
    }
    guard let at = change.place.lookAgainAt else { return }
    try Check.time(at, "lookAgainAt")
    if at <= stamp { throw .invalid("lookAgainAt", "\(DisplayTime.text(at)) is past already.") }
  }

  private func toBacklog(note: String?, place: BacklogPlace) throws(Refusal) -> [Event] {
    let priority = incident.classification.priority
    switch priority {
    case .p3, .p4, .p5: break
    case .p1, .p2, .p6:
      throw Refusal(
        .backlogPriority, title: "Only P3 to P5 wait in the backlog",
        detail: priority.isHigh
          ? "A \(priority) is worked on until it is resolved. Lower its priority first."
          : "A P6 is answered from the queue of 1st line.",
        guidance: "5.2", missing: ["priority"])
    }
    var events: [Event] = []
    // Mitigated goes back by way of investigating: there is no shorter arrow.
    if incident.status == .mitigated { events.append(status(.investigating)) }
    let from: Incident.Status = incident.status == .mitigated ? .investigating : incident.status
    events.append(
      event(.statusMoved(StatusMoved(from: from, to: .backlog, note: note, place: place))))
    let hasThird = incident.teams.third != nil || thirdLineSupplier != nil
    if incident.teams.ownerLine == .second, hasThird {
      let move = ownerMove(to: .third, reason: note, followsPriority: false)
      events.append(event(.ownerMoved(move)))
      events += supplierOfThirdLine()
    }
    return events
  }

  func hand(over handOver: HandOver) throws(Refusal) -> [Event] {
    try Check.optional(handOver.reason, "reason", max: Bound.reason)
    let teams = incident.teams
    guard handOver.to != teams.ownerLine else { return [] }
    let hasTeam =
      switch handOver.to {
      case .first: teams.first != nil
      case .second: true
      case .third: teams.third != nil || thirdLineSupplier != nil
      }
    guard hasTeam else {
      throw Refusal(
        .lineUnavailable, title: "No team works as \(handOver.to.word) here",
        detail: "The service names no \(handOver.to.word) team.", guidance: "4")
    }
    guard !incident.classification.priority.isHigh || handOver.to == .second else {
      throw Refusal(
        .lineUnavailable, title: "2nd line owns P1 and P2 incidents",
        detail: "Engage \(handOver.to.word) as technical support; the incident stays here.",
        guidance: "5.1")
    }
    let move = ownerMove(to: handOver.to, reason: handOver.reason, followsPriority: false)
    return [event(.ownerMoved(move))] + (handOver.to == .third ? supplierOfThirdLine() : [])
  }

  func recordTicket(_ reference: String, updatedAt: Int64?) throws(Refusal) -> [Event] {
    try Check.name(reference, "reference", max: Bound.reference)
    let updatedAt = try hearing.past(updatedAt, "updatedAt")
    let ticket = Incident.Ticket(reference: reference, updatedAt: updatedAt)
    guard incident.ticket != ticket else { return [] }
    return [event(.ticketRecorded(reference: reference, updatedAt: updatedAt))]
  }
}
