import Glibc
import SQLite
import Testing

/// The machine has no room for a test.
struct NoFolder: Error {}

/// An empty folder that goes away with its owner.
struct Folder: ~Copyable {
  let path: String

  init() throws {
    var template = Array("/tmp/muster-sqlite-XXXXXX".utf8CString)
    guard let made = unsafe mkdtemp(&template) else { throw NoFolder() }
    path = unsafe String(cString: made)
  }

  deinit {
    for name in ["test.db", "test.db-wal", "test.db-shm", "test.db-journal"] {
      unsafe unlink("\(path)/\(name)")
    }
    unsafe rmdir(path)
  }

  var database: String { "\(path)/test.db" }
}

@Suite("A value")
struct ValueTests {
  @Test(arguments: [
    "plain", "", "'; DROP TABLE thing; --", "Ångström 🚒", "a\u{0}b", "? ?1 :name",
  ])
  func `of text comes back as it went in, whatever it says`(text: String) throws {
    let database = try Database(path: ":memory:", access: .create)
    try database.execute("CREATE TABLE thing(id INTEGER PRIMARY KEY, text TEXT)")
    try database.run("INSERT INTO thing(text) VALUES (\(text))")
    let back = try database.row("SELECT text FROM thing WHERE text = \(text)") {
      row throws(SQLiteError) -> String in try row.next()
    }
    #expect(back == text)
  }

  @Test func `of each type comes back as itself`() throws {
    let database = try Database(path: ":memory:", access: .create)
    let nothing: String? = nil
    let values: SQL = """
      SELECT \(Int64.min), \(Int64.max), \(true), \([] as [UInt8]), \([0, 255] as [UInt8]), \(""),
             \(nothing), \(7 as UInt16)
      """
    let right = try database.row(values) { row throws(SQLiteError) -> Bool in
      let integers: (Int64, UInt64, Bool) = (try row.next(), try row.next(), try row.next())
      let blobs: ([UInt8], [UInt8]) = (try row.next(), try row.next())
      let texts: (String, String?) = (try row.next(), try row.next())
      let small: UInt8? = try row.next()
      return integers == (.min, UInt64(Int64.max), true) && blobs == ([], [0, 255])
        && texts == ("", nil) && small == 7
    }
    #expect(right == true)
  }

  @Test func `of sixteen bytes is bound and read as two words`() throws {
    let database = try Database(path: ":memory:", access: .create)
    let statement = try database.prepare("SELECT ?1, hex(?1)")
    statement.bind(high: 0x0102_0304_0506_0708, low: 0xFF, at: 1)
    let row = try statement.row { row throws(SQLiteError) in
      let words = try row.words()
      return (words.high, words.low, try row.next() as String)
    }
    #expect(row?.0 == 0x0102_0304_0506_0708)
    #expect(row?.1 == 0xFF)
    #expect(row?.2 == "010203040506070800000000000000FF")
  }

  @Test func `of another type, or out of range, is never converted`() throws {
    let database = try Database(path: ":memory:", access: .create)
    let text = #expect(throws: SQLiteError.self) {
      try database.row("SELECT '1'") { row throws(SQLiteError) -> Int in try row.next() }
    }
    #expect(text?.kind == .mismatch)
    #expect(throws: SQLiteError.self) {
      try database.row("SELECT 256") { row throws(SQLiteError) -> UInt8 in try row.next() }
    }
    #expect(throws: SQLiteError.self) {
      try database.row("SELECT NULL") { row throws(SQLiteError) -> String in try row.next() }
    }
    #expect(throws: SQLiteError.self) {
      try database.row("SELECT x'00'") { row throws(SQLiteError) in _ = try row.words() }
    }
    #expect(throws: SQLiteError.self) {
      try database.row("SELECT CAST(x'FF' AS TEXT)") { row throws(SQLiteError) -> String in
        try row.next()
      }
    }
  }

  @Test func `of a megabyte can be lent instead of copied`() throws {
    let database = try Database(path: ":memory:", access: .create)
    try database.execute("CREATE TABLE thing(id INTEGER PRIMARY KEY, body BLOB)")
    let insert = try database.prepare("INSERT INTO thing VALUES (?, ?)")
    let large = [UInt8](repeating: 0xA5, count: 1 << 20)
    for (id, body) in [large, [], [1]].enumerated() {
      insert.bind(Int64(id), at: 1)
      try insert.run(lending: body, at: 2)
    }
    let back = try database.rows("SELECT body FROM thing ORDER BY id") {
      row throws(SQLiteError) -> [UInt8] in try row.next()
    }
    #expect(back == [large, [], [1]])
  }
}

@Suite("A connection")
struct ConnectionTests {
  @Test func `says which file it could not open`() {
    let error = #expect(throws: SQLiteError.self) {
      _ = try Database(path: "/nowhere/at/all.db", access: .create)
    }
    #expect(error?.kind == .cannotOpen)
    #expect(error?.during == "open /nowhere/at/all.db")
  }

  @Test func `refuses a file that is not a database`() throws {
    let folder = try Folder()
    guard let file = unsafe fopen(folder.database, "w") else { throw NoFolder() }
    unsafe fputs(String(repeating: "not a database ", count: 100), file)
    unsafe fclose(file)
    let error = #expect(throws: SQLiteError.self) {
      let database = try Database(path: folder.database, access: .write)
      try database.execute("SELECT * FROM sqlite_schema")
    }
    #expect(error?.kind == .corrupt)
  }

  @Test func `that reads cannot write`() throws {
    let folder = try Folder()
    let writer = try Database(path: folder.database, access: .create)
    try writer.execute("PRAGMA journal_mode = WAL; CREATE TABLE thing(id INTEGER PRIMARY KEY)")
    let reader = try Database(path: folder.database, access: .read)
    let error = #expect(throws: SQLiteError.self) { try reader.run("INSERT INTO thing VALUES (1)") }
    #expect(error?.kind == .denied)
  }

  @Test func `that is locked out says busy at once`() throws {
    let folder = try Folder()
    let first = try Database(path: folder.database, access: .create)
    let second = try Database(path: folder.database, access: .write)
    try first.beginWriting()
    let error = #expect(throws: SQLiteError.self) { try second.beginWriting() }
    #expect(error?.kind == .busy)
    try first.rollBack()
  }

  @Test func `that runs into its page limit says full and has changed nothing`() throws {
    let database = try Database(path: ":memory:", access: .create)
    try database.execute(
      "PRAGMA max_page_count = 8; CREATE TABLE thing(id INTEGER PRIMARY KEY, body BLOB)")
    let error = #expect(throws: SQLiteError.self) {
      try database.transaction { () throws(SQLiteError) in
        for id in 0..<100 {
          let body = [UInt8](repeating: 1, count: 1_000)
          try database.run("INSERT INTO thing VALUES (\(id), \(body))")
        }
      }
    }
    #expect(error?.kind == .full)
    let rows = try database.row("SELECT count(*) FROM thing") {
      row throws(SQLiteError) -> Int in try row.next()
    }
    #expect(rows == 0)
    let isInTransaction = database.isInTransaction
    #expect(!isInTransaction)
  }

  @Test(arguments: [
    "SELECT random()", "SELECT hex(randomblob(4))", "SELECT datetime('now')",
    "SELECT strftime('%s', 'now')", "SELECT CURRENT_TIMESTAMP", "SELECT unixepoch()",
  ])
  func `may be forbidden to ask for chance and time`(query: String) throws {
    let database = try Database(path: ":memory:", access: .create)
    _ = try database.prepare(query)
    database.denyChanceAndTime()
    let error = #expect(throws: SQLiteError.self) { _ = try database.prepare(query) }
    #expect(error?.message.contains("not authorized") == true)
    _ = try database.prepare("SELECT max(1, 2), hex(x'00')")
  }

  @Test func `stops a statement at its deadline and serves the next`() throws {
    let database = try Database(path: ":memory:", access: .create)
    let error = #expect(throws: SQLiteError.self) {
      try database.within(milliseconds: 20) { () throws(SQLiteError) in
        try database.execute(
          """
          WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
          SELECT count(*) FROM n
          """)
      }
    }
    #expect(error?.kind == .interrupted)
    try database.execute("SELECT 1")
  }

  @Test func `asks now and then whether a statement goes on`() throws {
    let database = try Database(path: ":memory:", access: .create)
    var asked = 0
    let goesOn = {
      asked += 1
      return asked < 5
    }
    let error = #expect(throws: SQLiteError.self) {
      try database.asking(goesOn) { () throws(SQLiteError) in
        try database.execute(
          """
          WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
          SELECT count(*) FROM n
          """)
      }
    }
    #expect(error?.kind == .interrupted && asked == 5)
    // Behind it nobody is asked.
    try database.execute(
      """
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 20000)
      SELECT count(*) FROM n
      """)
    #expect(asked == 5)
  }

  @Test func `says what it does not understand`() throws {
    let database = try Database(path: ":memory:", access: .create)
    for statement in ["SELECT 1 FROM nowhere", "SELEKT 1"] {
      let error = #expect(throws: SQLiteError.self) { try database.execute(statement) }
      #expect(error?.kind == .notUnderstood)
    }
  }

  @Test func `sees one state for the whole of a reading transaction`() throws {
    let folder = try Folder()
    let writer = try Database(path: folder.database, access: .create)
    try writer.execute("PRAGMA journal_mode = WAL; CREATE TABLE thing(id INTEGER PRIMARY KEY)")
    let reader = try Database(path: folder.database, access: .read)
    func count(_ reader: borrowing Database) throws -> Int? {
      try reader.row("SELECT count(*) FROM thing") {
        row throws(SQLiteError) -> Int in try row.next()
      }
    }
    try reader.beginReading()
    var found = try count(reader)
    #expect(found == 0)
    try writer.run("INSERT INTO thing VALUES (1)")
    found = try count(reader)
    #expect(found == 0)
    try reader.commit()
    found = try count(reader)
    #expect(found == 1)
  }

  @Test func `does not take a checkpoint behind an old reader for a complete one`() throws {
    let folder = try Folder()
    let writer = try Database(path: folder.database, access: .create)
    try writer.execute("PRAGMA journal_mode = WAL; CREATE TABLE thing(id INTEGER PRIMARY KEY)")
    var whole = try writer.checkpoint(.truncate)
    #expect(whole.isComplete)
    var frames = writer.walFrames
    #expect(frames == 0)
    do {
      let reader = try Database(path: folder.database, access: .read)
      try reader.beginReading()
      _ = try reader.rows("SELECT id FROM thing") { row throws(SQLiteError) -> Int in
        try row.next()
      }
      try writer.run("INSERT INTO thing VALUES (1)")
      frames = writer.walFrames
      #expect(frames == 1)
      let passive = try writer.checkpoint(.passive)
      #expect(passive == Checkpoint(isBusy: false, logFrames: 1, checkpointedFrames: 0))
      #expect(!passive.isComplete)
      let truncated = try writer.checkpoint(.truncate)
      #expect(truncated.isBusy)
    }
    whole = try writer.checkpoint(.truncate)
    #expect(whole.isComplete)
  }

  @Test func `stops the process rather than bind a place that is not there`() async {
    await #expect(processExitsWith: .failure) {
      let database = try Database(path: ":memory:", access: .create)
      try database.prepare("SELECT ?").bind(1 as Int64, at: 2)
    }
  }
}
