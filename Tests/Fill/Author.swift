import Access
import Bytes
import EventLoop
import Incidents
import Raft
import Store

/// Writes the commands of many incidents, as the department's administrator.
struct Author {
  private static let batch = 64
  /// One of so many is not over.
  private static let openEvery: UInt64 = 100

  private(set) var made: UInt64 = 0
  private let count: UInt64
  private var random: UInt64
  private var position: Position
  private var stamp: Int64
  /// Milliseconds from one incident to the next.
  private let step: Int64
  private let actor: Actor
  private let services: [ID]

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
    services = try reader.services().map(\.id)
    count = wish.incidents
    random = wish.seed
    position = survivor.last
    stamp = survivor.stamp
    step = 0
  }

  /// - Parameters:
  ///   - actor: Who declares them, an administrator.
  ///   - services: Of which they are.
  ///   - count: How many.
  ///   - seed: The same one makes the same incidents.
  ///   - last: The entry after which the commands come.
  ///   - stamp: Of the first; each comes a second later than the one before.
  init(
    actor: Actor, services: [ID], count: UInt64, seed: UInt64, after last: Position,
    at stamp: Int64
  ) {
    self.actor = actor
    self.services = services
    self.count = count
    random = seed
    position = last
    self.stamp = stamp
    step = Span.second
  }

  /// The commands of the next incidents, or nothing once there are enough.
  mutating func next() -> [Entry]? {
    guard made < count else { return nil }
    var entries: [Entry] = []
    while made < count, entries.count < Self.batch {
      made += 1
      stamp += step
      let id = ID(version7At: stamp, random: (draw(), draw()))
      entries.append(entry(.declare(declaration(id))))
      if made % Self.openEvery != 0 {
        entries.append(entry(.incident(id, .cancel(reason: "Cleared by itself within minutes."))))
      }
    }
    return entries
  }

  private mutating func declaration(_ id: ID) -> Declaration {
    let what = pick(["Checkout", "Sign-in", "Payments", "Search", "Uploads", "Reports", "Webhooks"])
    let how = pick(["is slow", "fails", "times out", "answers wrongly", "cannot be reached"])
    let place = pick(["in the north", "for some users", "since the change", "at the edge"])
    var description = "\(what) \(how) \(place)."
    for _ in 0..<6 {
      description += " Request \(draw() % 1_000_000) of pool \(draw() % 64) is held."
    }
    return Declaration(
      id: id, title: "\(what) \(how) \(place), case \(made)", description: description,
      service: services.isEmpty ? nil : pick(services), reference: "fill-\(made)")
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
