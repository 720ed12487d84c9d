package import Bytes

extension Incident {
  /// Whom an incident concerns beside its team, and what is owed to them (policy section 7).
  package struct Outreach: Hashable, Sendable {
    /// Named stakeholders beside those of its service, in the order in which they were added; at most
    /// ``Bound/list``.
    package internal(set) var stakeholders: [InformedParty] = []
    /// Whether it affects the whole department, as somebody said.
    package internal(set) var affectsAll: Reach?
    /// Why all staff need not be told, as the lead says.
    package internal(set) var allStaffNotNeeded: Statement?
    /// When all staff were last told.
    package internal(set) var allStaffToldAt: Int64?
    /// Who was asked to agree to what is told, each once; at most ``Bound/list``. They may know of it.
    package internal(set) var approvers: [ID] = []
    /// An update that was late without a reason.
    package internal(set) var unexplained: Delay?
    /// The due time of an update for whose delay a reason was given before it was sent.
    package internal(set) var explainedDue: Int64?

    /// Nothing.
    package init() {}
  }

  /// How far something reaches, as somebody said.
  package struct Reach: Hashable, Sendable {
    /// Whether the whole department is affected.
    package var isDepartment: Bool
    /// Who said so, and when.
    package var mark: Mark
  }

  /// What somebody said, and when.
  package struct Statement: Hashable, Sendable {
    /// What, at most ``Bound/reason`` bytes.
    package var text: String
    /// Who, and when.
    package var mark: Mark
  }

  /// An update that came late.
  package struct Delay: Hashable, Sendable {
    /// When it was due.
    package var dueAt: Int64
    /// When it was sent.
    package var sentAt: Int64
    /// When the reason is due: at the end of the next working day of its service.
    package var reasonDueAt: Int64
  }

  /// Whom it concerns beside its team.
  package var outreach: Outreach { extras.outreach }

  /// Whether it affects the whole department, as somebody said, or else as its triage has it.
  package var affectsDepartment: Bool {
    outreach.affectsAll?.isDepartment ?? (deliberation.triaged?.triage.scope == .department)
  }

  /// The late update of which nobody has said why, also once it is over; but of what never was an incident,
  /// or is another's, nobody is asked.
  var owedExplanation: Delay? {
    status == .cancelled || status == .duplicate ? nil : outreach.unexplained
  }

  /// Whether all staff are still to be told: a P1 or P2 that affects the whole department, and the lead
  /// did not say why not (policy section 7).
  package var owesAllStaff: Bool {
    classification.priority.isHigh && affectsDepartment && outreach.allStaffNotNeeded == nil
      && outreach.allStaffToldAt == nil
  }
}

/// Somebody whom an incident concerns.
package enum InformedParty: Hashable, Sendable {
  /// Somebody known here.
  case person(ID)
  /// A team known here.
  case team(ID)
  /// Somebody else, by their e-mail address.
  case address(String)
}
