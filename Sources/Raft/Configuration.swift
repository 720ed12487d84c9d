/// Who is in the cluster, who of them votes, and where they are to be found.
///
/// Replicated as an entry of kind ``Entry/Kind/configuration``, in force as soon as it is in the log
/// (dissertation, section 4.1). Consensus itself only reads ``voters`` and ``learners``.
package struct Configuration: Hashable, Sendable {
  /// A member, and what others must know to speak with it.
  package struct Member: Hashable, Sendable {
    package let id: NodeID
    /// Drawn at random when the member's files were made; 0 until the leader has heard it. A member
    /// whose disk was lost and made anew has another one, and is not believed.
    package var incarnation: UInt64
    /// Where its peers reach it: host and port, such as "n1.example:8451". May change.
    package var peer: String
    /// What clients are told, such as "https://n1.example:8441". May change.
    package var client: String
    /// Who is removed once this member votes.
    package var replaces: NodeID?

    package init(
      id: NodeID, incarnation: UInt64 = 0, peer: String = "", client: String = "",
      replaces: NodeID? = nil
    ) {
      self.id = id
      self.incarnation = incarnation
      self.peer = peer
      self.client = client
      self.replaces = replaces
    }
  }

  /// A former member. Whoever has its files can never be a member again.
  package struct Retired: Hashable, Sendable {
    package let id: NodeID
    package let incarnation: UInt64

    package init(id: NodeID, incarnation: UInt64) {
      self.id = id
      self.incarnation = incarnation
    }
  }

  /// The most members, voters and learners together: more make every write slower.
  package static let mostMembers = 16
  /// The most former members that are remembered, the latest ones.
  package static let mostRetired = 64
  /// The most skipped entries that are remembered. One is of no interest any more once no log holds it.
  package static let mostSkips = 64
  /// The behaviour level that every cluster begins at.
  package static let firstLevel: UInt8 = 1

  /// Every member, by ascending id.
  package let members: [Member]
  /// Those whose votes and disks count, by ascending id.
  package let voters: [NodeID]
  /// Those that are sent the log and do not count, by ascending id.
  package let learners: [NodeID]
  /// Former members, the latest last.
  package let retired: [Retired]
  /// Entries that the operator refused, ascending, the latest ones: see ``RaftCore/fate(of:)``.
  package let skips: [LogIndex]
  /// The behaviour level that entries after this configuration's own are applied at, that one too.
  package let level: UInt8

  /// - Precondition: Every learner is one of `members`, which have different ids.
  package init(
    members: [Member], learners: [NodeID] = [], retired: [Retired] = [], skips: [LogIndex] = [],
    level: UInt8 = Configuration.firstLevel
  ) {
    let members = members.sorted { $0.id < $1.id }
    precondition(
      zip(members, members.dropFirst()).allSatisfy { $0.id < $1.id }, "A member is there twice.")
    precondition(
      learners.allSatisfy { learner in members.contains { $0.id == learner } },
      "A learner is no member.")
    self.members = members
    self.learners = learners.sorted()
    self.retired = Array(retired.suffix(Self.mostRetired))
    self.skips = Array(skips.sorted().suffix(Self.mostSkips))
    self.level = level
    voters = members.map(\.id).filter { !learners.contains($0) }
  }

  /// Members of whom nothing but their ids is known.
  package init(voters: [NodeID], learners: [NodeID] = []) {
    self.init(members: (voters + learners).map { Member(id: $0) }, learners: learners)
  }

  /// The fewest voters that are more than half.
  package var quorum: Int { voters.count / 2 + 1 }

  /// What is known of a member.
  package func member(_ id: NodeID) -> Member? { members.first { $0.id == id } }
}
