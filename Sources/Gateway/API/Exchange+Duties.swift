import Access
import Bytes
import EventLoop
import HTTP
import Incidents
import JSON
import Store

/// What is owed by whoever asks, and for what they were paged.
@ClientLoop extension Exchange {
  /// `GET /v1/me/duties`: of whoever asks and of their teams, by due time; with `?of=mine` only their own.
  func listMyDuties() async throws(Problem) -> Response {
    let window = try Window(request.query)
    let isOnlyMine: Bool
    switch request.query["of"] {
    case nil, "all": isOnlyMine = false
    case "mine": isOnlyMine = true
    case .some: throw .malformed("of is all, which is the default, or mine.")
    }
    return try await list { desk throws(Problem) in
      let owed = try desk.owed().filter { !isOnlyMine || $0.share == .mine }
      let piece = try window.piece(of: owed) { $0.key }
      let shown = piece.items.compactMap(\.incident)
      return Content.json(restricted: desk.restricted(shown)) { json in
        json.page(piece.items, next: piece.next) { json, item in
          DutyView(names: desk.names, now: desk.now).write(item, to: &json)
        }
      }
    }
  }

  /// `GET /v1/pages`: of whoever asks, that an answer is still wanted to or that may still change.
  func listPages() async throws(Problem) -> Response {
    let window = try Window(request.query)
    return try await list { desk throws(Problem) in
      var pages: [(incident: Incident, page: PersonalPage)] = []
      // What is real outranks an exercise.
      let live = try desk.live()
      for incident in live.filter({ !$0.isExercise }) + live.filter(\.isExercise) {
        for page in incident.watch.paging.pages
        where page.person == desk.principal.person.id && incident.awaitsAnswer(to: page) {
          pages.append((incident, page))
        }
      }
      let piece = try window.piece(of: pages) { $0.incident.id.description }
      return Content.json(restricted: desk.restricted(piece.items.map(\.incident))) { json in
        json.page(piece.items, next: piece.next) { json, item in
          DutyView(names: desk.names, now: desk.now).write(item.page, of: item.incident, to: &json)
        }
      }
    }
  }
}

extension Incident {
  /// Whether an answer is wanted, or may still matter to a chain that runs.
  fileprivate func awaitsAnswer(to page: PersonalPage) -> Bool {
    page.state == .waiting || page.state.isOpen && watch.paging.nextAt != nil
  }
}

/// One duty with what it is about and what it is to whoever asks.
struct OwedDuty {
  var duty: Duty
  var share: Person.Share
  var bearers: [Reminder.Addressee]
  /// The incident that it is owed, if it is one.
  var incident: Incident?
  /// The service that it is owed, if it is one; else it is owed to the settings.
  var service: ID?

  /// Names it in a list.
  var key: String {
    let about = incident?.id ?? service
    return "\(duty.slug)/\(about?.description ?? "")/\(duty.dueAt ?? 0)/\(duty.text.utf8.count)"
  }
}

extension Desk {
  /// The incidents that are not over and that whoever asks may see.
  func live() throws(Problem) -> [Incident] {
    try seen { reader throws(StoreError) in try reader.liveIncidents() }
  }

  private func seen(
    _ ids: (StateReader) throws(StoreError) -> [ID]
  ) throws(Problem) -> [Incident] {
    try reader.ask { reader throws(StoreError) in
      var incidents: [Incident] = []
      for id in try ids(reader) {
        guard let incident = reader.incident(id), try sight.sees(incident) else { continue }
        incidents.append(incident)
      }
      return incidents
    }
  }

  /// What is owed by whoever asks and by their teams, by due time; what has none comes last.
  func owed() throws(Problem) -> [OwedDuty] {
    let person = principal.person
    var owed = try standingDuties(of: person)
    let followed = try seen { reader throws(StoreError) in try reader.followedIncidents() }
    for incident in try live() + followed {
      for duty in incident.duties(at: now) {
        let bearers = incident.bearers(of: duty, reader)
        guard let share = person.share(of: bearers) else { continue }
        owed.append(OwedDuty(duty: duty, share: share, bearers: bearers, incident: incident))
      }
    }
    let timed = owed.enumerated().sorted {
      ($0.element.duty.dueAt ?? Int64.max, $0.offset)
        < ($1.element.duty.dueAt ?? Int64.max, $1.offset)
    }
    return timed.map(\.element)
  }

  /// What is owed for services, and when nobody is on call for them over the next fortnight, as far as a
  /// person sees to it; and to an administrator what is owed to the settings.
  private func standingDuties(of person: Person) throws(Problem) -> [OwedDuty] {
    guard person.isAdministrator || person.memberships.contains(where: { $0.role != .member }),
      let settings = reader.settings()
    else { return [] }
    let administrators = person.isAdministrator ? try self.administrators() : []
    var owed: [OwedDuty] = []
    func add(_ duty: Duty, to bearers: [Reminder.Addressee], service: ID? = nil) {
      guard let share = person.share(of: bearers) else { return }
      owed.append(OwedDuty(duty: duty, share: share, bearers: bearers, service: service))
    }
    if person.isAdministrator {
      for duty in try reader.settingsDuties(settings, at: now) { add(duty, to: administrators) }
    }
    let until = now + OnCallGap.horizon
    let (services, shifts) = try reader.ask { reader throws(StoreError) in
      (try reader.services(), try reader.shifts(from: now, until: until))
    }
    for service in services where service.listing?.isRetired != true {
      let team = service.secondLine ?? settings.defaultTeam
      let keepers = reader.keepers(of: team)
      let bearers = keepers.isEmpty ? administrators : keepers
      guard person.share(of: bearers) != nil else { continue }
      for duty in reader.duties(of: service, at: now) {
        add(duty, to: bearers, service: service.id)
      }
      let gaps = OnCallGap.gaps(
        of: service.id, in: shifts, from: now, until: until, stands: reader.stands)
      for gap in gaps {
        let duty = Duty(
          slug: "on-call-gap",
          text: "Nobody is on call for \(service.name) from \(DisplayTime.text(gap.from)) to "
            + "\(DisplayTime.text(gap.until)).",
          dueAt: gap.from, owner: .leads(of: team))
        add(duty, to: bearers, service: service.id)
      }
    }
    return owed
  }

  private func administrators() throws(Problem) -> [Reminder.Addressee] {
    let people = try reader.ask { reader throws(StoreError) in try reader.people() }
    return people.filter { $0.isActive && $0.isAdministrator }.map { .person($0.id) }
  }
}
