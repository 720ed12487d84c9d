/// How large each thing may be. A log entry, a record and a page of a phone all have to hold it.
package enum Bound {
  /// Bytes of a title: one line of a list.
  package static let title = 200
  /// Bytes of a person's, team's or service's name.
  package static let name = 200
  /// Bytes of an e-mail address (RFC 5321, section 4.5.3.1.3).
  package static let email = 254
  /// Bytes of a service's key, which is typed by hand and used in addresses.
  package static let key = 64
  /// Bytes of a credential's label.
  package static let label = 100
  /// How long a token to join the cluster with may hold, in milliseconds: seven days.
  package static let joinTokenLife: Int64 = 7 * 86_400_000
  /// Bytes of a description: four pages of text.
  package static let description = 16_384
  /// Bytes of a timeline entry or of one field of a review.
  package static let text = 16_384
  /// Bytes of all texts of one review: together with everything else they fit a command.
  package static let reviewTexts = 196_608
  /// Bytes of a reason or a short note.
  package static let reason = 2_048
  /// Bytes of a reference into another system.
  package static let reference = 200
  /// Elements of a list that people make.
  package static let list = 100
  /// Members of one team; a first line serves the whole department.
  package static let members = 500
  /// Bytes of a SHA-256 hash.
  package static let hash = 32
  /// Bytes of an idempotency key.
  package static let idempotencyKey = 64
  /// Bytes of the salt that the ledger's commitments are made with.
  package static let salt = 16
  /// Bytes of an alert group's key. A sender's longer key is replaced by its hash at the gateway.
  package static let groupKey = 4_096
  /// Bytes of an alert's fingerprint; Alertmanager's are sixteen.
  package static let fingerprint = 64
  /// Alerts in one notification; the gateway counts the rest as truncated. 200 of the largest still
  /// fit a command.
  package static let notifiedAlerts = 200
  /// Duplicates of duplicates that are followed to the one that lives on.
  package static let duplicates = 8
  /// Alerts that the table of one group remembers.
  package static let groupMembers = 500
  /// Superseded clocks that an incident shows; all of them are in the ledger.
  package static let pastClocks = 16
  /// Points in time that make sense here, in milliseconds: the years 1970 to 9999.
  package static let time: ClosedRange<Int64> = 0...253_402_300_799_999
  /// Incidents that one command closes because their alerts cleared.
  package static let cleared = 16
  /// Groups of alerts that one incident may have had and be purged with.
  package static let tracedGroups = 1_000
  /// Roles of leavers that one command frees, counted by person and incident.
  package static let releases = 16
  /// Bytes of the address that somebody signs in from, as text.
  package static let origin = 64
  /// Uses of credentials that one command notes.
  package static let uses = 500
  /// Rows that one command makes of a credential's denied attempts: those of a minute, and one that
  /// counts the rest.
  package static let attempts = 11
  /// Reads of what is restricted that one command notes.
  package static let reads = 20
  /// Bytes of the cluster's secret.
  package static let secret = 32
  /// Events that one command may cause, other than an import.
  package static let events = 32
  /// Suppliers of one service, or engaged for one incident.
  package static let suppliers = 20
  /// What nobody has given a reason for, of one incident.
  package static let unexplained = 20
  /// Incidents that belong to one major incident: what it causes for each fits the events of a command.
  package static let children = 20
  /// Changes that one incident is said to be caused by.
  package static let changes = 20
  /// Roles, teams and people in one column of an activity's RACI.
  package static let parties = 20
  /// Bytes of an address of the web.
  package static let address = 2_048
  /// Ways to reach one person: who is paged at night tries no more.
  package static let contacts = 5
  /// Bytes of the name of a language, such as `en` or `cy-GB`.
  package static let language = 8
  /// Bytes of a communication as it reads, with everything that its author said.
  package static let told = 32_768
  /// Bytes of what staff are told in the stead of an incident.
  package static let notice = 8_192
  /// Texts for staff that one incident may have had.
  package static let faces = 20
  /// Deliveries to webhooks of which one command says what becomes of them.
  package static let deliveries = 100
  /// Messages that one command lets go.
  package static let pruned = 100
  /// Days of one calendar on which no work is done: some thirty years of bank holidays.
  package static let holidays = 500
  /// Bytes of the rule of a zone.
  package static let zone = 64
  /// Times that one incident waited, which it shows; all of them are in the ledger.
  package static let waits = 50
  /// How many days ahead somebody may look again at what waits.
  package static let lookAgain: Int64 = 366
  /// Incidents whose time has come that one command sees to.
  package static let timed = 16
  /// Calendars that one command changes; a document of GOV.UK has three.
  package static let calendars = 8
  /// Bytes of a report that is kept: with everything else they fit a command. A longer timeline is cut,
  /// and the report says so.
  package static let report = 229_376
  /// Rows of one change of the directory. As many of the usual size fit a command.
  package static let directoryRows = 2_000
  /// Ranks in the backlog: nobody ranks more.
  package static let ranks: ClosedRange<UInt32> = 1...9_999
  /// Incidents of a backlog that one answer shows.
  package static let backlog = 1_000
  /// Proposals about one incident that are not decided: more would not be read.
  package static let proposals = 10
  /// Reasons of one suggestion: a sentence for each factor that counts.
  package static let triageReasons = 8
  /// Incidents of which one command has happen what is due; each causes three events at most.
  package static let dues = 128
  /// Reminders in one event. The rest of what an incident owes is reminded of a second later.
  package static let reminders = 16
  /// Duties of one incident that are remembered as reminded of before those go that are not owed any
  /// more.
  package static let marks = 32
  /// Pages that an incident's record shows; all of them are in the ledger.
  package static let pages = 32
  /// People whom one step of the chain wakes.
  package static let pagedAtOnce = 10
  /// Minutes until somebody who was paged sees to it: a day.
  package static let pageMinutes: UInt32 = 1_440
  /// Seconds that a step of the chain waits: a day.
  package static let escalationSeconds: UInt32 = 86_400
}
