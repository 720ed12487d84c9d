import Raft
import Replication

/// A change of the membership that the operator wants, until it is made or given up.
struct Errand {
  let change: MemberChange
  var tries = 0
  var token: ClientToken?

  init(_ change: MemberChange) { self.change = change }
}

extension World {
  private static let mostTries = 40
  private static let mostMembers = 7

  /// A new machine with empty files, which is to become a member.
  func add(replacing old: NodeID?) {
    guard errands.count < 3, ids.count < 40 else { return }
    if let old, configuration.member(old) == nil { return }
    if old == nil, configuration.members.count >= Self.mostMembers { return }
    let id = NodeID(rawValue: UInt64(ids.count) + 1)
    ids.append(id)
    let machine = Machine(
      id, incarnation: 100 + id.rawValue, founders: [], clients: clients.count, room: room)
    machines[id] = machine
    start(id)
    var member = machine.member
    member.replaces = old
    errands.append(Errand(.add(member)))
  }

  /// Whether these files of a member are lost.
  func isWiped(_ member: Configuration.Member) -> Bool {
    guard let machine = machines[member.id], member.incarnation != 0 else { return false }
    return machine.incarnation != member.incarnation
  }

  /// Whether a member is one that the others must do without: its files are lost, or its state is
  /// spoilt and that is not found out. Of two, nobody could say which is the odd one (file seeds 12
  /// and 18).
  func isHurt(_ member: Configuration.Member) -> Bool {
    isWiped(member) || machines[member.id]?.spoilt != nil
  }

  /// Whether the cluster can do without a member's disk: all the others know it by its files, and
  /// none else has lost his.
  func canSpareDisk(of id: NodeID) -> Bool {
    let knows = ids.allSatisfy { other in
      let known = machine(other).log.configurations.last?.configuration.member(id)
      return other == id || known == nil || known?.incarnation == machine(id).incarnation
    }
    // A change that somebody's log has and nobody was told of may yet be made: with it, what is lost
    // could be one of two (seed 208).
    let isSettled = ids.allSatisfy { other in
      let (onDisk, inMind) = (
        machine(other).log.configurations.last?.configuration,
        machine(other).process?.replica.core.configuration
      )
      return configuration.member(other) == nil
        || [onDisk, inMind].allSatisfy { $0 == nil || $0 == configuration }
    }
    guard knows, isSettled, let member = configuration.member(id) else { return false }
    return member.incarnation == machine(id).incarnation
      && !configuration.members.contains(where: isHurt)
      && configuration.voters.count >= 3 && errands.isEmpty
  }

  /// Loses a member's disk, if the cluster can do without.
  func wipe(_ id: NodeID) {
    guard canSpareDisk(of: id) else { return }
    end(machine(id), losesPower: true)
    renew(id)
  }

  /// Gives a machine whose process has ended a new disk, and has it replaced.
  func renew(_ id: NodeID) {
    breakLinks(of: id)
    machines[id] = Machine(
      id, incarnation: machine(id).incarnation + 1_000, founders: [], clients: clients.count,
      room: room)
    start(id)
    add(replacing: id)
  }

  func tendErrands() {
    retireFormer()
    guard let errand = errands.first, errand.token == nil else { return }
    // With a disk lost, nobody sane removes another: together they may be a majority.
    let isHurt = configuration.members.contains(where: isHurt)
    if case .remove(let node) = errand.change,
      isHurt || configuration.member(node) == nil || configuration.voters.count <= fewestVoters
    {
      errands.removeFirst()
      return
    }
    guard errand.tries < Self.mostTries, !isHealing else {
      errands.removeFirst()
      return
    }
    errands[0].tries += 1
    guard let leader else { return }
    let token = makeToken()
    errands[0].token = token
    give(.change(token, errand.change), to: machine(leader))
    // A leader that dies does not answer.
    after(3_000_000) { [unowned self] in
      if errands.first?.token == token { errands[0].token = nil }
    }
  }

  func take(_ answer: ChangeAnswer, for token: ClientToken) {
    guard errands.first?.token == token else { return }
    tell(.told("operator: \(errands[0].change) \(answer)"))
    switch answer {
    case .done, .refused(.alreadyMember), .refused(.notMember), .refused(.retired),
      .refused(.tooManyMembers), .refused(.lastVoter):
      errands.removeFirst()
    case .refused, .notLeader, .superseded, .unknown:
      errands[0].token = nil
    }
  }

  /// A configuration is committed and applied somewhere.
  func follow(_ next: Configuration) {
    for old in configuration.members where next.member(old.id) == nil {
      leaving[old.id] = now + chance.within(500_000...6_000_000)
    }
    configuration = next
  }

  /// Former members are switched off after a while, and for good.
  private func retireFormer() {
    for id in ids {
      guard let due = leaving[id], due <= now else { continue }
      leaving[id] = nil
      retire(machine(id))
    }
  }

  private func retire(_ machine: Machine) {
    guard !machine.isRetired else { return }
    machine.isRetired = true
    end(machine, losesPower: false)
  }
}
