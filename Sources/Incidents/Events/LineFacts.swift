package import Bytes

extension OwnerMoved {
  /// What behaviour level 2 adds to a change of the owning line.
  package struct Extras: Hashable, Sendable {
    /// How long the line that it leaves had it, in milliseconds.
    package var lay: Int64
    /// The supplier who works as the line that it comes to, if one does.
    package var supplier: String?
    /// When the reason is due that was not given: at the end of the next working day of its service.
    package var reasonDueAt: Int64?
  }
}

/// A change of the lead service.
package struct LeadServiceSet: Hashable, Sendable {
  /// The lead service from now on.
  package var service: ID
  /// The one before, if there was one.
  package var previous: ID?
  /// The teams that support it from now on, and the line that owns it.
  package var teams: Incident.Teams
  /// Why.
  package var reason: String?
}

/// A change in who belongs to whom. Each incident is told of its own.
package enum FamilyChange: Hashable, Sendable {
  /// It belongs to this one from now on, or to none.
  case parent(ID?)
  /// It belongs to this one, which gathers a storm of alerts.
  case gathered(by: ID)
  /// These belong to it from now on, and those no longer.
  case children(added: [ID], removed: [ID])
}

/// What became of the incident that this one belongs to.
package enum ParentNews: Hashable, Sendable {
  /// An update was sent to stakeholders or wider, with the time of the next one if that was promised.
  case updated(nextUpdateAt: Int64?)
  /// It was resolved.
  case resolved
  /// It was reopened.
  case reopened
}

extension Inheritance {
  /// What behaviour level 2 adds to what a duplicate leaves.
  package struct Extras: Hashable, Sendable {
    /// The services that it affects.
    package var affected: [AffectedService]
    /// The changes that caused it.
    package var changes: [ChangeLink]
    /// The suppliers who work on it.
    package var suppliers: [EngagedSupplier]
    /// The people and teams who were brought in.
    package var specialists: [Party]
    /// Whom it concerns beside its team.
    package var stakeholders: [InformedParty]
    /// People who may know of it because somebody named them.
    package var named: [ID] = []
    /// What staff are told in its stead.
    package var faces: [Incident.Face] = []
    /// Whether its breach is notified, if that was decided.
    package var notification: Incident.NotificationDecision?
  }
}
