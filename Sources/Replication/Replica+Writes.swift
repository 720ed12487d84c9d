import Raft

extension Replica {
  /// The writes of this node's own clients, and those that other nodes sent here.
  struct Writes: Sendable {
    /// How far each unanswered write of an own client is. Looked up only: its order is random.
    var open: [ClientToken: Stage] = [:]
    var deadlines = Fifo<(token: ClientToken, at: UInt64)>()
    /// Waiting for a leader, in the order in which they came.
    var parked: [Parked] = []
    var parkedBytes = 0
    /// Given to the core in this burst, until it says what it did.
    var proposed: [ProposalID: Origin] = [:]
    var nextProposal: UInt64 = 1
    /// Sent to the leader, by ascending id, until it says at which position.
    var forwards: [Forward] = []
    /// Bytes of the commands that `forwards` keeps.
    var forwardedBytes = 0
    var nextForward: UInt64 = 1
    /// In some leader's log: who waits for this node to apply which index.
    var waiting: [LogIndex: [Waiting]] = [:]
    /// The leader, this node or another, takes nothing since it is handing over: it is not to be
    /// tried before then.
    var routeNotBefore: UInt64 = 0

    /// The way of a write. What it costs to lose it decides the answer: see `expireWrites`.
    enum Stage: Hashable {
      case parked
      case proposed
      case forwarded
      case appended(Position)
    }

    struct Parked {
      let token: ClientToken
      let command: [UInt8]
      let until: UInt64
    }

    /// Whose write a proposal is.
    enum Origin {
      /// An own client's; with what it takes to park it, should it not be taken.
      case client(ClientToken, command: [UInt8], until: UInt64)
      case peer(NodeID, forward: UInt64)
    }

    struct Forward {
      let id: UInt64
      let token: ClientToken
      let to: NodeID
      /// What it takes to park it, should the leader say that it took nothing; `nil` where too much
      /// is kept already.
      let parked: Parked?
    }

    /// Takes the forwards out that are `done`.
    mutating func removeForwards(where done: (Forward) -> Bool) {
      for forward in forwards where done(forward) {
        forwardedBytes -= forward.parked?.command.count ?? 0
      }
      forwards.removeAll(where: done)
    }

    struct Waiting {
      let token: ClientToken
      let term: Term
    }

    var isEmpty: Bool { open.isEmpty }
  }

  /// Where a write can go now.
  private enum Route {
    case here
    case leader(NodeID)
    case nowhere
  }

  private var route: Route {
    guard let leader, ticks >= writes.routeNotBefore else { return .nowhere }
    if leader == node { return mayStamp ? .here : .nowhere }
    return isConnected(leader) ? .leader(leader) : .nowhere
  }

  // MARK: - From a client

  mutating func submit(
    _ token: ClientToken, _ command: [UInt8], patience: Int, deadline: Int,
    into effects: inout ReplicaEffects
  ) {
    let lag = core.commit.rawValue - min(applied.rawValue, core.commit.rawValue)
    let isOpen = !isStopping && !servesNothing
    guard isOpen, writes.open.count < ReplicaLimits.writes, lag < ReplicaLimits.applyLag
    else {
      effects.writes.append((token, .notAccepted(leader: leader, overloaded: isOpen)))
      return
    }
    let deadline = max(0, min(deadline, ReplicaLimits.writeDeadline))
    let at = ticks + UInt64(deadline)
    writes.deadlines.append((token, at)) { at < $0.at }
    let until = ticks + UInt64(max(0, min(patience, deadline, ReplicaLimits.longestPatience)))
    send(Writes.Parked(token: token, command: command, until: until), into: &effects)
  }

  /// Sends a write where it can go now, or parks it.
  private mutating func send(_ write: Writes.Parked, into effects: inout ReplicaEffects) {
    switch route {
    case .here:
      writes.open[write.token] = .proposed
      propose(
        write.command, for: .client(write.token, command: write.command, until: write.until))
    case .leader(let leader):
      forward(write, to: leader, into: &effects)
    case .nowhere:
      park(write, into: &effects)
    }
  }

  private mutating func propose(_ command: [UInt8], for origin: Writes.Origin) {
    let id = ProposalID(rawValue: writes.nextProposal)
    writes.nextProposal += 1
    writes.proposed[id] = origin
    tell(.propose(id, payload: command, now: now))
  }

  /// Sends a write to the leader. It is never sent again, unless the leader says that it took
  /// nothing.
  private mutating func forward(
    _ write: Writes.Parked, to leader: NodeID, into effects: inout ReplicaEffects
  ) {
    let id = writes.nextForward
    writes.nextForward += 1
    writes.open[write.token] = .forwarded
    let bytes = write.command.count
    let isKept =
      write.until > ticks && writes.forwardedBytes + bytes <= ReplicaLimits.forwardedBytes
    if isKept { writes.forwardedBytes += bytes }
    writes.forwards.append(
      Writes.Forward(id: id, token: write.token, to: leader, parked: isKept ? write : nil))
    effects.sends.append((to: leader, frame: .forward(id: id, command: write.command)))
  }

  /// Keeps a write, unsent, until there is a leader or its patience is over.
  private mutating func park(_ write: Writes.Parked, into effects: inout ReplicaEffects) {
    let hasRoom =
      writes.parked.count < ReplicaLimits.parked
      && writes.parkedBytes + write.command.count <= ReplicaLimits.parkedBytes
    guard write.until > ticks, hasRoom, !isStopping else {
      writes.open[write.token] = nil
      effects.writes.append((write.token, .notAccepted(leader: leader, overloaded: !hasRoom)))
      return
    }
    writes.open[write.token] = .parked
    writes.parked.append(write)
    writes.parkedBytes += write.command.count
  }

  /// Sends what waited for a leader, in order, once there is one.
  mutating func routeParked(into effects: inout ReplicaEffects) {
    guard !writes.parked.isEmpty, !isStopping else { return }
    if case .nowhere = route { return }
    let parked = writes.parked
    writes.parked = []
    writes.parkedBytes = 0
    for write in parked { send(write, into: &effects) }
  }

  /// Says to all who wait unsent that they were not accepted.
  mutating func refuseParked(into effects: inout ReplicaEffects) {
    for write in writes.parked {
      finishWrite(write.token, .notAccepted(leader: leader, overloaded: false), into: &effects)
    }
    writes.parked = []
    writes.parkedBytes = 0
  }

  // MARK: - From a peer

  /// Takes a write of another node's client. If this node does not lead, it says so: a write goes
  /// one hop, so two nodes that each take the other for the leader cannot send it in circles.
  mutating func takeForward(
    _ id: UInt64, _ command: [UInt8], from peer: NodeID, into effects: inout ReplicaEffects
  ) {
    if isStopping || !isLeader || !mayStamp {
      let frame = PeerFrame.forwarded(id: id, .notLeader(leader: isLeader ? nil : leader))
      effects.sends.append((to: peer, frame: frame))
    } else {
      propose(command, for: .peer(peer, forward: id))
    }
  }

  /// Takes the leader's word on a write that was sent to it.
  mutating func settleForward(
    _ id: UInt64, _ outcome: ForwardOutcome, from peer: NodeID, into effects: inout ReplicaEffects
  ) {
    guard let place = writes.forwards.firstIndex(where: { $0.id >= id }),
      writes.forwards[place].id == id, writes.forwards[place].to == peer
    else { return }
    let forward = writes.forwards.remove(at: place)
    writes.forwardedBytes -= forward.parked?.command.count ?? 0
    let token = forward.token
    switch outcome {
    case .appended(let position):
      wait(for: position, by: token, into: &effects)
    case .notLeader where forward.parked != nil:
      // The leader took nothing, so the write may wait for whoever leads next. It is most likely
      // handing over: before the next tick it would only say so again.
      if peer == leader { writes.routeNotBefore = ticks + 1 }
      if let write = forward.parked { park(write, into: &effects) }
    case .notLeader(let leader):
      finishWrite(token, .notAccepted(leader: leader, overloaded: false), into: &effects)
    case .overloaded:
      finishWrite(token, .notAccepted(leader: peer, overloaded: true), into: &effects)
    }
  }

  /// Writes whose position was on its way over a lost connection: nobody here will ever know it.
  mutating func forgetForwards(to peer: NodeID, into effects: inout ReplicaEffects) {
    for forward in writes.forwards where forward.to == peer {
      finishWrite(forward.token, .unknown, into: &effects)
    }
    writes.removeForwards { $0.to == peer }
  }

  // MARK: - From the core, and from the state

  /// Takes what the core did with proposals.
  mutating func settleProposals(
    _ outcomes: [(ProposalID, ProposalOutcome)], into effects: inout ReplicaEffects
  ) {
    for (id, outcome) in outcomes {
      guard let origin = writes.proposed.removeValue(forKey: id) else { continue }
      switch (origin, outcome) {
      case (.client(let token, _, _), .appended(let position)):
        wait(for: position, by: token, into: &effects)
      case (.client(let token, let command, let until), .notLeader):
        // It did not leave this node, so it may wait for whoever leads next.
        if isLeader { writes.routeNotBefore = ticks + 1 }
        park(Writes.Parked(token: token, command: command, until: until), into: &effects)
      case (.client(let token, _, _), .overloaded):
        finishWrite(token, .notAccepted(leader: node, overloaded: true), into: &effects)
      case (.peer(let peer, let forward), .appended(let position)):
        reply(.appended(position), to: forward, of: peer, into: &effects)
      case (.peer(let peer, let forward), .notLeader(let known)):
        reply(.notLeader(leader: known), to: forward, of: peer, into: &effects)
      case (.peer(let peer, let forward), .overloaded):
        reply(.overloaded, to: forward, of: peer, into: &effects)
      case (_, .refused(let why)):
        preconditionFailure("A write was refused as a change of the membership: \(why)")
      }
    }
  }

  private func reply(
    _ outcome: ForwardOutcome, to forward: UInt64, of peer: NodeID,
    into effects: inout ReplicaEffects
  ) {
    effects.sends.append((to: peer, frame: .forwarded(id: forward, outcome)))
  }

  /// Waits for this node to apply the index of a write that is in a leader's log.
  private mutating func wait(
    for position: Position, by token: ClientToken, into effects: inout ReplicaEffects
  ) {
    guard writes.open[token] != nil else { return }
    // The leader says the position before it can commit, on the same connection, so this only
    // happens when a connection was made anew in between. Its result is no longer at hand.
    guard position.index > applied else { return finishWrite(token, .unknown, into: &effects) }
    writes.open[token] = .appended(position)
    writes.waiting[position.index, default: []].append(
      Writes.Waiting(token: token, term: position.term))
  }

  /// Answers those who waited for this index: theirs was applied if it is of their term, and if
  /// it is of another then theirs is in no log that counts, for ever (paper, section 5.3).
  mutating func settleWrites(at position: Position, into effects: inout ReplicaEffects) {
    guard let waiting = writes.waiting.removeValue(forKey: position.index) else { return }
    for write in waiting {
      let answer: WriteAnswer =
        write.term == position.term
        ? .applied(position) : .notAccepted(leader: leader, overloaded: false)
      finishWrite(write.token, answer, into: &effects)
    }
  }

  /// A received state went past the writes that waited for these indexes: their outcome is in it,
  /// and not at hand.
  mutating func forgetWrites(through index: LogIndex, into effects: inout ReplicaEffects) {
    // Sorted, since the order of a dictionary is random.
    for passed in writes.waiting.keys.filter({ $0 <= index }).sorted() {
      for write in writes.waiting.removeValue(forKey: passed) ?? [] {
        finishWrite(write.token, .unknown, into: &effects)
      }
    }
  }

  // MARK: - Time

  /// Answers writes whose time is over. What did not leave was not accepted; of what did leave,
  /// this node cannot tell.
  mutating func expireWrites(into effects: inout ReplicaEffects) {
    if let first = writes.parked.min(by: { $0.until < $1.until }), first.until <= ticks {
      for write in writes.parked where write.until <= ticks {
        finishWrite(write.token, .notAccepted(leader: leader, overloaded: false), into: &effects)
        writes.parkedBytes -= write.command.count
      }
      let now = ticks
      writes.parked.removeAll { $0.until <= now }
    }
    while let first = writes.deadlines.first, first.at <= ticks {
      let token = writes.deadlines.removeFirst().token
      switch writes.open[token] {
      case nil: continue
      case .parked:
        preconditionFailure("A write was parked past \(ReplicaLimits.longestPatience) ticks.")
      case .proposed, .forwarded:
        writes.removeForwards { $0.token == token }
      case .appended(let position):
        writes.waiting[position.index]?.removeAll { $0.token == token }
        if writes.waiting[position.index]?.isEmpty == true {
          writes.waiting[position.index] = nil
        }
      }
      finishWrite(token, .unknown, into: &effects)
    }
  }

  /// Answers a write, unless it was answered before.
  private mutating func finishWrite(
    _ token: ClientToken, _ answer: WriteAnswer, into effects: inout ReplicaEffects
  ) {
    guard writes.open.removeValue(forKey: token) != nil else { return }
    effects.writes.append((token, answer))
  }
}
