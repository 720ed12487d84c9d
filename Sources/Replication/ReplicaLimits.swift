/// The bounds of a ``Replica``. Times are in ticks of ten milliseconds.
package enum ReplicaLimits {
  /// From a client's write to its answer: 1.9 s, so that with the ways to and from the client it
  /// is answered within the two seconds that are promised.
  package static let writeDeadline = 190
  /// From a client's read to its answer, likewise.
  package static let readDeadline = 190
  /// How long a write may wait for a leader, unsent: most elections end within this second.
  package static let longestPatience = 100
  /// An attempt at a read that brought no answer for this long is given up for a fresh one: four
  /// heartbeats, so a lost answer costs a fraction of the deadline.
  package static let readAttempt = 20

  /// Writes of clients under way on one node: more than the connections a gateway holds.
  package static let writes = 16_384
  /// Writes waiting for a leader, each with up to 256 KiB of its command.
  package static let parked = 2_048
  /// Bytes of all commands that wait for a leader.
  package static let parkedBytes = 16 << 20
  /// Bytes of the commands that were sent to a leader and are kept until it says what it did. Past
  /// them a write that the leader did not take is not tried again.
  package static let forwardedBytes = 16 << 20
  /// Reads under way on one node.
  package static let reads = 16_384
  /// Attempts at reads under way. Each carries every read that waited when it began.
  package static let readAttempts = 32
  /// Committed entries that this node may be behind in applying before it takes no more writes:
  /// a client would wait past its deadline for what is queued here.
  package static let applyLag: UInt64 = 5_000

  /// Entries of one apply transaction: readers see its effects and its clients their answers when
  /// it ends, so it must not last.
  package static let applyEntries = 512
  /// Bytes of payload of one apply transaction, for the same reason.
  package static let applyBytes = 1 << 20

  /// How often a node looks whether its log is to be trimmed, and a leader whom it has met.
  package static let careInterval: UInt64 = 20
  /// From a client's change of the membership to its answer.
  package static let changeDeadline = 190

  /// A node whose clock is further than this from that of most, in milliseconds, does not lead.
  package static let mostClockError: Int64 = 500

  /// A stamp is at most so far, in milliseconds, from the one before and the time that went by since,
  /// unless a majority of voters has the same time.
  package static let largestStep: Int64 = 60_000

  /// A clock that is so far from what it was a tick ago, in milliseconds, has jumped.
  package static let clockJump: Int64 = 5_000

  /// How often a leader that should not lead tries to hand over.
  package static let handOverInterval: UInt64 = 1_000

  /// How often a node tells its peers the time.
  package static let clockInterval: UInt64 = 100
}

/// How much of the log stays after it is applied. Tests keep less than nodes do.
package struct Retention: Hashable, Sendable {
  /// Applied entries that stay, for peers that were away for a while: sending these is quicker than
  /// sending the state.
  package var entries: UInt64 = 10_000
  /// So many more stay for a member that is connected and behind, before it is sent the state.
  package var mostEntries: UInt64 = 200_000
  /// The log is trimmed by no fewer entries than this: each time costs a row of its own.
  package var leastTrimmed: UInt64 = 1_000

  package init() {}
}
