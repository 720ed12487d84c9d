package import Bytes

/// Something that somebody known tried and may not do.
package struct DeniedAttempt: Hashable, Sendable {
  /// So many attempts of one credential in a minute have a row each; the rest is counted in one.
  package static let mostRows: UInt8 = 10

  /// The address that was asked, with names for what stands in it; at most ``Bound/label`` bytes.
  package var what: String
  /// The incident that it was about, if there is such a one.
  package var incident: ID?
  /// When it was first tried, by the clock of the node that was asked.
  package var at: Int64
  /// How often.
  package var count: UInt32

  /// An attempt.
  package init(what: String, incident: ID?, at: Int64, count: UInt32 = 1) {
    self.what = what
    self.incident = incident
    self.at = at
    self.count = count
  }
}

/// Somebody was shown what is restricted.
package struct RestrictedRead: Hashable, Sendable {
  /// The incident.
  package var incident: ID
  /// Who read.
  package var person: ID
  /// By which credential.
  package var credential: ID
  /// When, by the clock of the node that was asked.
  package var at: Int64

  /// A read.
  package init(incident: ID, person: ID, credential: ID, at: Int64) {
    self.incident = incident
    self.person = person
    self.credential = credential
    self.at = at
  }
}

extension Fact {
  /// The kinds that tell who looked or tried. They are in the record and in no timeline, and give
  /// nobody sight of anything.
  package static let kindsOfAccess: [UInt16] = [31, 32, 52]
  /// The kinds by which nobody has acted on what they are about.
  package static let kindsWithoutAct: [UInt16] =
    [30, parentSpokeKind, familyChangedKind] + kindsOfAccess
  /// The ``kind`` of what an incident is told of one that belongs to it, or that it belongs to: whoever moved
  /// that one may not even know of it.
  static let familyChangedKind: UInt16 = 146
  /// The ``kind`` of a notification of alerts. Nothing that its command did is an act of whoever posted it.
  package static let alertReportedKind: UInt16 = 127
  /// The ``kind`` of what an incident is told of the one that it belongs to: whoever said that may not
  /// even know of it.
  static let parentSpokeKind: UInt16 = 147
}
