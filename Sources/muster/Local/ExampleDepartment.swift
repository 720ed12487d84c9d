import EventLoop
import Glibc
import Incidents
import JSON
import TLS

/// A small department, and one incident in its life: what a first look at Muster shows.
///
/// Everything goes through the interface, with the tokens of those who do it, as it would in life.
struct ExampleDepartment {
  /// The default 2nd line team, which is founded with the administrator.
  static let secondLine = "Live Services"
  /// A 3rd line team.
  private static let thirdLine = "Payments Product"
  /// How long the first shift of the on-call lead is: four weeks.
  private static let shift: Int64 = 28 * 86_400_000
  /// An alert has some two kilobytes.
  private static let largestAlert = 256 * 1024

  private let cluster: LocalCluster
  private let alerts: String
  private let endpoints: [Endpoint]

  /// The department of `cluster`, whose alerts lie as files in the folder `alerts`.
  init(_ cluster: LocalCluster, alerts: String) throws(Failure) {
    self.cluster = cluster
    self.alerts = alerts
    endpoints = try cluster.endpoints()
  }

  /// Sets the department up, plays the incident, and answers its timeline as text.
  func play() throws(Failure) -> String {
    let firing = try alert("alertmanager-firing.json")
    let resolved = try alert("alertmanager-resolved.json")
    let department = try setUp()
    let incident = try respond(to: firing, department)
    try restore(incident, resolved, department)
    try learn(incident, department)
    try write("", to: cluster.folder.example)
    var reader = department.onCall
    let shown = try reader.read("/v1/incidents/\(incident)")
    let timeline = try reader.read("/v1/incidents/\(incident)/timeline?limit=200")
    return IncidentText.title(shown.value) + "\n" + IncidentText.timeline(timeline)
  }

  // MARK: The department

  /// Those who act in the example, each with a token of their own.
  private struct People {
    var administrator: Client
    var onCall: Client
    var manager: Client
    var engineer: Client
    var monitoring: Client
  }

  private enum Email {
    static let onCall = "on-call-lead@department.example"
    static let manager = "duty-manager@department.example"
    static let engineer = "payments-engineer@department.example"
  }

  private func setUp() throws(Failure) -> People {
    var admin = try client(
      try ClientOptions.token(in: cluster.folder.token(of: "admin")))
    let team = try admin.write("/v1/teams") { json in
      json.member("name", Self.thirdLine)
      json.member("line", "third")
    }
    let live = try defaultTeam(&admin)
    let onCall = try person("On-call lead", Email.onCall, "on-call-lead", &admin)
    let manager = try person("Duty manager", Email.manager, "duty-manager", &admin)
    let engineer = try person("Payments engineer", Email.engineer, "payments-engineer", &admin)
    try join(live, Email.onCall, "member", &admin)
    try join(live, Email.manager, "service-delivery", &admin)
    try join(team.id, Email.engineer, "member", &admin)
    try service("payments", "Card payments", &admin)
    try service("sign-in", "Staff sign-in", &admin)
    let monitoring = try token(at: "/v1/services/payments/ingest-keys", "alertmanager", &admin)
    let now = Clock.now()
    for key in ["payments", "sign-in"] {
      _ = try admin.write("/v1/on-call") { json in
        json.member("service", key)
        json.member("person", Email.onCall)
        json.member("role", "lead")
        json.member("from", Timestamp.format(now))
        json.member("until", Timestamp.format(now + Self.shift))
      }
    }
    _ = try admin.write("/v1/settings") { json in
      json.member("defaultTeam", Self.secondLine)
      json.member("dutyContact", Email.manager)
      json.name("severities")
      json.beginArray()
      for (severity, priority) in [("critical", "P1"), ("warning", "P3")] {
        json.beginObject()
        json.member("severity", severity)
        json.member("priority", priority)
        json.endObject()
      }
      json.endArray()
    }
    return People(
      administrator: admin, onCall: onCall, manager: manager, engineer: engineer,
      monitoring: monitoring)
  }

  private func defaultTeam(_ admin: inout Client) throws(Failure) -> String {
    let settings = try admin.read("/v1/settings")
    guard let id = settings.value["defaultTeam"]?["id"]?.text else {
      throw Failure(.refused, "The cluster was founded without a default team.")
    }
    return id
  }

  private func person(
    _ name: String, _ email: String, _ file: String, _ admin: inout Client
  ) throws(Failure) -> Client {
    let added = try admin.write("/v1/people") { json in
      json.member("name", name)
      json.member("email", email)
    }
    return try token(at: "/v1/people/\(added.id)/tokens", file, &admin)
  }

  /// Issues a token, and answers a client that has it.
  private func token(
    at path: String, _ file: String, _ admin: inout Client
  ) throws(Failure) -> Client {
    let issued = try admin.write(path) { json in json.member("label", "example") }
    guard let token = issued.result?["token"]?.text else {
      throw Failure(.refused, "No token was issued for \(file).")
    }
    try write(token + "\n", to: cluster.folder.token(of: file))
    return try client(token)
  }

  private func join(
    _ team: String, _ email: String, _ role: String, _ admin: inout Client
  ) throws(Failure) {
    _ = try admin.write("/v1/teams/\(team)/members") { json in
      json.member("person", email)
      json.member("role", role)
    }
  }

  private func service(
    _ key: String, _ name: String, _ admin: inout Client
  ) throws(Failure) {
    _ = try admin.write("/v1/services") { json in
      json.member("key", key)
      json.member("name", name)
      json.member("secondLine", Self.secondLine)
      json.member("thirdLine", Self.thirdLine)
    }
  }

  // MARK: The incident

  /// From the alert to people at work. Answers the incident's id.
  private func respond(
    to alert: [UInt8], _ department: People
  ) throws(Failure) -> String {
    var people = department
    let declared = try people.monitoring.write("/v1/alerts/alertmanager", alert)
    guard let id = declared.result?["items"]?.elements.first?["id"]?.text else {
      throw Failure(.refused, "The alert declared no incident.")
    }
    let path = "/v1/incidents/\(id)"
    _ = try people.onCall.write("\(path)/acknowledgement")
    _ = try people.manager.write("\(path)/priority") { json in
      json.member("impact", "high")
      json.member("urgency", "high")
      json.member("reason", "Nobody can pay by card.")
      json.member("confirm", ifTrue: true)
    }
    _ = try people.onCall.write("\(path)/roles") { json in
      json.member("role", "comms-lead")
      json.member("action", "give")
      json.member("person", Email.manager)
    }
    _ = try people.manager.write("\(path)/roles") { json in
      json.member("role", "comms-lead")
      json.member("action", "accept")
    }
    _ = try people.engineer.write("\(path)/roles") { json in
      json.member("role", "technical-support")
      json.member("action", "take")
    }
    try note(
      path, "finding", "The payment provider's certificate expired at 9am.", &people.engineer)
    try note(
      path, "decision", "Switch to the second provider until the certificate is renewed.",
      &people.onCall)
    _ = try people.manager.write("\(path)/updates") { json in
      json.member("audience", "stakeholders")
      json.member(
        "text",
        "Card payments fail since 9am. We are switching to our second provider. "
          + "Until then, take payments by phone.")
    }
    return id
  }

  /// The alert clears, and the lead says that service is back.
  private func restore(
    _ id: String, _ cleared: [UInt8], _ department: People
  ) throws(Failure) {
    var people = department
    let path = "/v1/incidents/\(id)"
    try note(path, "action", "Switched to the second provider.", &people.engineer)
    _ = try people.monitoring.write("/v1/alerts/alertmanager", cleared)
    _ = try people.onCall.write("\(path)/resolution") { json in
      json.member("fix", "Payments go through the second provider.")
      json.member("cause", "The first provider's certificate had expired.")
    }
    _ = try people.manager.write("\(path)/updates") { json in
      json.member("audience", "stakeholders")
      json.member("text", "Card payments work again.")
    }
  }

  /// The review, and the end.
  private func learn(_ id: String, _ department: People) throws(Failure) {
    var people = department
    let path = "/v1/incidents/\(id)"
    _ = try people.manager.write("\(path)/review") { json in
      json.member("summary", "An expired certificate of the provider stopped card payments.")
      json.member("impact", "Nobody could pay by card; payments by phone took their place.")
      json.member("cause", "Nobody watched the date of the provider's certificate.")
      json.member("wentWell", ["The second provider took over at once."])
      json.member("wentBadly", ["An alert was the first to know."])
      json.name("actions")
      json.beginArray()
      json.beginObject()
      json.member("what", "Watch the dates of providers' certificates.")
      json.member("owner", Email.engineer)
      json.member("due", Timestamp.format(Clock.now() + Self.shift))
      json.endObject()
      json.endArray()
    }
    _ = try people.manager.write("\(path)/closure")
  }

  private func note(
    _ path: String, _ kind: String, _ text: String, _ person: inout Client
  ) throws(Failure) {
    _ = try person.write("\(path)/notes") { json in
      json.member("type", kind)
      json.member("text", text)
    }
  }

  // MARK: Its hands

  private func client(_ token: String) throws(Failure) -> Client {
    try Client(
      endpoints, authority: cluster.folder.authority, credential: .token(token),
      timeout: .seconds(15))
  }

  private func alert(_ name: String) throws(Failure) -> [UInt8] {
    do throws(FileError) {
      return try Files.read("\(alerts)/\(name)", atMost: Self.largestAlert)
    } catch {
      throw .usage(
        "The example's alert is not there. \(error)\n"
          + "Say where with --example PATH, or do without with --bare.")
    }
  }

  private func write(_ text: String, to path: String) throws(Failure) {
    do throws(FileError) {
      try Files.write(Array(text.utf8), to: path, mode: LocalFolder.secretMode)
    } catch {
      throw Failure(.usage, "\(error)")
    }
  }
}
