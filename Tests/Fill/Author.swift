import Access
import Bytes
import EventLoop
import Incidents
import Raft
import Store

/// Writes the commands of many incidents, as the department's administrator.
struct Author {
  private static let batch = 64
  /// Milliseconds from one incident to the next, unless all come at once.
  static let pause = 30 * Span.second

  /// How many incidents are declared.
  private(set) var made: UInt64 = 0
  /// How many there were when progress was last said.
  private var told: UInt64 = 0
  /// What happens next to incidents, by how many are declared before it.
  private var pending: [UInt64: [Pending]] = [:]
  private var tick: UInt64 = 0
  private let count: UInt64
  private var random: UInt64
  private var position: Position
  private var stamp: Int64
  /// Milliseconds from one incident to the next.
  private let step: Int64
  private let actor: Actor
  private let owner: ID
  private let services: [ID]

  /// What is left of the life of an incident.
  private struct Pending {
    let incident: ID
    let steps: ArraySlice<Life.Step>
  }

  /// - Parameters:
  ///   - folder: Where the state file is.
  ///   - survivor: Where the log ends, after which the commands come.
  init(_ wish: Wish, folder: String, file: String, after survivor: Survivor) throws {
    let spelt = try Files.read("\(wish.folder)/admin.token", atMost: 1_024)
    let reader = try StateReader.open(folder: folder, file: file)
    let text = String(decoding: spelt, as: UTF8.self).filter { !$0.isWhitespace }
    guard let token = Token(text), let credential = reader.credential(hash: token.hash) else {
      throw Trouble("\(wish.folder)/admin.token is no token of this cluster.")
    }
    actor = .credential(id: credential.id, person: credential.person)
    owner = credential.person
    services = try reader.services().map(\.id)
    count = wish.incidents
    random = wish.seed
    position = survivor.last
    stamp = survivor.stamp
    step = 0
  }

  /// - Parameters:
  ///   - person: Who declares them, an administrator,
  ///   - credential: and by which token.
  ///   - services: Of which they are.
  ///   - count: How many.
  ///   - seed: The same one makes the same incidents.
  ///   - last: The entry after which the commands come.
  ///   - stamp: Of the first; each comes ``pause`` later than the one before.
  init(
    person: ID, credential: ID, services: [ID], count: UInt64, seed: UInt64, after last: Position,
    at stamp: Int64
  ) {
    actor = .credential(id: credential, person: person)
    owner = person
    self.services = services
    self.count = count
    random = seed
    position = last
    self.stamp = stamp
    step = Self.pause
  }

  /// The commands of the next incidents, or nothing once there are enough and each has had its life.
  mutating func next() -> [Entry]? {
    guard made < count || !pending.isEmpty else { return nil }
    var entries: [Entry] = []
    while entries.count < Self.batch, made < count || !pending.isEmpty {
      tick += 1
      stamp += step
      if made < count { entries.append(declare()) }
      for one in pending.removeValue(forKey: tick) ?? [] { entries.append(goOn(with: one)) }
    }
    return entries
  }

  /// Says now and then how far it is.
  mutating func tellProgress() {
    guard made / 100_000 > told / 100_000 else { return }
    told = made
    print("\(made) incidents")
  }

  private mutating func declare() -> Entry {
    made += 1
    let id = ID(version7At: stamp, random: (draw(), draw()))
    let life = Life(chance: draw(), owner: owner, due: stamp + 90 * Span.day)
    wait(Pending(incident: id, steps: life.steps[...]))
    return entry(.declare(declaration(id, life.priority)))
  }

  private mutating func goOn(with one: Pending) -> Entry {
    wait(Pending(incident: one.incident, steps: one.steps.dropFirst()))
    return entry(.incident(one.incident, one.steps[one.steps.startIndex].action))
  }

  private mutating func wait(_ one: Pending) {
    guard let next = one.steps.first else { return }
    let width = UInt64(next.after.count)
    let after = next.after.lowerBound + draw() % width
    pending[tick + after, default: []].append(one)
  }

  private mutating func declaration(_ id: ID, _ priority: Priority?) -> Declaration {
    let what = pick(["Checkout", "Sign-in", "Payments", "Search", "Uploads", "Reports", "Webhooks"])
    let how = pick(["is slow", "fails", "times out", "answers wrongly", "cannot be reached"])
    let place = pick(["in the north", "for some users", "since the change", "at the edge"])
    var description = "\(what) \(how) \(place)."
    for _ in 0..<6 {
      description += " Request \(draw() % 1_000_000) of pool \(draw() % 64) is held."
    }
    return Declaration(
      id: id, title: "\(what) \(how) \(place), case \(made)", description: description,
      service: services.isEmpty ? nil : pick(services), choice: priority.map { .level($0) },
      reference: "fill-\(made)")
  }

  private mutating func entry(_ action: Action) -> Entry {
    position = Position(term: position.term, index: position.index.next)
    var salt = ByteWriter(reserving: Bound.salt)
    salt.put(draw())
    salt.put(draw())
    let command = Command(actor: actor, receivedAt: stamp, salt: salt.bytes, action: action)
    return Entry(position: position, stamp: stamp, kind: .command, payload: command.encoded())
  }

  private mutating func pick<Choice>(_ choices: [Choice]) -> Choice {
    choices[Int(draw() % UInt64(choices.count))]
  }

  /// SplitMix64.
  private mutating func draw() -> UInt64 {
    random &+= 0x9E37_79B9_7F4A_7C15
    var mixed = random
    mixed = (mixed ^ (mixed &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed &>> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed &>> 31)
  }
}
