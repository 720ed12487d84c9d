internal import Bytes

/// Something that a service lacks to be live (policy section 3).
package struct ServiceGap: Hashable, Sendable {
  /// Its stable name, such as `second-line`.
  package var slug: String
  /// As a person reads it.
  package var text: String
}

extension Facts {
  /// What a service lacks to be live at a time, in the order of the policy.
  package func gaps(of service: Service, at now: Int64) -> [ServiceGap] {
    let arrangement = arrangement(of: service.id) ?? ServiceArrangement(service: service.id)
    let profile = arrangement.profile
    var gaps: [ServiceGap] = []
    func add(_ slug: String, _ text: String) { gaps.append(ServiceGap(slug: slug, text: text)) }

    if workingTeam(service.firstLine) == nil { add("first-line", "It names no 1st line team.") }
    gaps += deliveryGaps(of: service, profile, at: now)
    if workingTeam(service.thirdLine) == nil, profile.thirdLineSupplier == nil {
      add("third-line", "It names no 3rd line: neither a team nor a supplier.")
    }
    let shift = onCall(service: service.id, role: .lead, at: now)
    if shift.flatMap({ person($0.person) })?.isActive != true {
      add("on-call", "Nobody is on call for it as lead.")
    }
    if profile.stakeholders.isEmpty { add("stakeholders", "Nobody is named to be told.") }
    if profile.manual == nil { add("manual", "It does not say where its manual is.") }
    for activity in Activity.allCases {
      if let gap = gap(in: activity, of: profile) { gaps.append(gap) }
    }
    return gaps
  }

  /// Service Delivery: a team with somebody in it, which is neither of the two others, or else with
  /// somebody's agreement.
  private func deliveryGaps(
    of service: Service, _ profile: ArrangementProfile, at now: Int64
  ) -> [ServiceGap] {
    var gaps: [ServiceGap] = []
    if workingTeam(service.secondLine) == nil {
      gaps.append(
        ServiceGap(slug: "second-line", text: "It names no Service Delivery (2nd line) team."))
    } else if delivery(of: service) == nil {
      gaps.append(
        ServiceGap(slug: "second-line-people", text: "Nobody is in its Service Delivery team."))
    }
    for (slug, id, what) in [
      ("product-team", profile.productTeam, "product team"),
      ("infrastructure-team", profile.infrastructureTeam, "infrastructure team"),
    ] {
      guard let id, workingTeam(id) != nil else {
        gaps.append(ServiceGap(slug: slug, text: "It does not name its \(what)."))
        continue
      }
      guard id == service.secondLine else { continue }
      if let exception = profile.smallerTeam, now < exception.reviewAt { continue }
      gaps.append(
        ServiceGap(
          slug: "distinct-\(slug)",
          text: profile.smallerTeam == nil
            ? "Its Service Delivery is its \(what) too, and nobody has agreed to that."
            : "Its Service Delivery is its \(what) too, and that was to be reviewed by now."))
    }
    return gaps
  }

  private func gap(in activity: Activity, of profile: ArrangementProfile) -> ServiceGap? {
    let slug = "raci-\(activity.rawValue)"
    guard let roles = profile.activities.first(where: { $0.activity == activity }) else {
      return ServiceGap(
        slug: slug, text: "Nobody answers for “\(activity.word)” (activity \(activity.rawValue)).")
    }
    guard isThere(roles.accountable), roles.responsible.contains(where: isThere) else {
      return ServiceGap(
        slug: slug,
        text: "Whoever answers for “\(activity.word)”, or does it, is not there any more.")
    }
    return nil
  }

  /// Whether a party can do anything still.
  private func isThere(_ party: Party) -> Bool {
    switch party {
    case .role: true
    case .team(let id): workingTeam(id) != nil
    case .person(let id): isThere(id)
    }
  }

  /// A team, unless it was taken out of the directory.
  private func workingTeam(_ id: ID?) -> Team? {
    id.flatMap { team($0) }.flatMap { $0.isRetired ? nil : $0 }
  }

  /// The Service Delivery team of a service, if it has one with at least one active person.
  package func delivery(of service: Service) -> Team? {
    guard let team = workingTeam(service.secondLine) else { return nil }
    return team.members.contains { person($0.person)?.isActive == true } ? team : nil
  }

  /// What the leads of a service's Service Delivery team owe it, by due time.
  package func duties(of service: Service, at now: Int64) -> [Duty] {
    guard !service.isRetired else { return [] }
    let arrangement = arrangement(of: service.id)
    var duties: [Duty] = []
    let holdsUntil = arrangement?.confirmation.map { $0.at + ManualConfirmation.holds }
    if holdsUntil.map({ $0 <= now }) ?? true {
      duties.append(
        Duty(
          slug: "confirm-manual",
          text: "Confirm that its manual has both reporting requirements of guidance 1.",
          dueAt: holdsUntil))
    }
    if let exception = arrangement?.profile.smallerTeam, exception.reviewAt <= now {
      duties.append(
        Duty(
          slug: "review-smaller-team",
          text: "Review whether its Service Delivery has to be another of its teams too.",
          dueAt: exception.reviewAt))
    }
    let gone = arrangement?.profile.people.filter { !isThere($0) } ?? []
    if !gone.isEmpty {
      let names = gone.map { person($0)?.name ?? "Somebody" }.joined(separator: ", ")
      duties.append(
        Duty(
          slug: "replace-contact",
          text: "\(names) \(gone.count == 1 ? "has" : "have") left, and its arrangement names "
            + "them still: name somebody else."))
    }
    if arrangement?.liveSince != nil {
      let gaps = gaps(of: service, at: now)
      if !gaps.isEmpty {
        duties.append(
          Duty(
            slug: "complete-service",
            text: "It is live and incomplete: " + gaps.map(\.text).joined(separator: " ")))
      }
    }
    return duties
  }
}

extension ArrangementProfile {
  /// Whoever it names by themselves, each once: who answers for what, does it, is asked or told.
  fileprivate var people: [ID] {
    let told = stakeholders.compactMap { stakeholder -> Party? in
      if case .party(let party) = stakeholder.who { party } else { nil }
    }
    var people: [ID] = []
    for case .person(let id) in activities.flatMap(\.parties) + told where !people.contains(id) {
      people.append(id)
    }
    return people
  }
}

extension Facts {
  /// What administrators owe the settings: somebody else in the place of each contact who has left
  /// (policy section 10).
  package func contactDuties(_ settings: Settings) -> [Duty] {
    var named: [(role: String, person: ID)] = [("the duty contact", settings.dutyContact)]
    for person in settings.extras.seniorManagement ?? [] {
      named.append(("senior management", person))
    }
    for flag in Flag.allCases {
      if case .person(let person)? = settings.contacts.contact(for: flag)?.recipient {
        named.append(("the contact for the \(flag.team)", person))
      }
    }
    return named.filter { !isThere($0.person) }.map { role, id in
      Duty(
        slug: "replace-contact",
        text: "The settings name \(person(id)?.name ?? "somebody") as \(role), who has left: name "
          + "somebody else.")
    }
  }
}
