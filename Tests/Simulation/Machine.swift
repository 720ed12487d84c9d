import Raft
import Replication

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
  var log: LogFile
  /// State files by generation.
  var files: [UInt64: StateFile]
  var newestFile: UInt64 = 1
  /// Rises as the process ends, so that nothing is carried out for one that is gone.
  var life = 0
  var process: Process?
  /// Batches whose sync was told and never made, under sabotage.
  var unsynced: (before: LogFile, count: Int)?

  // What the world does to it.
  var isPaused = false
  var deferred: [(source: Source, action: () -> Void)] = []
  var missedTicks = 0
  var clockOffset: Int64 = 0
  /// The length of its tick, in microseconds.
  var tick: Int64 = 10_000
  var diskDelay: Int64 = 0
  var isDiskFull = false
  var losesPowerAt: (point: Fault.Point, down: Int64)?
  /// It was removed for good, and is not started again.
  var isRetired = false

  // What it once showed, which it must never take back.
  var shownTerm = Term.zero

  init(_ id: NodeID, incarnation: UInt64, founders: [NodeID], clients: Int) {
    self.id = id
    self.incarnation = incarnation
    log = LogFile(founders: founders)
    let state = RegisterState(
      configuration: Configuration(voters: founders), clients: clients)
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
