import FaultyDisk
import Raft
import SQLite
import Store
import Testing

@Suite("A survivor")
struct SurvivorTests {
  private let folder: Folder

  /// The members as they were, with the incarnations that the leader has heard.
  private static let members = Configuration(
    members: [
      .init(id: NodeID(rawValue: 1), incarnation: 11, peer: "n1:1", client: "https://n1:2"),
      .init(id: NodeID(rawValue: 2), incarnation: 12, peer: "n2:1", client: "https://n2:2"),
      .init(id: NodeID(rawValue: 3), peer: "n3:1", client: "https://n3:2"),
    ], retired: [.init(id: NodeID(rawValue: 9), incarnation: 19)])
  private static let voted = HardState(term: Term(rawValue: 4), vote: NodeID(rawValue: 2))
  private static let entries = [
    Entry.at(1), .at(2, kind: .configuration, payload: members.encoded()), .at(3), .at(4, term: 3),
  ]

  init() throws {
    folder = try Folder()
    do {
      var log = try LogStore.open(folder: folder.path, identity: .first)
      try log.persist([.of(Self.entries, hardState: Self.voted)])
    }
    var state = try folder.state()
    _ = try state.apply(Array(Self.entries[..<3]))
  }

  private func recovered() throws(StoreError) -> RecoveredLog {
    try LogStore.open(folder: folder.path, identity: .first).recovered
  }

  @Test func `is described without starting it`() throws {
    let log = try recovered()
    let survivor = try Survivor(folder: folder.path)
    #expect(survivor.cluster == NodeIdentity.first.cluster)
    #expect(survivor.node == NodeIdentity.first.node)
    #expect(survivor.epoch == 1)
    #expect(survivor.incarnation == log.incarnation)
    #expect(survivor.hardState == Self.voted)
    #expect(survivor.last == Self.entries[3].position)
    #expect(
      survivor.base == LogBase(position: .start, configuration: NodeIdentity.first.founding))
    #expect(survivor.configuration == Self.members)
    #expect(survivor.applied == Self.entries[2].position)
    #expect(try recovered() == log)
  }

  @Test func `is not looked at while it runs`() throws {
    let running = try LogStore.open(folder: folder.path, identity: .first)
    #expect(throws: StoreError.inUse("\(folder.path)/raft.db")) {
      _ = try Survivor(folder: folder.path)
    }
    _ = consume running
  }

  @Test func `is not looked for where no node ran`() throws {
    let empty = try Folder()
    let error = #expect(throws: StoreError.self) { _ = try Survivor(folder: empty.path) }
    guard case .foreign = error else {
      Issue.record("\(String(describing: error)) is not “foreign”.")
      return
    }
    #expect(empty.names().isEmpty)
  }

  /// How ``entries`` end once node 1 was made the only member.
  private func alone(_ incarnation: UInt64) -> Entry {
    let configuration = Configuration(
      members: [
        .init(
          id: NodeID(rawValue: 1), incarnation: incarnation, peer: "n1:1", client: "https://n1:2")
      ],
      retired: [
        .init(id: NodeID(rawValue: 9), incarnation: 19),
        .init(id: NodeID(rawValue: 2), incarnation: 12),
      ])
    return Entry(
      position: Position(term: Term(rawValue: 5), index: LogIndex(rawValue: 5)), stamp: 40,
      kind: .configuration, payload: configuration.encoded())
  }

  @Test func `becomes the only member, in a new epoch and term, and keeps its log`() throws {
    let incarnation = try recovered().incarnation
    let survivor = try Survivor.recover(folder: folder.path)
    let log = try recovered()
    #expect(log.log == LogRecovery(entries: Self.entries + [alone(incarnation)]))
    #expect(log.hardState == HardState(term: Term(rawValue: 5), vote: NodeID(rawValue: 1)))
    #expect(log.epoch == 2)
    #expect(log.incarnation == incarnation)
    #expect(log.configuration.voters == [NodeID(rawValue: 1)])
    #expect(survivor.epoch == 2)
    #expect(survivor.last == log.log.last)
    #expect(try Survivor.recover(folder: folder.path).epoch == 3)
  }

  @Test(arguments: FaultyDisk.Fault.allCases)
  func `is as it was or as it shall be when the disk fails`(fault: FaultyDisk.Fault) throws {
    let disk = FaultyDisk(name: "faulty-survivor-\(fault)")
    let before = try recovered()
    let files = try folder.bytes(of: "raft.db")
    var succeeded = false
    for count in 0..<80 where !succeeded {
      disk.revive()
      try folder.write(files, to: "raft.db")
      disk.arm(after: count, with: fault)
      do throws(StoreError) {
        _ = try Survivor.recover(folder: folder.path, system: disk.name)
        succeeded = !disk.disarm()
      } catch {
        disk.disarm()
      }
      let log = try recovered()
      if log.epoch == 1 {
        #expect(log == before, "failed after \(count)")
      } else {
        #expect(
          log.log == LogRecovery(entries: Self.entries + [alone(before.incarnation)]),
          "failed after \(count)")
      }
    }
    #expect(succeeded)
  }

  @Test func `has an incarnation of its own, which a new disk does not have`() throws {
    let first = try recovered().incarnation
    #expect(first != 0)
    #expect(try recovered().incarnation == first)
    let other = try Folder()
    #expect(try LogStore.open(folder: other.path, identity: .first).recovered.incarnation != first)
  }
}
