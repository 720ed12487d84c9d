// What happens when the log does not reach back to what is needed (paper, section 7). Here the state
// is a file that others make, carry and verify; the core says when, and what it means for the log.
extension RaftCore {
  // MARK: As a leader

  /// The log begins after what this peer lacks.
  mutating func needsSnapshot(_ index: Int, into output: inout Output) {
    peers[index].startSnapshot()
    output.snapshots.append(peers[index].id)
  }

  mutating func snapshotEnded(_ peer: NodeID, hasArrived: Bool) {
    guard let index = peers.firstIndex(where: { $0.id == peer }) else { return }
    // Asked before it has taken the state into use, it would only be sent another.
    let patience = hasArrived ? UInt64(timing.election) : 0
    peers[index].snapshotOverAt = now + patience
    endOldSnapshots()
  }

  /// Asks those again that were sent the state and have not said that they have it.
  mutating func endOldSnapshots() {
    for index in peers.indices {
      guard let due = peers[index].snapshotOverAt, now >= due else { continue }
      peers[index].endSnapshot()
    }
  }

  // MARK: As a follower

  /// Puts a received state in the place of this node's own, with one batch.
  ///
  /// If the log holds the entry that the state ends with, what follows it stays; otherwise the whole
  /// log goes, also a suffix that contradicts it (hashicorp/raft#697), and with it any configuration
  /// in it (openraft#1808). To be told right after a flush, so that the batch holds nothing before it.
  mutating func install(_ base: LogBase, generation: UInt64, into output: inout Output) {
    let index = base.position.index
    precondition(role != .leader, "\(id) leads, and is given a state up to \(base.position).")
    precondition(output.persist == nil, "What came before an install has a batch of its own.")
    if isStateWrong, log.holds(base.position) { return repair(base, generation, into: &output) }
    precondition(index > commit, "A state up to \(base.position) would undo \(commit).")
    // The state may come before any message of the term that it ends in.
    if base.position.term > term {
      adopt(base.position.term, why: .higherTerm(seenFrom: id), into: &output)
    }
    let keepsEntries = log.holds(base.position)
    if keepsEntries {
      log.begin(after: base.position)
    } else {
      log.reset(to: base.position)
      durable = released
      // An earlier install that is still on its way stays good for what it brings.
      var good = released
      for batch in outstanding.indices {
        good = max(good, outstanding[batch].installs ?? .zero)
        outstanding[batch].through = min(outstanding[batch].through, good)
      }
    }
    commit = index
    isStateWrong = false

    openBatch(into: &output)
    outstanding[outstanding.count - 1].installs = index
    outstanding[outstanding.count - 1].through = outstanding.reduce(index) { max($0, $1.through) }
    output.persist?.install = SnapshotInstall(
      base: base, generation: generation,
      keepsEntries: keepsEntries || commits(.installKeepsSuffix))

    configurations.removeAll { $0.index <= index || !keepsEntries }
    configurations.insert(
      PlacedConfiguration(index: index, configuration: base.configuration), at: 0)
    configurationChanged(into: &output)
    if case .follower(of: .some(let leader)) = role {
      let answer = Appended(term: term, outcome: .matched(index), round: 0)
      promise(.appended(answer), to: leader, into: &output)
    }
  }

  /// Puts a received state in the place of a wrong one. The log is right: what follows the state is
  /// applied again from it.
  private mutating func repair(
    _ base: LogBase, _ generation: UInt64, into output: inout Output
  ) {
    let index = base.position.index
    isStateWrong = false
    applied = min(applied, index)
    released = min(released, index)
    commit = max(commit, index)
    log.begin(after: base.position)
    let older = configurations.lastIndex { $0.index <= index } ?? 0
    configurations.removeSubrange(...older)
    configurations.insert(
      PlacedConfiguration(index: index, configuration: base.configuration), at: 0)
    openBatch(into: &output)
    outstanding[outstanding.count - 1].installs = index
    outstanding[outstanding.count - 1].through = outstanding.reduce(index) { max($0, $1.through) }
    output.persist?.install = SnapshotInstall(
      base: base, generation: generation, keepsEntries: true)
  }

  // MARK: Trimming

  /// Lets the log begin after `index`, in memory at once and on disk with the batch.
  mutating func trim(through index: LogIndex, into output: inout Output) {
    guard index > log.base, index <= applied, index <= durable,
      let term = log.term(at: index), output.persist?.install == nil
    else { return }
    let position = Position(term: term, index: index)
    let older = configurations.lastIndex { $0.index <= index } ?? 0
    let inForce = configurations[older].configuration
    configurations.removeSubrange(...older)
    configurations.insert(PlacedConfiguration(index: index, configuration: inForce), at: 0)
    log.begin(after: position)
    openBatch(into: &output)
    output.persist?.trim = LogBase(position: position, configuration: inForce)
  }
}
