internal import EventLoop
internal import Raft

/// The names in a data folder, and the removal of what a crash or an install left there.
package enum StoreFolder {
  /// A snapshot that is being made.
  static let draftSnapshot = "snapshot.tmp"
  /// What SQLite keeps beside a database.
  private static let sidecars = ["-wal", "-shm", "-journal"]

  /// The name of a snapshot that is ready to be sent.
  static func snapshotName(_ position: Position) -> String {
    "snapshot-\(position.term.rawValue)-\(position.index.rawValue).db"
  }

  /// A number that no state file here has or had since the last tidying: above all of them, and
  /// above the one that `stateFile` names.
  package static func unusedGeneration(
    in folder: String, above stateFile: String
  ) throws(StoreError) -> UInt64 {
    let names = try filing { () throws(FileError) in try Files.list(folder) }
    return ((names + [stateFile]).compactMap(generation).max() ?? 0) + 1
  }

  /// Removes the state files that are not the active one, with what lies beside them, and every
  /// snapshot. To be called at a start, before anything reads them.
  ///
  /// A crash before an install's transaction leaves a later generation, one after it the earlier;
  /// only raft.db says which is which. What was received in part stays, to be gone on with.
  ///
  /// - Returns: The names that were removed.
  @discardableResult
  package static func tidy(
    _ folder: String, keeping stateFile: String
  ) throws(StoreError) -> [String] {
    try remove(in: folder, keeping: stateFile) { name in
      generation(name) != nil || name.hasPrefix("snapshot")
    }
  }

  private static func remove(
    in folder: String, keeping stateFile: String, where isGarbage: (String) -> Bool
  ) throws(StoreError) -> [String] {
    // A folder that lacks the active file is for a person to look at, as it is.
    guard Files.exists("\(folder)/\(stateFile)") else { return [] }
    let names = try filing { () throws(FileError) in try Files.list(folder) }
    let kept = [stateFile] + sidecars.map { stateFile + $0 }
    let removed = names.filter { !kept.contains($0) && isGarbage($0) }
    for name in removed {
      try filing { () throws(FileError) in try Files.remove("\(folder)/\(name)") }
    }
    return removed
  }

  /// Removes one state file that is of no use any more. Who still reads it reads on.
  package static func remove(stateFile: String, in folder: String) throws(StoreError) {
    try removeDatabase("\(folder)/\(stateFile)")
  }

  /// Removes a database that nobody has open, with what lies beside it.
  static func removeDatabase(_ path: String) throws(StoreError) {
    // The sidecars first: without its journal a file that was left half-written is only garbage,
    // while a journal without its file could be taken for that of a later one.
    for name in sidecars.map({ path + $0 }) + [path] where Files.exists(name) {
      try filing { () throws(FileError) in try Files.remove(name) }
    }
  }

  /// The generation in the name of a state file or of a sidecar of one; `nil` in any other name.
  private static func generation(_ name: String) -> UInt64? {
    guard name.hasPrefix("state-") else { return nil }
    let digits = name.dropFirst("state-".count).prefix { $0.isASCII && $0.isNumber }
    let rest = name.dropFirst("state-".count + digits.count)
    guard ([".db"] + sidecars.map { ".db" + $0 }).contains(String(rest)) else { return nil }
    return UInt64(digits)
  }
}
