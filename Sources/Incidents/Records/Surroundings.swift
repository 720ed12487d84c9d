package import Bytes

extension Incident {
  /// What is around an incident: the lines that had it, other services, other incidents, and who was
  /// brought in from outside its teams. It says nothing before behaviour level 2.
  package struct Surroundings: Hashable, Sendable {
    /// Since when the line that owns it has it, if that is later than the declaration.
    package internal(set) var ownerSince: Int64?
    /// How long it lay where it did not belong before it came back, in milliseconds, over all bounces.
    package internal(set) var bouncedFor: Int64 = 0
    /// What nobody has given a reason for, the earliest first; at most ``Bound/unexplained``.
    package internal(set) var unexplained: [Unexplained] = []
    /// Who first answered it, and when: a P5 or P6.
    package internal(set) var answered: Mark?
    /// The services that it affects beside the lead service, and how; at most ``Bound/list``.
    package internal(set) var affected: [AffectedService] = []
    /// The major incident that it belongs to.
    package internal(set) var parent: ID?
    /// The incidents that belong to it; at most ``Bound/children``.
    package internal(set) var children: [ID] = []
    /// When the incident that it belongs to was resolved, while it is.
    package internal(set) var parentResolvedAt: Int64?
    /// The changes that caused it, as somebody says; at most ``Bound/changes``.
    package internal(set) var changes: [ChangeLink] = []
    /// The suppliers who work on it, at most ``Bound/suppliers``.
    package internal(set) var suppliers: [EngagedSupplier] = []
    /// The people and teams who were brought in, at most ``Bound/list``.
    package internal(set) var specialists: [Party] = []
    /// Whether it gathers a storm of alerts: see ``AlertStorm``.
    package internal(set) var isUmbrella = false
    /// Whether more groups of alerts fire for it than it lists: then it never clears by itself.
    package internal(set) var firesUnlisted = false
    /// Who took it up though they are of none of its teams, in that order; at most ``Bound/list``.
    package internal(set) var emergency: [ID] = []

    /// Nothing.
    package init() {}
  }

  /// What is around it.
  package var around: Surroundings { extras.around }

  /// Something that was done without a reason.
  package struct Unexplained: Hashable, Sendable {
    /// What was done.
    package var what: Deed
    /// When the reason is due: at the end of the next working day of its service.
    package var dueAt: Int64

    /// What is never refused for want of a reason (policy section 5).
    package enum Deed: Hashable, Sendable {
      /// It went from one line to another.
      case handOver(from: Line, to: Line)
      /// It was closed without its review.
      case override
    }
  }
}

extension Incident {
  /// Whether a service does not work as it should because of it: its lead service, or another that is not
  /// restored.
  package func isAffecting(_ service: ID) -> Bool {
    if let known = around.affected.first(where: { $0.service == service }) {
      return known.state != .restored
    }
    return service == self.service
  }
}

extension Incident.Surroundings {
  /// Whether `person` was brought in, by themselves or with a team of theirs.
  func involve(_ person: Person) -> Bool {
    specialists.contains { party in
      switch party {
      case .role: false
      case .team(let id): person.memberships.contains { $0.team == id }
      case .person(let id): id == person.id
      }
    }
  }
}

/// A service that an incident affects beside its lead service.
package struct AffectedService: Hashable, Sendable {
  /// Which.
  package var service: ID
  /// How.
  package var state: State
  /// Since when.
  package var since: Int64
  /// The version of its policy when it was first said, whose targets the incident has to meet too; 0 where
  /// it has none.
  package var policy: UInt64

  /// A service that is affected.
  package init(service: ID, state: State, since: Int64, policy: UInt64 = 0) {
    self.service = service
    self.state = state
    self.since = since
    self.policy = policy
  }

  /// How a service is.
  package enum State: UInt8, CaseIterable, Sendable {
    /// It does not work.
    case down = 1
    /// It works, but worse than it should.
    case degraded = 2
    /// It works again.
    case restored = 3

    /// As it is said to a person.
    package var word: String {
      switch self {
      case .down: "down"
      case .degraded: "degraded"
      case .restored: "restored"
      }
    }
  }
}

/// A change that caused an incident: by what it is called where changes are kept.
package struct ChangeLink: Hashable, Sendable {
  /// Its reference there, at most ``Bound/reference`` bytes.
  package var reference: String
  /// Where it can be read: an address of the web, at most ``Bound/address`` bytes.
  package var link: String?
  /// A word about it, at most ``Bound/reason`` bytes.
  package var text: String?

  /// A change.
  package init(reference: String, link: String? = nil, text: String? = nil) {
    self.reference = reference
    self.link = link
    self.text = text
  }
}

/// A supplier who works on an incident.
package struct EngagedSupplier: Hashable, Sendable {
  /// As they are called, at most ``Bound/name`` bytes.
  package var name: String
  /// What they call the incident, at most ``Bound/reference`` bytes.
  package var reference: String?
  /// Their telephone number out of hours, at most ``Bound/key`` bytes.
  package var outOfHours: String?
  /// When they promised to be heard of next; nothing if they promised nothing.
  package var nextUpdateAt: Int64?

  /// A supplier.
  package init(
    name: String, reference: String? = nil, outOfHours: String? = nil, nextUpdateAt: Int64? = nil
  ) {
    self.name = name
    self.reference = reference
    self.outOfHours = outOfHours
    self.nextUpdateAt = nextUpdateAt
  }
}
