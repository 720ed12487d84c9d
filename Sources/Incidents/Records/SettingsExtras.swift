package import Bytes

extension Settings {
  /// What behaviour level 2 adds to the department's settings, each `nil` until it is first changed.
  /// Settings without any of it are kept as level 1 keeps them, byte for byte. A change names those
  /// that it sets.
  package struct Extras: Hashable, Sendable {
    /// How long incidents are kept once they are over.
    package var retention: RetentionPeriods?
    /// The people of senior management to whom a lead escalates, whom to try first in front; at most
    /// ``Bound/contacts``.
    package var seniorManagement: [ID]?

    /// These.
    package init(retention: RetentionPeriods? = nil, seniorManagement: [ID]? = nil) {
      self.retention = retention
      self.seniorManagement = seniorManagement
    }

    /// Takes over what a change sets.
    package mutating func take(_ change: Extras) {
      if let retention = change.retention { self.retention = retention }
      if let people = change.seniorManagement { seniorManagement = people }
    }
  }

  /// How long incidents are kept once they are over.
  package var retentionPeriods: RetentionPeriods { extras.retention ?? .standard }
}

extension Settings.Extras: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(maybe: retention)
    bytes.put(optional: seniorManagement) { $0.put($1) }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    retention = try bytes.maybe()
    if try bytes.bool() { seniorManagement = try bytes.ids(max: Bound.contacts) }
  }
}
