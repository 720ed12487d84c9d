import Bytes
import Directory
import Incidents

/// A founded department that documents are imported into.
struct Town {
  static let ana = ID(high: 1, low: 1)
  static let team = ID(high: 2, low: 1)

  private(set) var department = Department()
  /// Whoever was ever added, in order: a department has no lists of its own.
  private var ids: [ID] = []
  private var lastID: UInt64 = 0

  init() throws {
    let founding = Founding(
      person: Self.ana, name: "Ana", email: "ana@example.org", credential: ID(high: 3, low: 1),
      tokenHash: [UInt8](repeating: 1, count: Bound.hash), team: Self.team)
    ids = [Self.ana, Self.team]
    try run(.found(founding), by: .system)
    department.raise(to: Command.newestLevel, at: 0)
  }

  /// Has something done by the administrator.
  @discardableResult
  mutating func run(
    _ action: Action, by actor: Actor = .credential(id: ID(high: 3, low: 1), person: Town.ana)
  ) throws(Refusal) -> [Event] {
    let command = Command(
      actor: actor, receivedAt: 1, salt: [UInt8](repeating: 0, count: Bound.salt), action: action)
    let read = try? Command(decoding: command.encoded())
    guard read == command else { preconditionFailure("\(action) is not read as it was written.") }
    let events = try department.apply(command, at: 1_795_424_400_000).events
    for event in events where !ids.contains(event.subject.id) { ids.append(event.subject.id) }
    return events
  }

  var state: DirectoryState {
    guard let settings = department.settings() else { fatalError("It is founded.") }
    return DirectoryState(
      people: ids.compactMap(department.person), teams: ids.compactMap(department.team),
      services: ids.compactMap(department.service), settings: settings)
  }

  var document: DirectoryDocument { DirectoryDocument(state) }

  mutating func plan(
    _ document: DirectoryDocument, isPruning: Bool = false
  ) throws(DirectoryMistakes) -> DirectoryPlan {
    var last = lastID
    defer { lastID = last }
    return try DirectoryPlan(document, in: state, isPruning: isPruning) {
      last += 1
      return ID(high: 77, low: last)
    }
  }

  /// Plans an import and does it.
  @discardableResult
  mutating func take(_ document: DirectoryDocument, isPruning: Bool = false) throws -> DirectoryPlan
  {
    let plan = try plan(document, isPruning: isPruning)
    try run(.importDirectory(plan.change))
    return plan
  }
}

/// A generator with a seed (Steele, Lea and Flood, 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension DirectoryDocument {
  /// A document by chance, with whatever may stand in a name.
  static func chance(_ random: inout SplitMix) -> DirectoryDocument {
    let texts = ["é", "a,b", "\"x\"", "=1+1", "O'Brien", "Zoë 😀", " in front", "{}", "\\u0041"]
    let people = (0..<Int.random(in: 0...12, using: &random)).map { number in
      let contacts = [
        ContactMethod(.sms, "+44770090012\(number % 10)"), ContactMethod(.voice, "+4420123456"),
        ContactMethod(.email, "p\(number)@home.example"),
        ContactMethod(.webhook, "https://pager.example/?a=\(number),\"b\""),
      ].shuffled(using: &random)
      return PersonRow(
        id: "P-\(number)", name: "\(texts.randomElement(using: &random)!) \(number)",
        email: "p\(number)@example.org",
        zone: Bool.random(using: &random) ? Zone.allCases.randomElement(using: &random) : nil,
        contacts: Array(contacts.prefix(Int.random(in: 0...4, using: &random))))
    }
    let teams = (0..<Int.random(in: 0...6, using: &random)).map { number in
      TeamRow(
        id: "T-\(number)", name: "\(texts.randomElement(using: &random)!) team \(number)",
        support: Line.allCases[number % 3])
    }
    let memberships = teams.flatMap { team in
      people.filter { _ in Bool.random(using: &random) }.map { person in
        MembershipRow(
          team: team.id, person: person.id,
          role: MemberRole.allCases.randomElement(using: &random)!)
      }
    }
    func team(_ line: Line) -> String? {
      teams.filter { $0.support == line }.randomElement(using: &random)?.id
    }
    let services = (0..<Int.random(in: 0...5, using: &random)).map { number in
      ServiceRow(
        id: "S-\(number)", key: "service-\(number)",
        name: "\(texts.randomElement(using: &random)!) service", firstLine: team(.first),
        secondLine: team(.second), thirdLine: team(.third),
        owner: people.randomElement(using: &random)?.id,
        defaultPriority: Priority.allCases.randomElement(using: &random))
    }
    return DirectoryDocument(
      people: people.shuffled(using: &random), teams: teams, memberships: memberships,
      services: services)
  }

  /// The same, and those who are in a town from its founding.
  func withFounders(of town: Town) -> DirectoryDocument {
    let founders = town.document
    return DirectoryDocument(
      people: people + founders.people, teams: teams + founders.teams,
      memberships: memberships + founders.memberships, services: services)
  }
}
