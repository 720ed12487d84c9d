import Access
import Bytes
import EventLoop
import HTTP
import Incidents
import JSON
import Store

/// Saved views: filters of incidents under a name.
@ClientLoop extension Exchange {
  /// `GET /v1/views`: one's own, then those of one's teams.
  func listViews() async throws(Problem) -> Response {
    let window = try Window(request.query)
    return try await list { desk throws(Problem) in
      let person = desk.principal.person
      var views = desk.reader.views(of: .person(person.id))
      for membership in person.memberships {
        views += desk.reader.views(of: .team(membership.team))
      }
      let (items, next) = try window.piece(of: views) { $0.id.description }
      return Content.json { json in
        json.page(items, next: next) { json, view in json.write(view, desk) }
      }
    }
  }

  /// `GET /v1/views/{view}`.
  func showView(_ id: ID) async throws(Problem) -> Response {
    try await point { desk throws(Problem) in
      let view = try desk.view(id)
      return Content.json { json in json.write(view, desk) }
    }
  }

  /// `POST /v1/views`.
  func saveView() async throws(Problem) -> Response {
    let done = try await submit { asker, clerk throws(Problem) in
      let person = asker.principal.person
      return try self.read(clerk) { clerk, body throws(Problem) in
        .saveView(try clerk.view(&body, of: person))
      }
    }
    return done.response
  }
}

extension Clerk<StateReader> {
  /// `POST /v1/views`: of whoever asks, or of one of their teams.
  fileprivate func view(
    _ body: inout BodyReader, of asker: Person
  ) throws(Problem) -> SavedView {
    var name: String?
    var team: ID?
    var isShared = false
    var form = FilterForm(in: facts, asker: asker)
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "name": name = try body.text(atMost: Bound.name)
      case "team": team = try optionalTeam(&body)
      case "shared": isShared = try body.optionalBool() ?? false
      case "filter": try fill(&form, &body)
      default: throw body.unknownMember(member)
      }
    }
    return SavedView(
      id: makeID(), name: try body.require(name, "name"),
      owner: team.map { .team($0) } ?? .person(asker.id), isShared: isShared, filter: form.filter)
  }

  /// Each member is one value or a list of them.
  private func fill(_ form: inout FilterForm, _ body: inout BodyReader) throws(Problem) {
    guard try !body.isNull() else { return }
    try body.beginObject()
    while let member = try body.member() {
      guard try !body.isNull() else { continue }
      let values = try body.words(atMost: Bound.email)
      do throws(Problem) {
        try form.set(member, values)
      } catch {
        var problem = error
        problem.member = body.pointer
        throw problem
      }
    }
    if let problem = form.filter.contradiction { throw .invalid(problem) }
  }
}

extension JSONWriter {
  /// Writes a saved view, as an object. Its filter is as a request gives it.
  fileprivate mutating func write(_ view: SavedView, _ desk: Desk) {
    object { json in
      json.member("id", view.id.description)
      json.member("name", view.name)
      switch view.owner {
      case .person(let id): json.person("owner", id, desk.names)
      case .team(let id): json.team("team", id, desk.names)
      }
      json.member("shared", view.isShared)
      json.object("filter") { json in json.write(view.filter) }
    }
  }

  private mutating func write(_ filter: IncidentFilter) {
    if let isOver = filter.isOver { member("state", isOver ? "over" : "open") }
    list("status", filter.statuses.map(\.spelling))
    list("priority", filter.priorities.map(\.spelling))
    list("service", filter.services.map(\.description))
    list("team", filter.teams.map(\.description))
    list("flag", filter.flags.map(\.spelling))
    someone("holder", filter.holder)
    someone("lead", filter.lead)
    someone("reporter", filter.reporter)
    if let isExercise = filter.isExercise { member("exercise", isExercise) }
    if filter.isOverdue { member("overdue", true) }
    if let from = filter.declaredFrom { time("from", from) }
    if let until = filter.declaredUntil { time("until", until) }
    if let prefix = filter.referencePrefix { member("referencePrefix", prefix) }
    if filter.order != .latest { member("sort", filter.order.spelling) }
  }

  private mutating func list(_ name: StaticString, _ values: [String]) {
    guard !values.isEmpty else { return }
    array(name) { json in for value in values { json.value(value) } }
  }

  private mutating func someone(_ name: StaticString, _ someone: IncidentFilter.Someone?) {
    switch someone {
    case .me: member(name, "me")
    case .person(let id): member(name, id.description)
    case nil: break
    }
  }
}
