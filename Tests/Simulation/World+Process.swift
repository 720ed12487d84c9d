import Raft
import Replication

// A node's process: how it starts, takes in what happened, and has its effects carried out.
extension World {
  func wallClock(of machine: Machine) -> Int64 {
    1_800_000_000_000 + now / 1_000 + machine.clockOffset
  }

  func start(_ id: NodeID) {
    let machine = machine(id)
    guard machine.process == nil, !machine.isRetired else { return }
    breakLinks(of: id)
    if machine.level < Self.newestLevel, isHealing || upgrades.happens(30) {
      machine.level = Self.newestLevel
      tell(.told("\(id) runs the next version"))
    }
    guard openFiles(of: machine) else { return }
    let generation = machine.log.generation
    guard let file = machine.files[generation] else {
      return fail("\(id) has no state file \(generation).")
    }
    machine.files = [generation: file]
    let (log, applied) = (machine.log, file.current.applied)
    guard log.base.position.index <= applied, applied <= log.last.index else {
      return fail(
        "\(id) starts with a state through \(applied.rawValue) and a log from after "
          + "\(log.base.position.words) through \(log.last.words).")
    }
    guard log.hardState.term >= max(machine.shownTerm, log.last.term) else {
      return fail("\(id) forgot \(machine.shownTerm) and starts in \(log.hardState.term).")
    }
    let core = makeCore(of: machine, applied: applied)
    let tail = chance.happens(50) ? log.entries : Array(log.entries.suffix(1))
    var replica = Replica(
      core: core, members: core.configuration.members.map(\.id), tail: tail,
      now: wallClock(of: machine), own: machine.member, level: machine.level)
    replica.retention = retention
    machine.process = Process(replica, mind: log, generation: generation)
    tell(.told("\(id) starts in \(log.hardState.term) with \(log.last.words)"))
    beginTicks(of: machine)
    beginCheckpoints(of: machine)
  }

  private func makeCore(of machine: Machine, applied: LogIndex) -> RaftCore {
    var core = RaftCore(
      id: machine.id, configurations: machine.log.configurations,
      hardState: machine.log.hardState, log: machine.log.recovery(), applied: applied,
      timing: timing, seed: chance.next())
    #if SABOTAGE
      core.sabotage = trial.sabotage?.ofCore
    #endif
    return core
  }

  private func beginTicks(of machine: Machine) {
    let life = machine.life
    func tick() {
      guard machine.life == life, machine.process != nil else { return }
      if machine.isPaused {
        machine.missedTicks += 1
      } else {
        give(.tick(now: wallClock(of: machine)), to: machine)
        watchDisk(of: machine)
        checkMayLead(machine)
      }
      after(machine.tick, tick)
    }
    after(chance.within(0...10_000), tick)
  }

  /// What a power cut cannot undo moves on now and then.
  private func beginCheckpoints(of machine: Machine) {
    after(chance.within(100_000...900_000), on: machine) { [unowned self] process in
      let generation = process.generation
      if machine.disk != nil {
        guard checkpointFile(of: machine) else { return }
      } else if !machine.isDiskFull, let file = machine.files[generation] {
        if trial.sabotage != .trimsPastDurable {
          machine.files[generation]?.synced = file.current
        }
        give(.stateDurable(through: file.current.applied), to: machine)
      }
      beginCheckpoints(of: machine)
    }
  }

  // MARK: - Bursts

  func give(_ input: ReplicaInput, to machine: Machine) {
    guard let process = machine.process else { return }
    process.inbox.append(input)
    guard !process.isBurstDue else { return }
    process.isBurstDue = true
    after(chance.within(10...200), on: machine) { [unowned self] process in
      burst(machine, process)
    }
  }

  private func burst(_ machine: Machine, _ process: Process) {
    process.isBurstDue = false
    let inputs = process.inbox
    process.inbox = []
    for input in inputs { process.replica.step(input, into: &process.effects) }
    process.replica.flush(into: &process.effects)
    let effects = process.effects
    process.effects.removeAll()
    carryOut(effects, of: machine, process)
  }

  private func carryOut(_ effects: ReplicaEffects, of machine: Machine, _ process: Process) {
    fingerprint.add(machine.id.rawValue ^ UInt64(now) << 8)
    for notice in effects.notices { tell(.noticed(machine.id, notice)) }
    for batch in effects.persist { remember(batch, process) }
    checkStep(of: machine, process, effects)
    if !effects.persist.isEmpty || !effects.loads.isEmpty {
      process.batches += effects.persist
      process.loads += effects.loads
      startWriting(machine, process)
    }
    if let configuration = effects.membership { follow(configuration, machine, process) }
    for (to, frame) in effects.sends {
      checkPromise(frame, from: machine, to: to)
      send(frame, from: machine.id, to: to)
    }
    for (token, answer) in effects.writes { take(answer, for: token, from: process) }
    if !effects.apply.isEmpty { startApplying(effects.apply, machine, process) }
    for (token, answer) in effects.reads { take(answer, for: token, from: machine, process) }
    for (token, answer) in effects.changes { take(answer, for: token) }
    for alarm in effects.alarms { take(alarm, from: machine) }
    for generation in effects.discards {
      machine.files[generation] = nil
      machine.disk?.discard(generation: generation)
    }
    for peer in effects.snapshots { sendState(to: peer, from: machine, process) }
    if let work = effects.switchState { switchState(to: work.generation, machine) }
  }

  /// Follows with what the log will be once all is written.
  private func remember(_ batch: PersistBatch, _ process: Process) {
    process.mind.write(batch, sabotage: nil)
    guard let first = batch.entries.first else { return }
    guard let before = process.mind.position(at: first.position.index.previous) else {
      return fail("There is a gap in the log before \(first.position.words).")
    }
    hold(ledger.place(batch.entries, after: before))
    for entry in batch.entries where stampedAt[entry.stamp] == nil {
      stampedAt[entry.stamp] = now
      checkStamp(of: entry, process)
    }
  }

  // MARK: - Ends

  /// The process dies. What was written survives it, what was not synced only if the power stays.
  func end(_ machine: Machine, losesPower: Bool) {
    guard let process = machine.process else { return }
    tell(.told("\(machine.id) \(losesPower ? "loses its power" : "dies")"))
    if let disk = machine.disk {
      disk.close()
      machine.copy = nil
      machine.inbound = nil
    } else if process.isWritten, !losesPower || chance.happens(50) {
      writeThrough(machine, process)
    }
    machine.process = nil
    machine.life += 1
    machine.isPaused = false
    machine.deferred = []
    machine.missedTicks = 0
    machine.losesPowerAt = nil
    if losesPower { forgetUnsynced(machine) }
    if !losesPower { showGone(machine.id) }
    // A machine without power says nothing, and its peers may not notice until it is back.
    if !losesPower || chance.happens(50) { breakLinks(of: machine.id) }
    loseRequests(at: machine.id)
  }

  private func forgetUnsynced(_ machine: Machine) {
    if let disk = machine.disk { return disk.losePower(&chance) }
    if let unsynced = machine.unsynced {
      machine.log = unsynced.before
      machine.unsynced = nil
    }
    for (generation, file) in machine.files.sorted(by: { $0.key < $1.key }) {
      var state = file.synced
      let span = Int(file.current.applied.rawValue - state.applied.rawValue)
      let start = Int(state.applied.rawValue)
      for entry in ledger.applied[start..<(start + chance.below(span + 1))] {
        _ = apply(entry, to: &state)
      }
      machine.files[generation] = StateFile(current: state, synced: state)
    }
  }

  func apply(_ entry: Entry, to state: inout RegisterState) -> RegisterState.Outcome {
    state.apply(
      entry, forgetsKeys: trial.sabotage == .keysForgotten,
      changesOnRefusal: trial.sabotage == .refusalChangesState)
  }

  func pause(_ machine: Machine, for duration: Int64) {
    guard machine.process != nil, !machine.isPaused else { return }
    machine.isPaused = true
    after(duration) { [unowned self] in resume(machine) }
  }

  func resume(_ machine: Machine) {
    guard machine.isPaused else { return }
    machine.isPaused = false
    // As many ticks are made up for at once as a node's thread would.
    for _ in 0..<min(machine.missedTicks, 10) {
      give(.tick(now: wallClock(of: machine)), to: machine)
    }
    machine.missedTicks = 0
    // Which socket is read first after a sleep is anybody's guess.
    let deferred = machine.deferred
    machine.deferred = []
    var delays: [Source: Int64] = [:]
    for (source, action) in deferred {
      let delay = delays[source] ?? chance.within(0...3_000)
      delays[source] = delay
      after(delay, action)
    }
  }
}
