package import Bytes

/// What stays known of somebody who left long ago, once their contact details are erased (policy
/// section 10): history keeps the name. It says the person anew, since the rows of the ledger that
/// told more of them say nothing any more.
package struct ErasedContacts: Hashable, Sendable {
  /// The version of the person's record from here on.
  package var version: UInt64
  /// As they were called.
  package var name: String
  /// Whether they were an administrator.
  package var isAdministrator: Bool
  /// Whether they were an auditor.
  package var isAuditor: Bool
  /// How the cluster was founded, without an address, if it was they who did.
  package var founding: Founding?

  /// What stays known.
  package init(
    version: UInt64, name: String, isAdministrator: Bool, isAuditor: Bool, founding: Founding?
  ) {
    self.version = version
    self.name = name
    self.isAdministrator = isAdministrator
    self.isAuditor = isAuditor
    self.founding = founding
  }
}

extension Fact {
  /// The ``kind`` of a founding, which names the first administrator.
  package static let foundedKind: UInt16 = 1
  /// The ``kind`` of somebody's leaving.
  package static let leftKind: UInt16 = 3
  /// The ``kind`` of what is left when contact details are erased.
  package static let contactsErasedKind: UInt16 = 67
  /// The ``kind`` of a change of the settings.
  package static let settingsChangedKind: UInt16 = 10
  /// The ``kind`` of a person's being added, which tells how to reach them.
  package static let personAddedKind: UInt16 = 2
  /// The ``kind`` of a person's being described anew, which tells how to reach them.
  package static let personChangedKind: UInt16 = 23

  /// Whether rows of the ledger say nothing any more from here on.
  package var isErasing: Bool {
    switch self {
    case .purged, .contactsErased: true
    default: false
    }
  }
}

extension Person {
  /// Somebody whose contact details are erased. In the place of an address stands the id, which no
  /// address is.
  package init(_ id: ID, _ erased: ErasedContacts, isActive: Bool, memberships: [Membership]) {
    self.init(
      id: id, version: erased.version, name: erased.name, email: id.description,
      isActive: isActive, isAdministrator: erased.isAdministrator, isAuditor: erased.isAuditor,
      memberships: memberships)
  }

  /// Whether their contact details are erased.
  package var isErased: Bool { email == id.description }
}
