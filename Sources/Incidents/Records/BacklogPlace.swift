internal import Bytes

/// Where an incident stands in the ranked backlog, and when somebody looks at it again (policy section 4).
package struct BacklogPlace: Hashable, Sendable {
  /// From 1, the first; one without comes after all that have one.
  package var rank: UInt32?
  /// When somebody looks at it again, in milliseconds since 1970. A P5 needs one.
  package var lookAgainAt: Int64?

  /// A place.
  package init(rank: UInt32? = nil, lookAgainAt: Int64? = nil) {
    self.rank = rank
    self.lookAgainAt = lookAgainAt
  }

  /// Whether it says nothing.
  package var isEmpty: Bool { self == BacklogPlace() }

  /// This place, but for what a change says.
  func changed(by change: BacklogPlace) -> BacklogPlace {
    BacklogPlace(
      rank: change.rank ?? rank, lookAgainAt: change.lookAgainAt ?? lookAgainAt)
  }
}

extension Incident {
  /// Where it stands in the backlog; nothing while it is not there.
  package var backlogPlace: BacklogPlace { extras.backlogPlace ?? BacklogPlace() }

  /// Whether it comes before another in the backlog: by rank, by priority, and then the older first.
  package func precedes(_ other: Incident) -> Bool {
    func key(_ incident: Incident) -> (UInt32, UInt8, Int64, ID) {
      (
        incident.backlogPlace.rank ?? UInt32.max, incident.classification.priority.rawValue,
        incident.declaredAt, incident.id
      )
    }
    return key(self) < key(other)
  }

  mutating func stand(at place: BacklogPlace) {
    extras.backlogPlace = place.isEmpty ? nil : place
  }

  /// What the backlog owes, and what is asked of one that may belong there.
  var backlogDuties: [Duty] {
    switch (status, classification.priority) {
    case (.backlog, let priority):
      if let at = backlogPlace.lookAgainAt {
        return [Duty(slug: "look-at-backlog", text: "Look at it again.", dueAt: at)]
      }
      guard priority == .p5 else { return [] }
      return [Duty(slug: "set-look-again", text: "Say when somebody looks at it again.")]
    // It was a P1 or P2, and is one no more.
    case (.investigating, .p3), (.investigating, .p4), (.investigating, .p5):
      guard owesReview, classification.isConfirmed else { return [] }
      return [
        Duty(slug: "consider-backlog", text: "It is less urgent now: move it to the backlog?")
      ]
    default: return []
    }
  }
}

extension BacklogPlace: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(rank ?? 0)
    bytes.put(maybe: lookAgainAt)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    // They count from 1.
    let found = try bytes.u32()
    self.init(rank: found == 0 ? nil : found, lookAgainAt: try bytes.maybeTime())
  }
}
