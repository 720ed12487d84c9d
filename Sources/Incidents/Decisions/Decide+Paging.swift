internal import Bytes

/// What the chain has to know of the incident that it runs for.
struct PagedIncident {
  var id: ID
  var service: ID?
  var owner: ID
  var priority: Priority
  var isExercise: Bool
  var paging: Paging
  /// The version of its service's policy that it runs under, and of the department's.
  var versions: (service: UInt64, department: UInt32)

  /// One that exists, as it will be.
  init(_ incident: Incident, as priority: Priority? = nil, owner line: Line? = nil) {
    id = incident.id
    service = incident.service
    var teams = incident.teams
    teams.ownerLine = line ?? teams.ownerLine
    owner = teams.owner
    self.priority = priority ?? incident.classification.priority
    isExercise = incident.isExercise
    paging = incident.watch.paging
    versions = (incident.clocks.extras.servicePolicy, incident.policyVersion)
  }

  /// One that was over: whoever could not help then is asked again.
  static func anew(_ incident: Incident) -> PagedIncident {
    var anew = PagedIncident(incident)
    anew.paging = Paging()
    return anew
  }

  /// One that is just being declared.
  init(
    _ id: ID, _ declared: Declared, isExercise: Bool,
    versions: (service: UInt64, department: UInt32)
  ) {
    self.id = id
    service = declared.service
    owner = declared.teams.owner
    priority = declared.classification.priority
    self.isExercise = isExercise
    paging = Paging()
    self.versions = versions
  }
}

extension Facts {
  /// The next page of the chain: from `step` on, the first step at which there is somebody to wake.
  ///
  /// Nobody on call, who has left, who cannot be reached or has said that they cannot help is passed
  /// over at once. Who leads another P1 or P2 is woken together with the next in the chain.
  func page(
    from step: PageStep, of incident: PagedIncident, cause: PageCause, at stamp: Int64,
    _ settings: Settings
  ) -> Paged {
    var paged = Paged(step: step, woken: [], skipped: [], cause: cause, nextAt: nil)
    var here = step
    while true {
      paged.step = here
      let found = people(at: here, of: incident, at: stamp, settings)
        .filter { !paged.people.contains($0) }
      if found.isEmpty, here != .again, paged.woken.isEmpty { paged.skipped.append(here) }
      paged.woken += found.map { Paged.Woken($0, as: here) }
      let isBusy = paged.people.allSatisfy { leadsMajor($0, beside: incident.id) }
      if here == .again || !isBusy { break }
      here = here.next
    }
    paged.nextAt = chainGoesOn(after: paged.step, of: incident, at: stamp, settings)
    return paged
  }

  /// When the chain goes on that is at a step now, if nobody takes it until then. Where a service expects
  /// its response sooner than the department, the steps are shorter too, so that all of them fit into it.
  func chainGoesOn(
    after step: PageStep, of incident: PagedIncident, at stamp: Int64, _ settings: Settings
  ) -> Int64 {
    let wait = settings.escalationWaits.wait(after: step, of: incident.priority)
    if step == .seniorManagement || step == .again, incident.priority.isHigh { return stamp + wait }
    let timing = timing(
      service: incident.service, servicePolicy: incident.versions.service,
      policyVersion: incident.versions.department)
    let parts: Int64 = incident.priority.isHigh ? Int64(EscalationWaits.waitingSteps) : 2
    guard let part = timing.part(of: parts, ofResponseTo: incident.priority, from: stamp) else {
      return stamp + wait
    }
    return incident.priority.isHigh ? min(stamp + wait, part) : part
  }

  /// Who is woken at a step, each once; at most ``Bound/pagedAtOnce``.
  private func people(
    at step: PageStep, of incident: PagedIncident, at stamp: Int64, _ settings: Settings
  ) -> [ID] {
    let unable = incident.paging.unable
    var reachable: [ID] = []
    for person in candidates(at: step, of: incident, at: stamp, settings)
    where !reachable.contains(person) && isReachable(person) {
      reachable.append(person)
    }
    let able = reachable.filter { !unable.contains($0) }
    // Once everybody has said that they cannot help, all are asked again: somebody has to come.
    let people = step == .again && able.isEmpty ? reachable : able
    return Array(people.prefix(Bound.pagedAtOnce))
  }

  private func candidates(
    at step: PageStep, of incident: PagedIncident, at stamp: Int64, _ settings: Settings
  ) -> [ID] {
    func onCall(_ role: OnCallRole) -> [ID] {
      guard let service = incident.service else { return [] }
      return self.onCall(service: service, role: role, at: stamp).map { [$0.person] } ?? []
    }
    switch step {
    case .lead: return onCall(.lead)
    case .second: return onCall(.second)
    case .teamLeads:
      return team(incident.owner)?.members.filter { $0.role == .teamLead }.map(\.person) ?? []
    case .dutyContact: return [settings.dutyContact]
    case .seniorManagement:
      return incident.isExercise ? [] : settings.extras.seniorManagement ?? []
    case .again: return incident.paging.pages.map(\.person) + [settings.dutyContact]
    }
  }

  /// Whether somebody can be woken at all.
  private func isReachable(_ id: ID) -> Bool {
    guard let person = person(id), person.isActive else { return false }
    return !person.email.isEmpty || person.details?.contacts.isEmpty == false
  }

  /// Who hears what is escalated: senior management, or the duty contact where nobody is named.
  func seniorContact(_ settings: Settings) -> ID {
    settings.extras.seniorManagement?.first(where: isReachable) ?? settings.dutyContact
  }
}

extension Hearing {
  /// The waits of the chain, as an administrator sets them.
  func check(_ waits: EscalationWaits) throws(Refusal) {
    for seconds in [waits.p1, waits.p2, waits.again]
    where !(1...Bound.escalationSeconds).contains(seconds) {
      throw .invalid(
        "escalation", "A step waits 1 to \(Bound.escalationSeconds) seconds, not \(seconds).")
    }
  }

  /// Whom a P1 or P2 wakes first.
  ///
  /// At behaviour level 1 that is the on-call lead of its service, or else the duty contact; from level
  /// 2 on the chain begins there.
  func wake(_ incident: PagedIncident) -> Fact {
    guard facts.level >= 2 else { return leadPage(for: incident.service) }
    let page = facts.page(from: .lead, of: incident, cause: .declared, at: stamp, settings)
    // These facts say no time: the chain goes on then as the department settled it.
    let wait = settings.escalationWaits.wait(after: page.step, of: incident.priority)
    guard page.nextAt == stamp + wait else { return .paged(page) }
    switch page.step {
    case .lead:
      if page.people.count == 1, let service = incident.service,
        let shift = facts.onCall(service: service, role: .lead, at: stamp)
      {
        return .leadNotified(person: page.people[0], shift: shift.id)
      }
    case .dutyContact:
      if page.people == [settings.dutyContact] {
        return .noLeadOnCall(contact: settings.dutyContact)
      }
    case .second, .teamLeads, .seniorManagement, .again: break
    }
    return .paged(page)
  }
}

/// What people answer to a page, and senior management.
extension Scene {
  func answer(_ answer: PageAnswer) throws(Refusal) -> [Event] {
    if case .eta(let minutes) = answer {
      guard (1...Bound.pageMinutes).contains(minutes) else {
        throw .invalid("minutes", "An arrival is 1 to \(Bound.pageMinutes) minutes away.")
      }
    }
    let paging = incident.watch.paging
    guard let page = paging.pages.last(where: { $0.person == asker }), page.state.isOpen else {
      throw .notPaged
    }
    if case .answered(answer, _) = page.state { return [] }
    let answered = PageAnswered(
      person: asker, answer: answer, nextAt: next(after: answer, paging))
    let events = [event(.pageAnswered(answered))]
    guard answer == .cannotHelp, paging.nextAt != nil else { return events }
    // Without them: does anybody whom the chain woke last still come?
    var without = incident
    without.observe(
      events[0], at: stamp, isByPerson: true, waits: hearing.settings.escalationWaits)
    guard !without.watch.paging.hasHope else { return events }
    let next = facts.page(
      from: paging.step.next, of: PagedIncident(without),
      cause: paging.cause.next(after: .cannotHelp), at: stamp, hearing.settings)
    return events + [event(.paged(next))]
  }

  /// When the chain goes on after an answer. Who is on it has one more wait to acknowledge; who comes
  /// later than that does not hold it up.
  private func next(after answer: PageAnswer, _ paging: Paging) -> Int64? {
    guard let nextAt = paging.nextAt else { return nil }
    // Who was asked whether they are still on it, and is, has nothing more to say.
    if paging.cause == .silence, answer != .cannotHelp { return nil }
    let another = facts.chainGoesOn(
      after: paging.step, of: PagedIncident(incident), at: stamp, hearing.settings)
    switch answer {
    case .cannotHelp: return nextAt
    case .onIt: return max(nextAt, another)
    case .eta(let minutes):
      let arrival = stamp + Int64(minutes) * Span.minute
      return arrival <= another ? max(nextAt, arrival) : nextAt
    }
  }

  /// The lead tells senior management, at any time.
  func escalate(_ reason: String) throws(Refusal) -> [Event] {
    try Check.required(reason, "reason", max: Bound.reason)
    let contact = facts.seniorContact(hearing.settings)
    return [
      event(
        .escalated(
          Escalation(to: incident.isExercise ? nil : contact, missedLimit: nil, reason: reason)))
    ]
  }
}

extension Refusal {
  /// No page of theirs waits for an answer.
  fileprivate static var notPaged: Refusal {
    Refusal(
      .rightMissing, title: "No page of yours waits for an answer",
      detail: "You were not paged for this incident, or somebody has it by now.", guidance: "6.2",
      missing: ["page"])
  }
}
