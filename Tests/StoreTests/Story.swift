import Bytes
import Incidents
import Raft
import Store
import Testing

/// Commands one after the other, as a log holds them.
struct Story {
  /// 23 November 2026, 09:00 UTC.
  static let morning: Int64 = 1_795_424_400_000
  static let administrator = ID(high: 1, low: 1)
  static let credential = ID(high: 1, low: 2)
  static let team = ID(high: 1, low: 3)
  static let tokenHash = [UInt8](repeating: 0xAB, count: 32)
  static let person = Actor.credential(id: credential, person: administrator)

  private(set) var entries: [Entry] = []
  /// The stamp of the next entry; each is a second later than the one before.
  var clock = Story.morning

  /// A department with an administrator and a team.
  init() {
    add(
      .found(
        Founding(
          person: Story.administrator, name: "Ana", email: "ana@example.org",
          credential: Story.credential, tokenHash: Story.tokenHash, team: Story.team)),
      by: .system)
  }

  var last: UInt64 { UInt64(entries.count) }

  /// Adds an entry that holds `payload`.
  mutating func add(kind: Entry.Kind, payload: [UInt8]) {
    let index = LogIndex(rawValue: last + 1)
    let position = Position(term: Term(rawValue: 1), index: index)
    entries.append(Entry(position: position, stamp: clock, kind: kind, payload: payload))
    clock += Span.second
  }

  /// Adds that a behaviour level comes into force.
  mutating func raise(to level: UInt8) {
    let members = Configuration(voters: [NodeID(rawValue: 1)]).with(level: level)
    add(kind: .configuration, payload: members.encoded())
  }

  /// Adds the newest level, and for how many days an incident is kept once it is over.
  mutating func raise(keeping ordinary: UInt32, serious: UInt32) {
    raise(to: 2)
    let periods = RetentionPeriods(ordinary: ordinary, serious: serious)
    add(.changeSettings(SettingsChange(extras: Settings.Extras(retention: periods))))
  }

  /// Adds a command.
  mutating func add(_ action: Action, by actor: Actor = Story.person, key: IdempotencyKey? = nil) {
    let salt = [UInt8](repeating: UInt8(truncatingIfNeeded: last), count: Bound.salt)
    let command = Command(
      actor: actor, key: key, receivedAt: clock, salt: salt, action: action)
    add(kind: .command, payload: command.encoded())
  }

  /// Adds the declaration of incident `number`, and answers its id.
  @discardableResult mutating func declare(
    _ number: UInt64, reference: String? = nil, key: IdempotencyKey? = nil
  ) -> ID {
    let id = Story.incident(number)
    add(
      .declare(Declaration(id: id, title: "Incident \(number)", reference: reference)), key: key)
    return id
  }

  /// Adds a note to incident `number`.
  mutating func note(_ number: UInt64, _ text: String) {
    add(.incident(Story.incident(number), .note(Note(kind: .finding, text: text))))
  }

  /// The id of incident `number`: ordered like the numbers, different in its random bits.
  static func incident(_ number: UInt64) -> ID {
    ID(
      version7At: morning + Int64(number),
      random: (number &* 0x9E37_79B9_7F4A_7C15, number &* 0xBF58_476D_1CE4_E5B9))
  }

  /// A key of a request that is told from others by `request`.
  static func key(_ text: String, request: UInt8 = 1) -> IdempotencyKey {
    IdempotencyKey(text: text, requestHash: [UInt8](repeating: request, count: Bound.hash))
  }
}

extension LogRecovery {
  /// A log that ends at an index, whatever is in it.
  static func ending(at index: UInt64) -> LogRecovery {
    let entry = Entry.at(index)
    return LogRecovery(
      first: LogIndex(rawValue: 1), last: entry.position,
      terms: [TermRun(from: LogIndex(rawValue: 1), term: entry.position.term)], tail: [],
      lastStamp: entry.stamp)
  }
}

extension Folder {
  /// Opens the state, beside a log that is long enough for any of these stories.
  func state(logEndsAt last: UInt64 = 1_000_000, system: String? = nil) throws(StoreError)
    -> StateStore
  {
    let log = try LogStore.open(folder: path, identity: .first)
    let recovered = RecoveredLog(
      hardState: log.recovered.hardState, configurations: log.recovered.configurations,
      log: .ending(at: last), base: log.recovered.base)
    return try StateStore.open(
      folder: path, identity: .first, recovered: recovered, system: system)
  }

  /// Opens a reader of the state.
  func reader() throws(StoreError) -> StateReader {
    try StateReader.open(folder: path, file: StateStore.fileName(generation: 1))
  }
}

extension AppliedEntry {
  /// The refusal's rule, if it was refused.
  var rule: Refusal.Rule? {
    if case .refused(let refusal) = result { refusal.rule } else { nil }
  }

  /// The outcome, if it was applied for the first time.
  var outcome: Outcome? {
    if case .applied(let outcome, repeated: false) = result { outcome } else { nil }
  }

  /// The outcome, if it was applied before.
  var repeated: Outcome? {
    if case .applied(let outcome, repeated: true) = result { outcome } else { nil }
  }
}
