import Raft

extension Replica {
  /// The questions for an index that are under way.
  ///
  /// All that come in one burst, or while no leader is known, share one attempt: the leader's
  /// quorum round costs the same for one as for a thousand.
  struct Reads: Sendable {
    /// Those not answered yet. Looked up only: its order is random.
    var open: Set<ClientToken> = []
    var deadlines = Fifo<(token: ClientToken, at: UInt64)>()
    /// Not in an attempt.
    var queued: [ClientToken] = []
    /// Failed in this tick; queued again at the next one.
    var failed: [ClientToken] = []
    /// With the core, by ascending id.
    var attempts: [Attempt] = []
    /// Confirmed, and waiting for this node to apply the index.
    var waiting: [(token: ClientToken, index: LogIndex)] = []
    /// Waiting for an index that the client named.
    var awaiting: [(token: ClientToken, index: LogIndex, until: UInt64)] = []
    var nextAttempt: UInt64 = 1

    struct Attempt {
      let id: ReadID
      let tokens: [ClientToken]
      let since: UInt64
    }

    var isEmpty: Bool { open.isEmpty && awaiting.isEmpty }
  }

  mutating func read(_ token: ClientToken, deadline: Int, into effects: inout ReplicaEffects) {
    guard !servesNothing, reads.open.count < ReplicaLimits.reads else {
      effects.reads.append((token, .unavailable(leader: leader)))
      return
    }
    reads.open.insert(token)
    let at = ticks + UInt64(max(0, min(deadline, ReplicaLimits.readDeadline)))
    reads.deadlines.append((token, at)) { at < $0.at }
    reads.queued.append(token)
  }

  mutating func awaitApplied(
    _ token: ClientToken, _ index: LogIndex, patience: Int, into effects: inout ReplicaEffects
  ) {
    if index <= applied, !servesNothing {
      effects.reads.append((token, .ready(applied)))
    } else if patience <= 0 || reads.awaiting.count >= ReplicaLimits.reads {
      effects.reads.append((token, .unavailable(leader: leader)))
    } else {
      let patience = min(patience, ReplicaLimits.readDeadline)
      reads.awaiting.append((token, index, ticks + UInt64(patience)))
    }
  }

  /// Begins one attempt for all reads that wait, if there is a leader to ask.
  mutating func startReads() {
    guard !reads.queued.isEmpty, let leader, leader == node || isConnected(leader) else { return }
    guard reads.attempts.count < ReplicaLimits.readAttempts else { return }
    let id = ReadID(rawValue: reads.nextAttempt)
    reads.nextAttempt += 1
    reads.attempts.append(Reads.Attempt(id: id, tokens: reads.queued, since: ticks))
    reads.queued = []
    tell(.read(id))
  }

  /// Takes the core's answers to attempts.
  mutating func settleReads(
    _ outcomes: [(ReadID, ReadOutcome)], into effects: inout ReplicaEffects
  ) {
    for (id, outcome) in outcomes {
      // An attempt that was given up may still be answered.
      guard let place = reads.attempts.firstIndex(where: { $0.id == id }) else { continue }
      let tokens = reads.attempts.remove(at: place).tokens
      switch outcome {
      case .ready(let index) where index <= applied:
        for token in tokens { finishRead(token, .ready(applied), into: &effects) }
      case .ready(let index):
        for token in tokens { reads.waiting.append((token, index)) }
      case .failed:
        reads.failed.append(contentsOf: tokens)
      }
    }
  }

  /// Answers the reads that waited for this node to apply what it now has.
  mutating func settleReads(through index: LogIndex, into effects: inout ReplicaEffects) {
    if !reads.waiting.isEmpty {
      for read in reads.waiting where read.index <= index {
        finishRead(read.token, .ready(index), into: &effects)
      }
      reads.waiting.removeAll { $0.index <= index }
    }
    if !reads.awaiting.isEmpty {
      for read in reads.awaiting where read.index <= index {
        effects.reads.append((read.token, .ready(index)))
      }
      reads.awaiting.removeAll { $0.index <= index }
    }
  }

  /// Gives up every attempt: what was asked or answered may have been lost with a connection.
  mutating func retryAllReads() {
    for attempt in reads.attempts { reads.failed.append(contentsOf: attempt.tokens) }
    reads.attempts.removeAll()
  }

  /// Answers reads whose time is over, and queues again those that failed or got no answer.
  mutating func expireReads(into effects: inout ReplicaEffects) {
    while let first = reads.deadlines.first, first.at <= ticks {
      let token = reads.deadlines.removeFirst().token
      finishRead(token, .unavailable(leader: leader), into: &effects)
    }
    for read in reads.awaiting where read.until <= ticks {
      effects.reads.append((read.token, .unavailable(leader: leader)))
    }
    reads.awaiting.removeAll { $0.until <= ticks }

    for attempt in reads.attempts where attempt.since + UInt64(ReplicaLimits.readAttempt) <= ticks {
      reads.failed.append(contentsOf: attempt.tokens)
    }
    reads.attempts.removeAll { $0.since + UInt64(ReplicaLimits.readAttempt) <= ticks }
    let open = reads.open
    reads.queued.append(contentsOf: reads.failed.filter { open.contains($0) })
    reads.queued.removeAll { !open.contains($0) }
    reads.waiting.removeAll { !open.contains($0.token) }
    reads.failed.removeAll(keepingCapacity: true)
  }

  /// Answers a read, unless it was answered before.
  private mutating func finishRead(
    _ token: ClientToken, _ answer: ReadAnswer, into effects: inout ReplicaEffects
  ) {
    guard reads.open.remove(token) != nil else { return }
    effects.reads.append((token, answer))
  }
}
