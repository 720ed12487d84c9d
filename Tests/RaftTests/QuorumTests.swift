import Raft
import Testing

@Suite struct `A quorum` {
  @Test(
    arguments: zip(
      [[5], [5, 3], [5, 3, 4], [9, 1, 1], [4, 4, 2, 2], [1, 2, 3, 4, 5], []] as [[UInt64]],
      [5, 3, 4, 1, 2, 3, 0] as [UInt64]))
  func `commits the highest index that more than half hold`(match: [UInt64], expected: UInt64) {
    let voters = match.indices.map { NodeID(rawValue: UInt64($0) + 1) }
    let index = Quorum.committed(voters: voters) {
      LogIndex(rawValue: match[Int($0.rawValue) - 1])
    }
    #expect(index == LogIndex(rawValue: expected))
  }

  @Test func `is more than half, however many there are`() {
    let sizes = (1...7).map { count in
      Configuration(voters: (1...count).map { NodeID(rawValue: UInt64($0)) }).quorum
    }
    #expect(sizes == [1, 2, 2, 3, 3, 4, 4])
  }

  @Test(
    arguments: zip(
      [([1, 2], []), ([1], [2]), ([1], [2, 3]), ([], []), ([1, 4, 5], [])]
        as [([NodeID], [NodeID])],
      [.won, .pending, .lost, .pending, .pending] as [Quorum.Result]))
  func `decides a vote as soon as the rest cannot`(
    votes: (granted: [NodeID], refused: [NodeID]), result: Quorum.Result
  ) {
    #expect(
      Quorum.result(voters: [1, 2, 3], granted: votes.granted, refused: votes.refused) == result)
  }

  @Test func `can be refused by half of an even number`() {
    #expect(Quorum.result(voters: [1, 2, 3, 4], granted: [1], refused: [2, 3]) == .lost)
  }
}
