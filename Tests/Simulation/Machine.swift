import Raft
import Replication
import Store

/// Where something comes from that happens to a node.
enum Source: Hashable {
  case itself
  case peer(NodeID)
  case client(Int)
}

/// One node: its disk, its clock, and its process while that lives.
final class Machine {
  let id: NodeID
  let incarnation: UInt64
  let founders: [NodeID]
  var log: LogFile
  /// State files by generation.
  var files: [UInt64: StateFile]
  var newestFile: UInt64 = 1
  /// Its real files, in a world that has such.
  let disk: NodeDisk?
  /// What it was writing to its real log as it died: all of that may be there, or nothing.
  var interrupted: [PersistBatch] = []
  /// A copy of its state for others, which its process may send more than once.
  var copy: StateSnapshot?
  /// What it was last offered of others.
  var inbound: SnapshotMeta?
  /// Its state was spoilt when this was applied, in the file of this generation, and is still in use.
  var spoilt: (at: LogIndex, file: UInt64)?
  /// A bit of its log was flipped since it last ran.
  var isFlipped = false
  /// Rises as the process ends, so that nothing is carried out for one that is gone.
  var life = 0
  var process: Process?
  /// Batches whose sync was told and never made, under sabotage.
  var unsynced: (before: LogFile, count: Int)?

  // What the world does to it.
  var isPaused = false
  var deferred: [(source: Source, action: () -> Void)] = []
  var missedTicks = 0
  var clockOffset: Int64 = 0 {
    didSet { formerOffset = oldValue }
  }
  /// What others may still take its clock for.
  private(set) var formerOffset: Int64 = 0
  /// The length of its tick, in microseconds.
  var tick: Int64 = 10_000
  var diskDelay: Int64 = 0
  var isDiskFull = false
  var losesPowerAt: (point: Fault.Point, down: Int64)?
  /// The newest behaviour level that its binary knows.
  var level = World.newestLevel
  /// It was removed for good, and is not started again.
  var isRetired = false

  // What it once showed, which it must never take back.
  var shownTerm = Term.zero

  init(
    _ id: NodeID, incarnation: UInt64, founders: [NodeID], clients: Int, room: FileRoom? = nil
  ) {
    self.id = id
    self.incarnation = incarnation
    self.founders = founders
    log = LogFile(founders: founders)
    let configuration = Configuration(voters: founders)
    disk = room.map {
      NodeDisk(in: $0, node: id, incarnation: incarnation, founding: configuration)
    }
    let state = RegisterState(
      configuration: configuration, clients: clients, isOfDepartment: room != nil)
    files = [1: StateFile(current: state, synced: state)]
  }

  var member: Configuration.Member {
    Configuration.Member(id: id, incarnation: incarnation, peer: "\(id):1", client: "")
  }
}

/// What dies with the process.
final class Process {
  var replica: Replica
  var effects = ReplicaEffects()
  var inbox: [ReplicaInput] = []
  var isBurstDue = false
  /// The log as the node has it in mind: what its disk will be once all batches are written.
  var mind: LogFile
  /// Which state file is open.
  var generation: UInt64

  /// Whom it dials until a connection stands: members, and those that said hello.
  var dials: Set<NodeID> = []

  // The log's lane.
  var batches: [PersistBatch] = []
  var loads: [LogLoad] = []
  var isWriting = false
  var writing: [PersistBatch] = []
  /// The transaction is written, and not synced yet.
  var isWritten = false

  /// What came of each entry of the transaction on the state.
  var outcomes: [(position: Position, outcome: RegisterState.Outcome)] = []
  /// Received states, and what their file holds.
  var sending: Set<NodeID> = []

  // What was checked so far.
  var commit: LogIndex
  var toldDigest = LogIndex.zero
  var term: Term
  var isLeader = false
  /// Ticks for which it has led a cluster that it is, for good, no voter of.
  var strangerTicks = 0

  init(_ replica: Replica, mind: LogFile, generation: UInt64) {
    self.replica = replica
    self.mind = mind
    self.generation = generation
    dials = Set(replica.core.configuration.members.map(\.id))
    commit = replica.core.commit
    term = replica.core.term
  }
}
