internal import SQLite

/// The statements that raft.db is used by.
struct LogStatements: ~Copyable {
  let insertEntry: Statement
  let removeEntries: Statement
  let selectEntries: Statement
  let selectChain: Statement
  let insertRun: Statement
  let removeRuns: Statement
  let updateHardState: Statement
  let updateBase: Statement
  let removeAllEntries: Statement
  let removeAllRuns: Statement
  let removeOldEntries: Statement
  let removeOldRuns: Statement
}

extension LogStatements {
  init(of database: borrowing Database) throws(SQLiteError) {
    self.init(
      insertEntry: try database.prepare(
        """
        INSERT INTO log(idx, term, kind, stamp, checksum, chain, payload)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """),
      removeEntries: try database.prepare("DELETE FROM log WHERE idx >= ?"),
      selectEntries: try database.prepare(
        """
          SELECT idx, term, kind, stamp, checksum, payload
            FROM log
           WHERE idx BETWEEN ? AND ?
        ORDER BY idx
        """),
      selectChain: try database.prepare("SELECT term, chain FROM log WHERE idx = ?"),
      insertRun: try database.prepare("INSERT INTO term_run(first, term) VALUES (?, ?)"),
      removeRuns: try database.prepare("DELETE FROM term_run WHERE first >= ?"),
      updateHardState: try database.prepare(
        "UPDATE hard_state SET term = ?, vote = ?, epoch = ?, checksum = ? WHERE id = 0"),
      updateBase: try database.prepare(
        """
        UPDATE base
           SET idx = ?, term = ?, chain = ?, configuration = ?, state_file = ?, checksum = ?
         WHERE id = 0
        """),
      // Without a condition SQLite frees the pages and does not visit the rows.
      removeAllEntries: try database.prepare("DELETE FROM log"),
      removeAllRuns: try database.prepare("DELETE FROM term_run"),
      removeOldEntries: try database.prepare("DELETE FROM log WHERE idx <= ?"),
      removeOldRuns: try database.prepare("DELETE FROM term_run WHERE first <= ?"))
  }
}
