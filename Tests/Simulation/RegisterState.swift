import Raft

/// The state machine: registers, and what was done under which key. Applying keeps the promises of
/// the store's: in order, each key once, and a refusal changes nothing.
struct RegisterState: Hashable {
  static let registers = 6

  /// What became of an entry.
  enum Outcome: Hashable {
    case done(repeated: Bool)
    /// The register held another value than was expected.
    case refused(UInt64, repeated: Bool)
    /// Its session has gone on to later keys; nothing was changed.
    case outdated
    /// A barrier or a configuration.
    case none
  }

  /// The newest key of a client, and what came of it.
  struct Session: Hashable {
    var number: Int
    /// What the register held if it was refused.
    var refusal: UInt64?
  }

  var position = Position.start
  /// The configuration of the last such entry that was applied.
  var configuration: Configuration
  var values = [UInt64](repeating: 0, count: registers)
  /// By client.
  var sessions: [Session]
  var digest: UInt64 = 0
  /// What the product's own store remembers, where it keeps the registers: each key that was done.
  /// A refusal writes nothing there, and is found again.
  private var done: Set<Command.Key> = []
  private var refused: Set<Command.Key> = []
  private let isOfDepartment: Bool

  init(configuration: Configuration, clients: Int, isOfDepartment: Bool = false) {
    self.configuration = configuration
    self.isOfDepartment = isOfDepartment
    sessions = [Session](repeating: Session(number: 0, refusal: nil), count: clients)
  }

  var applied: LogIndex { position.index }

  mutating func apply(_ entry: Entry, forgetsKeys: Bool, changesOnRefusal: Bool) -> Outcome {
    precondition(entry.position.index == applied.next, "Applied \(entry.position) on \(position).")
    position = entry.position
    var outcome = Outcome.none
    switch entry.kind {
    case .barrier: break
    case .configuration:
      if let next = try? Configuration(decoding: entry.payload) { configuration = next }
    case .command:
      if isOfDepartment {
        outcome = Department.decode(entry.payload).map { perform($0) } ?? .none
      } else if let command = try? Command(decoding: entry.payload) {
        outcome = perform(command, forgetsKeys: forgetsKeys, changesOnRefusal: changesOnRefusal)
      }
    }
    digest = mixed(digest ^ entry.position.index.rawValue) &+ entry.position.term.rawValue
    return outcome
  }

  private mutating func perform(
    _ command: Command, forgetsKeys: Bool, changesOnRefusal: Bool
  ) -> Outcome {
    let (client, number) = (command.key.client, command.key.number)
    if !forgetsKeys {
      let session = sessions[client]
      if number < session.number { return .outdated }
      if number == session.number {
        return session.refusal.map { .refused($0, repeated: true) } ?? .done(repeated: true)
      }
    }
    var refusal: UInt64?
    switch command.action {
    case .write(let value): set(command.register, value)
    case .swap(let old, let new):
      let held = values[command.register]
      if held == old || changesOnRefusal { set(command.register, new) }
      if held != old { refusal = held }
    }
    sessions[client] = Session(number: number, refusal: refusal)
    digest = mixed(digest ^ UInt64(client) << 32 ^ UInt64(number)) &+ (refusal ?? 1)
    return refusal.map { .refused($0, repeated: false) } ?? .done(repeated: false)
  }

  /// As the product does it.
  private mutating func perform(_ command: Command) -> Outcome {
    if done.contains(command.key) { return .done(repeated: true) }
    switch command.action {
    case .write(let value): values[command.register] = value
    case .swap(let old, let new):
      let held = values[command.register]
      guard held == old else {
        return .refused(held, repeated: !refused.insert(command.key).inserted)
      }
      values[command.register] = new
    }
    done.insert(command.key)
    return .done(repeated: false)
  }

  private mutating func set(_ register: Int, _ value: UInt64) {
    values[register] = value
    digest = mixed(digest ^ value) &+ UInt64(register)
  }
}

/// A state file: what was applied to it, and what of that a power cut cannot undo.
struct StateFile {
  var current: RegisterState
  var synced: RegisterState
}
