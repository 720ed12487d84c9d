package import Incidents
package import Raft

/// What became of one entry of the log when it was applied.
package struct AppliedEntry: Hashable, Sendable {
  /// Where the entry is.
  package let position: Position
  /// What it came to.
  package let result: CommandResult

  /// An applied entry.
  package init(position: Position, result: CommandResult) {
    self.position = position
    self.result = result
  }
}

/// What a command came to.
package enum CommandResult: Hashable, Sendable {
  /// It was done: now, or before under the same key (then nothing was done again).
  case applied(Outcome, repeated: Bool)
  /// It was refused, and nothing was changed.
  case refused(Refusal)
  /// Its key belongs to another request of the same person.
  case keyReused
  /// The entry holds no command: a barrier or a configuration.
  case none
  /// The operator refused it before it was applied anywhere. Nothing was changed.
  case skipped
  /// The entry holds bytes that are no command. Nothing was changed.
  case malformed
}

/// What this node can say about a command before it goes to the log.
package enum Preflight: Hashable, Sendable {
  /// It was done before, under the same key, by the entry at this position.
  case remembered(Outcome, Position)
  /// Its key belongs to another request of the same person.
  case keyReused
  /// By what this node knows it would be refused.
  case refused(Refusal)
  /// Nothing stands in its way here.
  case proceed
}
