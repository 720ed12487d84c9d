package import Bytes

/// What a monitoring system says about a group of alerts (Alertmanager's webhook, version 4).
package struct AlertNotification: Hashable, Sendable {
  /// Why what closed by itself is open again, which no person said.
  static let reopening = "Its alerts fire again."

  /// The id of the incident, should this open one.
  package var incident: ID
  /// The id of the group's record, should this be its first.
  package var group: ID
  /// Which source it is: the name of the ingest key or path.
  package var source: String
  /// Alertmanager's receiver.
  package var receiver: String
  /// Alertmanager's group key; when empty, receiver and labels are the key.
  package var groupKey: String
  /// The labels of the group, as one line of text.
  package var groupLabels: String
  /// What the service is called in the labels, if it is.
  package var service: String?
  /// The alerts listed, at most ``Bound/notifiedAlerts``.
  package var members: [AlertMember]
  /// How many more there are, that are not listed.
  package var truncated: UInt32

  /// A notification.
  package init(
    incident: ID, group: ID, source: String, receiver: String, groupKey: String,
    groupLabels: String = "", service: String? = nil, members: [AlertMember], truncated: UInt32 = 0
  ) {
    self.incident = incident
    self.group = group
    self.source = source
    self.receiver = receiver
    self.groupKey = groupKey
    self.groupLabels = groupLabels
    self.service = service
    self.members = members
    self.truncated = truncated
  }

  /// The key of the group that it is about.
  package var key: AlertGroupKey {
    AlertGroupKey(
      source: source, group: groupKey.isEmpty ? receiver + "\n" + groupLabels : groupKey,
      service: service ?? "")
  }
}

/// One alert of a group.
package struct AlertMember: Hashable, Sendable {
  /// Its identity within the group, at most ``Bound/fingerprint`` bytes. The gateway makes one from
  /// the sorted labels where the sender has none.
  package var fingerprint: String
  /// Whether it fires.
  package var status: Status
  /// Since when.
  package var startsAt: Int64
  /// Until when; `nil` for "not yet" (the sender's `0001-01-01T00:00:00Z`).
  package var endsAt: Int64?
  /// The alert's name.
  package var name: String
  /// Its severity label, or nothing.
  package var severity: String
  /// What a person reads.
  package var summary: String

  /// Whether an alert fires.
  package enum Status: UInt8, CaseIterable, Sendable {
    /// It does.
    case firing = 1
    /// It did.
    case resolved = 2
  }

  /// An alert.
  package init(
    fingerprint: String, status: Status, startsAt: Int64, endsAt: Int64? = nil, name: String,
    severity: String = "", summary: String = ""
  ) {
    self.fingerprint = fingerprint
    self.status = status
    self.startsAt = startsAt
    self.endsAt = endsAt
    self.name = name
    self.severity = severity
    self.summary = summary
  }
}

/// An incident that is to close because its alerts cleared and nobody touched it.
package struct ClearedIncident: Hashable, Sendable {
  /// Which.
  package var incident: ID
  /// When the last of its alerts cleared. It stays open if they fired since.
  package var clearedAt: Int64

  /// An incident and its clearing.
  package init(incident: ID, clearedAt: Int64) {
    self.incident = incident
    self.clearedAt = clearedAt
  }
}

/// By what a group of alerts is known.
package struct AlertGroupKey: Hashable, Sendable {
  /// The source.
  package var source: String
  /// The group key, or receiver and labels.
  package var group: String
  /// What the service is called; empty for none.
  package var service: String

  /// A key.
  package init(source: String, group: String, service: String) {
    self.source = source
    self.group = group
    self.service = service
  }
}

/// What we know of a group of alerts: its incident, and each of its alerts by fingerprint.
package struct AlertGroup: Hashable, Sendable {
  /// The id of its first notification.
  package var id: ID
  /// One more with every change.
  package var version: UInt64
  /// By what it is known.
  package var key: AlertGroupKey
  /// The incident that its alerts belong to now.
  package var incident: ID
  /// Its alerts in the order of their first appearance, at most ``Bound/groupMembers``.
  package var members: [AlertMember]
  /// How often it was said again.
  package var repeats: UInt64
  /// How often it fired again soon after it had cleared.
  package var flaps: UInt32
  /// Whether its latest notification did not list all of them.
  package var isTruncated: Bool
  /// Whether one that fires had to be left out of the table, for ever.
  package var hasForgotten: Bool
  /// When the last of its alerts cleared, while all are clear.
  package var clearedAt: Int64?

  /// A group.
  package init(
    id: ID, version: UInt64, key: AlertGroupKey, incident: ID, members: [AlertMember],
    repeats: UInt64 = 0, flaps: UInt32 = 0, isTruncated: Bool = false, hasForgotten: Bool = false,
    clearedAt: Int64? = nil
  ) {
    self.id = id
    self.version = version
    self.key = key
    self.incident = incident
    self.members = members
    self.repeats = repeats
    self.flaps = flaps
    self.isTruncated = isTruncated
    self.hasForgotten = hasForgotten
    self.clearedAt = clearedAt
  }

  /// Whether alerts exist that we do not have in the table: then it never clears by itself.
  package var isIncomplete: Bool { isTruncated || hasForgotten }
}
