package import Bytes
internal import Incidents
package import Raft
internal import SQLite

/// The writer of the search index: one connection, on one thread.
///
/// It reads the ledger behind the place that it has come to, which is position and hash, and writes the
/// words and the new place in one transaction. So it may stop anywhere, and never goes on in a ledger
/// that is another.
package struct SearchStore: ~Copyable, @unchecked Sendable {
  // Sendable: it cannot be copied and its connection is private, so it is on one thread at a time.

  /// Rows of the ledger that are taken at once where so many wait.
  package static let batch = 2_000
  /// Bytes of what they say, after which a batch ends early.
  private static let batchBytes = 4 << 20
  /// Frames of 4 KiB in 8 MiB: from here on the write-ahead log is copied into the file.
  private static let framesBeforeCheckpoint = 2_048
  /// Pages that one step of a merge writes: some 20 ms.
  private static let mergedPages = 256

  private let database: Database
  private var place: LedgerHead
  /// Whether words of what was purged may still lie in the file, though no answer has them.
  package private(set) var owesMerge: Bool
  /// Whether the merge has begun that takes them out.
  private var isMerging = false

  /// What became of a look at the ledger.
  package enum Progress: Hashable, Sendable {
    /// So many rows were taken; everything of the log through an index is in the index now.
    case indexed(rows: Int, through: LogIndex, isAtEnd: Bool)
    /// The ledger is not the one that the index is made of: throw the file away and begin anew.
    case strange
  }

  /// Opens the index in a data folder, or makes it.
  ///
  /// - Parameter system: The SQLite VFS that reaches the disk; tests name one that fails.
  /// - Throws: ``StoreError/diskFull``: try again later. Anything else: ``remove(from:)``, and begin
  ///   anew.
  package static func open(
    folder: String, cluster: ID, system: String? = nil
  ) throws(StoreError) -> SearchStore {
    let database = try SearchFile.connect(folder: folder, cluster: cluster, system: system)
    let found = try indexing { () throws(SQLiteError) in
      try database.row("SELECT cluster, position, hash, owes_merge FROM place WHERE id = 0") {
        row throws(SQLiteError) in
        let owner: ID = try row.next()
        let place = LedgerHead(position: try row.next(), hash: try row.next())
        return (owner, place, try row.next() as Bool)
      }
    }
    guard let (owner, place, owesMerge) = found else {
      throw .corrupt("the search index does not say how far it has come")
    }
    guard owner == cluster else {
      throw .foreign("The search index belongs to cluster \(owner).")
    }
    return SearchStore(database: database, place: place, owesMerge: owesMerge)
  }

  private init(database: consuming Database, place: LedgerHead, owesMerge: Bool) {
    self.database = database
    self.place = place
    self.owesMerge = owesMerge
  }

  /// Throws the index of a data folder away. Who still reads it reads on.
  package static func remove(from folder: String) throws(StoreError) {
    try StoreFolder.removeDatabase("\(folder)/\(SearchFile.name)")
  }

  /// The last row of the ledger that is in the index.
  package var position: UInt64 { place.position }

  /// Takes the next rows of the ledger into the index.
  ///
  /// - Parameters:
  ///   - reader: Of the state in use.
  ///   - rows: So many at most.
  /// - Throws: ``StoreError/diskFull`` or another; nothing was changed.
  package mutating func goOn(
    _ reader: StateReader, rows: Int = batch
  ) throws(StoreError) -> Progress {
    let before = place
    let harvest: SearchHarvest?
    do throws(StoreError) {
      harvest = try reader.read { reader throws(StoreError) in
        try reader.harvest(after: before, rows: rows, bytes: Self.batchBytes)
      }
    } catch .corrupt(let what) {
      // To begin anew would not help: it is the state that cannot be read.
      throw .failed(what)
    }
    guard let harvest else { return .strange }
    if harvest.rows > 0 { try take(harvest) }
    return .indexed(rows: harvest.rows, through: harvest.index, isAtEnd: harvest.isAtEnd)
  }

  private mutating func take(_ harvest: SearchHarvest) throws(StoreError) {
    var owes = owesMerge
    try indexing { () throws(SQLiteError) in
      try database.transaction { () throws(SQLiteError) in
        var open = OpenChapters()
        for sheaf in harvest.sheaves {
          switch sheaf {
          case .said(let number, let words): try open.add(words, to: number, in: database)
          case .gone(let number):
            try open.forget(number, in: database)
            owes = true
          }
        }
        try open.write(to: database)
        try database.run(
          """
          UPDATE place
             SET position = \(harvest.place.position), hash = \(harvest.place.hash),
                 owes_merge = \(owes)
           WHERE id = 0
          """)
      }
      try checkpointIfLong()
    }
    if owes != owesMerge || harvest.hasGone { isMerging = false }
    owesMerge = owes
    place = harvest.place
  }

  /// Forgets the pages of the file that it keeps in memory. What cannot be forgotten stays, and harms nobody.
  package func forgetPages() { try? database.execute("PRAGMA shrink_memory") }

  /// Takes a step towards a file that has none of the words that were purged.
  ///
  /// The index of a purged text is only marked at first, and goes as its pieces are merged into one. What
  /// SQLite frees is overwritten (`secure_delete`), and at the end the write-ahead log is emptied.
  ///
  /// - Returns: Whether it is done.
  package mutating func merge() throws(StoreError) -> Bool {
    guard owesMerge else { return true }
    let pages = isMerging ? Self.mergedPages : -Self.mergedPages
    var isDone = false
    try indexing { () throws(SQLiteError) in
      let before = database.totalChanges
      try database.run("INSERT INTO chapter(chapter, rank) VALUES ('merge', \(pages))")
      // By SQLite's word, a step that changed less found nothing to do.
      isDone = isMerging && database.totalChanges - before < 2
      if isDone { isDone = try forgetDebt() } else { try checkpointIfLong() }
    }
    isMerging = true
    if isDone { owesMerge = false }
    return isDone
  }

  /// Notes that nothing is owed any more, and empties the write-ahead log; `false` while a reader is in
  /// the way.
  private func forgetDebt() throws(SQLiteError) -> Bool {
    try database.run("UPDATE place SET owes_merge = 0 WHERE id = 0")
    if try database.checkpoint(.truncate).isComplete { return true }
    try database.run("UPDATE place SET owes_merge = 1 WHERE id = 0")
    return false
  }

  private func checkpointIfLong() throws(SQLiteError) {
    guard database.walFrames > Self.framesBeforeCheckpoint else { return }
    _ = try database.checkpoint(.passive)
  }
}

extension SearchHarvest {
  /// Whether something goes with it.
  fileprivate var hasGone: Bool {
    sheaves.contains { if case .gone = $0 { true } else { false } }
  }
}

/// The chapters that a batch adds to, each read and written once.
private struct OpenChapters {
  private struct Open {
    var chapter: Chapter
    var number: Int64
  }

  private var chapters: [Int64: Open] = [:]

  /// Adds words to an incident's last chapter, or to a new one.
  mutating func add(
    _ words: [Wording], to incident: Int64, in database: borrowing Database
  ) throws(SQLiteError) {
    var open: Open
    if let known = chapters[incident] {
      open = known
    } else {
      open = try last(of: incident, in: database)
    }
    if open.chapter.bytes > Chapter.length, open.number + 1 < 1 << Chapter.bits {
      try write(open, of: incident, to: database)
      open = Open(chapter: Chapter(title: open.chapter.title), number: open.number + 1)
    }
    for wording in words { open.chapter.add(wording) }
    chapters[incident] = open
  }

  private func last(
    of incident: Int64, in database: borrowing Database
  ) throws(SQLiteError) -> Open {
    let number = try database.row("SELECT chapter FROM incident WHERE number = \(incident)") {
      row throws(SQLiteError) in try row.next() as Int64
    }
    guard let number else { return Open(chapter: Chapter(), number: 0) }
    let row = incident << Chapter.bits | number
    let select = SQL(stringLiteral: "SELECT \(Chapter.columns) FROM chapter")
    let chapter = try database.row(select + " WHERE rowid = \(row)") {
      row throws(SQLiteError) in try Chapter(&row)
    }
    return Open(chapter: chapter ?? Chapter(), number: number)
  }

  /// Forgets all that was said of an incident.
  mutating func forget(
    _ incident: Int64, in database: borrowing Database
  ) throws(SQLiteError) {
    chapters[incident] = nil
    let first = incident << Chapter.bits
    let last = first | (1 << Chapter.bits - 1)
    try database.run("DELETE FROM chapter WHERE rowid BETWEEN \(first) AND \(last)")
    try database.run("DELETE FROM incident WHERE number = \(incident)")
  }

  /// Writes what was added.
  func write(to database: borrowing Database) throws(SQLiteError) {
    for (incident, open) in chapters.sorted(by: { $0.key < $1.key }) {
      try write(open, of: incident, to: database)
    }
  }

  private func write(
    _ open: Open, of incident: Int64, to database: borrowing Database
  ) throws(SQLiteError) {
    let row = incident << Chapter.bits | open.number
    let texts = open.chapter.texts
    try database.run(
      """
      INSERT OR REPLACE INTO chapter(rowid, title, reference, description, entry, notice, resolution,
                                     review)
      VALUES (\(row), \(texts[0]), \(texts[1]), \(texts[2]), \(texts[3]), \(texts[4]), \(texts[5]),
              \(texts[6]))
      """)
    try database.run(
      "INSERT OR REPLACE INTO incident(number, chapter) VALUES (\(incident), \(open.number))")
  }
}
