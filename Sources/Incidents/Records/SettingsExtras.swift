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
    /// Who is told of what the guidance wants told to a team of its own. A change names those that it
    /// sets.
    package var contacts: SpecialContacts?
    /// How long the chain waits that wakes people.
    package var escalation: EscalationWaits?

    /// The calendar of services that name none of their own.
    package var calendar: String?
    /// Targets and cadence. A change of them makes a new version of the policy.
    package var terms: PolicyTerms?
    /// One more with every change of a calendar, or of who follows which: due times that were counted
    /// before it are counted anew. It is no setting, and a change never names it.
    package internal(set) var calendarEpoch: UInt32 = 0
    /// What incident reports are made of.
    package var reportTemplate: ReportTemplate?
    /// The label of an alert that names its service, where no key does.
    package var alertServiceLabel: String?

    /// These.
    package init(
      retention: RetentionPeriods? = nil, seniorManagement: [ID]? = nil,
      contacts: SpecialContacts? = nil, calendar: String? = nil, terms: PolicyTerms? = nil,
      escalation: EscalationWaits? = nil, reportTemplate: ReportTemplate? = nil,
      alertServiceLabel: String? = nil
    ) {
      self.retention = retention
      self.seniorManagement = seniorManagement
      self.contacts = contacts
      self.calendar = calendar
      self.terms = terms
      self.escalation = escalation
      self.reportTemplate = reportTemplate
      self.alertServiceLabel = alertServiceLabel
    }

    /// Takes over what a change sets.
    package mutating func take(_ change: Extras) {
      if let retention = change.retention { self.retention = retention }
      if let people = change.seniorManagement { seniorManagement = people }
      if let contacts = change.contacts {
        var settled = self.contacts ?? SpecialContacts()
        settled.take(contacts)
        self.contacts = settled
      }
      calendar = change.calendar ?? calendar
      if let change = change.terms {
        var terms = terms ?? PolicyTerms()
        terms.take(change)
        self.terms = terms
      }
      if let escalation = change.escalation { self.escalation = escalation }
      if let template = change.reportTemplate { reportTemplate = template }
      alertServiceLabel = change.alertServiceLabel ?? alertServiceLabel
    }
  }

  /// How long incidents are kept once they are over.
  package var retentionPeriods: RetentionPeriods { extras.retention ?? .standard }

  /// What incident reports are made of.
  package var reportTemplate: ReportTemplate { extras.reportTemplate ?? .standard }

  /// The label of an alert that names its service, where no key does (policy section 10).
  package var alertServiceLabel: String {
    extras.alertServiceLabel ?? Self.usualAlertServiceLabel
  }

  /// The label that names a service where no other was settled.
  package static let usualAlertServiceLabel = "service"
}

extension Settings.Extras: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(maybe: retention)
    bytes.put(optional: seniorManagement) { $0.put($1) }
    bytes.put(maybe: contacts)
    bytes.put(maybe: calendar)
    bytes.put(maybe: terms)
    bytes.put(calendarEpoch)
    bytes.put(maybe: escalation)
    bytes.put(maybe: reportTemplate)
    bytes.put(maybe: alertServiceLabel)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    retention = try bytes.maybe()
    if try bytes.bool() { seniorManagement = try bytes.ids(max: Bound.contacts) }
    contacts = try bytes.maybe()
    calendar = try bytes.maybeText(max: Bound.key)
    terms = try bytes.maybe()
    calendarEpoch = try bytes.u32()
    escalation = try bytes.maybe()
    reportTemplate = try bytes.maybe()
    alertServiceLabel = try bytes.maybeText(max: Bound.key)
  }
}
