import EventLoop
import Glibc
import Raft
import Store

/// Fills the local cluster, while it is stopped, with incidents: what it would hold after years.
///
///     fill --folder .muster --incidents 1000000
///
/// Each is declared and has its ``Life``, and all but one of a hundred are over. The same seed makes the
/// same incidents. With `--measure` it makes a state of its own instead, and says what lists, searches,
/// insights and processes take in it.
/// They are applied as commands are, to a copy of one node's state, which then is installed on all
/// three as a received state would be.
@main
enum Fill {
  static func main() {
    do {
      let wish = try Wish(CommandLine.arguments.dropFirst())
      if let folder = wish.measured {
        try Measure(wish, in: folder).run()
      } else {
        try fill(wish)
      }
    } catch {
      print("fill: \(error)")
      exit(1)
    }
  }

  private static func fill(_ wish: Wish) throws {
    let folders = try Files.list(wish.folder).filter { $0.hasPrefix("n") }.sorted()
      .map { "\(wish.folder)/\($0)/data" }.filter { Files.exists("\($0)/\(LogStore.fileName)") }
    let survivors = try folders.map { try Survivor(folder: $0) }
    guard let source = survivors.indices.max(by: { survivors[$0].last < survivors[$1].last }) else {
      throw Trouble("\(wish.folder) holds no node: run Cluster/up once, and Cluster/down.")
    }
    let meta = try copy(of: folders[source], survivors[source], wish)
    defer { try? meta.remove() }
    for (folder, survivor) in zip(folders, survivors) {
      try install(meta, in: folder, of: survivor)
      print("\(folder) begins after \(meta.meta.base.position.index)")
    }
  }

  /// A copy of the state of `folder` in which the incidents are.
  private static func copy(
    of folder: String, _ survivor: Survivor, _ wish: Wish
  ) throws -> StateSnapshot {
    var log = try LogStore.open(folder: folder, identity: survivor.identity)
    var state = try StateStore.open(
      folder: folder, identity: survivor.identity, recovered: log.recovered)
    let file = log.recovered.base.stateFile
    var author = try Author(wish, folder: folder, file: file, after: survivor)
    // What its log holds and the state has not.
    let behind = try log.entries(
      from: state.applied.index.next, through: survivor.last.index, maxBytes: .max)
    _ = try state.apply(behind)
    while let entries = author.next() {
      for result in try state.apply(entries) {
        guard case .applied = result.result else {
          throw Trouble("\(result.position) came to \(result.result)")
        }
      }
      author.tellProgress()
    }
    try state.checkpoint()
    return try StateSnapshot.make(folder: folder, stateFile: file)
  }

  private static func install(
    _ copy: StateSnapshot, in folder: String, of survivor: Survivor
  ) throws {
    var log = try LogStore.open(folder: folder, identity: survivor.identity)
    let former = log.recovered.base.stateFile
    var incoming = try IncomingSnapshot.begin(copy.meta, in: folder)
    while !incoming.isComplete {
      try incoming.append(try copy.chunk(at: incoming.offset), at: incoming.offset)
    }
    let generation = try incoming.finish(for: survivor.cluster, above: former)
    let install = SnapshotInstall(
      base: copy.meta.base, generation: generation, keepsEntries: false)
    // No log is of a later term than the node knows of.
    let term = copy.meta.base.position.term
    let hardState =
      survivor.hardState.term < term ? HardState(term: term, vote: nil) : survivor.hardState
    try log.persist([PersistBatch(sequence: 1, hardState: hardState, install: install)])
    try StoreFolder.remove(stateFile: former, in: folder)
  }
}

/// What the command line asks for.
struct Wish {
  var folder = ".muster"
  var incidents: UInt64 = 1_000_000
  var seed: UInt64 = 1
  /// Where a state of its own is made and measured.
  var measured: String?

  init(_ arguments: ArraySlice<String>) throws {
    var rest = arguments
    while let word = rest.popFirst() {
      guard let value = rest.popFirst() else { throw Trouble("\(word) needs a value.") }
      switch (word, UInt64(value)) {
      case ("--folder", _): folder = value
      case ("--measure", _): measured = value
      case ("--incidents", let number?): incidents = number
      case ("--seed", let number?): seed = number
      default: throw Trouble("fill [--folder FOLDER | --measure FOLDER] [--incidents N] [--seed S]")
      }
    }
  }
}

/// Why nothing was filled, or not all.
struct Trouble: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

extension Survivor {
  /// Whose files they are. Who founded the cluster is only read as files are made.
  var identity: NodeIdentity {
    NodeIdentity(cluster: cluster, node: node, founding: Configuration(voters: []))
  }
}
