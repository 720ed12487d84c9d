import Bytes
import Crypto
import EventLoop
import Gateway
import Incidents
import Testing

@Suite("A webhook of Alertmanager")
struct AlertmanagerTests {
  /// 2026-11-23T09:04:10.113Z.
  private let began: Int64 = 1_795_424_650_113
  private let minute: Int64 = 60_000

  @Test func `fires`() throws {
    let notifications = try notifications("firing")
    #expect(notifications == [notification([web1()])])
  }

  @Test func `is repeated with what is new`() throws {
    #expect(try notifications("repeated") == [notification([web1(), web2()])])
  }

  @Test func `resolves`() throws {
    let over = web1(endedAfter: 27 * minute)
    #expect(try notifications("resolved") == [notification([over])])
  }

  @Test func `mixes what fires and what is over`() throws {
    let over = web1(endedAfter: 27 * minute)
    #expect(try notifications("mixed") == [notification([over, web2()])])
  }

  @Test func `tells how many it leaves out`() throws {
    #expect(try notifications("truncated") == [notification([web1()], truncated: 37)])
  }

  @Test func `may give its times with offsets and nanoseconds`() throws {
    let members = try notifications("offsets").flatMap(\.members)
    // 2026-07-23T09:04:10.113Z; 10:04:10 and 10:31:10 of the same day.
    let start: Int64 = 1_784_797_450_113
    #expect(members.map(\.startsAt) == [start, start - 113 + 60 * minute])
    #expect(members.map(\.endsAt) == [nil, start - 113 + 87 * minute])
  }

  @Test func `is split by service, in the order of their appearance`() throws {
    let notifications = try notifications("services")
    #expect(notifications.map(\.service) == ["sign-in", "payments", nil])
    #expect(notifications.map(\.members.count) == [2, 1, 1])
    #expect(notifications[0].members.map(\.status) == [.firing, .resolved])
    #expect(Set(notifications.map(\.groupKey)) == [#"{}:{alertname="HighLatency"}"#])
  }

  @Test func `without keys gets them from its labels`() throws {
    let notification = try #require(try notifications("nameless").first)
    #expect(notification.groupKey == "")
    #expect(notification.key.group == "muster\n" + notification.groupLabels)
    #expect(notification.groupLabels == #"{alertname="InstanceDown", service="sign-in"}"#)
    let labels =
      #"{alertname="InstanceDown", instance="web-1.example:9100", job="node", "#
      + #"service="sign-in", severity="critical"}"#
    let hash = Hex.encode(SHA256.hash(Array(labels.utf8)).prefix(16))
    #expect(notification.members.map(\.fingerprint).first == hash)
    #expect(Set(notification.members.map(\.fingerprint)).count == 2)
  }

  @Test func `may have members that nobody here knows`() throws {
    #expect(try notifications("stranger") == [notification([web1()])])
  }

  @Test func `of more alerts than a command holds counts the rest as left out`() throws {
    let alert = #"{"status":"firing","labels":{"alertname":"A"},"fingerprint":"%"}"#
    let alerts = (0..<260).map { number in
      alert.split(separator: "%").joined(separator: String(number))
    }
    let text =
      #"{"version":"4","groupKey":"k","truncatedAlerts":5,"alerts":["#
      + alerts.joined(separator: ",") + "]}"
    let notification = try #require(try notifications(of: text).first)
    #expect(notification.members.count == Bound.notifiedAlerts)
    #expect(notification.truncated == 65)
  }

  @Test func `of which one alert is odd loses that alone, and tells`() throws {
    let good = #"{"status":"firing","labels":{"alertname":"A"},"fingerprint":"good"}"#
    let late = #"{"status":"firing","startsAt":"now","fingerprint":"late"}"#
    let odd = [#"{"status":"pending"}"#, #"{"labels":{"a":[1]},"status":"firing"}"#, "7"]
    let text =
      #"{"version":"4","groupKey":"k","truncatedAlerts":2,"alerts":["#
      + (odd + [good, late]).joined(separator: ",") + "]}"
    let notification = try #require(try notifications(of: text).first)
    #expect(notification.members.map(\.fingerprint) == ["good", "late"])
    #expect(notification.members.map(\.startsAt) == [Book.now, Book.now])
    #expect(notification.truncated == 5)
    let leftOut = try read(text) { _, body throws(Problem) in
      try AlertmanagerWebhook(&body).leftOut
    }
    #expect(leftOut == 3)
  }

  @Test(arguments: [
    (
      "{}",
      Wrong(
        422, "/version",
        "This address takes version 4 of Alertmanager's webhook, and this body is of no version.")
    ),
    (
      #"{"version":"3"}"#,
      Wrong(
        422, "/version",
        #"This address takes version 4 of Alertmanager's webhook, and this body is version "3"."#)
    ),
    (
      #"{"version":"4","alerts":[{"labels":{}}]}"#,
      Wrong(422, "/alerts/0/status", "status is missing.")
    ),
    (
      #"{"version":"4","alerts":[{"status":"pending"}]}"#,
      Wrong(422, "/alerts/0/status", "An alert is firing or resolved.")
    ),
    (
      #"{"version":"4","alerts":[{"status":"firing","labels":{"a":1}},{}]}"#,
      Wrong(400, "/alerts/0/labels/a", "This must be a text.")
    ),
  ])
  func `is refused with the place and the reason`(text: String, wrong: Wrong) {
    let found = problem(text) { _, body throws(Problem) in try AlertmanagerWebhook(&body) }
    #expect(found == wrong)
  }

  // MARK: What the files say

  private func notifications(_ name: String) throws -> [AlertNotification] {
    try notifications(of: try fixture(name))
  }

  private func notifications(of text: String) throws -> [AlertNotification] {
    try read(text) { clerk, body throws(Problem) in
      try AlertmanagerWebhook(&body).notifications(clerk)
    }
  }

  private func notification(
    _ members: [AlertMember], truncated: UInt32 = 0
  ) -> AlertNotification {
    AlertNotification(
      incident: Book.fresh, group: Book.fresh, source: "alertmanager", receiver: "muster",
      groupKey: #"{}/{severity="critical"}:{alertname="InstanceDown", service="sign-in"}"#,
      groupLabels: #"{alertname="InstanceDown", service="sign-in"}"#, service: "sign-in",
      members: members, truncated: truncated)
  }

  private func web1(endedAfter span: Int64? = nil) -> AlertMember {
    AlertMember(
      fingerprint: "3f9a2c1d5b7e8f60", status: span == nil ? .firing : .resolved,
      startsAt: began, endsAt: span.map { began + $0 }, name: "InstanceDown",
      severity: "critical", summary: "Instance web-1.example:9100 down")
  }

  private func web2() -> AlertMember {
    AlertMember(
      fingerprint: "a81be0572c6d94f3", status: .firing, startsAt: began + 4 * minute + 15_000,
      name: "InstanceDown", severity: "critical", summary: "Instance web-2.example:9100 down")
  }
}

/// The text of a file beside this one.
func fixture(_ name: String, test file: String = #filePath) throws -> String {
  let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
  let path = folder.joined(separator: "/") + "/Alertmanager/\(name).json"
  // No fixture is larger than a body may be.
  return String(decoding: try Files.read(path, atMost: 1_048_576), as: UTF8.self)
}
