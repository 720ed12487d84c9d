package import Raft
internal import SQLite

/// The digest that a state had at an index.
package struct StateDigest: Hashable, Sendable {
  /// After the entry at this index.
  package let index: LogIndex
  /// 32 bytes.
  package let digest: [UInt8]

  /// A digest and its index.
  package init(index: LogIndex, digest: [UInt8]) {
    self.index = index
    self.digest = digest
  }
}

extension StateReader {
  /// How many indexes lie between two digests that are kept.
  package static var digestEvery: UInt64 { Bookkeeping.digestEvery }

  /// The digest after the entry at `index`, or `nil` when none was kept there.
  package func digest(at index: LogIndex) throws(StoreError) -> StateDigest? {
    try storing { () throws(SQLiteError) in
      try database.row("SELECT idx, digest FROM digest WHERE idx = \(index.rawValue)") {
        row throws(SQLiteError) in try StateDigest(&row)
      }
    }
  }

  /// The newest digest that was kept up to an applied index: every node keeps one at the same indexes.
  /// `nil` before the first.
  package func newestDigest(at applied: LogIndex) throws(StoreError) -> StateDigest? {
    let index = applied.rawValue / Bookkeeping.digestEvery * Bookkeeping.digestEvery
    return try digest(at: LogIndex(rawValue: index))
  }

  /// Who is in the cluster by what was applied, and the entry that said so.
  package func configuration() throws(StoreError) -> PlacedConfiguration {
    let found = try storing { () throws(SQLiteError) in
      try database.row("SELECT configuration_index, configuration FROM meta WHERE id = 0") {
        row throws(SQLiteError) in try PlacedConfiguration(&row)
      }
    }
    guard let found else { throw .corrupt("the state file does not say who is a member") }
    return found
  }
}

extension StateDigest {
  fileprivate init(_ row: inout RowReader) throws(SQLiteError) {
    index = LogIndex(rawValue: try row.next())
    digest = try row.next()
  }
}
