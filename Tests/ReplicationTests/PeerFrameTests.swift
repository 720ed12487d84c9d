import Bytes
import Raft
import Replication
import Store
import Testing

/// One frame of each kind, with its bytes as protocol 1 writes them for ever.
private let golden: [(PeerFrame, String)] = [
  (
    .hello(
      Hello(
        cluster: ID(high: 0x0102_0304_0506_0708, low: 0x090A_0B0C_0D0E_0F10), epoch: 3,
        member: Configuration.Member(
          id: NodeID(rawValue: 2), incarnation: 5, peer: "a:1", client: "b"))),
    "0101" + "0102030405060708090a0b0c0d0e0f10" + "0300000000000000" + "0200000000000000"
      + "0500000000000000" + "03000000613a31" + "0100000062" + "00" + "010101"
  ),
  (.forward(id: 9, command: [0xAA, 0xBB]), "0102" + "0900000000000000" + "02000000aabb"),
  (
    .forwarded(id: 9, .appended(position(4, 77))),
    "0103" + "0900000000000000" + "01" + "04000000000000004d00000000000000"
  ),
  (
    .forwarded(id: 9, .notLeader(leader: NodeID(rawValue: 3))),
    "0103" + "0900000000000000" + "02" + "010300000000000000"
  ),
  (.forwarded(id: 9, .notLeader(leader: nil)), "0103" + "0900000000000000" + "0200"),
  (.forwarded(id: 9, .overloaded), "0103" + "0900000000000000" + "03"),
  (.clock(1_764_000_000_000), "0104" + "00e897b69a010000"),
  (
    .digest(StateDigest(index: LogIndex(rawValue: 256), digest: [1, 2])),
    "0105" + "0001000000000000" + "020000000102"
  ),
  (.diverged(LogIndex(rawValue: 256)), "0106" + "0001000000000000"),
  (.wantsState, "0107"),
  (.stopped(before: LogIndex(rawValue: 256)), "0108" + "0001000000000000"),
  (
    .snapshot(
      .offer(
        SnapshotMeta(
          base: LogBase(
            position: position(3, 12), configuration: Configuration(voters: [])),
          digest: [7], level: 1, bytes: 4_096, sha256: [8]))),
    "0120" + "03000000000000000c00000000000000" + "0d000000" + "01" + "000000000000000000000000"
      + "0100000007" + "01" + "0010000000000000" + "0100000008"
  ),
  (.snapshot(.wanted(from: 5)), "0121" + "0500000000000000"),
  (.snapshot(.chunk(at: 5, [9])), "0122" + "0500000000000000" + "0100000009"),
  (.snapshot(.complete), "0123"),
  (.snapshot(.refused("no")), "0124" + "020000006e6f"),
  (
    .message(.voteRequest(VoteRequest(term: term(4), last: position(3, 12), kind: .heir))),
    "0110" + "0400000000000000" + "03000000000000000c00000000000000" + "03"
  ),
  (
    .message(.vote(Vote(term: term(4), granted: true, isPreVote: false))),
    "0111" + "0400000000000000" + "0100"
  ),
  (
    .message(
      .append(
        AppendEntries(
          term: term(4), previous: position(3, 12),
          entries: [Entry(position: position(4, 13), stamp: 1_000, kind: .command, payload: [7])],
          commit: LogIndex(rawValue: 11), round: 5,
          heirs: [NodeID(rawValue: 2), NodeID(rawValue: 3)]))),
    "0112" + "0400000000000000" + "03000000000000000c00000000000000" + "0b00000000000000"
      + "0500000000000000" + "0200000002000000000000000300000000000000" + "01000000"
      + "04000000000000000d00000000000000" + "e803000000000000" + "01" + "0100000007"
  ),
  (
    .message(
      .appended(Appended(term: term(4), outcome: .matched(LogIndex(rawValue: 13)), round: 5))),
    "0113" + "0400000000000000" + "0500000000000000" + "01" + "0d00000000000000"
  ),
  (
    .message(
      .appended(
        Appended(
          term: term(4),
          outcome: .refused(previous: LogIndex(rawValue: 12), hint: position(2, 9)), round: 0))),
    "0113" + "0400000000000000" + "0000000000000000" + "02" + "0c00000000000000"
      + "02000000000000000900000000000000"
  ),
  (
    .message(
      .heartbeat(
        Heartbeat(term: term(4), commit: LogIndex(rawValue: 11), round: 6, heirs: []))),
    "0114" + "0400000000000000" + "0b00000000000000" + "0600000000000000" + "00000000"
  ),
  (
    .message(
      .append(
        AppendEntries(
          term: term(4), previous: position(3, 12), entries: [], commit: LogIndex(rawValue: 11),
          round: 5, heirs: [], skips: [LogIndex(rawValue: 9)]))),
    "0119" + "01000000" + "0900000000000000" + "0400000000000000"
      + "03000000000000000c00000000000000" + "0b00000000000000" + "0500000000000000" + "00000000"
      + "00000000"
  ),
  (
    .message(
      .heartbeat(
        Heartbeat(
          term: term(4), commit: LogIndex(rawValue: 11), round: 6, heirs: [],
          skips: [LogIndex(rawValue: 9)]))),
    "011a" + "01000000" + "0900000000000000" + "0400000000000000" + "0b00000000000000"
      + "0600000000000000" + "00000000"
  ),
  (
    .message(.heartbeatAnswer(HeartbeatAnswer(term: term(4), round: 6))),
    "0115" + "0400000000000000" + "0600000000000000"
  ),
  (
    .message(.campaignNow(term: term(4), last: position(4, 13))),
    "0116" + "0400000000000000" + "04000000000000000d00000000000000"
  ),
  (
    .message(.readRequest(term: term(4), id: 8)),
    "0117" + "0400000000000000" + "0800000000000000"
  ),
  (
    .message(.readAnswer(term: term(4), id: 8, index: LogIndex(rawValue: 13))),
    "0118" + "0400000000000000" + "0800000000000000" + "010d00000000000000"
  ),
  (
    .message(.readAnswer(term: term(4), id: 8, index: nil)),
    "0118" + "0400000000000000" + "0800000000000000" + "00"
  ),
]

private func term(_ number: UInt64) -> Term { Term(rawValue: number) }

private func position(_ term: UInt64, _ index: UInt64) -> Position {
  Position(term: Term(rawValue: term), index: LogIndex(rawValue: index))
}

private func bytes(_ hex: String) -> [UInt8] {
  let digits = Array(hex)
  return stride(from: 0, to: digits.count, by: 2).compactMap {
    UInt8(String(digits[$0...$0 + 1]), radix: 16)
  }
}

@Suite("A peer frame")
struct PeerFrameTests {
  @Test(arguments: golden)
  func `has the bytes of protocol 1 and is read back from them`(
    frame: PeerFrame, hex: String
  ) throws {
    #expect(frame.encoded() == bytes(hex))
    #expect(try PeerFrame(decoding: bytes(hex)) == frame)
  }

  @Test(arguments: golden)
  func `cut short anywhere is refused`(frame: PeerFrame, hex: String) {
    let whole = bytes(hex)
    for length in 0..<whole.count {
      #expect(throws: MalformedBytes.self) { try PeerFrame(decoding: Array(whole[..<length])) }
    }
  }

  @Test(arguments: golden)
  func `with a byte too many is refused`(frame: PeerFrame, hex: String) {
    #expect(throws: MalformedBytes.trailing(count: 1)) {
      try PeerFrame(decoding: bytes(hex) + [0])
    }
  }

  @Test func `of another protocol is refused`() {
    #expect(throws: MalformedBytes.unknown(what: "peer protocol", value: 2)) {
      try PeerFrame(decoding: [2, 4, 0, 0, 0, 0, 0, 0, 0, 0])
    }
  }

  @Test func `of an unknown kind is refused`() {
    #expect(throws: MalformedBytes.unknown(what: "peer frame", value: 99)) {
      try PeerFrame(decoding: [1, 99])
    }
  }

  @Test func `that promises four billion entries is refused before they are looked for`() {
    let hostile =
      "0112" + "0400000000000000" + "03000000000000000c00000000000000" + "0b00000000000000"
      + "0500000000000000" + "00000000" + "ffffffff"
    #expect(throws: MalformedBytes.overLimit(found: 4_294_967_295, limit: 65_536)) {
      try PeerFrame(decoding: bytes(hostile))
    }
  }

  @Test func `with a command that the log would not take is refused at the door`() {
    let large = [UInt8](repeating: 1, count: RaftCore.largestPayload + 1)
    #expect(
      throws: MalformedBytes.overLimit(
        found: large.count, limit: RaftCore.largestPayload)
    ) {
      try PeerFrame(decoding: PeerFrame.forward(id: 1, command: large).encoded())
    }
  }

  @Test func `with an index that leaves no room to grow is refused`() {
    #expect(throws: MalformedBytes.unknown(what: "term or index", value: .max)) {
      try PeerFrame(decoding: bytes("0115" + "ffffffffffffffff" + "0600000000000000"))
    }
  }

  @Test func `of random bytes never does worse than being refused`() {
    let seed: UInt64 = 20_261_124
    var random = SplitMix(seed: seed)
    for _ in 0..<20_000 {
      var noise = (0..<Int.random(in: 0..<80, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      // Half of them get past the first two bytes.
      if Bool.random(using: &random), noise.count > 2 {
        noise[0] = 1
        noise[1] = UInt8.random(in: 1...24, using: &random)
      }
      if let frame = try? PeerFrame(decoding: noise) {  // Refused is what most should be.
        #expect(frame.encoded() == noise, "Seed \(seed).")
      }
    }
  }
}

@Suite("A hello")
struct HelloTests {
  private let own = Hello(
    cluster: ID(high: 1, low: 2), epoch: 1,
    member: Configuration.Member(id: NodeID(rawValue: 1), incarnation: 3))
  private let members = Configuration(
    members: [
      Configuration.Member(id: NodeID(rawValue: 1), incarnation: 3),
      Configuration.Member(id: NodeID(rawValue: 2), incarnation: 5),
    ], retired: [Configuration.Retired(id: NodeID(rawValue: 4), incarnation: 6)])

  private func hello(
    _ change: (inout Hello) -> Void = { _ in }
  ) -> Hello {
    var hello = Hello(
      cluster: ID(high: 1, low: 2), epoch: 1,
      member: Configuration.Member(id: NodeID(rawValue: 2), incarnation: 5))
    change(&hello)
    return hello
  }

  private let names = ["muster://00000000-0000-0001-0000-000000000002/node/2"]

  @Test func `of a node with its certificate is accepted`() {
    #expect(hello().refusal(names: names, expected: nil, own: own, configuration: members) == nil)
    #expect(
      hello().refusal(names: names, expected: NodeID(rawValue: 2), own: own, configuration: members)
        == nil)
  }

  @Test func `of a foreign cluster is refused`() {
    let foreign = ID(high: 9, low: 9)
    #expect(
      hello { $0.cluster = foreign }.refusal(
        names: names, expected: nil, own: own, configuration: members)
        == .foreignCluster(foreign))
  }

  @Test func `of another epoch is refused`() {
    #expect(
      hello { $0.epoch = 2 }.refusal(names: names, expected: nil, own: own, configuration: members)
        == .otherEpoch(2))
  }

  @Test func `that names another node than its certificate does is refused`() {
    let three = NodeID(rawValue: 3)
    #expect(
      hello { $0.member = Configuration.Member(id: three, incarnation: 1) }.refusal(
        names: names, expected: nil, own: own, configuration: members)
        == .notItsName(three))
  }

  @Test func `of another node than was dialled is refused`() {
    #expect(
      hello().refusal(names: names, expected: NodeID(rawValue: 3), own: own, configuration: members)
        == .notExpected(NodeID(rawValue: 2)))
  }

  @Test func `of a second node with this number is refused`() {
    #expect(
      hello { $0.member = own.member }.refusal(
        names: names, expected: nil, own: own, configuration: members) == .ownNumber)
  }

  @Test func `of a node that cannot apply what is in force is refused`() {
    let raised = members.with(level: 2)
    #expect(
      hello().refusal(names: names, expected: nil, own: own, configuration: raised)
        == .tooOld(NodeID(rawValue: 2), needed: 2))
    #expect(
      hello { $0.level = 2 }.refusal(names: names, expected: nil, own: own, configuration: raised)
        == nil)
  }

  @Test func `without a common protocol is refused`() {
    #expect(
      hello {
        $0.protocolOldest = 2
        $0.protocolNewest = 4
      }.refusal(names: names, expected: nil, own: own, configuration: members)
        == .noCommonProtocol(oldest: 2, newest: 4))
  }

  /// It slept through changes, or they did: it must be able to hear of them.
  @Test func `of a node that is no member is accepted`() {
    let stranger = hello {
      $0.member = Configuration.Member(id: NodeID(rawValue: 9), incarnation: 1)
    }
    let names = ["muster://00000000-0000-0001-0000-000000000002/node/9"]
    #expect(
      stranger.refusal(names: names, expected: nil, own: own, configuration: members) == nil)
  }

  @Test func `of a member that was removed is refused, and of its number with other files is not`()
  {
    let names = ["muster://00000000-0000-0001-0000-000000000002/node/4"]
    func refusal(_ incarnation: UInt64) -> HelloRefusal? {
      hello {
        $0.member = Configuration.Member(id: NodeID(rawValue: 4), incarnation: incarnation)
      }.refusal(names: names, expected: nil, own: own, configuration: members)
    }
    #expect(refusal(6) == .retired(NodeID(rawValue: 4)))
    #expect(refusal(7) == nil)
  }

  @Test func `of a member whose disk was lost and made anew is refused`() {
    let anew = hello { $0.member.incarnation = 8 }
    #expect(
      anew.refusal(names: names, expected: nil, own: own, configuration: members)
        == .otherFiles(NodeID(rawValue: 2)))
  }
}
