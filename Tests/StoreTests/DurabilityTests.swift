import Raft
import SQLite
import Store
import Testing

@Suite("What a power cut cannot take from the state")
struct DurabilityTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  private static let wider = Configuration(voters: [1, 2, 3, 4].map(NodeID.init))

  @Test func `is what a checkpoint that ended has brought into the file`() throws {
    var story = Story()
    story.declare(1)
    var state = try folder.state()
    _ = try state.apply(story.entries)
    let before = state.durable
    #expect(before == .zero)
    let ended = try state.checkpoint()
    #expect(ended)
    let after = state.durable
    #expect(after.rawValue == story.last)
  }

  @Test func `does not grow while a reader holds the checkpoint back`() throws {
    var story = Story()
    var state = try folder.state()
    _ = try state.apply(story.entries)
    try state.checkpoint()
    story.declare(1)
    let reader = try folder.reader()
    try reader.read { reader throws(StoreError) in
      _ = try reader.applied()
      _ = try state.apply([story.entries[1]])
      let ended = try state.checkpoint()
      #expect(!ended)
      let durable = state.durable
      #expect(durable.rawValue == 1)
    }
    try state.checkpoint()
    let durable = state.durable
    #expect(durable.rawValue == 2)
  }

  @Test func `backs up when readers hold the write-ahead log, until they let go`() throws {
    var story = Story()
    var state = try folder.state()
    _ = try state.apply(story.entries)
    let reader = try Database(path: "\(folder.path)/state-1.db", access: .read)
    try reader.beginReading()
    _ = try reader.row("SELECT applied FROM meta") { row throws(SQLiteError) in
      try row.next() as UInt64
    }
    // Each is a transaction of its own, of some frames of 4 KiB.
    var number: UInt64 = 0
    var isBackedUp = false
    while !isBackedUp && number < 10_000 {
      number += 1
      story.declare(number)
      _ = try state.apply([story.entries[story.entries.count - 1]])
      isBackedUp = state.isBackedUp
    }
    #expect(isBackedUp)
    let held = state.durable.rawValue
    #expect(held <= 1)
    try reader.rollBack()
    while isBackedUp && number < 20_000 {
      number += 1
      story.declare(number)
      _ = try state.apply([story.entries[story.entries.count - 1]])
      isBackedUp = state.isBackedUp
    }
    #expect(!isBackedUp)
    let durable = state.durable.rawValue
    #expect(durable > 1)
  }

  @Test func `goes with the configuration that was applied, also after a restart`() throws {
    var story = Story()
    let founding = PlacedConfiguration(index: .zero, configuration: NodeIdentity.first.founding)
    do {
      var state = try folder.state()
      let first = state.configuration
      #expect(first == founding)
      story.add(kind: .configuration, payload: Self.wider.encoded())
      story.add(kind: .configuration, payload: [9])
      let results = try state.apply(story.entries)
      #expect(results[1...].map(\.result) == [.none, .malformed])
    }
    let state = try folder.state()
    let (configuration, stamp) = (state.configuration, state.stamp)
    #expect(
      configuration
        == PlacedConfiguration(index: LogIndex(rawValue: 2), configuration: Self.wider))
    #expect(stamp == story.entries[2].stamp)
    #expect(try folder.reader().configuration() == configuration)
  }

  @Test func `has a digest at every 256th index`() throws {
    var story = Story()
    story.declare(1)
    while story.last < 255 { story.add(kind: .barrier, payload: []) }
    story.declare(2)
    while story.last < 600 { story.add(kind: .barrier, payload: []) }
    var state = try folder.state()
    _ = try state.apply(Array(story.entries[..<256]))
    let first = StateDigest(index: LogIndex(rawValue: 256), digest: state.digest)
    _ = try state.apply(Array(story.entries[256...]))
    let second = StateDigest(index: LogIndex(rawValue: 512), digest: state.digest)
    #expect(state.newestDigest == second)
    let reader = try folder.reader()
    #expect(try reader.digest(at: second.index) == second)
    #expect(try reader.digest(at: first.index) == first)
    #expect(try reader.digest(at: LogIndex(rawValue: 257)) == nil)
  }

  @Test func `must reach to where the log begins`() throws {
    var story = Story()
    for number in 1...9 as ClosedRange<UInt64> { story.declare(number) }
    do {
      var log = try LogStore.open(folder: folder.path, identity: .first)
      try log.persist([
        .of(story.entries, hardState: HardState(term: Term(rawValue: 1), vote: nil)),
        PersistBatch(
          sequence: 2,
          trim: LogBase(
            position: story.entries[5].position, configuration: NodeIdentity.first.founding)),
      ])
    }
    // A file of before, as a disk shows it that did not keep its promise to have synced.
    let other = try Folder()
    do {
      var state = try other.state()
      _ = try state.apply(Array(story.entries[..<4]))
    }
    try folder.write(other.bytes(of: "state-1.db"), to: "state-1.db")
    let recovered = try LogStore.open(folder: folder.path, identity: .first).recovered
    let error = #expect(throws: StoreError.self) {
      _ = try StateStore.open(folder: folder.path, identity: .first, recovered: recovered)
    }
    #expect(error?.description.contains("must be replaced") == true)
  }
}
