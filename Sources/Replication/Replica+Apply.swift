import Raft

extension Replica {
  /// Starts the next transaction if none is open and something may be applied.
  mutating func startApplying(into effects: inout ReplicaEffects) {
    guard applying == nil, installing == nil, applied < applicable, isTimeToApply else { return }
    var through = min(
      applicable, LogIndex(rawValue: applied.rawValue + UInt64(ReplicaLimits.applyEntries)))
    if applied < poison.suspectThrough { through = applied.next }
    if let wait = waitsBefore { through = min(through, wait.previous) }
    guard applied < through else { return }
    if let entries = unapplied.entries(
      from: applied.next, through: through, maxBytes: ReplicaLimits.applyBytes)
    {
      apply(entries, into: &effects)
    } else {
      applying = .loading(from: applied.next)
      effects.loads.append(LogLoad(purpose: .apply, from: applied.next, through: through))
    }
  }

  /// Whether to apply now what may be applied, or at the next tick with what comes until then.
  ///
  /// Whoever waits on this node waits for nothing else. Where nobody does, as on a follower that is
  /// asked nothing, a transaction for each few entries would write the same pages again and again:
  /// with one a tick a write costs all nodes together a tenth less.
  private var isTimeToApply: Bool {
    isLeader || ticks > appliedAt || !reads.isEmpty || !writes.isEmpty
      || applicable.rawValue - applied.rawValue >= UInt64(ReplicaLimits.applyEntries)
  }

  /// Applies what had to be read from the disk first.
  mutating func loadedToApply(_ entries: [Entry], into effects: inout ReplicaEffects) {
    guard case .loading(let from) = applying else {
      preconditionFailure("Entries to apply came that nobody asked for.")
    }
    // Durable and committed entries cannot be missing from the log on disk.
    precondition(
      entries.first?.position.index == from,
      "The log on disk begins at \(entries.first?.position.index.rawValue ?? 0), not at \(from).")
    // While they were read it may have become known that one must wait.
    let ready = waitsBefore.map { wait in entries.filter { $0.position.index < wait } } ?? entries
    applying = nil
    if !ready.isEmpty { apply(ready, into: &effects) }
  }

  private mutating func apply(_ entries: [Entry], into effects: inout ReplicaEffects) {
    precondition(effects.apply.isEmpty, "One transaction at a time.")
    applying = .transaction(entries.map(\.position))
    appliedAt = ticks
    effects.apply = entries
    guard core.mentionsSkips else { return }
    effects.skips = entries.map(\.position.index).filter { core.fate(of: $0) == .skip }
  }

  /// Answers those who waited for what is now applied.
  mutating func finishApplying(through index: LogIndex, into effects: inout ReplicaEffects) {
    guard case .transaction(let positions) = applying, positions.last?.index == index else {
      preconditionFailure("Applied through \(index), which is not the transaction under way.")
    }
    applying = nil
    applied = index
    getOver(index)
    unapplied.drop(through: index)
    tell(.applied(index))
    for position in positions {
      settleWrites(at: position, into: &effects)
      settleChanges(at: position, into: &effects)
    }
    settleReads(through: index, into: &effects)
  }
}
