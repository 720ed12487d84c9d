/// What a leader knows of one peer, and what is on its way there.
package struct Progress: Sendable {
  /// How the leader sends to this peer.
  package enum Mode: Hashable, Sendable {
    /// Where the logs agree is a guess: one append at a time, and no other until it is answered or
    /// a heartbeat has passed.
    case probe(waiting: Bool)
    /// The guess was right: appends follow each other without waiting.
    case replicate
    /// What it lacks is not in the log any more: it is sent the state, until whoever carries that
    /// says that it ended, or the peer itself that it has it.
    case snapshot
  }

  struct InFlight: Hashable, Sendable {
    let last: LogIndex
    let bytes: Int
  }

  /// The most appends on their way to one peer: more of them only move a queue to another place.
  package static let mostInFlight = 64
  /// The most bytes on their way to one peer; one append may exceed it by itself.
  package static let mostBytesInFlight = 8 << 20
  /// The most bytes of entries in a probe, which may well be for nothing.
  static let largestProbe = 16 << 10

  package let id: NodeID
  /// The peer holds the leader's log durably through this index.
  package private(set) var match: LogIndex = .zero
  /// The next entry to send.
  package private(set) var next: LogIndex
  package private(set) var mode: Mode = .probe(waiting: false)
  private(set) var inFlight: [InFlight] = []
  private(set) var bytesInFlight = 0
  /// When the peer was last heard, in ticks of this node; before its first word, when this node
  /// began to lead or the peer joined.
  package private(set) var lastHeard: UInt64
  /// Whether the peer has answered this leader at all: one that died before it led has not.
  private(set) var hasAnswered = false
  /// The newest read round that the peer has answered.
  var ackedRound: UInt64 = 0
  /// The newest read round that the peer was told.
  var toldRound: UInt64 = 0
  /// The commit that the peer was told, as far as its log was sent.
  var toldCommit: LogIndex = .zero
  /// Entries for this peer were asked of the disk, and have not come.
  var isLoading = false
  /// The peer spoke while it lacked entries: if nothing follows by itself, ask whether any was lost.
  var isToBeChecked = false
  /// The state was sent: when to ask the peer again what it has.
  var snapshotOverAt: UInt64?
  /// Set on a peer that is no member any more: the index of the configuration without it. It is
  /// kept until it was told of that, or an election timeout has passed since `leftAt`.
  var leaves: (index: LogIndex, since: UInt64)?
  /// On a learner: the log's end when its round began, and when that was (dissertation, 4.2.1).
  var round: (target: LogIndex, since: UInt64)?

  init(id: NodeID, next: LogIndex, now: UInt64) {
    self.id = id
    self.next = next
    lastHeard = now
  }

  /// Notes that the peer answered.
  mutating func heard(at now: UInt64) {
    lastHeard = now
    hasAnswered = true
  }

  /// Whether another append may be sent now.
  var hasRoom: Bool {
    switch mode {
    case .probe(let waiting): !waiting
    case .replicate:
      inFlight.count < Self.mostInFlight && bytesInFlight < Self.mostBytesInFlight
    case .snapshot: false
    }
  }

  mutating func sentProbe() { mode = .probe(waiting: true) }

  mutating func sent(through last: LogIndex, bytes: Int) {
    inFlight.append(InFlight(last: last, bytes: bytes))
    bytesInFlight += bytes
    next = last.next
  }

  /// The peer holds the log through `index`. Said late or twice it changes nothing.
  ///
  /// - Returns: Whether this is news.
  mutating func matched(_ index: LogIndex) -> Bool {
    let isNews = index > match
    if isNews { match = index }
    switch mode {
    case .probe, .snapshot:
      mode = .replicate
      next = match.next
    case .replicate:
      next = max(next, match.next)
    }

    var acknowledged = 0
    while acknowledged < inFlight.count, inFlight[acknowledged].last <= match {
      bytesInFlight -= inFlight[acknowledged].bytes
      acknowledged += 1
    }
    // At most 64 small values, and all of them move at once.
    if acknowledged > 0 { inFlight.removeFirst(acknowledged) }
    return isNews
  }

  /// The logs disagree at `previous`; at `candidate` and before they might agree.
  mutating func refused(previous: LogIndex, candidate: LogIndex) {
    switch mode {
    case .replicate:
      // What was acknowledged cannot be refused: this answer is from before.
      guard previous > match else { return }
      next = match.next
    case .probe:
      guard previous.next == next else { return }
      next = max(min(previous, candidate.next), match.next)
    case .snapshot:
      return
    }
    startProbe()
  }

  /// What was in flight may be lost: begin again from what is certain. Where nothing is certain yet
  /// the guess stands, or the whole log would be sent from its first entry.
  mutating func reset() {
    if case .snapshot = mode { return }
    if case .replicate = mode { next = match.next }
    startProbe()
  }

  /// The state is to be sent, since the log does not reach back to what the peer lacks.
  mutating func startSnapshot() {
    startProbe()
    snapshotOverAt = nil
    mode = .snapshot
  }

  /// The state was sent, or was not: ask again what the peer has.
  mutating func endSnapshot() {
    snapshotOverAt = nil
    guard case .snapshot = mode else { return }
    startProbe()
  }

  /// A heartbeat has passed, so a probe may be lost.
  mutating func allowProbe() {
    if case .probe = mode { mode = .probe(waiting: false) }
  }

  private mutating func startProbe() {
    mode = .probe(waiting: false)
    inFlight.removeAll(keepingCapacity: true)
    bytesInFlight = 0
    toldCommit = .zero
    isLoading = false
    isToBeChecked = false
  }
}
