import Raft
import Replication

/// What a client was told of its write in the end.
enum Promise: Hashable {
  case acknowledged
  case refused
  case unknown
}

/// One client: one request at a time, said again elsewhere under the same key until it knows.
final class Client {
  let number: Int
  var isBusy = false
  var isDone = false
  var key = 0
  var command: Command?
  var register = 0
  var invoked: Int64 = 0
  var tries = 0
  /// An earlier try may have come through.
  var isInDoubt = false
  var token: ClientToken?
  var node: NodeID?
  /// What it last saw in each register.
  var seen = [UInt64](repeating: 0, count: RegisterState.registers)

  init(number: Int) { self.number = number }
}

extension World {
  private static let mostTries = 12

  func makeToken() -> ClientToken {
    defer { nextToken += 1 }
    return ClientToken(rawValue: nextToken)
  }

  func beginOperation(of number: Int, after delay: Int64) {
    after(delay) { [unowned self] in
      guard !isHealing else { return }
      begin(clients[number])
    }
  }

  private func begin(_ client: Client) {
    client.isBusy = true
    client.register = chance.below(RegisterState.registers)
    client.command = nil
    if chance.happens(60) {
      client.key += 1
      let value = UInt64(client.number) << 32 | UInt64(client.key)
      let action: Command.Action =
        chance.happens(35)
        ? .swap(from: client.seen[client.register], to: value) : .write(value)
      client.command = Command(
        key: Command.Key(client: client.number, number: client.key), register: client.register,
        action: action)
    }
    client.invoked = now
    client.tries = 0
    client.isInDoubt = false
    attempt(client)
  }

  /// A fresh write and then a fresh read, at the very end.
  func beginLast(_ client: Client) {
    client.isBusy = true
    client.key += 1
    client.command = Command(
      key: Command.Key(client: client.number, number: client.key), register: 0,
      action: .write(UInt64(client.key)))
    client.invoked = now
    attempt(client)
  }

  /// Writes for whose answers nobody waits, all in doubt.
  func flood(_ node: NodeID, _ count: Int) {
    guard machine(node).process != nil, isFounded, let client = clients.last else { return }
    for _ in 0..<count {
      client.key += 1
      client.register = chance.below(RegisterState.registers)
      client.invoked = now
      let command = Command(
        key: Command.Key(client: client.number, number: client.key), register: client.register,
        action: .write(UInt64(client.number) << 32 | UInt64(client.key)))
      client.command = command
      promises[command.key] = .unknown
      record(client, .unknown)
      give(
        .submit(makeToken(), command: encode(command), patience: chance.below(100)),
        to: machine(node))
    }
  }

  private func attempt(_ client: Client) {
    client.tries += 1
    let members = configuration.members.filter { !isWiped($0) }.map(\.id)
    let nodes = isHealing ? living.filter(members.contains) : living
    let stays = client.node.map { nodes.contains($0) } ?? false
    guard !nodes.isEmpty else { return retry(client) }
    let node = stays && chance.happens(60) ? client.node ?? nodes[0] : chance.pick(nodes)
    client.node = node
    let token = makeToken()
    client.token = token
    asked[token] = client.number
    if let command = client.command {
      let patience = chance.below(100)
      after(0, on: machine(node), from: .client(client.number)) { [unowned self] _ in
        give(.submit(token, command: encode(command), patience: patience), to: machine(node))
      }
    } else if trial.sabotage == .readsOwnStateAtOnce, let process = machine(node).process {
      return take(.ready(.zero), for: token, from: machine(node), process)
    } else {
      after(0, on: machine(node), from: .client(client.number)) { [unowned self] _ in
        give(.read(token), to: machine(node))
      }
    }
    after(3_000_000) { [unowned self] in
      // The connection to a node that stands still is given up.
      guard asked.removeValue(forKey: token) != nil else { return }
      client.isInDoubt = true
      retry(client)
    }
  }

  /// The connections of clients to a node that died are closed.
  func loseRequests(at node: NodeID) {
    for client in clients {
      guard client.isBusy, client.node == node, let token = client.token,
        asked.removeValue(forKey: token) != nil
      else { continue }
      client.isInDoubt = true
      retry(client)
    }
  }

  private func retry(_ client: Client) {
    let isLast = client.number == 0
    if client.tries >= Self.mostTries && !isLast || client.isInDoubt && chance.happens(8) {
      return giveUp(client)
    }
    after(chance.within(1_000...150_000)) { [unowned self] in attempt(client) }
  }

  private func giveUp(_ client: Client) {
    if let command = client.command {
      promises[command.key] = client.isInDoubt ? .unknown : .refused
      if client.isInDoubt { record(client, .unknown) }
    }
    rest(client)
  }

  private func rest(_ client: Client) {
    client.isBusy = false
    guard client.number > 0 else { return }
    beginOperation(of: client.number, after: chance.within(500...30_000))
  }

  private func record(_ client: Client, _ result: Operation.Result) {
    let action: Operation.Action =
      switch client.command?.action {
      case .write(let value): .write(value)
      case .swap(let old, let new): .swap(from: old, to: new)
      case nil: .read
      }
    unjudged.append(
      Unjudged(
        register: client.register, key: client.command?.key,
        operation: Operation(
          action, result, from: client.invoked, to: result == .unknown ? .max : now)))
  }

  // MARK: - Answers

  func take(_ answer: WriteAnswer, for token: ClientToken, from process: Process) {
    guard let number = asked.removeValue(forKey: token) else { return }
    let client = clients[number]
    switch answer {
    case .applied(let position):
      guard let done = process.outcomes.first(where: { $0.position == position }),
        let command = client.command, let entry = ledger.entry(at: position),
        entry.payload == encode(command)
      else { return fail("Client \(number) is answered by \(position.words), which is not its.") }
      acknowledge(client, command, done.outcome)
    case .notAccepted:
      retry(client)
    case .unknown:
      client.isInDoubt = true
      retry(client)
    }
  }

  private func acknowledge(
    _ client: Client, _ command: Command, _ outcome: RegisterState.Outcome
  ) {
    promises[command.key] = .acknowledged
    switch outcome {
    case .done:
      let value: UInt64 =
        switch command.action {
        case .write(let value): value
        case .swap(_, let value): value
        }
      client.seen[command.register] = value
      record(client, .done)
    case .refused(let held, _):
      client.seen[command.register] = held
      record(client, .refused(held))
    case .outdated, .none:
      fail("Client \(client.number) is told \(outcome) of its newest write.")
    }
    if client.number == 0 {
      // Then a fresh read.
      client.command = nil
      client.invoked = now
      client.tries = 0
      return attempt(client)
    }
    rest(client)
  }

  func take(
    _ answer: ReadAnswer, for token: ClientToken, from machine: Machine, _ process: Process
  ) {
    guard let number = asked.removeValue(forKey: token) else { return }
    let client = clients[number]
    guard case .ready(let index) = answer else { return retry(client) }
    guard let state = machine.files[process.generation]?.current, state.applied >= index else {
      return fail("\(machine.id) has not applied \(index), from where a read may go on.")
    }
    if !readsAlike(machine, state) { return }
    let value = state.values[client.register]
    client.seen[client.register] = value
    record(client, .value(value))
    if client.number == 0 { client.isDone = true }
    rest(client)
  }

  // MARK: - The verdict

  /// Judges all that the clients were told.
  func judge() {
    guard failure == nil else { return }
    // In an order of their own: which of two broken promises is told must not be chance.
    let ordered = promises.sorted {
      ($0.key.client, $0.key.number) < ($1.key.client, $1.key.number)
    }
    for (key, promise) in ordered {
      let times = ledger.effects[key]?.times ?? 0
      switch promise {
      case .acknowledged where times != 1:
        fail("Write \(key) was acknowledged, and took effect \(times) times.")
      case .refused where times != 0:
        fail("Write \(key) was refused, and took effect.")
      case .acknowledged, .refused, .unknown: break
      }
    }
    for judged in unjudged { take(judged) }
    for (register, history) in operations.enumerated() {
      switch Linearizability.verdict(of: history) {
      case .linearizable: break
      case .undecided: fail("The history of register \(register) is too tangled to judge.")
      case .contradiction(let operation):
        fail("No order explains register \(register), near \(operation).")
      }
    }
  }

  /// A write in doubt took effect before it was first applied, or never. Those of a flood are so many
  /// at once that no search could order them: they took effect as they were applied.
  private func take(_ judged: Unjudged) {
    let operation = judged.operation
    let invoked = operation.invoked * Ledger.moments
    var first = invoked
    let last: Int64
    if case .unknown = operation.result, let key = judged.key {
      guard let effect = ledger.effects[key] else { return }
      last = max(effect.at, invoked)
      if key.client == clients.count - 1 { first = last }
    } else {
      last = operation.returned * Ledger.moments + Ledger.moments - 1
    }
    operations[judged.register].append(
      Operation(operation.action, operation.result, from: first, to: last))
  }
}

/// What a client was told, before it is known what became of writes in doubt.
struct Unjudged {
  let register: Int
  let key: Command.Key?
  let operation: Operation
}
