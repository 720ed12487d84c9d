internal import Raft
internal import SQLite

extension LogStore {
  /// Makes sure that nothing on disk holds entries that are no longer part of the log: not the file, whose
  /// freed pages are overwritten, nor its write-ahead log, which gets its length anew.
  ///
  /// - Parameter folder: The data folder that it was opened in.
  package mutating func scrub(in folder: String) throws(StoreError) {
    while bounds.oldest <= base.position.index {
      try change { store throws(SQLiteError) in try store.removeLeftovers() }
    }
    let result = try storing { () throws(SQLiteError) in try database.checkpoint(.truncate) }
    guard result.isComplete else {
      throw .failed("\(Self.fileName) could not be emptied: \(result)")
    }
    reserve(in: folder)
  }
}
