import EventLoop
import Glibc
import JSON
import Testing
import muster

/// How real processes join, leave and hand over while work goes on.
extension ClusterTests {
  @Test func `takes in a node that joins with a token under load, and counts on its vote`() throws {
    try cluster.told {
      let load = Load(cluster, prefix: "join", writers: 3)
      try load.wait(for: 100)
      try cluster.join(4)
      try cluster.waitForMembers(on: 1) { $0.isVoting(4) }
      try load.wait(for: 60)
      // Three of four must have a write: without one of the founders, the new one is the third.
      let leader = try cluster.leader()
      let follower = try #require(RealCluster.nodes.first { $0 != leader })
      cluster.kill(follower)
      try load.wait(for: 60)
      try cluster.start(follower)
      try cluster.waitUntilServing([1, 2, 3, 4])
      let told = load.end()
      #expect(told.acknowledged.count >= 220)
      try cluster.compare(told, of: load, on: [1, 2, 3, 4])
    }
  }

  @Test func `replaces its leader under load, whose files can never come back`() throws {
    try cluster.told {
      let load = Load(cluster, prefix: "replace", writers: 3)
      try load.wait(for: 60)
      let old = try cluster.leader()
      let others = RealCluster.nodes.filter { $0 != old }
      try cluster.waitForMembers(on: old) { $0.allSatisfy { $0["known"]?.isTrue == true } }
      try cluster.join(4, replacing: old)
      let after = others + [4]
      try cluster.waitForMembers(on: others[0]) { members in
        members.count == 3 && after.allSatisfy { members.isVoting($0) }
      }
      cluster.kill(old)
      try load.wait(for: 60)
      let told = load.end()
      try cluster.waitUntilServing(after)
      try cluster.compare(told, of: load, on: after)

      try cluster.start(old)
      try cluster.waitForLog(of: after, "was removed from the cluster")
      #expect(after.contains(try cluster.leader(of: after)))
    }
  }

  @Test func `hands leadership over under load, and no write fails`() throws {
    try cluster.told {
      /// Writers that stop meanwhile would show within this.
      let window = Duration.milliseconds(500).nanoseconds
      let load = Load(cluster, prefix: "transfer")
      try load.wait(for: 200)
      var begun: [Int64] = []
      for _ in 0..<5 {
        let leader = try cluster.leader()
        let next = try #require(RealCluster.nodes.first { $0 != leader })
        begun.append(Clock.monotonic())
        var line = cluster.line(to: leader)
        let answer = line.post(
          "/v1/cluster/transfer", key: "transfer-\(begun.count)", "{\"node\":\(next)}")
        #expect(answer.status == 200)
        try cluster.waitForRole(of: next, "leader")
        try load.wait(for: 100)
      }
      let told = load.end()
      #expect(told.refused.isEmpty && told.unknown.isEmpty, "No write fails.")
      try cluster.compare(told, of: load)
      let gaps = begun.map { told.longestGap(from: $0, to: $0 + window) / 1_000_000 }
      print("Without an acknowledged write during a transfer: \(gaps) ms at most.")
      #expect(gaps.allSatisfy { $0 < 2_500 })
    }
  }

  @Test func `does not hear a node whose disk was lost, and takes another in its place`() throws {
    try cluster.told {
      let load = Load(cluster, prefix: "wipe", writers: 2)
      // More than a node takes from one credential at once, unless it is told to.
      try load.wait(for: 1_020)
      // The one that commands ask first: without a state it must not send them away for good.
      let (lost, others) = (1, [2, 3])
      if try cluster.leader() == lost {
        var line = cluster.line(to: lost)
        #expect(line.post("/v1/cluster/transfer", key: "away", "{}").status == 200)
        try cluster.waitForRole(of: lost, "follower")
      }
      let leader = try cluster.leader()
      try cluster.waitForMembers(on: leader) { $0.allSatisfy { $0["known"]?.isTrue == true } }
      cluster.kill(lost)
      try cluster.losesDisk(lost)
      try cluster.start(lost)
      try cluster.waitForLog(of: others, "n\(lost) has lost the files that it had")
      try load.wait(for: 60)
      #expect(others.contains(try cluster.leader(of: others)))

      try cluster.join(4, replacing: lost)
      let after = others + [4]
      try cluster.waitForMembers(on: leader) { members in
        members.count == 3 && after.allSatisfy { members.isVoting($0) }
      }
      cluster.kill(lost)
      try load.wait(for: 60)
      let told = load.end()
      try cluster.waitUntilServing(after)
      try cluster.compare(told, of: load, on: after)
    }
  }
}

extension [JSONValue] {
  /// Whether a member votes.
  func isVoting(_ node: Int) -> Bool {
    contains { $0["node"]?.integer == node && $0["votes"]?.isTrue == true }
  }
}

extension Load.Told {
  /// The longest time without an acknowledgement that begins or ends within a span.
  func longestGap(from start: Int64, to end: Int64) -> Int64 {
    let times = self.times.sorted()
    return zip(times, times.dropFirst()).reduce(0) { longest, pair in
      pair.1 < start || pair.0 > end ? longest : max(longest, pair.1 - pair.0)
    }
  }
}
