import Bytes
import Crypto
package import Incidents

/// What an Alertmanager sends to a webhook, in version 4 of its form.
///
/// Members that are not known are passed over: senders add their own, and a monitoring system must
/// not fall silent because of an upgrade. For the same reason one alert that cannot be read does not
/// lose the others, since Alertmanager does not repeat what was refused: it is left out and counted.
package struct AlertmanagerWebhook {
  /// The form that is understood.
  package static let version = "4"
  /// The source that these alerts are known by.
  package static let source = "alertmanager"
  /// How an alert spells that it has not ended.
  static let notEnded = "0001-01-01T00:00:00"
  /// Bytes of any one text. Longer is cut: a machine cannot be asked to be brief.
  static let longestText = 64 * 1_024
  /// Alerts that are read at all; more do not fit a body in earnest.
  static let mostAlerts = 10_000
  /// Services that one notification is split into. The rest goes without a service, so that one
  /// body cannot make hundreds of commands.
  static let mostServices = 20

  private var receiver = ""
  private var groupKey = ""
  private var groupLabels: [Label] = []
  private var commonLabels: [Label] = []
  private var commonAnnotations: [Label] = []
  private var alerts: [Alert] = []
  private var truncated: UInt32 = 0
  /// How many alerts could not be read.
  package private(set) var leftOut: UInt32 = 0
  /// Why the first of them could not.
  private var firstOddity: Problem?

  private typealias Label = (name: String, value: String)

  private struct Alert {
    var status: AlertMember.Status?
    var labels: [Label] = []
    var annotations: [Label] = []
    var startsAt: Int64?
    var endsAt: Int64?
    var fingerprint = ""
  }

  /// Reads the body.
  package init(_ body: inout BodyReader) throws(Problem) {
    var version: String?
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "version": version = try body.text(atMost: Bound.key)
      case "receiver": receiver = try body.optionalText(atMost: Self.longestText) ?? ""
      case "groupKey": groupKey = try body.optionalText(atMost: Self.longestText) ?? ""
      case "groupLabels": groupLabels = try Self.labels(&body)
      case "commonLabels": commonLabels = try Self.labels(&body)
      case "commonAnnotations": commonAnnotations = try Self.labels(&body)
      case "truncatedAlerts":
        truncated = UInt32(clamping: try body.optionalPosition() ?? 0)
      case "alerts":
        guard try !body.isNull() else { continue }
        try body.beginArray()
        while try body.element(atMost: Self.mostAlerts) { try takeAlert(&body) }
      default: try body.skip()
      }
    }
    guard version == Self.version else {
      throw .invalid(
        "This address takes version 4 of Alertmanager's webhook, and this body is "
          + (version.map { "version \"\($0)\"." } ?? "of no version."),
        member: "/version")
    }
    // Where nothing is left there is nobody to tell but the sender.
    if alerts.isEmpty, let firstOddity { throw firstOddity }
  }

  /// Reads an alert, or passes it over whole.
  private mutating func takeAlert(_ body: inout BodyReader) throws(Problem) {
    var attempt = body
    do throws(Problem) {
      alerts.append(try Self.alert(&attempt))
      body = attempt
    } catch {
      // What is no JSON at all fails here again.
      try body.skip()
      leftOut += 1
      if firstOddity == nil { firstOddity = error }
    }
  }

  /// What it says, one notification for each service that its labels name, in the order of their
  /// first appearance.
  ///
  /// - Parameter own: The one service that it is all about, whatever its labels say.
  package func notifications(
    _ clerk: Clerk<some Facts>, service own: String? = nil
  ) -> [AlertNotification] {
    let label = clerk.facts.settings()?.alertServiceLabel ?? Settings.usualAlertServiceLabel
    var notifications: [AlertNotification] = []
    for alert in alerts {
      let service = own ?? self.service(of: alert, by: label, among: notifications)
      let place =
        notifications.firstIndex { $0.service == service } ?? notifications.endIndex
      if place == notifications.endIndex {
        notifications.append(notification(service: service, clerk))
      }
      guard notifications[place].members.count < Bound.notifiedAlerts else {
        notifications[place].truncated += 1
        continue
      }
      notifications[place].members.append(member(alert, clerk.now))
    }
    return notifications
  }

  /// What the label `name` says.
  private func service(
    of alert: Alert, by name: String, among known: [AlertNotification]
  ) -> String? {
    let value = alert.labels[name] ?? groupLabels[name] ?? commonLabels[name]
    guard let value, !value.isEmpty else { return nil }
    let service = value.cut(to: Bound.key)
    let isRoom = known.count < Self.mostServices || known.contains { $0.service == service }
    return isRoom ? service : nil
  }

  private func notification(
    service: String?, _ clerk: Clerk<some Facts>
  ) -> AlertNotification {
    AlertNotification(
      incident: clerk.makeID(), group: clerk.makeID(), source: Self.source,
      receiver: receiver.cut(to: Bound.name),
      groupKey: Self.bounded(groupKey), groupLabels: Self.bounded(Self.line(groupLabels)),
      service: service, members: [],
      truncated: UInt32(clamping: UInt64(truncated) + UInt64(leftOut)))
  }

  private func member(_ alert: Alert, _ now: Int64) -> AlertMember {
    let isOver = alert.status == .resolved
    let summary =
      alert.annotations["summary"] ?? commonAnnotations["summary"]
      ?? alert.annotations["description"] ?? commonAnnotations["description"] ?? ""
    return AlertMember(
      fingerprint: Self.fingerprint(of: alert), status: alert.status ?? .firing,
      startsAt: alert.startsAt ?? now,
      // While it fires, an end is only the sender's guess.
      endsAt: isOver ? alert.endsAt ?? now : nil,
      name: (alert.labels["alertname"] ?? commonLabels["alertname"] ?? "").cut(to: Bound.title),
      severity: (alert.labels["severity"] ?? commonLabels["severity"] ?? "").cut(to: Bound.key),
      summary: summary.cut(to: Bound.title))
  }

  private static func fingerprint(of alert: Alert) -> String {
    if !alert.fingerprint.isEmpty, alert.fingerprint.utf8.count <= Bound.fingerprint {
      return alert.fingerprint
    }
    let text = alert.fingerprint.isEmpty ? line(alert.labels) : alert.fingerprint
    return Hex.encode(SHA256.hash(Array(text.utf8)).prefix(16))
  }

  /// Labels as one line, sorted by name: `{alertname="InstanceDown", service="sign-in"}`.
  private static func line(_ labels: [Label]) -> String {
    guard !labels.isEmpty else { return "" }
    let sorted = labels.sorted { $0.name < $1.name }
    return "{" + sorted.map { "\($0.name)=\(quoted($0.value))" }.joined(separator: ", ") + "}"
  }

  private static func quoted(_ value: String) -> String {
    var text = "\""
    for character in value.unicodeScalars {
      if character == "\"" || character == "\\" { text.unicodeScalars.append("\\") }
      text.unicodeScalars.append(character)
    }
    return text + "\""
  }

  /// A key that is too long to keep, replaced by its hash.
  private static func bounded(_ key: String) -> String {
    guard key.utf8.count > Bound.groupKey else { return key }
    return "sha256:" + Hex.encode(SHA256.hash(Array(key.utf8)))
  }

  private static func alert(_ body: inout BodyReader) throws(Problem) -> Alert {
    var alert = Alert()
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "status":
        alert.status =
          switch try body.text(atMost: Bound.key) {
          case "firing": .firing
          case "resolved": .resolved
          default:
            throw .invalid("An alert is firing or resolved.", member: body.pointer)
          }
      case "labels": alert.labels = try labels(&body)
      case "annotations": alert.annotations = try labels(&body)
      case "startsAt": alert.startsAt = try time(&body)
      case "endsAt": alert.endsAt = try time(&body)
      case "fingerprint":
        alert.fingerprint = try body.optionalText(atMost: longestText) ?? ""
      default: try body.skip()
      }
    }
    _ = try body.require(alert.status, "status")
    return alert
  }

  private static func labels(_ body: inout BodyReader) throws(Problem) -> [Label] {
    guard try !body.isNull() else { return [] }
    var labels: [Label] = []
    try body.beginObject()
    while let name = try body.member() {
      labels.append((name, try body.text(atMost: longestText)))
    }
    return labels
  }

  /// A point in time, or `nil` for "not yet" and for what is no time: an alarm is worth more than
  /// its hour.
  private static func time(_ body: inout BodyReader) throws(Problem) -> Int64? {
    guard let text = try body.optionalText(atMost: Bound.key), !text.hasPrefix(notEnded) else {
      return nil
    }
    return Timestamp.parse(text)
  }
}

extension [(name: String, value: String)] {
  /// The value of a label.
  fileprivate subscript(name: String) -> String? { first { $0.name == name }?.value }
}

extension String {
  /// As much of the text as fits `limit` bytes without breaking a character.
  func cut(to limit: Int) -> String {
    guard utf8.count > limit else { return self }
    var end = utf8.index(startIndex, offsetBy: limit)
    while end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
    return String(self[..<end])
  }
}
