import Bytes
import HTTP
import Incidents
import Store

/// How a filter of incidents is written: the same names and words in an address and in a saved view.
struct FilterForm {
  private let reader: StateReader
  private let asker: Person
  private(set) var filter: IncidentFilter

  /// The names, in the order in which a view shows them.
  static let names = [
    "state", "status", "priority", "service", "team", "flag", "holder", "lead", "reporter",
    "exercise", "overdue", "from", "until", "referencePrefix", "sort",
  ]

  /// A form that is filled in already as `filter` says.
  init(_ filter: IncidentFilter = IncidentFilter(), in reader: StateReader, asker: Person) {
    self.filter = filter
    self.reader = reader
    self.asker = asker
  }

  /// Fills in what a query says; other names are not the form's. Several values may be given one after
  /// the other or with commas in between.
  mutating func read(_ query: Query, names: [String] = FilterForm.names) throws(Problem) {
    for name in names {
      let given = query.all(name)
      guard !given.isEmpty else { continue }
      let isText = ["referencePrefix", "team"].contains(name)
      try set(name, isText ? given : given.flatMap { $0.split(separator: ",").map(String.init) })
    }
    if let problem = filter.contradiction { throw .malformed(problem) }
  }

  /// Fills in one name. What was there before is taken out.
  mutating func set(_ name: String, _ values: [String]) throws(Problem) {
    switch name {
    case "state": filter.isOver = try one(name, values, ["open": false, "over": true])
    case "status": filter.statuses = try words(name, values)
    case "priority": filter.priorities = try words(name, values)
    case "flag": filter.flags = try words(name, values)
    case "service":
      filter.services = try ids(values) { value throws(Problem) in
        try reader.service(value).id
      }
    case "team":
      filter.teams = try ids(values) { value throws(Problem) in
        try reader.team(value).id
      }
    case "holder": filter.holder = try someone(name, values)
    case "lead": filter.lead = try someone(name, values)
    case "reporter": filter.reporter = try someone(name, values)
    case "exercise": filter.isExercise = try one(name, values, Self.truths)
    case "overdue": filter.isOverdue = try one(name, values, Self.truths) ?? false
    case "from": filter.declaredFrom = try time(name, values)
    case "until": filter.declaredUntil = try time(name, values)
    case "referencePrefix": filter.referencePrefix = try single(name, values)
    case "sort": filter.order = try words(name, [single(name, values)])[0]
    default:
      throw .malformed("A filter has no \(name). It has \(Self.names.joined(separator: ", ")).")
    }
  }

  private static let truths = ["true": true, "false": false]

  private func single(_ name: String, _ values: [String]) throws(Problem) -> String {
    guard values.count == 1 else { throw .malformed("\(name) takes one value.") }
    return values[0]
  }

  private func one(
    _ name: String, _ values: [String], _ meanings: [String: Bool]
  ) throws(Problem) -> Bool? {
    guard let meaning = meanings[try single(name, values)] else {
      throw .malformed("\(name) is \(meanings.keys.sorted().joined(separator: " or ")).")
    }
    return meaning
  }

  private func words<Value: Spelt>(
    _ name: String, _ values: [String]
  ) throws(Problem) -> [Value] {
    try bounded(name, values)
    var found: [Value] = []
    for word in values {
      guard let value = Value(spelling: word) else {
        throw .malformed("\(name) is one of \(Value.spellings).")
      }
      if !found.contains(value) { found.append(value) }
    }
    return found
  }

  private func ids(
    _ values: [String], _ find: (String) throws(Problem) -> ID
  ) throws(Problem) -> [ID] {
    try bounded("A list", values)
    var found: [ID] = []
    for value in values {
      let id = try find(value)
      if !found.contains(id) { found.append(id) }
    }
    return found
  }

  private func bounded(_ name: String, _ values: [String]) throws(Problem) {
    guard values.count <= Bound.list else {
      throw .malformed("\(name) has \(values.count) values; at most \(Bound.list) fit.")
    }
  }

  private func someone(
    _ name: String, _ values: [String]
  ) throws(Problem) -> IncidentFilter.Someone {
    guard let person = PersonName(pathSegment: try single(name, values)) else {
      throw .malformed("\(name) is me, or somebody's address or id.")
    }
    guard person != .me else { return .me }
    return .person(try reader.person(person, asker: asker).id)
  }

  private func time(_ name: String, _ values: [String]) throws(Problem) -> Int64 {
    guard let stamp = Timestamp.parse(try single(name, values)) else {
      throw .malformed("\(name) is a time as RFC 3339 writes it, such as 2026-11-23T09:04:00Z.")
    }
    return stamp
  }
}
