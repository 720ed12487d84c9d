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
      for incident in try desk.live() {
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
  /// What it is owed, unless it is a service.
  var incident: Incident?
  /// The service without anybody on call.
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
    var owed = try services(of: person)
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

  /// What is owed for services of teams that a person leads, and when nobody is on call for them over the
  /// next fortnight.
  private func services(of person: Person) throws(Problem) -> [OwedDuty] {
    let leads = person.memberships.filter { $0.role == .teamLead }.map(\.team)
    guard !leads.isEmpty else { return [] }
    let until = now + OnCallGap.horizon
    let (services, shifts) = try reader.ask { reader throws(StoreError) in
      (try reader.services(), try reader.shifts(from: now, until: until))
    }
    var owed: [OwedDuty] = []
    for service in services where service.listing?.isRetired != true {
      guard let team = service.secondLine ?? reader.settings()?.defaultTeam, leads.contains(team)
      else { continue }
      for duty in reader.duties(of: service, at: now) {
        owed.append(
          OwedDuty(duty: duty, share: .team, bearers: [.leads(of: team)], service: service.id))
      }
      let gaps = OnCallGap.gaps(of: service.id, in: shifts, from: now, until: until) {
        reader.person($0)?.isActive == true
      }
      for gap in gaps {
        let duty = Duty(
          slug: "on-call-gap",
          text: "Nobody is on call for \(service.name) from \(DisplayTime.text(gap.from)) to "
            + "\(DisplayTime.text(gap.until)).",
          dueAt: gap.from, owner: .leads(of: team))
        owed.append(
          OwedDuty(duty: duty, share: .team, bearers: [.leads(of: team)], service: service.id))
      }
    }
    return owed
  }
}
