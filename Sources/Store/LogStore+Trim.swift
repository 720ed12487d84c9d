internal import Raft
internal import SQLite

// Where the log begins: moved forward by a trim, and put elsewhere by an install.
extension LogStore {
  /// How many rows of trimmed entries one transaction removes. A hundred thousand at once were
  /// measured at 771 ms, and every vote and acknowledgement would wait for them.
  static let mostRemoved = 2_000

  /// Makes the log begin after `base`, an entry that it holds. What lies before is no longer part
  /// of it, whenever its rows go.
  mutating func begin(after base: LogBase) throws(SQLiteError) {
    // Said twice, or behind an install that went further.
    guard base.position.index > self.base.position.index else { return }
    try moveBase(to: base, stateFile: self.base.stateFile)
  }

  /// Makes a received state the active one, and the log begin after it.
  mutating func carryOut(_ install: SnapshotInstall) throws(SQLiteError) {
    let stateFile = StateStore.fileName(generation: install.generation)
    precondition(
      stateFile != base.stateFile, "\(stateFile) is active already: an install takes a new name.")
    guard !install.keepsEntries else {
      return try moveBase(to: install.base, stateFile: stateFile)
    }

    try statements.removeAllEntries.run()
    try statements.removeAllRuns.run()
    // No entry stands before the first one to come, so its chain begins anew.
    bounds.last = install.base.position
    bounds.chain = 0
    bounds.oldest = install.base.position.index.next
    try write(
      RecoveredLog.Base(
        position: install.base.position, configuration: install.base.configuration,
        stateFile: stateFile, chain: 0))
  }

  /// Removes some rows of entries that are no longer part of the log.
  mutating func removeLeftovers() throws(SQLiteError) {
    guard bounds.oldest <= base.position.index else { return }
    let through = min(base.position.index, bounds.oldest.advanced(by: Self.mostRemoved - 1))
    statements.removeOldEntries.bind(through.rawValue, at: 1)
    try statements.removeOldEntries.run()
    bounds.oldest = through.next
  }

  private mutating func moveBase(to base: LogBase, stateFile: String) throws(SQLiteError) {
    precondition(
      base.position.index <= bounds.last.index, "\(base.position) is not in the log.")
    let (position, chain) = try position(before: base.position.index.next)
    precondition(
      position == base.position, "The log holds \(position), and not \(base.position).")
    statements.removeOldRuns.bind(position.index.rawValue, at: 1)
    try statements.removeOldRuns.run()
    try write(
      RecoveredLog.Base(
        position: position, configuration: base.configuration, stateFile: stateFile,
        chain: chain))
  }

  private mutating func write(_ base: RecoveredLog.Base) throws(SQLiteError) {
    statements.updateBase.bind(base.position.index.rawValue, at: 1)
    statements.updateBase.bind(base.position.term.rawValue, at: 2)
    statements.updateBase.bind(Int64(bitPattern: base.chain), at: 3)
    statements.updateBase.bind(base.configuration.encoded(), at: 4)
    statements.updateBase.bind(base.stateFile, at: 5)
    statements.updateBase.bind(Int64(base.checksum), at: 6)
    try statements.updateBase.run()
    bounds.base = base
  }
}
