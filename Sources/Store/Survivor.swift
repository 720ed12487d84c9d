package import Bytes
internal import EventLoop
package import Raft
internal import SQLite

/// What the data folder of a stopped node holds: what an operator compares when a quorum is lost.
///
/// The survivor with the highest `last` holds every acknowledged write that any survivor holds
/// (paper, section 5.4.1).
package struct Survivor: Hashable, Sendable {
  /// The cluster that it belongs to.
  package let cluster: ID
  /// The node.
  package let node: NodeID
  /// How often the cluster was rebuilt, and which files these are: see ``RecoveredLog``.
  package let epoch: UInt64
  package let incarnation: UInt64
  /// Term and vote.
  package let hardState: HardState
  /// The last entry of its log.
  package let last: Position
  /// Where its log begins.
  package let base: LogBase
  /// Who is in the cluster, by its log.
  package let configuration: Configuration
  /// The last entry that its state has applied, which the file may have lost to a power cut and
  /// the log has.
  package let applied: Position
  /// The latest stamp that log or state know: the next one may not be before it.
  package let stamp: Int64

  /// Looks at a folder without starting its node.
  ///
  /// - Throws: ``StoreError/inUse(_:)`` while the node runs, or why its files cannot be trusted.
  package init(folder: String) throws(StoreError) {
    let log = try LogStore.openStopped(folder: folder)
    try self.init(log, folder: folder)
  }

  /// Makes the stopped node of `folder` the only member of its cluster, in the next epoch.
  ///
  /// It keeps its log; once started, it leads at once and commits everything that it holds, whether
  /// or not that was ever acknowledged. What other nodes alone held is lost. The other
  /// members cannot come back with the files that they have, which are of an earlier epoch. One transaction, so a crash leaves the node as
  /// it was or as it shall be.
  ///
  /// - Returns: What the folder holds then.
  package static func recover(
    folder: String, system: String? = nil
  ) throws(StoreError) -> Survivor {
    var log = try LogStore.openStopped(folder: folder, system: system)
    let before = try Survivor(log, folder: folder)
    guard before.applied.index <= before.last.index else {
      throw .logLost(
        last: before.last.index.rawValue, applied: before.applied.index.rawValue)
    }
    try log.beginAlone(before)
    // Read back as the node will read it.
    _ = consume log
    return try Survivor(folder: folder)
  }

  private init(_ log: borrowing LogStore, folder: String) throws(StoreError) {
    let recovered = log.recovered
    let owner = try log.owner()
    cluster = owner.cluster
    node = owner.node
    epoch = recovered.epoch
    incarnation = recovered.incarnation
    hardState = recovered.hardState
    last = recovered.log.last
    base = recovered.base.logBase
    configuration = recovered.configuration
    let stateFile = "\(folder)/\(recovered.base.stateFile)"
    // A crash may come between the two files of a first start, and then there is nothing applied.
    if Files.exists(stateFile) || base.position != .start {
      let head = try StateFileHead.read(stateFile)
      applied = head.base.position
      stamp = max(recovered.log.lastStamp, head.stamp)
    } else {
      applied = .start
      stamp = recovered.log.lastStamp
    }
  }
}

extension LogStore {
  /// Whose files these are.
  fileprivate borrowing func owner() throws(StoreError) -> (cluster: ID, node: NodeID) {
    let owner = try storing { () throws(SQLiteError) in
      try database.row("SELECT cluster, node FROM hard_state WHERE id = 0") {
        row throws(SQLiteError) in
        (cluster: try row.next() as ID, node: NodeID(rawValue: try row.next()))
      }
    }
    guard let owner else { throw .corrupt("\(Self.fileName) does not say whose it is") }
    return owner
  }

  /// Ends the log with a configuration of this node alone, in a term and an epoch of its own.
  ///
  /// The term rises as if the node had just been elected: no other log can hold another entry at
  /// the same position.
  fileprivate mutating func beginAlone(_ survivor: Survivor) throws(StoreError) {
    let old = survivor.configuration
    let own = Configuration.Member(
      id: survivor.node, incarnation: survivor.incarnation,
      peer: old.member(survivor.node)?.peer ?? "", client: old.member(survivor.node)?.client ?? "")
    let others = old.members.filter { $0.id != survivor.node && $0.incarnation != 0 }
    let configuration = old.with(
      members: [own], learners: [],
      retired: old.retired
        + others.map { Configuration.Retired(id: $0.id, incarnation: $0.incarnation) })
    let term = survivor.hardState.term.next
    let entry = Entry(
      position: Position(term: term, index: survivor.last.index.next),
      stamp: survivor.stamp, kind: .configuration, payload: configuration.encoded())
    try change { store throws(SQLiteError) in
      try store.beginEpoch(HardState(term: term, vote: survivor.node))
      try store.append(entry)
    }
  }
}
