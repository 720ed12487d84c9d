import Bytes
import EventLoop
import Glibc
import Incidents
import Raft
import Store

/// A state file of one's own, to which commands are applied.
final class Bench {
  private static let batch = 64

  private let folder: String
  private let clock = ContinuousClock()
  private var state: StateStore
  private var stamp = Life.morning
  private var index = LogIndex.zero

  init(folder: String) throws {
    self.folder = folder
    guard unsafe mkdir(folder, 0o700) == 0 else { throw Trouble("\(folder) cannot be made.") }
    let identity = NodeIdentity(
      cluster: ID(high: 1, low: 1), node: NodeID(rawValue: 1),
      founding: Configuration(voters: [1, 2, 3].map(NodeID.init)))
    let log = try LogStore.open(folder: folder, identity: identity)
    // A log that is as long as anything that comes.
    let last = Position(term: Term(rawValue: 1), index: LogIndex(rawValue: 1 << 40))
    let recovered = RecoveredLog(
      hardState: log.recovered.hardState, configurations: log.recovered.configurations,
      log: LogRecovery(
        first: LogIndex(rawValue: 1), last: last,
        terms: [.init(from: LogIndex(rawValue: 1), term: last.term)], tail: [],
        lastStamp: stamp),
      base: log.recovered.base)
    state = try StateStore.open(folder: folder, identity: identity, recovered: recovered)
  }

  /// Takes the folder away.
  func remove() {
    for name in (try? Files.list(folder)) ?? [] { unsafe unlink("\(folder)/\(name)") }
    unsafe rmdir(folder)
  }

  /// A founded department at the newest behaviour level.
  func prepare() throws {
    _ = try apply([entry(Life.founding, by: .system)])
    let members = Configuration(voters: [NodeID(rawValue: 1)]).with(level: Command.newestLevel)
    index = index.next
    _ = try state.apply([
      Entry(
        position: Position(term: Term(rawValue: 1), index: index), stamp: stamp,
        kind: .configuration, payload: members.encoded())
    ])
    for action in Life.department { _ = try apply([entry(action, by: Life.actor)]) }
  }

  /// Applies all commands of a step and says what one cost.
  func run(_ step: Life.Step) throws -> Figures {
    stamp += step.pause
    try state.checkpoint()
    let before = size
    var spent: [Int64] = []
    var number = 0
    while number < step.count {
      let last = min(number + Self.batch, step.count)
      let entries = (number..<last).map { entry(step.action($0), by: step.actor) }
      spent.append(try apply(entries) / Int64(last - number))
      number = last
    }
    try state.checkpoint()
    return Figures(nanoseconds: spent.sorted(), bytes: (size - before) / Int64(step.count))
  }

  private var size: Int64 {
    var found = stat()
    let path = "\(folder)/\(StateStore.fileName(generation: 1))"
    return unsafe stat(path, &found) == 0 ? Int64(found.st_size) : 0
  }

  private func entry(_ action: Action, by actor: Actor) -> Entry {
    index = index.next
    stamp += 1
    var salt = ByteWriter(reserving: Bound.salt)
    salt.put(index.rawValue)
    salt.put(index.rawValue)
    let command = Command(actor: actor, receivedAt: stamp, salt: salt.bytes, action: action)
    return Entry(
      position: Position(term: Term(rawValue: 1), index: index), stamp: stamp, kind: .command,
      payload: command.encoded())
  }

  /// Nanoseconds that applying took.
  private func apply(_ entries: [Entry]) throws -> Int64 {
    let begin = clock.now
    let results = try state.apply(entries)
    let took = begin.duration(to: clock.now)
    for result in results {
      if case .applied = result.result { continue }
      throw Trouble("\(result.position) came to \(result.result)")
    }
    return took.components.seconds * 1_000_000_000 + took.components.attoseconds / 1_000_000_000
  }
}

/// What one command of a kind cost.
struct Figures {
  /// Of each batch, in ascending order: nanoseconds for one of its commands.
  let nanoseconds: [Int64]
  /// By how much the state file grew for each.
  let bytes: Int64

  var line: String {
    let median = nanoseconds[nanoseconds.count / 2]
    let slow = nanoseconds[nanoseconds.count * 99 / 100]
    return tenths(median).padded(to: 12) + tenths(slow).padded(to: 9) + "\(bytes)"
  }

  private func tenths(_ nanoseconds: Int64) -> String {
    "\(nanoseconds / 1_000).\(nanoseconds % 1_000 / 100)"
  }
}
