import Raft
import Replication

// The lanes of the log and of the state, with every point at which a machine can lose its power.
extension World {
  // MARK: - The log

  func startWriting(_ machine: Machine, _ process: Process) {
    guard !process.isWriting, !process.batches.isEmpty || !process.loads.isEmpty else { return }
    process.isWriting = true
    process.writing = process.batches
    process.batches = []
    let loads = process.loads
    process.loads = []
    guard !process.writing.isEmpty else {
      return after(chance.within(100...2_000), on: machine) { [unowned self] process in
        finishWriting(machine, process, loads: loads)
      }
    }
    write(machine, loads: loads)
  }

  private func write(_ machine: Machine, loads: [LogLoad]) {
    after(chance.within(50...500) + machine.diskDelay / 2, on: machine) { [unowned self] process in
      if machine.isDiskFull {
        // Nothing was stored; the lane tries again after a pause.
        return after(1_000_000, on: machine) { [unowned self] _ in write(machine, loads: loads) }
      }
      if losesPower(machine, at: .beforeWrite) { return }
      process.isWritten = true
      if trial.sabotage == .toldBeforeSync { tellPersisted(machine, process) }
      after(chance.within(100...3_000) + machine.diskDelay / 2, on: machine) {
        [unowned self] process in
        sync(machine, process, loads: loads)
      }
    }
  }

  func sync(_ machine: Machine, _ process: Process, loads: [LogLoad]) {
    if machine.disk != nil {
      guard persist(machine, process, loads: loads) else { return }
    } else if losesPower(machine, at: .beforeSync) {
      return
    }
    process.isWritten = false
    writeThrough(machine, process)
    if losesPower(machine, at: .afterSync) { return }
    after(chance.within(10...300), on: machine) { [unowned self] process in
      if trial.sabotage != .toldBeforeSync { tellPersisted(machine, process) }
      process.writing = []
      checkDisk(of: machine, process)
      finishWriting(machine, process, loads: loads)
    }
  }

  private func finishWriting(_ machine: Machine, _ process: Process, loads: [LogLoad]) {
    for load in loads {
      if machine.disk != nil {
        guard loadEntries(load, machine) else { return }
        continue
      }
      let log = machine.log
      let most = 1 + chance.below(60)
      var entries: [Entry] = []
      var index = max(load.from, log.base.position.index.next)
      while index <= load.through, entries.count < most, let entry = log.entry(at: index) {
        entries.append(entry)
        index = index.next
      }
      give(.loaded(entries, for: load.purpose), to: machine)
    }
    process.isWriting = false
    startWriting(machine, process)
  }

  private func tellPersisted(_ machine: Machine, _ process: Process) {
    guard let last = process.writing.last else { return }
    tell(.persisted(machine.id, process.writing))
    give(.persisted(batch: last.sequence), to: machine)
  }

  func writeThrough(_ machine: Machine, _ process: Process) {
    if trial.sabotage == .syncForgotten {
      // A checkpoint of the file syncs it all the same, now and then.
      if machine.unsynced.map({ $0.count > 20 }) ?? true {
        machine.unsynced = (machine.log, 0)
      }
      machine.unsynced?.count += 1
    }
    for batch in process.writing {
      machine.log.write(batch, sabotage: trial.sabotage)
      if let install = batch.install, trial.sabotage == .installInTwo {
        after(20_000, on: machine) { _ in machine.log.generation = install.generation }
      }
    }
  }

  /// A batch that waits for as long as an election takes is reported, as the watchdog does.
  func watchDisk(of machine: Machine) {
    guard let process = machine.process, process.isWriting, machine.isDiskFull else { return }
    give(.stalled, to: machine)
  }

  func losesPower(_ machine: Machine, at point: Fault.Point) -> Bool {
    guard let (wanted, down) = machine.losesPowerAt, wanted == point, !isHealing else {
      return false
    }
    end(machine, losesPower: true)
    after(down) { [unowned self] in start(machine.id) }
    return true
  }

  // MARK: - The state

  func startApplying(_ entries: [Entry], _ machine: Machine, _ process: Process) {
    checkApplicable(entries, machine, process)
    after(chance.within(50...2_000), on: machine) { [unowned self] process in
      if machine.isDiskFull {
        return applyLater(entries, machine)
      }
      if machine.disk != nil {
        guard applyToFiles(entries, machine, process) else { return }
      } else {
        if losesPower(machine, at: .beforeApply) { return }
        commitState(entries, machine, process)
      }
      if losesPower(machine, at: .afterApply) { return }
      after(chance.within(10...300), on: machine) { [unowned self] _ in
        guard let last = entries.last else { return }
        tell(.applied(machine.id, last.position))
        give(.applied(through: last.position.index), to: machine)
      }
    }
  }

  func commitState(_ entries: [Entry], _ machine: Machine, _ process: Process) {
    guard var file = machine.files.removeValue(forKey: process.generation) else {
      return fail("\(machine.id) has lost its state file \(process.generation).")
    }
    process.outcomes = []
    for entry in entries {
      guard entry.position.index == file.current.applied.next else {
        fail("\(machine.id) applies \(entry.position.words) on \(file.current.position.words).")
        break
      }
      let outcome = apply(entry, to: &file.current)
      process.outcomes.append((entry.position, outcome))
      let isNews = ledger.applied.count < Int(entry.position.index.rawValue)
      hold(
        ledger.apply(
          entry, command: decode(entry), outcome: outcome,
          digest: machine.disk == nil ? file.current.digest : nil, now: now))
      if isNews, entry.kind == .configuration { follow(file.current.configuration) }
    }
    machine.files[process.generation] = file
  }

  /// Tries again what a full disk did not take.
  func applyLater(_ entries: [Entry], _ machine: Machine) {
    after(200_000, on: machine) { [unowned self] process in
      startApplying(entries, machine, process)
    }
  }

  // MARK: - A state on its way

  /// Once healed, the first may have been on its way to a leader that is none any more.
  private static let mostStatesAtRest = 3

  /// Sends a copy of the state as it is now; it comes whole, or not at all.
  func sendState(to peer: NodeID, from machine: Machine, _ process: Process) {
    guard !process.sending.contains(peer) else { return }
    guard let state = machine.files[process.generation]?.current, state.applied > .zero,
      links[Wire(from: machine.id, to: peer)] != nil
    else { return give(.snapshotEnded(peer), to: machine) }
    process.sending.insert(peer)
    if isHealing { statesSent[peer, default: 0] += 1 }
    if statesSent[peer, default: 0] > Self.mostStatesAtRest {
      fail("Healed, \(peer) is sent the state again and again.")
    }
    guard machine.disk == nil else { return sendFile(to: peer, from: machine, process) }
    tell(.told("\(machine.id) → \(peer): the state through \(state.position.words)"))
    var sent = state
    if trial.sabotage == .stateSentWithoutSessions {
      for client in sent.sessions.indices { sent.sessions[client].number = 0 }
    }
    let link = links[Wire(from: machine.id, to: peer)]?.number
    after(chance.within(5_000...200_000)) { [unowned self] in
      let arrives =
        links[Wire(from: machine.id, to: peer)]?.number == link
        && blocked[Wire(from: machine.id, to: peer), default: 0] == 0
        && !self.machine(peer).isPaused
      let hasArrived = arrives && receive(sent, at: self.machine(peer))
      after(chance.within(500...5_000), on: machine) { [unowned self] process in
        process.sending.remove(peer)
        give(.snapshotEnded(peer, hasArrived: hasArrived), to: machine)
      }
    }
  }

  private func receive(_ state: RegisterState, at machine: Machine) -> Bool {
    guard machine.process != nil, !machine.isDiskFull else { return false }
    machine.newestFile += 1
    machine.files[machine.newestFile] = StateFile(current: state, synced: state)
    let base = LogBase(position: state.position, configuration: state.configuration)
    give(.snapshotReceived(base, generation: machine.newestFile), to: machine)
    return true
  }

  func switchState(to generation: UInt64, _ machine: Machine) {
    after(chance.within(200...20_000), on: machine) { [unowned self] process in
      if losesPower(machine, at: .beforeSwitch) { return }
      guard useFile(generation, machine, process) else { return }
      tell(.told("\(machine.id): uses state file \(generation)"))
      machine.files[process.generation] = nil
      process.generation = generation
      give(.switched(generation: generation), to: machine)
    }
  }
}
