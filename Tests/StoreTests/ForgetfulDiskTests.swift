import FaultyDisk
import SQLite
import Testing

@Suite("A disk that loses its power")
struct ForgetfulDiskTests {
  private let folder: Folder
  private let disk: FaultyDisk
  private var path: String { "\(folder.path)/a.db" }

  init() throws {
    folder = try Folder()
    disk = FaultyDisk(name: "forgetful-\(folder.path)", forgets: true)
  }

  /// Always the same: 0 takes everything back that was not synced, 1 keeps it.
  private struct Constant: RandomNumberGenerator {
    let number: UInt64
    mutating func next() -> UInt64 { number }
  }

  /// Adds rows, and ends as a killed process does.
  private func add(_ numbers: ClosedRange<Int>, synchronous: String) throws {
    do {
      let database = try Database(path: path, access: .create, system: disk.name)
      try database.execute(
        """
        PRAGMA journal_mode = WAL; PRAGMA synchronous = \(synchronous);
        CREATE TABLE IF NOT EXISTS a(number INTEGER PRIMARY KEY);
        """)
      for number in numbers { try database.run("INSERT INTO a(number) VALUES (\(number))") }
      disk.detach()
    }
    disk.revive()
  }

  private func losePower(_ chance: UInt64) throws {
    var chance = Constant(number: chance)
    disk.losePower(&chance)
    try? folder.remove("a.db-shm")
  }

  private func numbers() throws -> [Int] {
    let database = try Database(path: path, access: .create, system: disk.name)
    return try database.rows("SELECT number FROM a ORDER BY number") { row throws(SQLiteError) in
      try row.next() as Int
    }
  }

  @Test func `keeps what was synced`() throws {
    try add(1...3, synchronous: "FULL")
    try losePower(0)
    #expect(try numbers() == [1, 2, 3])
  }

  @Test func `forgets what was not, or not`() throws {
    try add(1...1, synchronous: "FULL")
    try add(2...9, synchronous: "NORMAL")
    try losePower(1)
    #expect(try numbers().count == 9)
    try add(10...19, synchronous: "NORMAL")
    try losePower(0)
    #expect(try numbers() == Array(1...9))
  }

  @Test func `shows what a failed sync left, until it loses its power`() throws {
    try add(1...1, synchronous: "FULL")
    do {
      let database = try Database(path: path, access: .create, system: disk.name)
      try database.execute("PRAGMA synchronous = FULL")
      try database.beginWriting()
      try database.run("INSERT INTO a(number) VALUES (2)")
      disk.arm(after: 1, with: .sync)
      while (try? database.commit()) != nil {
        try database.beginWriting()
        try database.run("INSERT INTO a(number) VALUES (3)")
      }
      disk.detach()
    }
    disk.revive()
    try losePower(1)
    #expect(try numbers().first == 1)
  }
}
