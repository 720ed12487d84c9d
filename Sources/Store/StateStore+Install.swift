package import Raft

extension StateStore {
  /// Opens a received state, right after the install's transaction made it the active one.
  ///
  /// - Parameters:
  ///   - base: What the state had applied; the log begins after it.
  ///   - generation: Which file it is.
  package static func open(
    folder: String, identity: NodeIdentity, installed base: LogBase, generation: UInt64
  ) throws(StoreError) -> StateStore {
    let index = base.position.index
    let log = LogRecovery(
      first: index.next, last: base.position,
      terms: [LogRecovery.TermRun(from: index, term: base.position.term)], tail: [], lastStamp: 0)
    let recovered = RecoveredLog(
      hardState: HardState(term: base.position.term, vote: nil),
      configurations: [PlacedConfiguration(index: index, configuration: base.configuration)],
      log: log,
      base: RecoveredLog.Base(
        position: base.position, configuration: base.configuration,
        stateFile: fileName(generation: generation), chain: 0))
    return try open(folder: folder, identity: identity, recovered: recovered)
  }
}
