/// What an applied command came to: what is answered, and remembered for a repeat.
package struct Outcome: Hashable, Sendable {
  /// What it is about; answers the id of a new thing.
  package var subject: Subject
  /// The subject's version afterwards; 0 where nothing has one.
  package var version: UInt64
  /// Whether something new came to be.
  package var status: Status

  /// What happened, as a status class.
  package enum Status: UInt8, CaseIterable, Sendable {
    /// Done: 200.
    case ok = 1
    /// Something new came to be: 201.
    case created = 2
  }

  /// An outcome.
  package init(subject: Subject, version: UInt64, status: Status) {
    self.subject = subject
    self.version = version
    self.status = status
  }
}
