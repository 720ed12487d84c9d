import Raft

/// One deliberate fault of ours, by which the simulation shows what it would find.
package enum Sabotage: String, CaseIterable, Sendable, Codable {
  // Of the core; only in a build that has them (see `CoreSabotage`).
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

  // Of the store and of the lanes.
  case toldBeforeSync
  case syncForgotten
  case voteNotWritten
  case truncationForgotten
  case trimsPastDurable
  case installInTwo
  case keysForgotten
  case refusalChangesState
  case readsOwnStateAtOnce
  case stateSentWithoutSessions
  case versionUnchecked
  case sentUnclaimed

  /// Those that this build can commit.
  package static var possible: [Sabotage] {
    #if SABOTAGE
      allCases
    #else
      allCases.filter { !$0.isOfCore }
    #endif
  }

  /// Those that are told of real files.
  package static let ofFiles: [Sabotage] = [
    .toldBeforeSync, .syncForgotten, .voteNotWritten, .trimsPastDurable, .appliesBeforeDurable,
    .readsOwnStateAtOnce, .versionUnchecked, .sentUnclaimed,
  ]

  private var isOfCore: Bool {
    switch self {
    case .acknowledgesBeforePersist, .commitsOldTerm, .countsOwnLogBeforeSync, .readsWithoutRound,
      .readsBeforeOwnTerm, .keepsLostConfiguration, .heartbeatCommitsBeyondMatch, .countsLearners,
      .changesTwoAtOnce, .removedLeaderStays, .votesForShorterLog, .votesTwice,
      .countsOwnVoteBeforeSync, .installKeepsSuffix, .appliesBeforeDurable:
      true
    case .toldBeforeSync, .syncForgotten, .voteNotWritten, .truncationForgotten,
      .trimsPastDurable, .installInTwo, .keysForgotten, .refusalChangesState,
      .readsOwnStateAtOnce, .stateSentWithoutSessions, .versionUnchecked, .sentUnclaimed:
      false
    }
  }

  #if SABOTAGE
    var ofCore: CoreSabotage? { CoreSabotage(rawValue: rawValue) }
  #endif
}
