package import Bytes
package import Incidents

/// Who reads a body into what it asks for: knows the time, makes ids, and looks up names.
///
/// A body may name a service by its key and a person by their address; in the log everything goes
/// by its id, which is looked up here, in the state of this node.
package struct Clerk<Book: Facts> {
  /// Where names are looked up.
  package let facts: Book
  /// Now, by the wall clock of this node, in milliseconds since 1970.
  package let now: Int64
  /// The person who asks, whom a body may call "me"; nobody where it is no person.
  private let asker: ID?
  private let random: () -> (UInt64, UInt64)

  /// A clerk who makes ids of `now` and `random`.
  package init(
    facts: Book, now: Int64, asker: ID? = nil, random: @escaping () -> (UInt64, UInt64)
  ) {
    self.facts = facts
    self.now = now
    self.asker = asker
    self.random = random
  }

  /// A new id (RFC 9562, version 7).
  package func makeID() -> ID { ID(version7At: now, random: random()) }

  /// The service that a body names by id or key; `null` is none.
  func optionalService(_ body: inout BodyReader) throws(Problem) -> ID? {
    guard let text = try body.optionalText(atMost: Bound.key) else { return nil }
    if let id = ID(text) { return id }
    if let service = facts.service(named: text) { return service.id }
    throw unknown(
      "No service has the key \"\(text)\". If it is not known which, leave it out.", body)
  }

  /// The person whom a body names by id or address, or as "me"; `null` is nobody.
  func optionalPerson(_ body: inout BodyReader) throws(Problem) -> ID? {
    guard let text = try body.optionalText(atMost: Bound.email) else { return nil }
    return try person(text, body)
  }

  /// The people whom a body lists by id or address, or as "me".
  func people(_ body: inout BodyReader) throws(Problem) -> [ID] {
    guard try !body.isNull() else { return [] }
    var people: [ID] = []
    try body.beginArray()
    while try body.element(atMost: Bound.list) {
      people.append(try person(try body.text(atMost: Bound.email), body))
    }
    return people
  }

  /// The team that a body names by id or name; `null` is none.
  func optionalTeam(_ body: inout BodyReader) throws(Problem) -> ID? {
    guard let text = try body.optionalText(atMost: Bound.name) else { return nil }
    if let id = ID(text) { return id }
    if let team = facts.team(named: text) { return team.id }
    throw unknown("No team has the name \"\(text)\".", body)
  }

  /// The incident that a body names by its id.
  func incident(_ body: inout BodyReader) throws(Problem) -> ID {
    guard let id = ID(try body.text(atMost: 36)) else {
      throw .invalid("An incident is named here by its id, a UUID.", member: body.pointer)
    }
    return id
  }

  func person(_ text: String, _ body: BodyReader) throws(Problem) -> ID {
    if let id = ID(text) { return id }
    if let asker, text == "me" { return asker }
    if let person = facts.person(email: text) { return person.id }
    throw unknown("Nobody has the address \"\(text)\".", body)
  }

  func unknown(_ detail: String, _ body: BodyReader) -> Problem {
    var problem = Problem.invalid(detail, member: body.pointer)
    problem.mayBeNews = true
    return problem
  }
}
