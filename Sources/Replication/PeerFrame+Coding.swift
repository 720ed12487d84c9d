package import Bytes
import Raft
import Store

extension PeerFrame {
  /// The peer protocol that this code writes, and the first byte of every frame.
  package static let version: UInt8 = 1
  /// More than the largest append with its largest entry: what is longer was not sent by a node.
  package static let largest = 4 << 20
  /// Entries in one append. A frame is full of the smallest entries well before.
  package static let mostEntries = 65_536
  /// Bytes of one command or entry. The core takes no more, and would stop at it.
  package static let largestPayload = RaftCore.largestPayload
  /// Bytes of a state's file in one frame.
  package static let largestChunk = 1 << 20
  /// A configuration in its binary form: sixteen members with the longest names, and more.
  package static let largestConfiguration = 64 << 10
  /// The reason for which a state is refused, in bytes.
  package static let longestReason = 1 << 10
  /// Bytes of a SHA-256.
  package static let hashLength = 32
  /// Nodes in an order of heirs: far more than any cluster has voters.
  package static let mostHeirs = 64

  /// This frame in its binary form, without the length that goes in front of it.
  package func encoded() -> [UInt8] {
    var writer = ByteWriter(reserving: sizeEstimate)
    writer.put(Self.version)
    switch self {
    case .hello(let hello):
      writer.put(1 as UInt8)
      writer.put(hello)
    case .message(let message):
      writer.put(message)
    case .forward(let id, let command):
      writer.put(2 as UInt8)
      writer.put(id)
      writer.put(command)
    case .forwarded(let id, let outcome):
      writer.put(3 as UInt8)
      writer.put(id)
      writer.put(outcome)
    case .clock(let now):
      writer.put(4 as UInt8)
      writer.put(now)
    case .digest(let digest):
      writer.put(5 as UInt8)
      writer.put(digest.index.rawValue)
      writer.put(digest.digest)
    case .diverged(let index):
      writer.put(6 as UInt8)
      writer.put(index.rawValue)
    case .wantsState:
      writer.put(7 as UInt8)
    case .stopped(let index):
      writer.put(8 as UInt8)
      writer.put(index.rawValue)
    case .snapshot(let frame):
      writer.put(frame)
    }
    return writer.bytes
  }

  /// Reads a frame back.
  ///
  /// - Throws: The first thing that is wrong with it. The connection that it came by is closed:
  ///   whoever wrote it is not a node of this version.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) {
    var reader = ByteReader(bytes)
    let version = try reader.u8()
    guard version == Self.version else {
      throw .unknown(what: "peer protocol", value: UInt64(version))
    }
    let tag = try reader.u8()
    switch tag {
    case 1: self = .hello(try reader.hello())
    case 2:
      self = .forward(id: try reader.u64(), command: try reader.blob(max: Self.largestPayload))
    case 3: self = .forwarded(id: try reader.u64(), try reader.forwardOutcome())
    case 4: self = .clock(try reader.i64())
    case 5:
      self = .digest(
        StateDigest(
          index: LogIndex(rawValue: try reader.u64()),
          digest: try reader.blob(max: Self.hashLength)))
    case 6: self = .diverged(LogIndex(rawValue: try reader.u64()))
    case 7: self = .wantsState
    case 8: self = .stopped(before: LogIndex(rawValue: try reader.u64()))
    case 32...36: self = .snapshot(try reader.snapshotFrame(tag: tag))
    default: self = .message(try reader.message(tag: tag))
    }
    try reader.finish()
  }

  /// About as many bytes as the frame will have, so that it is written without moving.
  private var sizeEstimate: Int {
    switch self {
    case .message(.append(let append)):
      append.entries.reduce(96) { $0 + $1.payload.count + 32 }
    case .forward(_, let command): command.count + 16
    case .snapshot(.chunk(_, let bytes)): bytes.count + 16
    default: 96
    }
  }
}

extension ByteWriter {
  fileprivate mutating func put(_ hello: Hello) {
    put(hello.cluster)
    put(hello.epoch)
    put(hello.member.id.rawValue)
    put(hello.member.incarnation)
    put(hello.member.peer)
    put(hello.member.client)
    put(hello.isBulk)
    put(hello.protocolOldest)
    put(hello.protocolNewest)
    put(hello.level)
  }

  fileprivate mutating func put(_ outcome: ForwardOutcome) {
    switch outcome {
    case .appended(let position):
      put(1 as UInt8)
      put(position)
    case .notLeader(let leader):
      put(2 as UInt8)
      put(optional: leader) { $0.put($1.rawValue) }
    case .overloaded:
      put(3 as UInt8)
    }
  }

  fileprivate mutating func put(_ frame: SnapshotFrame) {
    switch frame {
    case .offer(let meta):
      put(32 as UInt8)
      put(meta.base.position)
      put(meta.base.configuration.encoded())
      put(meta.digest)
      put(meta.level)
      put(meta.bytes)
      put(meta.sha256)
    case .wanted(let offset):
      put(33 as UInt8)
      put(offset)
    case .chunk(let offset, let bytes):
      put(34 as UInt8)
      put(offset)
      put(bytes)
    case .complete:
      put(35 as UInt8)
    case .refused(let why):
      put(36 as UInt8)
      put(String(decoding: why.utf8.prefix(PeerFrame.longestReason), as: UTF8.self))
    }
  }

  fileprivate mutating func put(_ position: Position) {
    put(position.term.rawValue)
    put(position.index.rawValue)
  }

  fileprivate mutating func put(_ message: Message) {
    switch message {
    case .voteRequest(let request):
      put(16 as UInt8)
      put(request.term.rawValue)
      put(request.last)
      put(request.kind.rawValue)
    case .vote(let vote):
      put(17 as UInt8)
      put(vote.term.rawValue)
      put(vote.granted)
      put(vote.isPreVote)
    case .append(let append):
      put(append.skips.isEmpty ? 18 : 25 as UInt8)
      put(skips: append.skips)
      put(append.term.rawValue)
      put(append.previous)
      put(append.commit.rawValue)
      put(append.round)
      put(each: append.heirs) { $0.put($1.rawValue) }
      put(each: append.entries) { $0.put($1) }
    case .appended(let answer):
      put(19 as UInt8)
      put(answer.term.rawValue)
      put(answer.round)
      switch answer.outcome {
      case .matched(let index):
        put(1 as UInt8)
        put(index.rawValue)
      case .refused(let previous, let hint):
        put(2 as UInt8)
        put(previous.rawValue)
        put(hint)
      }
    case .heartbeat(let heartbeat):
      put(heartbeat.skips.isEmpty ? 20 : 26 as UInt8)
      put(skips: heartbeat.skips)
      put(heartbeat.term.rawValue)
      put(heartbeat.commit.rawValue)
      put(heartbeat.round)
      put(each: heartbeat.heirs) { $0.put($1.rawValue) }
    case .heartbeatAnswer(let answer):
      put(21 as UInt8)
      put(answer.term.rawValue)
      put(answer.round)
    case .campaignNow(let term, let last):
      put(22 as UInt8)
      put(term.rawValue)
      put(last)
    case .readRequest(let term, let id):
      put(23 as UInt8)
      put(term.rawValue)
      put(id)
    case .readAnswer(let term, let id, let index):
      put(24 as UInt8)
      put(term.rawValue)
      put(id)
      put(optional: index) { $0.put($1.rawValue) }
    }
  }

  /// Messages that name none have the form that they had before there were any.
  private mutating func put(skips: [LogIndex]) {
    guard !skips.isEmpty else { return }
    put(each: skips) { $0.put($1.rawValue) }
  }

  private mutating func put(_ entry: Entry) {
    put(entry.position)
    put(entry.stamp)
    put(entry.kind.rawValue)
    put(entry.payload)
  }
}

extension ByteReader {
  fileprivate mutating func hello() throws(MalformedBytes) -> Hello {
    Hello(
      cluster: try id(), epoch: try u64(),
      member: Configuration.Member(
        id: try node(), incarnation: try u64(),
        peer: try string(max: Configuration.longestText),
        client: try string(max: Configuration.longestText)),
      isBulk: try bool(), protocolOldest: try u8(), protocolNewest: try u8(), level: try u8())
  }

  fileprivate mutating func snapshotFrame(tag: UInt8) throws(MalformedBytes) -> SnapshotFrame {
    switch tag {
    case 32: .offer(try snapshotMeta())
    case 33: .wanted(from: try u64())
    case 34: .chunk(at: try u64(), try blob(max: PeerFrame.largestChunk))
    case 35: .complete
    // A cut text may end with a character of three bytes where one was cut.
    default: .refused(try string(max: PeerFrame.longestReason + 4))
    }
  }

  private mutating func snapshotMeta() throws(MalformedBytes) -> SnapshotMeta {
    let position = try position()
    let configuration = try Configuration(
      decoding: try blob(max: PeerFrame.largestConfiguration))
    return SnapshotMeta(
      base: LogBase(position: position, configuration: configuration),
      digest: try blob(max: PeerFrame.hashLength), level: try u8(), bytes: try u64(),
      sha256: try blob(max: PeerFrame.hashLength))
  }

  fileprivate mutating func forwardOutcome() throws(MalformedBytes) -> ForwardOutcome {
    let tag = try u8()
    return switch tag {
    case 1: .appended(try position())
    case 2:
      .notLeader(
        leader: try optional { reader throws(MalformedBytes) in try reader.node() })
    case 3: .overloaded
    default: throw .unknown(what: "outcome of a forwarded write", value: UInt64(tag))
    }
  }

  fileprivate mutating func message(tag: UInt8) throws(MalformedBytes) -> Message {
    switch tag {
    case 16:
      return .voteRequest(VoteRequest(term: try term(), last: try position(), kind: try voteKind()))
    case 17:
      return .vote(Vote(term: try term(), granted: try bool(), isPreVote: try bool()))
    case 18, 25:
      let skips = tag == 25 ? try skips() : []
      let (term, previous, commit) = (try term(), try position(), try index())
      let (round, heirs) = (try u64(), try heirs())
      let entries = try array(max: PeerFrame.mostEntries) { reader throws(MalformedBytes) in
        try reader.entry()
      }
      return .append(
        AppendEntries(
          term: term, previous: previous, entries: entries, commit: commit, round: round,
          heirs: heirs, skips: skips))
    case 19:
      let (term, round) = (try term(), try u64())
      return .appended(Appended(term: term, outcome: try appendOutcome(), round: round))
    case 20, 26:
      let skips = tag == 26 ? try skips() : []
      return .heartbeat(
        Heartbeat(
          term: try term(), commit: try index(), round: try u64(), heirs: try heirs(),
          skips: skips))
    case 21:
      return .heartbeatAnswer(HeartbeatAnswer(term: try term(), round: try u64()))
    case 22:
      return .campaignNow(term: try term(), last: try position())
    case 23:
      return .readRequest(term: try term(), id: try u64())
    case 24:
      return .readAnswer(
        term: try term(), id: try u64(),
        index: try optional { reader throws(MalformedBytes) in try reader.index() })
    default:
      throw .unknown(what: "peer frame", value: UInt64(tag))
    }
  }

  private mutating func appendOutcome() throws(MalformedBytes) -> Appended.Outcome {
    let tag = try u8()
    return switch tag {
    case 1: .matched(try index())
    case 2: .refused(previous: try index(), hint: try position())
    default: throw .unknown(what: "answer to an append", value: UInt64(tag))
    }
  }

  private mutating func entry() throws(MalformedBytes) -> Entry {
    let (position, stamp, tag) = (try position(), try i64(), try u8())
    guard let kind = Entry.Kind(rawValue: tag) else {
      throw .unknown(what: "kind of entry", value: UInt64(tag))
    }
    let payload = try blob(max: PeerFrame.largestPayload)
    return Entry(position: position, stamp: stamp, kind: kind, payload: payload)
  }

  private mutating func voteKind() throws(MalformedBytes) -> VoteRequest.Kind {
    let tag = try u8()
    guard let kind = VoteRequest.Kind(rawValue: tag) else {
      throw .unknown(what: "kind of vote request", value: UInt64(tag))
    }
    return kind
  }

  private mutating func node() throws(MalformedBytes) -> NodeID {
    let number = try u64()
    guard number > 0 else { throw .unknown(what: "node", value: 0) }
    return NodeID(rawValue: number)
  }

  private mutating func heirs() throws(MalformedBytes) -> [NodeID] {
    try array(max: PeerFrame.mostHeirs) { reader throws(MalformedBytes) in try reader.node() }
  }

  private mutating func skips() throws(MalformedBytes) -> [LogIndex] {
    let skips = try array(max: Configuration.mostSkips) { reader throws(MalformedBytes) in
      try reader.index()
    }
    // A message that names none has the other form.
    guard !skips.isEmpty else { throw .unknown(what: "message that skips nothing", value: 0) }
    return skips
  }

  private mutating func term() throws(MalformedBytes) -> Term { Term(rawValue: try small()) }

  private mutating func index() throws(MalformedBytes) -> LogIndex {
    LogIndex(rawValue: try small())
  }

  private mutating func position() throws(MalformedBytes) -> Position {
    Position(term: try term(), index: try index())
  }

  /// A term or index that still has room to grow and fits SQLite's integers.
  private mutating func small() throws(MalformedBytes) -> UInt64 {
    let value = try u64()
    guard value < 1 << 62 else { throw .unknown(what: "term or index", value: value) }
    return value
  }
}
