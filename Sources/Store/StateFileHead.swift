package import Bytes
package import Raft
internal import SQLite

/// What a state file says of itself, read without making it a node's own.
package struct StateFileHead: Hashable, Sendable {
  /// The cluster that it belongs to.
  package let cluster: ID
  /// The behaviour level that is in force in it.
  package let level: UInt8
  /// The last entry that was applied, and who was a member then.
  package let base: LogBase
  /// The stamp of that entry, in milliseconds since 1970.
  package let stamp: Int64
  /// Stands for everything in it (32 bytes).
  package let digest: [UInt8]

  /// Reads the file at `path`, which is not changed.
  ///
  /// - Throws: When it is none of ours, or was written by a newer version.
  package static func read(_ path: String) throws(StoreError) -> StateFileHead {
    let database = try storing { () throws(SQLiteError) in
      try Database(path: path, access: .read, busyMilliseconds: 250)
    }
    return try read(database, path: path)
  }

  /// Reads it from a connection that is open already.
  static func read(
    _ database: borrowing Database, path: String
  ) throws(StoreError) -> StateFileHead {
    let file = FileFormat(path: path, mark: StateStore.mark, format: StateStore.format)
    guard try !file.isNew(database) else { throw .foreign("\(path) is empty.") }
    let found = try storing { () throws(SQLiteError) in
      try database.row(
        """
        SELECT cluster, level, applied, term, stamp, digest, configuration_index, configuration
          FROM meta
         WHERE id = 0
        """
      ) { row throws(SQLiteError) in
        let cluster: ID = try row.next()
        let level: UInt8 = try row.next()
        let index = LogIndex(rawValue: try row.next())
        let term = Term(rawValue: try row.next())
        let stamp: Int64 = try row.next()
        let digest: [UInt8] = try row.next()
        let configuration = try PlacedConfiguration(&row).configuration
        return StateFileHead(
          cluster: cluster, level: level,
          base: LogBase(
            position: Position(term: term, index: index), configuration: configuration),
          stamp: stamp, digest: digest)
      }
    }
    guard let found else { throw .corrupt("\(path) does not say what it has applied") }
    guard found.level <= StateStore.newestLevel else {
      throw .newer(file: path, format: Int(found.level))
    }
    return found
  }
}
