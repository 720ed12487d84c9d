import FaultyDisk
import Raft
import Replication

extension World {
  private func node(_ number: Int) -> NodeID {
    if number >= Fault.leaderFrom, let leader { return leader }
    return ids[number % ids.count]
  }

  func happen(_ fault: Fault) {
    switch fault {
    case .kill(let number, let down):
      crash(node(number), losesPower: false, down: down)
    case .powerCut(let number, let down):
      crash(node(number), losesPower: true, down: down)
    case .powerCutOfAll(let down):
      for id in living { crash(id, losesPower: true, down: down + chance.within(0...100_000)) }
    case .powerCutAt(let number, let point, let down):
      machine(node(number)).losesPowerAt = (point, down)
    case .pause(let number, let duration):
      pause(machine(node(number)), for: duration)
    case .isolate(let number, let duration):
      for other in ids where other != node(number) { blockBoth(node(number), other, for: duration) }
    case .cut(let one, let other, let duration):
      blockBoth(node(one), node(other), for: duration)
    case .deafen(let one, let other, let duration):
      block(Wire(from: node(one), to: node(other)), for: duration)
    case .bridge(let number, let duration):
      halve(but: node(number), for: duration)
    case .halve(let number, let duration):
      halve(but: nil, turned: number, for: duration)
    case .flap(let one, let other, let times):
      for time in 0..<times {
        after(Int64(time) * 200_000) { [unowned self] in
          guard !isHealing else { return }
          blockBoth(node(one), node(other), for: 100_000)
        }
      }
    case .reset(let one, let other):
      breakLink(Wire(from: node(one), to: node(other)))
    case .slowNetwork(let each, let duration):
      networkDelay = each
      after(duration) { [unowned self] in networkDelay = 0 }
    case .slowDisk(let number, let each, let duration):
      let machine = machine(node(number))
      machine.diskDelay = each
      after(duration) { machine.diskDelay = 0 }
    case .fullDisk(let number, let duration):
      let machine = machine(node(number))
      machine.isDiskFull = true
      after(duration) { machine.isDiskFull = false }
    case .clockJump(let number, let milliseconds):
      let machine = machine(node(number))
      machine.clockOffset += milliseconds
      machine.tick = chance.within(8_000...12_000)
    case .transfer(let number):
      guard let leader else { return }
      let target = chance.happens(50) ? node(number) : nil
      give(.handOver(to: target), to: machine(leader))
    case .stop(let number, let down):
      stop(machine(node(number)), down: down)
    case .add: add(replacing: nil)
    case .remove(let number): errands.append(Errand(.remove(node(number))))
    case .replace(let number): add(replacing: node(number))
    case .wipe(let number): wipe(node(number))
    case .strand(let count, let duration): strand(count, for: duration)
    case .flood(let number, let count): flood(node(number), count)
    case .failDisk(let number, let count, let fault):
      machine(node(number)).disk?.disk.arm(after: count, with: fault)
    case .flipBit(let number): flipBit(of: machine(node(number)))
    case .spoilState(let number): spoilState(of: machine(node(number)))
    }
  }

  private func crash(_ id: NodeID, losesPower: Bool, down: Int64) {
    guard machine(id).process != nil else { return }
    end(machine(id), losesPower: losesPower)
    after(down) { [unowned self] in start(id) }
  }

  private func strand(_ count: Int, for duration: Int64) {
    guard let leader else { return }
    for other in ids where other != leader { blockBoth(leader, other, for: duration) }
    breakLinks(of: leader)
    flood(leader, count)
  }

  private func stop(_ machine: Machine, down: Int64) {
    give(.stop, to: machine)
    after(chance.within(20_000...500_000), on: machine) { [unowned self] _ in
      crash(machine.id, losesPower: false, down: down)
    }
  }

  private func halve(but bridge: NodeID?, turned: Int = 0, for duration: Int64) {
    let rest = ids.filter { $0 != bridge }
    let half = rest.count / 2
    for (place, one) in rest.enumerated() where (place + turned) % rest.count < half {
      for (other, two) in rest.enumerated() where (other + turned) % rest.count >= half {
        blockBoth(one, two, for: duration)
      }
    }
  }

  // MARK: - The end of all that

  /// Ends every fault, brings every member back, and lets the clients finish.
  func heal() {
    guard failure == nil else { return }
    isHealing = true
    tell(.told("HEALED"))
    networkDelay = 0
    for wire in blocked.keys.sorted(by: { ($0.from, $0.to) < ($1.from, $1.to) }) {
      blocked[wire] = 0
      release(wire)
    }
    for id in ids {
      let machine = machine(id)
      machine.isDiskFull = false
      machine.diskDelay = 0
      machine.tick = 10_000
      // Where the clocks differ by more than they may and no majority agrees, nobody may stamp.
      machine.clockOffset = 0
      machine.losesPowerAt = nil
      machine.disk?.disk.disarm()
      resume(machine)
      if machine.level < Self.newestLevel { end(machine, losesPower: false) }
      start(id)
    }
  }

  /// Liveness: a leader, everybody on the same state, a fresh write and a fresh read.
  func proveProgress() {
    guard failure == nil else { return }
    let elections = Int64(Self.mostElections * timing.election) * 10_000
    run(until: now + elections, or: { self.isLed })
    if failure == nil, !isLed {
      fail("Healed, nobody leads within ten election timeouts: \(standing).")
    }
    run(until: now + 20_000_000, or: { self.isAtRest })
    if failure == nil, !isAtRest { fail("Healed, it does not come to rest: \(unrest).") }
    guard failure == nil else { return }
    let last = clients[0]
    beginLast(last)
    run(until: now + 10_000_000, or: { last.isDone })
    if failure == nil, !last.isDone {
      fail("Healed and at rest, it serves no fresh write and read.")
    }
    run(until: now + 5_000_000, or: { self.isAtRest })
    if failure == nil, !isAtRest { fail("It does not come to rest again: \(unrest).") }
    proveNoneIsSpoiled()
  }

  private static let mostElections = 10

  /// What each machine is, and whom it takes for members.
  private var standing: String {
    machines.keys.sorted().map { (id: NodeID) -> String in
      let machine = machine(id)
      guard let core = machine.process?.replica.core else { return "\(machine.id) is down" }
      let members = core.configuration.members.map { (member: Configuration.Member) -> String in
        let kind: String = core.configuration.voters.contains(member.id) ? "" : "?"
        return "\(member.id)\(kind)#\(member.incarnation)"
      }
      let retired = core.configuration.retired.map { "\($0.id)#\($0.incarnation)" }
      return
        "\(machine.id)#\(machine.incarnation) is \(core.role) in \(core.term) with \(core.last), "
        + "committed \(core.commit.rawValue), members \(members.joined(separator: " ")), former \(retired.joined(separator: " "))"
    }.joined(separator: "; ")
  }

  /// Somebody leads and has shown that he can commit.
  private var isLed: Bool {
    leader.map { machine($0).process?.replica.core.hasCommittedOwnTerm ?? false } ?? false
  }

  /// Every member has applied all that is committed, and no client waits.
  private var isAtRest: Bool { unrest.isEmpty }

  private var unrest: String {
    guard let leader, let lead = machine(leader).process?.replica else { return "nobody leads" }
    let core = lead.core
    guard core.hasCommittedOwnTerm, core.uncommittedChange == nil else {
      return "\(leader) has not committed what it has"
    }
    // One whose disk was lost for good says nothing any more, and must be replaced first.
    let canRise = !core.configuration.members.contains(where: isWiped)
    guard core.configuration.level == Self.newestLevel || !canRise else {
      return "level \(core.configuration.level) is in force, and all know \(Self.newestLevel)"
    }
    for member in core.configuration.members where !isWiped(member) {
      guard let replica = machines[member.id]?.process?.replica else {
        return "\(member.id) does not run"
      }
      if replica.applied != lead.applied || replica.core.last != core.last {
        return "\(member.id) has applied \(replica.applied.rawValue) of \(lead.applied.rawValue)"
      }
    }
    if lead.applied != core.last.index { return "\(leader) has not applied all" }
    if let waiting = clients.first(where: { $0.isBusy }) {
      return "client \(waiting.number) still waits"
    }
    return ""
  }
}
