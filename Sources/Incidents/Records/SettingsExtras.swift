internal import Bytes

extension Settings {
  /// What behaviour level 2 adds to the department's settings, each `nil` until it is first changed.
  /// Settings without any of it are kept as level 1 keeps them, byte for byte. A change names those
  /// that it sets.
  package struct Extras: Hashable, Sendable {
    /// How long incidents are kept once they are over.
    package var retention: RetentionPeriods?

    /// These.
    package init(retention: RetentionPeriods? = nil) {
      self.retention = retention
    }

    /// Takes over what a change sets.
    package mutating func take(_ change: Extras) {
      if let retention = change.retention { self.retention = retention }
    }
  }

  /// How long incidents are kept once they are over.
  package var retentionPeriods: RetentionPeriods { extras.retention ?? .standard }
}

extension Settings.Extras: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(maybe: retention)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    retention = try bytes.maybe()
  }
}
