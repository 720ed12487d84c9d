internal import SQLite

/// A look at whether the search index still holds what was written to it: a bit that flips on the disk is
/// told by nobody else.
///
/// It reads through a connection of its own, so what it sees is the file and nobody's cache. Readers read
/// on beside it. Nothing is written.
package enum SearchCheck: CaseIterable, Sendable {
  /// Whether the pages hang together, the tables are those that were made and every incident has its
  /// chapters: some 0.1 s for a hundred thousand.
  case pages
  /// Whether the words are those of the texts: some 1.1 s for a hundred thousand chapters.
  case words

  /// Looks at the index in a data folder, for as long as `goesOn` says.
  ///
  /// - Throws: ``StoreError/corrupt(_:)``: ``SearchStore/remove(from:)``, and begin anew.
  ///   ``StoreError/tooSlow``: it was not to go on.
  package func run(
    in folder: String, while goesOn: @escaping () -> Bool = { true }
  ) throws(StoreError) {
    let database: Database = try indexing { () throws(SQLiteError) -> Database in
      let path = "\(folder)/\(SearchFile.name)"
      let database = try Database(path: path, access: .write, busyMilliseconds: 250)
      try database.execute("PRAGMA cache_size = -4096; PRAGMA cell_size_check = ON;")
      return database
    }
    let found = try database.asking(goesOn) { () throws(StoreError) -> String? in
      try indexing { () throws(SQLiteError) -> String? in
        switch self {
        case .pages: try fault(ofPages: database)
        case .words: try fault(ofWords: database)
        }
      }
    }
    if let found { throw .corrupt("the search index is not what was written: \(found)") }
  }

  private func fault(ofPages database: borrowing Database) throws(SQLiteError) -> String? {
    let found = try database.row("PRAGMA integrity_check(1)") { row throws(SQLiteError) in
      try row.next() as String
    }
    guard found == "ok" else { return found ?? "SQLite says nothing of it" }
    guard try schema(database) == schemaAsMade() else { return "its tables are not those made" }
    let (counted, lost) = (try difference(database), try lost(database))
    guard counted == 0, lost == 0 else {
      return "its chapters are \(counted) more than its incidents have, and \(lost) are not there"
    }
    return nil
  }

  /// The text of every table, as it stands in a file.
  private func schema(_ database: borrowing Database) throws(SQLiteError) -> [String?] {
    try database.rows("SELECT sql FROM sqlite_schema ORDER BY name") {
      row throws(SQLiteError) in try row.next() as String?
    }
  }

  private func schemaAsMade() throws(SQLiteError) -> [String?] {
    let made = try Database(path: ":memory:", access: .create)
    try made.execute(SearchFile.script)
    return try schema(made)
  }

  /// How many chapters there are more than incidents say.
  private func difference(_ database: borrowing Database) throws(SQLiteError) -> Int64 {
    let found = try database.row(
      """
      SELECT (SELECT count(*) FROM chapter_content)
             - coalesce((SELECT sum(chapter + 1) FROM incident), 0)
      """
    ) { row throws(SQLiteError) in try row.next() as Int64 }
    return found ?? 0
  }

  /// How many incidents there are without their last chapter.
  private func lost(_ database: borrowing Database) throws(SQLiteError) -> Int64 {
    let found = try database.row(
      """
      SELECT count(*)
        FROM incident
       WHERE NOT EXISTS (SELECT 1
                           FROM chapter_content
                          WHERE id = number << \(Int(Chapter.bits)) | chapter)
      """
    ) { row throws(SQLiteError) in try row.next() as Int64 }
    return found ?? 0
  }

  private func fault(ofWords database: borrowing Database) throws(SQLiteError) -> String? {
    // What is found is thrown: FTS5 puts every word of every text beside its index.
    try database.run("INSERT INTO chapter(chapter) VALUES ('integrity-check')")
    return nil
  }
}
