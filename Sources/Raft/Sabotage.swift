// A build for simulations can be told to do one thing wrong, to show that a simulation finds it. In a
// release none of this is there: `commits` is false when compiled, and what asks for it goes away.

#if SABOTAGE
  /// One deliberate fault of the core.
  package enum CoreSabotage: String, Sendable {
    case acknowledgesBeforePersist
    case commitsOldTerm
    case countsOwnLogBeforeSync
    case readsWithoutRound
    case readsBeforeOwnTerm
    case keepsLostConfiguration
    case heartbeatCommitsBeyondMatch
    case countsLearners
    case changesTwoAtOnce
    case removedLeaderStays
    case votesForShorterLog
    case votesTwice
    case countsOwnVoteBeforeSync
    case installKeepsSuffix
    case appliesBeforeDurable
  }

  extension RaftCore {
    /// Whether this fault is to be committed.
    @inline(__always)
    func commits(_ fault: CoreSabotage) -> Bool { sabotage == fault }
  }
#else
  enum CoreSabotage {
    case acknowledgesBeforePersist
    case commitsOldTerm
    case countsOwnLogBeforeSync
    case readsWithoutRound
    case readsBeforeOwnTerm
    case keepsLostConfiguration
    case heartbeatCommitsBeyondMatch
    case countsLearners
    case changesTwoAtOnce
    case removedLeaderStays
    case votesForShorterLog
    case votesTwice
    case countsOwnVoteBeforeSync
    case installKeepsSuffix
    case appliesBeforeDurable
  }

  extension RaftCore {
    @inline(__always)
    func commits(_ fault: CoreSabotage) -> Bool { false }
  }
#endif
