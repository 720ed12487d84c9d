import Bytes
import EventLoop
import FaultyDisk
import Glibc
import Incidents
import Raft
import Replication
import SQLite
import Store

/// The real files of one node: its log and its state, in SQLite, on a disk that forgets what was not
/// synced and fails when it is told to.
final class NodeDisk {
  /// What the files hold as the node starts.
  struct Found {
    let recovered: RecoveredLog
    let entries: [Entry]
    let applied: Position
    let digest: UInt64
    let stamp: Int64
  }

  let disk: FaultyDisk
  let folder: String
  private let identity: NodeIdentity
  private(set) var stateFile = ""
  private var log: LogStore?
  private var state: StateStore?
  private var reader: StateReader?

  /// - Parameter room: The world's folder, in which the node gets its own.
  init(in room: FileRoom, node: NodeID, incarnation: UInt64, founding: Configuration) {
    let name = "node-\(node.rawValue)-\(incarnation)"
    folder = "\(room.path)/\(name)"
    disk = FaultyDisk(name: "\(room.name)-\(name)", forgets: true)
    identity = NodeIdentity(cluster: Department.cluster, node: node, founding: founding)
  }

  // MARK: - From start to end

  /// Opens both files as a node does.
  func open(reservesLog: Bool) throws(StoreError) -> Found {
    var log = try LogStore.open(folder: folder, identity: identity, system: disk.name)
    if reservesLog { log.reserve(in: folder) }
    let recovered = log.recovered
    try StoreFolder.tidy(folder, keeping: recovered.base.stateFile)
    var state = try StateStore.open(
      folder: folder, identity: identity, recovered: recovered, system: disk.name)
    try state.checkpoint()
    let entries = try log.entries(
      from: recovered.log.first, through: recovered.log.last.index, maxBytes: .max)
    let found = Found(
      recovered: recovered, entries: entries, applied: state.applied,
      digest: Self.short(state.digest), stamp: state.stamp)
    stateFile = recovered.base.stateFile
    self.log = consume log
    self.state = consume state
    return found
  }

  /// The process ends where it stands: nothing more is written, not even by closing.
  func close() {
    disk.detach()
    reader = nil
    log = nil
    state = nil
    disk.revive()
  }

  /// Forgets what was not synced. The process has ended.
  func losePower(_ chance: inout Chance) {
    disk.losePower(&chance)
    for name in names() where name.hasSuffix("-shm") { remove(name) }
    // Pieces of a state are not synced until all are there.
    for name in names() where name.hasPrefix("incoming-") && chance.happens(50) {
      let size = (try? Files.size(of: "\(folder)/\(name)")) ?? 0
      unsafe truncate("\(folder)/\(name)", chance.below(size + 1))
    }
  }

  private func names() -> [String] { (try? Files.list(folder)) ?? [] }

  private func remove(_ name: String) { try? Files.remove("\(folder)/\(name)") }

  // MARK: - The log

  func persist(_ batches: [PersistBatch]) throws(StoreError) { try log?.persist(batches) }

  func entries(from: LogIndex, through: LogIndex) throws(StoreError) -> [Entry] {
    try log?.entries(from: from, through: through, maxBytes: 1 << 20) ?? []
  }

  // MARK: - The state

  func apply(_ entries: [Entry]) throws(StoreError) -> [AppliedEntry] {
    try state?.apply(entries) ?? []
  }

  /// Applies entries as a build would that does not look at the version of a due row.
  func applyUnchecked(_ entries: [Entry]) throws(StoreError) -> [AppliedEntry] {
    // All of them at once, since all or none are done.
    let unchecked = try reading { reader throws(StoreError) in
      entries.map { entry in Department.unchecked(entry) { reader.incident($0)?.watch.version } }
    }
    return try apply(unchecked)
  }

  /// Reads the state as it is.
  func reading<Value>(
    _ body: (StateReader) throws(StoreError) -> Value
  ) throws(StoreError) -> Value {
    if let reader { return try reader.read(body) }
    let opened = try StateReader.open(folder: folder, file: stateFile)
    reader = opened
    return try opened.read(body)
  }

  /// What the state came to.
  var digest: UInt64 { Self.short(state?.digest ?? []) }
  var newestDigest: StateDigest? { state?.newestDigest }
  var applied: LogIndex { state?.applied.index ?? .zero }
  /// What a power cut cannot undo.
  var durable: LogIndex { state?.durable ?? .zero }

  func checkpoint() throws(StoreError) {
    try state?.checkpointPassively()
  }

  /// What every register holds, as a client reads it.
  func values() throws(StoreError) -> [UInt64] {
    if reader == nil { reader = try StateReader.open(folder: folder, file: stateFile) }
    guard let reader else { return [] }
    return try reader.read { reader throws(StoreError) in
      (0..<RegisterState.registers).map { register in
        reader.incident(Department.incident(register))?.ticket
          .flatMap { UInt64($0.reference) } ?? 0
      }
    }
  }

  // MARK: - States on their way

  func makeCopy() throws(StoreError) -> StateSnapshot {
    try StateSnapshot.make(folder: folder, stateFile: stateFile, system: disk.name)
  }

  func begin(_ offer: SnapshotMeta) throws(SnapshotError) -> IncomingSnapshot {
    try IncomingSnapshot.begin(offer, in: folder)
  }

  /// Holds a received state to what was announced, and gives the number of its file.
  func finish(
    _ incoming: IncomingSnapshot
  ) throws(SnapshotError) -> (head: StateFileHead, generation: UInt64) {
    let generation = try incoming.finish(
      for: Department.cluster, above: stateFile, system: disk.name)
    do throws(StoreError) {
      let path = "\(folder)/\(StateStore.fileName(generation: generation))"
      return (try StateFileHead.read(path), generation)
    } catch {
      throw .store(error)
    }
  }

  /// Goes over to a received state.
  func use(generation: UInt64, base: LogBase) throws(StoreError) {
    reader = nil
    state = nil
    let former = stateFile
    state = try StateStore.open(
      folder: folder, identity: identity,
      installed: SnapshotInstall(base: base, generation: generation, keepsEntries: false),
      system: disk.name)
    stateFile = StateStore.fileName(generation: generation)
    try StoreFolder.remove(stateFile: former, in: folder)
  }

  func discard(generation: UInt64) {
    // It is removed at the next start.
    try? StoreFolder.remove(
      stateFile: StateStore.fileName(generation: generation), in: folder)
  }

  /// The number in the name of a state file.
  static func generation(of stateFile: String) -> UInt64 {
    UInt64(stateFile.filter(\.isNumber)) ?? 0
  }

  private static func short(_ digest: [UInt8]) -> UInt64 {
    digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  // MARK: - What goes wrong

  /// Makes what the state came to another, with its process gone.
  func spoilDigest() throws(SQLiteError) {
    let database = try Database(path: "\(folder)/\(stateFile)", access: .write)
    try database.run("UPDATE meta SET digest = \([UInt8](repeating: 9, count: 32)) WHERE id = 0")
  }

  /// Flips one bit of the log's files, which nobody has open, where it can be known: of the
  /// write-ahead log not in its last transaction, which then looks like one that was never told of.
  ///
  /// - Returns: What it has done, or nothing where there is nothing to flip.
  func flip(_ chance: inout Chance) -> String? {
    let name = LogStore.fileName
    let journal = "\(folder)/\(name)-wal"
    let end = JournalFrames.endOfTold(in: (try? Files.read(journal, atMost: 64 << 20)) ?? [])
    if end > 0, chance.happens(70) { return flip("\(name)-wal", below: end, &chance) }
    let size = (try? Files.size(of: "\(folder)/\(name)")) ?? 0
    return size > 0 ? flip(name, below: size, &chance) : nil
  }

  private func flip(_ name: String, below end: Int, _ chance: inout Chance) -> String? {
    let place = chance.below(end)
    let bit = chance.below(8)
    let path = "\(folder)/\(name)"
    guard var byte = try? Files.read(path, at: place, atMost: 1), !byte.isEmpty else { return nil }
    byte[0] ^= 1 << UInt8(bit)
    do {
      try Files.write(byte, at: place, to: path, mode: 0o600)
    } catch {
      return nil
    }
    return "bit \(bit) of byte \(place) of \(name)"
  }
}

/// Where the transactions in a write-ahead log of SQLite end.
enum JournalFrames {
  private static let header = 32
  private static let frame = 24 + 4_096

  /// The end of the last transaction but one; 0 if there is none.
  static func endOfTold(in bytes: [UInt8]) -> Int {
    guard bytes.count > header else { return 0 }
    let salts = bytes[16..<24]
    var ends: [Int] = []
    var place = header
    while place + frame <= bytes.count, bytes[(place + 8)..<(place + 16)] == salts {
      if bytes[(place + 4)..<(place + 8)].contains(where: { $0 != 0 }) {
        ends.append(place + frame)
      }
      place += frame
    }
    return ends.count < 2 ? 0 : ends[ends.count - 2]
  }
}

/// A folder for the files of one world, in memory where the machine has such a place. It goes away
/// with the world.
final class FileRoom {
  let path: String
  /// Told from all others of this process.
  var name: String { String(path.suffix(6)) }

  init() {
    let parent = unsafe access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    var template = Array("\(parent)/muster-simulation-XXXXXX".utf8CString)
    let made = unsafe mkdtemp(&template)
    precondition(unsafe made != nil, "There is no room for files in \(parent).")
    path = unsafe String(cString: made!)
  }

  deinit { clear() }

  /// Removes all that is in it, and the folder.
  func clear() {
    for folder in (try? Files.list(path)) ?? [] {
      for name in (try? Files.list("\(path)/\(folder)")) ?? [] {
        unsafe unlink("\(path)/\(folder)/\(name)")
      }
      unsafe rmdir("\(path)/\(folder)")
    }
    unsafe rmdir(path)
  }
}
