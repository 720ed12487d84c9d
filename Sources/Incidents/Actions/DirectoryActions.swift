package import Bytes

/// How the directory shall change: the difference that somebody worked out, row by row.
///
/// It is done as a whole or not at all. What it was worked out against is named twice: the directory
/// by its version, since external ids are unique only by that, and each thing that changes by its own
/// version, since people change things by hand as well.
package struct DirectoryChange: Hashable, Sendable {
  /// The version of the directory that the difference was worked out against.
  package var seen: UInt64
  /// What changes, in the order in which it shall; at most ``Bound/directoryRows``.
  package var rows: [DirectoryRow]

  /// A change.
  package init(seen: UInt64, rows: [DirectoryRow]) {
    self.seen = seen
    self.rows = rows
  }
}

/// One thing in the directory that changes.
package struct DirectoryRow: Hashable, Sendable {
  /// The line of the file that says so, counted from 1; 0 for what the file does not name.
  package var line: UInt32
  /// The version of the thing that the difference was worked out against: of a person, a team (of a
  /// membership: the team) or a service. Nothing for what was not there yet.
  package var seen: UInt64?
  /// What shall be done.
  package var step: DirectoryStep

  /// A row.
  package init(line: UInt32, seen: UInt64? = nil, step: DirectoryStep) {
    self.line = line
    self.seen = seen
    self.step = step
  }
}

/// What one row does.
package enum DirectoryStep: Hashable, Sendable {
  /// A person comes. The id is made at the gateway.
  case addPerson(ID, PersonProfile)
  /// A person is described anew.
  case changePerson(ID, PersonProfile)
  /// A person leaves.
  case removePerson(ID)
  /// A team comes, without members yet. The id is made at the gateway.
  case addTeam(ID, TeamProfile)
  /// A team is described anew, or comes back.
  case changeTeam(ID, TeamProfile)
  /// A team is taken out of the directory.
  case removeTeam(ID)
  /// A membership begins, changes or ends.
  case setMember(MembershipChange)
  /// A service comes. The id is made at the gateway.
  case addService(ID, ServiceProfile)
  /// A service is described anew, or comes back.
  case changeService(ID, ServiceProfile)
  /// A service is taken out of the directory.
  case removeService(ID)
}

/// That a difference became true.
package struct DirectoryImport: Hashable, Sendable {
  /// The version of the directory from then on.
  package var version: UInt64
  /// How many rows added something.
  package var added: UInt32
  /// How many rows changed something.
  package var changed: UInt32
  /// How many rows removed something.
  package var removed: UInt32

  /// An import.
  package init(version: UInt64, added: UInt32 = 0, changed: UInt32 = 0, removed: UInt32 = 0) {
    self.version = version
    self.added = added
    self.changed = changed
    self.removed = removed
  }
}
