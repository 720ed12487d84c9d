// Entries that the operator refused, because applying them ends the process.
extension RaftCore {
  /// What becomes of a committed entry.
  package enum Fate: Hashable, Sendable {
    case apply
    /// It is applied as nothing.
    case skip
    /// It may be skipped: it waits until this node knows.
    case open
  }

  /// What becomes of the entry at `index`, which is committed.
  ///
  /// A skip stands in the log after the entry that it is about, so a replica that applies in order
  /// could apply the entry before it knows. That no state ever parts from another by it rests on
  /// three things.
  ///
  /// 1. The skip of N is appended, at M, only by a leader to which *every* member by the committed
  ///    configuration, learners too, has said that it stopped before N (``MemberChange/skip(_:)``;
  ///    `Replica.change` asks). To stop is durable: such a node has a file that says so, written
  ///    and synced before it first spoke, and it applies N only as a skip that is committed. So no
  ///    member has applied N, nobody was ever answered for it, and no member will apply it.
  /// 2. Who becomes a member later does so by an entry K. Before M it could not: a change that is
  ///    not committed stands in the way of the skip, and one that is makes it one of those asked. So
  ///    K comes after M, and every leader that knows it as a member, and sends it anything, has M in
  ///    its log too, or behind its base, when only a state that is past N is sent.
  /// 3. A commit is only ever told together with the skips of the teller's log
  ///    (``AppendEntries/skips``, ``Heartbeat/skips``). So the newcomer, which may be sent the log
  ///    from its first entry and piece by piece, never learns that N is committed without learning
  ///    that it may be skipped, and waits (`open`) until its own log says so, committed.
  ///
  /// A skip that is in no later leader's log is truncated with the configuration that it is part of,
  /// and the entry waits again. If all this were broken, the digests of two states would differ at
  /// the next index at which they are compared, and the odd one would be replaced.
  package func fate(of index: LogIndex) -> Fate {
    guard mentionsSkips else { return .apply }
    if let first = configurations.first(where: { $0.configuration.skips.contains(index) }) {
      return first.index <= commit ? .skip : .open
    }
    return toldSkips.contains(index) ? .open : .apply
  }

  /// Whether there is any entry that is not simply applied.
  package var mentionsSkips: Bool { !configuration.skips.isEmpty || !toldSkips.isEmpty }

  /// The first entry after `index` of which is not known yet whether it is skipped.
  package func firstOpen(after index: LogIndex) -> LogIndex? {
    guard mentionsSkips else { return nil }
    return (configuration.skips + toldSkips).filter { $0 > index && fate(of: $0) == .open }.min()
  }
}
