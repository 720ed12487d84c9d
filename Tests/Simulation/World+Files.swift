import FaultyDisk
import Incidents
import Raft
import Replication
import Store

// What is different where nodes have real files. What the world has in mind for each node, its log
// and the values of its registers, is then what the files are held to.
extension World {
  // MARK: - Commands

  func encode(_ command: Command) -> [UInt8] {
    guard trial.hasFiles else { return command.encoded }
    guard case .swap(let old, _) = command.action else {
      return Department.encode(command, version: nil)
    }
    return Department.encode(command, version: versions[old] ?? 0)
  }

  func decode(_ entry: Entry) -> Command? {
    guard entry.kind == .command else { return nil }
    return trial.hasFiles
      ? Department.decode(entry.payload) : try? Command(decoding: entry.payload)
  }

  /// Writes what must be there before the clients can begin, and then lets them.
  func found() {
    let isDone = Department.founding.allSatisfy { wanted in
      ledger.applied.contains { $0.payload == wanted }
    }
    guard !isDone else { return beginOperations() }
    if let leader {
      let present = ledger.applied.map(\.payload)
      // One after the other: each needs those before it.
      if let next = Department.founding.first(where: { !present.contains($0) }) {
        give(.submit(makeToken(), command: next, patience: 100), to: machine(leader))
      }
    }
    after(50_000) { [unowned self] in if !isHealing { found() } }
  }

  // MARK: - From start to end

  /// Opens the files of a machine that starts, and takes from them what the node has in mind.
  ///
  /// - Returns: Whether it can go on.
  func openFiles(of machine: Machine) -> Bool {
    guard let disk = machine.disk else { return true }
    // A start has its own points at which the power can go.
    let isCut = !isHealing && !machine.isFlipped && chance.happens(10)
    if isCut { disk.disk.arm(after: chance.below(80), with: .crash) }
    let found: NodeDisk.Found
    do throws(StoreError) {
      found = try disk.open(reservesLog: chance.happens(10))
    } catch {
      let hasFailed = disk.disk.disarm()
      disk.close()
      tell(.told("\(machine.id) cannot start: \(error)"))
      if machine.isFlipped { return lose(machine) }
      guard hasFailed else {
        fail("\(machine.id) cannot start: \(error)")
        return false
      }
      if isCut { disk.losePower(&chance) }
      after(chance.within(50_000...400_000)) { [unowned self] in start(machine.id) }
      return false
    }
    if isCut { disk.disk.disarm() }
    machine.isFlipped = false
    take(found, machine)
    return failure == nil
  }

  /// A node that will not vote with the files that it has is replaced.
  private func lose(_ machine: Machine) -> Bool {
    renew(machine.id)
    return false
  }

  private func take(_ found: NodeDisk.Found, _ machine: Machine) {
    let log = LogFile(found)
    var whole = machine.log
    for batch in machine.interrupted { whole.write(batch, sabotage: nil) }
    machine.interrupted = []
    guard log == machine.log || log == whole else {
      return fail(
        "The log of \(machine.id) ends at \(log.last.words) in \(log.hardState), and not at "
          + "\(machine.log.last.words) in \(machine.log.hardState) or "
          + "\(whole.last.words) in \(whole.hardState), after \(log.base.position.words), "
          + "\(machine.log.base.position.words) or \(whole.base.position.words).")
    }
    machine.log = log
    let known = machine.files[log.generation]?.synced.applied ?? .zero
    guard found.applied.index >= known else {
      return fail(
        "The state of \(machine.id) is at \(found.applied.words), and \(known) was safe.")
    }
    guard let state = state(at: found.applied, of: machine) else { return }
    // It died with another state in place of the spoilt one (file seed 1).
    if let spoilt = machine.spoilt, spoilt.file != log.generation { machine.spoilt = nil }
    compareDigest(found.digest, at: found.applied.index, machine)
    machine.files = [log.generation: StateFile(current: state, synced: state)]
    _ = readsAlike(machine, state)
  }

  /// What the registers held at a position, by all that was applied anywhere.
  private func state(at position: Position, of machine: Machine) -> RegisterState? {
    var state = RegisterState(
      configuration: Configuration(voters: machine.founders), clients: clients.count,
      isOfDepartment: true)
    for index in 0..<Int(position.index.rawValue) {
      if index < ledger.applied.count {
        _ = apply(ledger.applied[index], to: &state)
        continue
      }
      // Its process died after the transaction and before it could say so.
      guard let entry = machine.log.entry(at: LogIndex(rawValue: UInt64(index) + 1)) else {
        fail("The state of \(machine.id) has applied \(index + 1), which its log does not hold.")
        return nil
      }
      let outcome = apply(entry, to: &state)
      hold(
        ledger.apply(entry, command: decode(entry), outcome: outcome, digest: nil, now: now))
      if entry.kind == .configuration { follow(state.configuration) }
    }
    guard state.position == position else {
      fail("The state of \(machine.id) is at \(position.words), and not \(state.position.words).")
      return nil
    }
    return state
  }

  /// Whether a client of this node reads what the registers hold.
  func readsAlike(_ machine: Machine, _ state: RegisterState) -> Bool {
    guard let disk = machine.disk else { return true }
    do throws(StoreError) {
      let values = try disk.values()
      if values != state.values {
        fail("\(machine.id) reads \(values) where \(state.values) is written.")
        return false
      }
      return true
    } catch {
      fail("\(machine.id) cannot read its state: \(error)")
      return false
    }
  }

  /// A process whose disk fails ends at once: nobody knows what the disk holds.
  private func end(_ machine: Machine, because error: StoreError) {
    tell(.told("\(machine.id) ends: \(error)"))
    // Under the point of a power cut the disk was taken away.
    let cut = machine.losesPowerAt
    machine.disk?.disk.disarm()
    end(machine, losesPower: cut != nil)
    after(cut?.down ?? chance.within(50_000...500_000)) { [unowned self] in start(machine.id) }
  }

  func flipBit(of machine: Machine) {
    guard let disk = machine.disk, machine.process != nil, canSpareDisk(of: machine.id) else {
      return
    }
    end(machine, losesPower: chance.happens(30))
    guard let what = disk.flip(&chance) else { return start(machine.id) }
    tell(.told("\(machine.id): flipped \(what)"))
    machine.isFlipped = true
    start(machine.id)
  }

  // MARK: - A state that is not that of the others

  /// Makes the digest of a state another, if a majority is left to tell.
  func spoilState(of machine: Machine) {
    guard let disk = machine.disk, let process = machine.process, !process.replica.isDiverged,
      canSpareDisk(of: machine.id), !machines.values.contains(where: { $0.spoilt != nil })
    else { return }
    let applied = disk.applied
    end(machine, losesPower: false)
    do {
      try disk.spoilDigest()
      machine.spoilt = (applied, machine.log.generation)
      tell(.told("\(machine.id): its state is spoilt at \(applied.rawValue)"))
    } catch {
      fail("The state of \(machine.id) cannot be spoilt: \(error)")
    }
    start(machine.id)
  }

  func take(_ alarm: ReplicaAlarm, from machine: Machine) {
    tell(.told("\(machine.id) raises an alarm: \(alarm)"))
    if isDigestMoot { return }
    if case .givesNoStamp = alarm { return }
    guard case .diverged(let odd, let index) = alarm, let at = self.machine(odd).spoilt?.at,
      index > at
    else { return fail("\(machine.id) raises an alarm: \(alarm).") }
  }

  private func compareDigest(_ digest: UInt64, at index: LogIndex, _ machine: Machine) {
    if machine.spoilt == nil, !isDigestMoot { hold(ledger.compare(digest, at: index)) }
  }

  /// Some indexes after it was spoilt a state is found out (architecture, "Digest"), and replaced.
  func proveNoneIsSpoiled() {
    for id in ids where !isDigestMoot {
      guard let at = machine(id).spoilt?.at, configuration.member(id) != nil else { continue }
      let applied = machine(id).disk?.applied ?? .zero
      if applied.rawValue > at.rawValue + Self.mostUnfound {
        fail("\(id) was spoilt at \(at.rawValue), and is not found out at \(applied.rawValue).")
      }
    }
  }

  /// A digest is made at every 256th index, and may be lost on its way.
  private static let mostUnfound: UInt64 = 4 * 256

  // MARK: - The log

  /// Writes and syncs what is waiting, with a power cut in the middle where one is due.
  ///
  /// - Returns: Whether all of it is on the disk.
  func persist(_ machine: Machine, _ process: Process, loads: [LogLoad]) -> Bool {
    guard let disk = machine.disk else { return true }
    let isCut = machine.losesPowerAt?.point == .beforeSync && !isHealing
    if isCut { disk.disk.arm(after: chance.below(12), with: .crash) }
    machine.interrupted = process.writing
    disk.disk.ignoresSyncs = trial.sabotage == .syncForgotten
    do throws(StoreError) {
      try disk.persist(process.writing.map(sabotaged))
      machine.interrupted = []
    } catch .diskFull where !isCut {
      machine.interrupted = []
      disk.disk.disarm()
      after(1_000_000, on: machine) { [unowned self] process in
        sync(machine, process, loads: loads)
      }
      return false
    } catch {
      end(machine, because: error)
      return false
    }
    if isCut {
      // It came sooner than the cut.
      disk.disk.disarm()
      machine.interrupted = process.writing
      return !losesPower(machine, at: .beforeSync)
    }
    return true
  }

  private func sabotaged(_ batch: PersistBatch) -> PersistBatch {
    var batch = batch
    if trial.sabotage == .voteNotWritten, let state = batch.hardState {
      batch.hardState = HardState(term: state.term, vote: nil)
    }
    return batch
  }

  /// - Returns: Whether the log could be read.
  func loadEntries(_ load: LogLoad, _ machine: Machine) -> Bool {
    guard let disk = machine.disk else { return true }
    do throws(StoreError) {
      let entries = try disk.entries(from: load.from, through: load.through)
      for entry in entries where machine.log.entry(at: entry.position.index) != entry {
        fail("\(machine.id) reads another entry at \(entry.position.words) than it wrote.")
      }
      give(.loaded(entries, for: load.purpose), to: machine)
      return true
    } catch {
      fail("\(machine.id) cannot read its log: \(error)")
      return false
    }
  }

  // MARK: - The state

  /// - Returns: Whether the entries are in the state.
  func applyToFiles(_ entries: [Entry], _ machine: Machine, _ process: Process) -> Bool {
    guard let disk = machine.disk else { return true }
    let isCut = machine.losesPowerAt?.point == .beforeApply && !isHealing
    if isCut { disk.disk.arm(after: chance.below(30), with: .crash) }
    let results: [AppliedEntry]
    do throws(StoreError) {
      results =
        trial.sabotage == .versionUnchecked
        ? try disk.applyUnchecked(entries) : try disk.apply(entries)
    } catch .diskFull where !isCut {
      disk.disk.disarm()
      applyLater(entries, machine)
      return false
    } catch {
      end(machine, because: error)
      return false
    }
    commitState(entries, machine, process)
    compare(results, with: process.outcomes, machine)
    compareDigest(disk.digest, at: disk.applied, machine)
    if isCut {
      disk.disk.disarm()
      return !losesPower(machine, at: .beforeApply)
    }
    if let digest = disk.newestDigest, digest.index > process.toldDigest {
      process.toldDigest = digest.index
      give(.digested(digest), to: machine)
    }
    return true
  }

  /// The product's answer to each write is the one that the registers give.
  private func compare(
    _ results: [AppliedEntry],
    with outcomes: [(position: Position, outcome: RegisterState.Outcome)],
    _ machine: Machine
  ) {
    for (result, (position, outcome)) in zip(results, outcomes) {
      switch (result.result, outcome) {
      case (.applied(let product, let isRepeated), .done(let wasRepeated))
      where isRepeated == wasRepeated:
        guard let entry = ledger.entry(at: position), let command = decode(entry) else { continue }
        if !isRepeated { versions[command.value] = product.version }
        if versions[command.value] != product.version {
          fail("\(machine.id) answers \(position.words) with version \(product.version).")
        }
      case (.refused(let refusal), .refused):
        if refusal.rule != .staleVersion {
          fail("\(position.words) is refused by \(refusal.rule).")
        }
      case (.applied(let product, repeated: false), .none):
        if Department.registers.contains(product.subject.id) { versions[0] = product.version }
      case (_, .none): break
      default:
        fail("\(machine.id) answers \(result.result) at \(position.words), and not \(outcome).")
      }
    }
  }

  /// Goes on copying the write-ahead log of the state into its file.
  ///
  /// - Returns: Whether the process lives.
  func checkpointFile(of machine: Machine) -> Bool {
    guard let disk = machine.disk, let process = machine.process else { return true }
    do throws(StoreError) {
      if trial.sabotage != .trimsPastDurable { try disk.checkpoint() }
    } catch {
      end(machine, because: error)
      return false
    }
    let generation = process.generation
    if let file = machine.files[generation],
      disk.durable == file.current.applied || trial.sabotage == .trimsPastDurable
    {
      machine.files[generation]?.synced = file.current
      give(.stateDurable(through: file.current.applied), to: machine)
    }
    return true
  }

  // MARK: - A state on its way, in pieces

  func sendFile(to peer: NodeID, from machine: Machine, _ process: Process) {
    guard let disk = machine.disk else { return }
    func end(hasArrived: Bool = false) {
      process.sending.remove(peer)
      give(.snapshotEnded(peer, hasArrived: hasArrived), to: machine)
    }
    if machine.copy.map({ $0.meta.base.position.index < process.replica.core.base }) ?? true {
      do throws(StoreError) {
        machine.copy = try disk.makeCopy()
      } catch {
        tell(.told("\(machine.id) cannot make a copy of its state: \(error)"))
        return end()
      }
    }
    guard let copy = machine.copy else { return end() }
    tell(.told("\(machine.id) → \(peer): the state through \(copy.meta.base.position.words)"))
    let link = links[Wire(from: machine.id, to: peer)]?.number
    let receiver = self.machine(peer)
    func step(_ incoming: IncomingSnapshot?) {
      after(chance.within(1_000...30_000), on: machine) { [unowned self] process in
        guard links[Wire(from: machine.id, to: peer)]?.number == link,
          blocked[Wire(from: machine.id, to: peer), default: 0] == 0, !receiver.isPaused,
          receiver === self.machine(peer), receiver.process != nil, machine.copy == copy
        else { return end() }
        do throws(SnapshotError) {
          switch try pass(incoming, of: copy, to: receiver) {
          case .more(let next): step(next)
          case .ended(let hasArrived): end(hasArrived: hasArrived)
          }
        } catch {
          tell(.told("\(peer) does not take the state: \(error)"))
          end()
        }
      }
    }
    step(nil)
  }

  private enum Progress {
    /// It has so much.
    case more(IncomingSnapshot)
    case ended(hasArrived: Bool)
  }

  /// Gives a receiver the next piece.
  private func pass(
    _ incoming: IncomingSnapshot?, of copy: StateSnapshot, to receiver: Machine
  ) throws(SnapshotError) -> Progress {
    guard let disk = receiver.disk else { return .ended(hasArrived: false) }
    guard var incoming else {
      receiver.inbound = copy.meta
      let begun = try disk.begin(copy.meta)
      tell(.told("\(receiver.id) goes on with a state at byte \(begun.offset)"))
      return .more(begun)
    }
    // The newer offer is the better one.
    guard receiver.inbound == copy.meta else { return .ended(hasArrived: false) }
    guard incoming.isComplete else {
      let piece: [UInt8]
      do throws(StoreError) {
        piece = try copy.chunk(at: incoming.offset)
      } catch {
        throw .store(error)
      }
      let size = 1 + chance.below(min(piece.count, 200_000))
      try incoming.append(Array(piece.prefix(size)), at: incoming.offset)
      return .more(incoming)
    }
    let (head, generation) = try disk.finish(incoming)
    receiver.inbound = nil
    guard let state = state(at: head.base.position, of: receiver) else {
      return .ended(hasArrived: false)
    }
    receiver.files[generation] = StateFile(current: state, synced: state)
    // A spoilt state that others take before it is found out may be that of a majority.
    isDigestMoot =
      isDigestMoot || machines.values.contains { $0.spoilt != nil && $0.copy == copy }
    give(.snapshotReceived(head.base, generation: generation, stamp: head.stamp), to: receiver)
    return .ended(hasArrived: true)
  }

  /// - Returns: Whether the received state is in use.
  func useFile(_ generation: UInt64, _ machine: Machine, _ process: Process) -> Bool {
    guard let disk = machine.disk else { return true }
    guard let file = machine.files[generation] else {
      fail("\(machine.id) has not received state \(generation).")
      return false
    }
    do throws(StoreError) {
      let base = LogBase(
        position: file.current.position, configuration: file.current.configuration)
      try disk.use(generation: generation, base: base)
    } catch {
      end(machine, because: error)
      return false
    }
    if disk.applied != file.current.applied {
      fail("\(machine.id) uses a state at \(disk.applied), and not \(file.current.applied).")
    }
    process.toldDigest = .zero
    machine.spoilt = nil
    return readsAlike(machine, file.current)
  }
}

extension Command {
  /// What the register holds once it is done.
  var value: UInt64 {
    switch action {
    case .write(let value): value
    case .swap(_, let value): value
    }
  }
}
