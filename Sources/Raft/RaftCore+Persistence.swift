/// A batch that the disk has not confirmed.
struct OutstandingBatch: Sendable {
  let sequence: UInt64
  /// When it was handed out, in ticks.
  let since: UInt64
  /// What of the log is durable with it. A later batch that removes entries lowers this, so a late
  /// confirmation never counts an entry that has been replaced at its index.
  var through: LogIndex
  /// The batch installs a received state up to here.
  var installs: LogIndex?
}

// What reaches the disk, and what waits for it.
extension RaftCore {
  /// Adds to the log and to the batch of this output.
  mutating func append(_ entry: Entry, into output: inout Output) {
    log.append(entry)
    openBatch(into: &output)
    output.persist?.entries.append(entry)
    outstanding[outstanding.count - 1].through = entry.position.index
    if entry.kind == .configuration { comeIntoForce(entry, into: &output) }
  }

  /// Removes the entries at and after `index`, in memory at once and on disk with the batch.
  mutating func truncate(from index: LogIndex, into output: inout Output) {
    precondition(
      index > commit, "Entry \(index) would be removed, but \(commit) is committed.")
    log.truncate(from: index)
    durable = min(durable, index.previous)
    for batch in outstanding.indices {
      outstanding[batch].through = min(outstanding[batch].through, index.previous)
    }
    openBatch(into: &output)
    output.persist?.truncate(from: index)
    rollBackConfigurations(from: index, into: &output)
  }

  /// Sets term and vote, in memory at once and on disk with the batch.
  mutating func record(_ state: HardState, into output: inout Output) {
    precondition(
      state.term > hardState.term
        || state.term == hardState.term && (hardState.vote == nil || hardState.vote == state.vote),
      "\(hardState) would become \(state): a vote would be taken back.")
    hardState = state
    openBatch(into: &output)
    output.persist?.hardState = state
    hardStateBatch = lastBatch
  }

  /// Sends a promise: after everything decided so far is durable.
  mutating func promise(_ message: Message, to peer: NodeID, into output: inout Output) {
    let isDurable = outstanding.isEmpty && output.persist == nil
    if isDurable || commits(.acknowledgesBeforePersist) {
      output.messages.append(Outbound(to: peer, message: message))
    } else {
      openBatch(into: &output)
      output.persist?.messages.append(Outbound(to: peer, message: message))
    }
  }

  /// Sends what promises nothing but the term: at once, unless the term itself is not durable.
  mutating func say(_ message: Message, to peer: NodeID, into output: inout Output) {
    if let first = outstanding.first, first.sequence <= hardStateBatch {
      promise(message, to: peer, into: &output)
    } else {
      output.messages.append(Outbound(to: peer, message: message))
    }
  }

  /// The disk holds every batch through this one.
  mutating func persisted(_ batch: UInt64, into output: inout Output) {
    precondition(batch <= lastBatch, "Batch \(batch) was persisted, but \(lastBatch) is the last.")
    var confirmed = 0
    while confirmed < outstanding.count, outstanding[confirmed].sequence <= batch {
      durable = max(durable, outstanding[confirmed].through)
      // The state came whole, so it is never handed out as entries to apply.
      if let index = outstanding[confirmed].installs { released = max(released, index) }
      confirmed += 1
    }
    guard confirmed > 0 else { return }
    outstanding.removeFirst(confirmed)

    switch role {
    case .leader: advanceCommit(with: durable)
    case .candidate: countOwnVote(into: &output)
    case .follower, .preCandidate: break
    }
  }

  /// Releases what may be applied: committed, and durable here, so that a restart finds it.
  mutating func release(into output: inout Output) {
    let index = commits(.appliesBeforeDurable) ? commit : min(commit, durable)
    guard index > released else { return }
    released = index
    output.applicable = index
  }

  mutating func openBatch(into output: inout Output) {
    guard output.persist == nil else { return }
    lastBatch += 1
    output.persist = PersistBatch(sequence: lastBatch)
    outstanding.append(
      OutstandingBatch(sequence: lastBatch, since: now, through: min(durable, log.last.index)))
  }
}

extension PersistBatch {
  /// Removes entries at and after `index` from the disk and from what this batch itself would add.
  mutating func truncate(from index: LogIndex) {
    while let entry = entries.last, entry.position.index >= index { entries.removeLast() }
    truncateFrom = min(truncateFrom ?? index, index)

    // An acknowledgement in this same batch would promise what the batch no longer writes.
    messages.removeAll {
      guard case .appended(let answer) = $0.message, case .matched(let matched) = answer.outcome
      else { return false }
      return matched >= index
    }
  }
}
