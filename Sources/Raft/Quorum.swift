/// The arithmetic of majorities. Learners never come in here.
package enum Quorum {
  /// What a vote has come to.
  package enum Result: Hashable, Sendable {
    case pending
    case won
    case lost
  }

  /// The highest index that a majority of `voters` holds; `match` says through which index a voter
  /// is known to hold the log durably.
  ///
  /// Quadratic, without allocating: voters are few, and this runs on every acknowledgement.
  package static func committed(
    voters: [NodeID], match: (NodeID) -> LogIndex
  ) -> LogIndex {
    var best = LogIndex.zero
    for voter in voters {
      let index = match(voter)
      guard index > best else { continue }
      if holds(voters: voters, where: { match($0) >= index }) { best = index }
    }
    return best
  }

  /// Whether a majority of `voters` satisfies `condition`. A majority of nobody never does.
  package static func holds(voters: [NodeID], where condition: (NodeID) -> Bool) -> Bool {
    var count = 0
    for voter in voters where condition(voter) { count += 1 }
    return count > voters.count / 2
  }

  /// What the votes so far decide; whoever is in neither list may still vote either way.
  package static func result(voters: [NodeID], granted: [NodeID], refused: [NodeID]) -> Result {
    if holds(voters: voters, where: granted.contains) { return .won }
    if !holds(voters: voters, where: { !refused.contains($0) }) { return .lost }
    return .pending
  }
}
