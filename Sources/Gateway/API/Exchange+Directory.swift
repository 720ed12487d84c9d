import Access
import Bytes
import Crypto
import Directory
import EventLoop
import HTTP
import Incidents
import JSON
import Store

/// The directory as a whole: out of the cluster, and into it.
@ClientLoop extension Exchange {
  /// `GET /v1/directory?format=json|csv`: for administrators and auditors, as it says how people are
  /// reached.
  func exportDirectory() async throws(Problem) -> Response {
    let word = request.query["format"] ?? "json"
    guard let form = DirectoryForm(rawValue: word) else {
      throw .malformed("format is json, which is the default, or csv.")
    }
    return try await list { desk throws(Problem) in
      let person = desk.principal.person
      guard person.mayAudit else { throw .directoryUnreadable }
      let document = DirectoryDocument(try desk.reader.directory())
      var content =
        switch form {
        case .json: Content(body: document.json())
        case .csv: Content(body: document.csv(), type: "text/csv; charset=utf-8")
        }
      content.version = desk.reader.directoryVersion()
      return content
    }
  }

  /// `POST /v1/directory?dryRun=true&prune=true`: all of it, or nothing and what is wrong with it.
  func importDirectory() async throws(Problem) -> Response {
    let form = try directoryForm()
    let isPruning = try flag("prune")
    if try flag("dryRun") {
      let expected = try expectedVersion()
      return try await list { [request] desk throws(Problem) in
        let plan = try desk.plan(request.body, form, isPruning: isPruning)
        try desk.rehearse(.importDirectory(plan.change), expecting: expected)
        return Content.json { json in
          json.object { json in
            json.object("result") { json in
              json.member("dryRun", true)
              json.write(plan)
            }
          }
        }
      }
    }
    _ = try idempotencyKey()
    // A thousand rows are read and compared on a thread of their own, so that the loop goes on.
    let plan = try await study { [request] desk throws(Problem) in
      try desk.plan(request.body, form, isPruning: isPruning)
    }
    let done = try await submit { _, _ in .importDirectory(plan.change) }
    return done.answer { json in json.write(plan) }
  }

  /// `true` or `false` in the query; `false` if it says nothing.
  func flag(_ name: String) throws(Problem) -> Bool {
    switch request.query[name] {
    case nil, "false": return false
    case "true": return true
    case .some: throw .malformed("\(name) is true, or false, which is the default.")
    }
  }

  /// In which form the body is, by its Content-Type.
  private func directoryForm() throws(Problem) -> DirectoryForm {
    let field = request.fields["Content-Type"] ?? "application/json"
    let type = field.prefix { $0 != ";" && $0 != " " }.lowercased()
    guard let form = DirectoryForm.allCases.first(where: { $0.type == type }) else {
      throw Problem(
        .unsupportedMediaType, "unsupported-form", title: "This form is not read here",
        detail: "Send the directory as application/json or as text/csv.")
    }
    return form
  }
}

/// How a directory is written.
private enum DirectoryForm: String, CaseIterable {
  case json
  case csv

  var type: String {
    switch self {
    case .json: "application/json"
    case .csv: "text/csv"
    }
  }
}

extension StateReader {
  /// All of the directory, and what it stands by.
  fileprivate func directory() throws(Problem) -> DirectoryState {
    let (people, teams, services) = try ask { reader throws(StoreError) in
      (try reader.people(), try reader.teams(), try reader.services())
    }
    guard let settings = settings() else { throw .noStateYet }
    // A list that was cut off would make somebody new, or gone, who is neither.
    guard max(people.count, teams.count, services.count) < StateReader.mostRows else {
      throw Problem(
        .contentTooLarge, "directory-too-large", title: "The directory is too large for one piece",
        detail: "There are \(StateReader.mostRows) people, teams or services, or more.")
    }
    return DirectoryState(people: people, teams: teams, services: services, settings: settings)
  }
}

extension Desk {
  /// What importing `body` would change.
  fileprivate func plan(
    _ body: [UInt8], _ form: DirectoryForm, isPruning: Bool
  ) throws(Problem) -> DirectoryPlan {
    guard principal.person.isAdministrator else { throw .directoryUnwritable }
    let state = try reader.directory()
    let plan: DirectoryPlan
    do throws(DirectoryMistakes) {
      let document =
        switch form {
        case .json: try DirectoryDocument(json: body)
        case .csv: try DirectoryDocument(csv: body)
        }
      let now = now
      plan = try DirectoryPlan(document, in: state, isPruning: isPruning) {
        ID(version7At: now, random: randomUInt64Pair())
      }
      try weigh(plan).check()
    } catch {
      throw .directoryMistakes(error)
    }
    try checkSize(of: plan)
    return plan
  }

  /// What the domain would refuse, so that all of it is told at once and a dry run tells it too.
  private func weigh(_ plan: DirectoryPlan) -> DirectoryMistakes {
    var mistakes = DirectoryMistakes()
    let refused = refusals(
      of: plan.change, by: principal.person, at: now, facts: reader, most: DirectoryMistakes.most)
    for row in refused {
      let name = row.name.map { "\($0): " } ?? ""
      mistakes.add(
        DirectoryMistake(
          line: Int(row.line), row.line == 0 ? name + row.refusal.detail : row.refusal.detail))
    }
    return mistakes
  }

  private func checkSize(of plan: DirectoryPlan) throws(Problem) {
    let command = Command(
      actor: principal.actor, receivedAt: now, salt: [UInt8](repeating: 0, count: Bound.salt),
      action: .importDirectory(plan.change))
    // A key and a version are yet to come.
    let room = Command.largest - 2 * Bound.idempotencyKey
    guard plan.rows.count <= Bound.directoryRows, command.encoded().count <= room else {
      throw Problem(
        .contentTooLarge, "import-too-large", title: "This is too much for one import",
        detail: "\(plan.rows.count) rows would change; at most \(Bound.directoryRows) do at once, "
          + "fewer if they are long. Import it in pieces without prune, and then the whole.")
    }
  }
}

extension JSONWriter {
  /// Writes what a plan adds, changes and removes, as members.
  fileprivate mutating func write(_ plan: DirectoryPlan) {
    member("added", plan.count(.add))
    member("changed", plan.count(.change))
    member("removed", plan.count(.remove))
    array("rows") { json in
      for row in plan.rows { json.write(row) }
    }
  }

  private mutating func write(_ row: PlannedRow) {
    object { json in
      if row.row.line > 0 { json.member("line", Int(row.row.line)) } else { json.null("line") }
      json.member("action", row.act.rawValue)
      json.member("kind", row.kind.rawValue)
      json.member("id", row.id)
      json.member("name", row.name)
      json.array("changes") { json in
        for difference in row.differences {
          json.object { json in
            json.member("field", difference.field)
            json.member("before", difference.before)
            json.member("after", difference.after)
          }
        }
      }
    }
  }
}

extension Problem {
  /// What people can be reached by is not for everybody.
  fileprivate static let directoryUnreadable = Problem(
    .forbidden, "directory-unreadable", title: "The directory is exported by administrators",
    detail: "It says how each person is reached. Administrators and auditors may export it.")

  fileprivate static let directoryUnwritable = Problem(
    .forbidden, "directory-unwritable", title: "The directory is imported by administrators",
    detail: "It decides who is in which team. Ask an administrator.")

  fileprivate static func directoryMistakes(_ mistakes: DirectoryMistakes) -> Problem {
    let count = mistakes.list.count + mistakes.untold
    var problem = Problem(
      .unprocessableContent, "directory-mistakes", title: "The directory was not imported",
      detail: count == 1
        ? "One thing in it is not right, and nothing was changed."
        : "\(count) things in it are not right, and nothing was changed.")
    problem.mistakes = mistakes.list
    return problem
  }
}
