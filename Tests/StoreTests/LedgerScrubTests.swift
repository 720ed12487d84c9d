import SQLite
import Store
import Testing

@Suite("A scrub of the ledger")
struct LedgerScrubTests {
  private let folder: Folder
  private let rows: UInt64

  init() throws {
    folder = try Folder()
    var story = Story()
    for number in 1...9 as ClosedRange<UInt64> { story.declare(number) }
    var state = try folder.state()
    _ = try state.apply(story.entries)
    rows = try folder.reader().stateHead().ledgerPosition
  }

  /// Reads all of it, so many rows at a time, and tells in how many pieces.
  private func pieces(of count: Int) throws -> Int {
    let reader = try folder.reader()
    var scrub = LedgerScrub()
    var pieces = 1
    while try !scrub.goOn(reader, rows: count) { pieces += 1 }
    let read = scrub.rows
    #expect(read == rows)
    return pieces
  }

  private func change(_ script: String) throws {
    let database = try Database(path: "\(folder.path)/state-1.db", access: .write)
    try database.execute(script)
  }

  @Test func `ends with the last row, in pieces of any size`() throws {
    #expect(try pieces(of: 1) == Int(rows))
    #expect(try pieces(of: 4) == Int(rows + 3) / 4)
    #expect(try pieces(of: 1_000) == 1)
  }

  @Test(
    arguments: [
      "UPDATE event_body SET body = zeroblob(length(body)) WHERE position = 3",
      "UPDATE event SET actor = zeroblob(16) WHERE position = 3",
      "UPDATE event SET hash = zeroblob(32) WHERE position = 3",
      "DELETE FROM event WHERE position = 3",
    ])
  func `names the first row that is wrong`(script: String) throws {
    try change(script)
    let error = #expect(throws: StoreError.self) { try pieces(of: 2) }
    #expect(error?.description.contains("row 3 of the ledger ") == true)
  }

  @Test func `misses rows at the end`() throws {
    try change("DELETE FROM event WHERE position = \(rows)")
    let error = #expect(throws: StoreError.self) { try pieces(of: 1_000) }
    #expect(error?.description.contains("the ledger ends at row \(rows - 1)") == true)
  }
}
