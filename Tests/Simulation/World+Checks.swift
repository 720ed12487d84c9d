import Raft
import Replication

// What must be true after each step of a node.
extension World {
  func checkStep(of machine: Machine, _ process: Process, _ effects: ReplicaEffects) {
    let core = process.replica.core
    if core.term < process.term { fail("The term of \(machine.id) falls to \(core.term).") }
    if core.commit < process.commit { fail("The commit of \(machine.id) falls to \(core.commit).") }
    if core.term != process.term { process.isLeader = false }
    process.term = core.term
    if core.last != process.mind.last {
      fail("\(machine.id) takes its log to end at \(core.last), and gave \(process.mind.last).")
    }
    if !effects.persist.isEmpty { checkConfigurations(of: machine, process) }
    if core.role == .leader, !process.isLeader {
      process.isLeader = true
      checkNewLeader(machine, process)
    }
    if core.commit > process.commit { checkCommit(of: machine, process) }
    if process.mind.entries.count > 12_000 || process.inbox.count > 20_000 {
      fail("\(machine.id) lets its log or its inbox grow without bound.")
    }
  }

  /// Who was removed leads no longer than it takes to hand over.
  func checkMayLead(_ machine: Machine) {
    guard let process = machine.process else { return }
    let core = process.replica.core
    let isStranger = core.role == .leader && !core.isVoter && core.uncommittedChange == nil
    process.strangerTicks = isStranger ? process.strangerTicks + 1 : 0
    if process.strangerTicks > 3 * timing.election {
      fail("\(machine.id) was removed, and still leads \(core.term).")
    }
  }

  /// With nothing on its way, the disk is what the node takes it for.
  func checkDisk(of machine: Machine, _ process: Process) {
    guard process.batches.isEmpty else { return }
    let (log, mind) = (machine.log, process.mind)
    if log.hardState != mind.hardState {
      fail("\(machine.id) takes its disk to hold \(mind.hardState.term) and its vote there.")
    }
    if log.last != mind.last || log.base != mind.base {
      fail(
        "\(machine.id) takes its disk to end at \(mind.last.words), and it does at \(log.last.words)."
      )
    }
  }

  private func checkNewLeader(_ machine: Machine, _ process: Process) {
    let core = process.replica.core
    hold(ledger.lead(core.term, machine.id))
    if let last = ledger.lastCommitted(before: core.term), !process.mind.holds(last) {
      fail("\(machine.id) leads \(core.term) without \(last.words), which is committed.")
    }
  }

  private func checkCommit(of machine: Machine, _ process: Process) {
    let core = process.replica.core
    guard core.commit <= process.mind.last.index else {
      return fail("\(machine.id) commits \(core.commit) beyond its log.")
    }
    if core.role == .leader, process.mind.position(at: core.commit)?.term != core.term {
      fail("\(machine.id) commits \(core.commit) of an older term than \(core.term) by counting.")
    }
    var index = max(process.commit, process.mind.base.position.index.previousOrZero).next
    var isNews = false
    while index <= core.commit {
      if let position = process.mind.position(at: index) {
        let (fresh, wrong) = ledger.commit(position, in: core.term)
        hold(wrong)
        isNews = isNews || fresh
      }
      index = index.next
    }
    process.commit = core.commit
    if isNews { checkQuorum(machine, process) }
  }

  /// What is committed for the first time is synced on a majority, by a configuration in force.
  private func checkQuorum(_ machine: Machine, _ process: Process) {
    let core = process.replica.core
    guard let position = process.mind.position(at: core.commit) else { return }
    let isHeld = core.configurations.suffix(2).contains { placed in
      Quorum.holds(voters: placed.configuration.voters) {
        // What a member acknowledged before its disk was lost still counts: nobody can do without
        // those who hold it.
        if let member = placed.configuration.member($0), isWiped(member) { return true }
        return machines[$0].map {
          $0.log.holds(position) && $0.log.last.index >= position.index
        } ?? false
      }
    }
    if !isHeld {
      fail("\(machine.id) takes \(position.words) for committed, and no majority has it on disk.")
    }
  }

  private func checkConfigurations(of machine: Machine, _ process: Process) {
    let core = process.replica.core
    let placed = process.mind.configurations
    if core.configurations != placed {
      fail("\(machine.id) is mistaken about the members that its log gives.")
    }
    if core.configuration != placed.last?.configuration {
      fail("\(machine.id) has another configuration in force than its log's last.")
    }
    if placed.count(where: { $0.index > ledger.lastCommitted && $0.index > core.commit }) > 1 {
      fail("\(machine.id) has two changes of the membership that are not committed.")
    }
  }

  /// A leader believes its own clock no further than ``ReplicaLimits/largestStep``, unless a majority
  /// has the same time. Its ticks may be a fifth too long, and what it knows of others a second old.
  /// Entries of its own that wait for no clock have the stamp before them once more, so the time since
  /// is that since the stamp was first given (seed 9590).
  func checkStamp(of entry: Entry, _ process: Process) {
    guard entry.kind == .command, entry.position.term == process.replica.core.term,
      let before = process.mind.entry(at: entry.position.index.previous), before.stamp > 0,
      let since = stampedAt[before.stamp]
    else { return }
    let elapsed = (now - since) / 1_000
    let slack = ReplicaLimits.largestStep + 1_500
    guard entry.stamp > before.stamp + elapsed + elapsed / 4 + slack else { return }
    let voters = process.replica.core.configuration.voters
    let agree = Quorum.holds(voters: voters) { voter in
      guard let machine = machines[voter] else { return false }
      return [machine.clockOffset, machine.formerOffset].contains {
        abs(1_800_000_000_000 + now / 1_000 + $0 - entry.stamp) <= slack
      }
    }
    if !agree {
      fail(
        "\(entry.position.words) is stamped \(entry.stamp - before.stamp) ms after the one before.")
    }
  }

  func checkApplicable(_ entries: [Entry], _ machine: Machine, _ process: Process) {
    for entry in entries {
      if entry.position.index > process.replica.core.commit {
        return fail("\(machine.id) applies \(entry.position.words), which is not committed.")
      }
      if entry.kind == .configuration,
        let configuration = try? Configuration(decoding: entry.payload),
        configuration.level > machine.level
      {
        // One that was removed is told of it, and has no business in what comes after.
        guard configuration.member(machine.id) == nil else {
          let level = configuration.level
          return fail("\(machine.id) applies level \(level), and knows \(machine.level).")
        }
        return end(machine, losesPower: false)
      }
      if machine.log.entry(at: entry.position.index) != entry {
        return fail("\(machine.id) applies \(entry.position.words), which its disk does not hold.")
      }
    }
  }

  /// What a message promises is on disk as it leaves.
  func checkPromise(_ frame: PeerFrame, from machine: Machine, to peer: NodeID) {
    guard case .message(let message) = frame else { return }
    let known = machine.log.hardState
    var term = message.term
    switch message {
    case .vote(let vote) where vote.granted && !vote.isPreVote:
      hold(ledger.vote(machine.id, for: peer, in: vote.term))
      if known.term == vote.term, known.vote != peer {
        fail("\(machine.id) votes for \(peer) in \(vote.term) before that is on its disk.")
      }
    case .vote(let vote) where vote.granted:
      term = .zero
    case .voteRequest(let request) where request.kind == .vote || request.kind == .transfer:
      hold(ledger.vote(machine.id, for: machine.id, in: request.term))
      if known.term == request.term, known.vote != machine.id {
        fail("\(machine.id) campaigns in \(request.term) before its own vote is on its disk.")
      }
    case .voteRequest:
      term = .zero
    case .appended(let answer):
      if case .matched(let index) = answer.outcome, known.term == answer.term,
        machine.log.last.index < index
      {
        fail("\(machine.id) acknowledges \(index) before that is on its disk.")
      }
    case .vote, .append, .heartbeat, .heartbeatAnswer, .campaignNow, .readRequest, .readAnswer:
      break
    }
    if term > known.term { fail("\(machine.id) speaks of \(term) before that is on its disk.") }
    machine.shownTerm = max(machine.shownTerm, term)
  }
}

extension LogIndex {
  fileprivate var previousOrZero: LogIndex { self == .zero ? .zero : previous }
}
