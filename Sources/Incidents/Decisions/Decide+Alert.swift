internal import Bytes

/// What a monitoring system may cause (policy section 10): declare, count, attach, and raise a
/// provisional priority. Never to lower, acknowledge, resolve or close.
extension Hearing {
  func hear(_ sent: AlertNotification) throws(Refusal) -> [Event] {
    try checkSender()
    var notification = sent
    // Of an ingest key's alerts no label says whose they are.
    if let keyService { notification.service = keyService.key }
    try check(notification)
    let known = facts.alertGroup(notification.key)
    let group = known ?? AlertGroup(of: notification)
    let incident = known == nil ? nil : survivor(of: group.incident)
    let answer = incident?.answer(to: group, at: stamp, level: facts.level) ?? .isNew
    var report = group.report(
      on: notification, repeatsAreNews: incident?.hears(repeatsOf: answer) ?? false)
    guard !report.isEmpty else { return [] }

    guard let incident else {
      return known == nil && report.firing.isEmpty
        ? [strange(notification)] : try open(notification, report, after: nil)
    }
    if !report.firing.isEmpty {
      switch answer {
      case .isNew: return try open(notification, report, after: incident.id)
      case .same: break
      case .sameIfItFired(let end):
        guard report.firing.allSatisfy({ group.fired($0.fingerprint, at: end) }) else {
          return try open(notification, report, after: incident.id)
        }
      case .flapping, .reopens: report.isFlapping = true
      case .proposesReopen: report.proposesReopen = true
      }
    }
    var events = attach(report, of: group, to: incident)
    if case .reopens = answer, !report.firing.isEmpty { events += reopened(incident) }
    return events
  }

  /// What closed by itself once its alerts had cleared is open again with them, and wakes people as at first.
  private func reopened(_ incident: Incident) -> [Event] {
    var events = [incident.event(.reopened(reason: AlertNotification.reopening))]
    if incident.classification.priority.isHigh {
      events.append(incident.event(wake(.anew(incident))))
    }
    return events
  }

  /// Alerts wake people and declare incidents: an ingest key posts its service's, and those who answer
  /// for all services post them by label.
  private func checkSender() throws(Refusal) {
    let isDelivery = asker.memberships.contains { $0.role == .serviceDelivery }
    guard keyService != nil || isDelivery || standing.contains(.administrator) else {
      throw .rightMissing(
        "post alerts without an ingest key", needs: [.administrator, .serviceDelivery])
    }
  }

  private func check(_ notification: AlertNotification) throws(Refusal) {
    try Check.count(notification.members.count, "alerts", max: Bound.notifiedAlerts)
    try Check.name(notification.source, "source", max: Bound.key)
    try Check.length(notification.receiver, "receiver", max: Bound.name)
    try Check.length(notification.groupKey, "groupKey", max: Bound.groupKey)
    try Check.length(notification.groupLabels, "groupLabels", max: Bound.groupKey)
    try Check.optional(notification.service, "service", max: Bound.key)
    for member in notification.members {
      try Check.required(member.fingerprint, "fingerprint", max: Bound.fingerprint)
      try Check.length(member.name, "alertname", max: Bound.title)
      try Check.length(member.severity, "severity", max: Bound.key)
      try Check.length(member.summary, "summary", max: Bound.title)
      try Check.time(member.startsAt, "startsAt")
      try Check.time(optional: member.endsAt, "endsAt")
    }
  }

  /// The incident that lives on, should this one be a duplicate: as far as a bounded walk leads.
  func survivor(of id: ID) -> Incident? {
    var incident = facts.incident(id)
    for _ in 0..<Bound.duplicates {
      guard case .duplicate(_, let next)? = incident?.ending else { return incident }
      incident = facts.incident(next)
    }
    return incident
  }

  /// Alerts resolved that nobody here knew: kept, and nothing opened.
  private func strange(_ notification: AlertNotification) -> Event {
    Event(
      subject: Subject(kind: .alertGroup, id: notification.group),
      policyVersion: settings.policyVersion, fact: .strangeAlertResolved(notification))
  }

  /// A new incident for alerts that fire.
  private func open(
    _ notification: AlertNotification, _ report: AlertReport, after earlier: ID?
  ) throws(Refusal) -> [Event] {
    guard facts.incident(notification.incident) == nil else {
      throw .exists("incident", "An incident of this id is known.")
    }
    // A key that cannot be a service's names none.
    let service = notification.service.flatMap { facts.service(named: $0) }
    if let umbrella = umbrella(of: service?.id) {
      let group = facts.alertGroup(notification.key) ?? AlertGroup(of: notification)
      return attach(report, of: group, to: umbrella)
    }
    let storm = gathers(notification.incident, for: service?.id)
    let priority = priority(of: report.firing, on: service)
    let declared = Declared(
      title: Self.title(
        of: report.firing, from: notification, after: storm.isEmpty ? "" : "Alert storm: "),
      description: notification.groupLabels.isEmpty
        ? "" : "Alerts grouped by \(notification.groupLabels)",
      source: Source(kind: .alert, reference: notification.receiver), reference: nil,
      service: service?.id, unknownService: service == nil ? notification.service : nil,
      teams: teams(of: service, at: priority),
      classification: Classification(.level(priority), isConfirmed: false), reporter: nil,
      beganAt: report.firing.map(\.startsAt).min().map { min($0, stamp) },
      recurrenceOf: earlier)
    var events = begin(notification.incident, declared, isExercise: false)
    events.append(
      Event(
        subject: Subject(kind: .incident, id: notification.incident),
        policyVersion: settings.policyVersion, fact: .alertReported(report)))
    return events + storm
  }

  /// What the alerts' severities say: the most urgent of them. Of one of which no setting speaks, the
  /// service's says it, from level 2 on, or else it is P2 (policy section 1).
  private func priority(of alerts: [AlertMember], on service: Service?) -> Priority {
    let usual = (facts.level >= 2 ? service?.defaultPriority : nil) ?? .p2
    let said = alerts.map { settings.priority(of: $0.severity, level: facts.level) ?? usual }
    return said.min() ?? usual
  }

  private static func title(
    of alerts: [AlertMember], from notification: AlertNotification, after prefix: String
  ) -> String {
    let first = alerts.first { !$0.summary.isEmpty } ?? alerts.first
    var title = first.map { $0.summary.isEmpty ? $0.name : $0.summary } ?? ""
    if title.isEmpty { title = "Alert from \(notification.receiver)" }
    let more = alerts.count > 1 ? " (and \(alerts.count - 1) more)" : ""
    return (prefix + title).asLine(of: Bound.title - more.utf8.count) + more
  }

  /// Whom an alert wakes that joins those of an open P1 or P2, where its service asks for that: whoever leads
  /// it, or else as at its beginning. While the chain runs it wakes people anyway, and a storm wakes nobody.
  private func pageOfNewAlert(_ incident: Incident) -> Fact? {
    guard facts.level >= 2, incident.status.isLive, incident.classification.priority.isHigh,
      incident.watch.paging.nextAt == nil, !incident.around.isUmbrella,
      facts.timing(of: incident).pagesNewAlerts
    else { return nil }
    guard let lead = incident.roles.lead?.person else { return wake(PagedIncident(incident)) }
    return .paged(
      Paged(
        step: .again, woken: [Paged.Woken(lead, as: .again)], skipped: [], cause: .newAlert,
        nextAt: nil))
  }

  /// What a notification about a known group means for its incident.
  private func attach(
    _ report: AlertReport, of group: AlertGroup, to incident: Incident
  ) -> [Event] {
    var events = [incident.event(.alertReported(report))]
    let scene = Scene(hearing: self, incident: incident, standing: [])
    if report.proposesReopen, incident.reopenProposedAt == nil {
      events.append(incident.event(wake(.anew(incident))))
    }
    let joins = report.firing.contains { member in
      !group.members.contains { $0.fingerprint == member.fingerprint }
    }
    if joins, let page = pageOfNewAlert(incident) { events.append(incident.event(page)) }
    let priority = priority(of: report.firing, on: incident.service.flatMap(facts.service))
    if incident.status.isLive, !report.firing.isEmpty, !incident.classification.isConfirmed,
      priority < incident.classification.priority
    {
      events += scene.reclassify(
        to: Classification(.level(priority), isConfirmed: false), reason: nil, byAlert: true)
    }
    var after = group
    after.take(report, at: stamp)
    // Duplicates bring their groups along: it is clear when all are.
    let othersFire =
      incident.firingGroups.contains { $0 != group.id } || incident.around.firesUnlisted
    if incident.status.isLive, group.clearedAt == nil, after.clearedAt != nil, !othersFire {
      events.append(
        incident.event(
          .alertCleared(
            AlertClearing(group: group.id, key: group.key, wasTouched: incident.isTouched))))
    }
    return events
  }
}

/// What alerts that fire mean for the incident they belonged to.
private enum AlertAnswer {
  /// They belong to it.
  case same
  /// They belong to it, and had cleared a moment ago.
  case flapping
  /// They belong to what was cancelled at this time, as far as they fired then already: what it was
  /// cancelled for says nothing about others.
  case sameIfItFired(at: Int64)
  /// They belong to it, although a person has resolved it.
  case proposesReopen
  /// They belong to it, and nobody but itself has closed it.
  case reopens
  /// It is another incident, linked to this one.
  case isNew
}

extension Incident {
  fileprivate func answer(
    to group: AlertGroup, at stamp: Int64, level: UInt8
  ) -> AlertAnswer {
    let cleared = group.clearedAt
    switch status {
    case .open, .investigating, .mitigated, .backlog:
      guard let cleared else { return .same }
      return stamp - cleared <= Grace.flapping ? .flapping : .isNew
    case .resolved, .inReview, .closed, .cancelled, .duplicate:
      // By when it was said, not by when it is said to have happened.
      let ended = max(saidOverAt(level: level), cleared ?? 0)
      guard stamp - ended <= Grace.flapping else { return .isNew }
      if level >= 2, case .cleared? = ending { return .reopens }
      guard status == .cancelled else { return .proposesReopen }
      // Those that it was cancelled for fired at the cancel, whenever they cleared.
      return .sameIfItFired(at: ending?.at ?? statusSince)
    }
  }

  /// When a person said that it is over; its clearing, where nobody did.
  ///
  /// - Parameter level: The behaviour level. From 2 on a review or a close says nothing new: it was resolved
  ///   before.
  private func saidOverAt(level: UInt8) -> Int64 {
    let said = level >= 2 ? marks.resolvedSaidAt : nil
    return switch ending {
    case .cleared(_, let clearedAt)?: clearedAt
    case .closed(let at)?, .overridden(let at, _)?: said ?? at
    case .cancelled(let at, _)?, .duplicate(let at, _)?: at
    case nil: said ?? statusSince
    }
  }

  /// Whether it is news that an alert fires still: once, when the incident is over, and for good
  /// when it has been over for so long that what fires is another.
  fileprivate func hears(repeatsOf answer: AlertAnswer) -> Bool {
    switch answer {
    case .same, .flapping, .sameIfItFired, .reopens: false
    case .proposesReopen: reopenProposedAt == nil
    case .isNew: !status.isLive
    }
  }
}

extension AlertReport {
  /// Whether there is nothing in it.
  var isEmpty: Bool { firing.isEmpty && resolved.isEmpty && repeats == 0 && late == 0 }
}

extension AlertGroup {
  /// The group of a notification that is the first of it.
  init(of notification: AlertNotification) {
    self.init(
      id: notification.group, version: 0, key: notification.key,
      incident: notification.incident, members: [])
  }

  /// What a notification changes in this table, and what it only repeats.
  ///
  /// - Parameter repeatsAreNews: Whether an alert that fires still is told like one that begins to.
  func report(on notification: AlertNotification, repeatsAreNews: Bool) -> AlertReport {
    var report = AlertReport(
      group: id, key: key, firing: [], resolved: [], repeats: 0, late: 0,
      truncated: notification.truncated, isFlapping: false, proposesReopen: false)
    var table = self
    for alert in notification.members {
      switch (table.members.first { $0.fingerprint == alert.fingerprint }, alert.status) {
      case (nil, .firing):
        report.firing.append(alert)
      // A later start is another firing, whose predecessor's end was not told.
      case (let known?, .firing) where known.status == .firing && alert.startsAt > known.startsAt:
        report.firing.append(alert)
      case (let known?, .firing) where known.status == .firing && repeatsAreNews:
        report.firing.append(known)
        continue
      case (let known?, .firing) where known.status == .firing:
        report.repeats += 1
        continue
      // It starts no later than the one that is known to be over: a late repeat.
      case (let known?, .firing) where alert.startsAt <= known.startsAt:
        report.late += 1
        continue
      case (.some, .firing):
        report.firing.append(alert)
      case (nil, .resolved):
        report.resolved.append(alert)
      case (let known?, .resolved) where known.status == .resolved:
        report.repeats += 1
        continue
      // The end of an earlier firing does not end this one.
      case (let known?, .resolved) where alert.startsAt < known.startsAt:
        report.late += 1
        continue
      case (.some, .resolved):
        report.resolved.append(alert)
      }
      table.set(alert)
    }
    return report
  }

  /// Takes a report into the table.
  mutating func take(_ report: AlertReport, at stamp: Int64) {
    version += 1
    for alert in report.firing { set(alert) }
    for alert in report.resolved { set(alert) }
    repeats += UInt64(report.repeats) + UInt64(report.late)
    if report.isFlapping || report.proposesReopen { flaps += 1 }
    isTruncated = report.truncated > 0
    makeRoom()
    let isClear = !isIncomplete && members.allSatisfy { $0.status == .resolved }
    clearedAt = isClear ? clearedAt ?? stamp : nil
  }

  /// Whether an alert fired at `time`, as far as its last firing tells.
  fileprivate func fired(_ fingerprint: String, at time: Int64) -> Bool {
    guard let known = members.first(where: { $0.fingerprint == fingerprint }),
      known.startsAt <= time
    else { return false }
    return known.status == .firing || (known.endsAt ?? time) >= time
  }

  private mutating func set(_ alert: AlertMember) {
    if let place = members.firstIndex(where: { $0.fingerprint == alert.fingerprint }) {
      members[place] = alert
    } else {
      members.append(alert)
    }
  }

  /// Forgets the oldest that are over, and then, for want of room, what fires: the table is
  /// incomplete from then on.
  private mutating func makeRoom() {
    while members.count > Bound.groupMembers {
      if let over = members.firstIndex(where: { $0.status == .resolved }) {
        members.remove(at: over)
      } else {
        members.removeLast()
        hasForgotten = true
      }
    }
  }
}

extension Settings {
  /// What a severity label says about priority, if a rule speaks of it.
  ///
  /// - Parameter level: The behaviour level. From 2 on a rule may be written in capitals too.
  func priority(of severity: String, level: UInt8) -> Priority? {
    let severity = severity.lowercased()
    return severities.first {
      $0.severity == severity || level >= 2 && $0.severity.lowercased() == severity
    }?.priority
  }
}

extension String {
  /// As much as fits one line of `limit` bytes: control characters become spaces, and no character
  /// is cut in two.
  func asLine(of limit: Int) -> String {
    var line = ""
    for scalar in unicodeScalars {
      let next = scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar
      guard line.utf8.count + UTF8.width(next) <= limit else { break }
      line.unicodeScalars.append(next)
    }
    return line
  }
}
