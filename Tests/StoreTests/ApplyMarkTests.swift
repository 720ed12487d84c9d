import Raft
import Store
import Testing

@Suite("The mark of what is being applied")
struct ApplyMarkTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  /// A process that finds this much applied, and what it learns of those before.
  private func start(applied: UInt64) throws -> ApplyMark {
    try ApplyMark.open(folder: folder.path, applied: LogIndex(rawValue: applied))
  }

  /// A process that dies in a transaction of these entries.
  private func die(at first: UInt64, _ through: UInt64, applied: UInt64) throws {
    let mark = try start(applied: applied)
    mark.begin(LogIndex(rawValue: first), through: LogIndex(rawValue: through))
  }

  private func deaths(_ first: UInt64, _ through: UInt64, _ count: UInt32) -> ApplyMark.Deaths {
    .init(first: LogIndex(rawValue: first), through: LogIndex(rawValue: through), count: count)
  }

  @Test func `says nothing where there was no death`() throws {
    #expect(try start(applied: 0).deaths == nil)
    let mark = try start(applied: 4)
    mark.begin(LogIndex(rawValue: 5), through: LogIndex(rawValue: 9))
    mark.end()
    #expect(try start(applied: 9).deaths == nil)
  }

  @Test func `counts deaths by the same entry, whatever else was in the first transaction`() throws
  {
    try die(at: 5, 9, applied: 4)
    #expect(try start(applied: 4).deaths == deaths(5, 9, 1))
    try die(at: 7, 7, applied: 6)
    #expect(try start(applied: 6).deaths == deaths(7, 7, 2))
    // A start that applies nothing changes nothing.
    #expect(try start(applied: 6).deaths == deaths(7, 7, 2))
  }

  @Test func `does not count a death elsewhere for one by the same entry`() throws {
    try die(at: 5, 9, applied: 4)
    try die(at: 10, 12, applied: 9)
    #expect(try start(applied: 9).deaths == deaths(10, 12, 1))
  }

  @Test func `forgets what the state has got over`() throws {
    try die(at: 5, 9, applied: 4)
    #expect(try start(applied: 9).deaths == nil)
  }

  @Test func `says nothing when it was torn or flipped`() throws {
    try die(at: 5, 9, applied: 4)
    let whole = try folder.bytes(of: ApplyMark.fileName)
    try folder.write(Array(whole.dropLast(3)), to: ApplyMark.fileName)
    #expect(try start(applied: 4).deaths == nil)
    try folder.write(whole, to: ApplyMark.fileName)
    try folder.flip(at: 2, of: ApplyMark.fileName)
    #expect(try start(applied: 4).deaths == nil)
  }
}

extension StateStoreTests {
  @Test func `applies a skipped entry as nothing, and goes on`() throws {
    var story = Story()
    story.declare(1)
    story.declare(2)
    let folder = try Folder()
    var state = try folder.state()
    let results = try state.apply(story.entries, skipping: [LogIndex(rawValue: 2)])
    #expect(results[1].result == .skipped)
    #expect(results[2].outcome != nil)
    #expect(state.applied.index.rawValue == 3)
    #expect(try folder.reader().read { reader in reader.incident(Story.incident(1)) == nil })
  }
}
