import EventLoop
import Incidents
import JSON

/// `muster service key …`: what a service's own systems come with.
enum KeyVerbs {
  static let all: [Verb] = [serviceKey, serviceKeys, ingestKey, ingestKeys]

  private static let service = Verb.Argument("SERVICE", "Its key or id.")

  /// A certificate has one or two kilobytes.
  private static let largestCertificate = 16 * 1_024

  private static func path(_ invocation: Invocation, _ list: String) -> String {
    "/v1/services/\(PathText.escaped(invocation.required("SERVICE")))/\(list)"
  }

  /// The secret of a key that was just issued.
  private static func secret(_ reply: Reply) throws(Failure) -> String {
    Terminal.note("The key's id, to revoke it by with person revoke, is \(reply.id).")
    guard let token = reply.result?["token"]?.text else {
      throw Failure(
        .refused,
        "This key was issued before, and shown then. If nobody has it, revoke it: muster person revoke "
          + reply.id)
    }
    return token + "\n"
  }

  private static let serviceKey = ClientVerb.write(
    "service key", "Issue a key for a service's own systems, or make a certificate known.",
    arguments: [service],
    options: [
      .value(
        "scopes", "WORDS", "Of read, declare and alerts, with commas between.", isRequired: true),
      .value("label", "TEXT", "Which system has it."),
      .value("days", "N", "How long it works, from 1 to 3650. For ever without."),
      .value("certificate", "FILE", "A certificate's PEM file, instead of a key."),
    ],
    notes: [
      "It reads what anybody who signs in may read and nothing restricted, declares incidents of its "
        + "service and adds entries to them, and posts its alerts. It acts as the service, never as "
        + "a person. Send a key to a file that only that system can read: it is shown this once. A "
        + "certificate is known by its fingerprint, until it runs out, where node.json has a client "
        + "address for machines."
    ]
  ) { invocation, client throws(Failure) in
    let days = try invocation.number("days", in: 0...3_650, usual: 0)
    let end = days > 0 ? Timestamp.format(Clock.now() + Int64(days) * 86_400_000) : nil
    var certificate: String?
    if let file = invocation["certificate"] {
      do throws(FileError) {
        certificate = String(
          decoding: try Files.read(file, atMost: largestCertificate), as: UTF8.self)
      } catch {
        throw Failure(.usage, "\(error)")
      }
    }
    let scopes = invocation.required("scopes").split(separator: ",").map(String.init)
    let reply = try client.write(path(invocation, "keys")) { json in
      json.member("label", invocation["label"])
      json.member("expiresAt", end)
      json.member("certificate", certificate)
      json.name("scopes")
      json.beginArray()
      for scope in scopes { json.value(scope) }
      json.endArray()
    }
    guard certificate == nil else {
      return .init(
        reply: reply,
        text: "Known. Its id, to revoke it by with person revoke, is \(reply.id).\n")
    }
    return .init(reply: reply, text: try secret(reply))
  }

  private static let serviceKeys = ClientVerb.list(
    "service keys", "List a service's keys and certificates; their secrets are shown nowhere.",
    arguments: [service], options: DepartmentVerbs.page
  ) { invocation, client throws(Failure) in
    let reply = try DepartmentVerbs.list(path(invocation, "keys"), invocation, &client)
    return .init(reply: reply, text: DepartmentText.tokens(reply))
  }

  private static let ingestKey = ClientVerb.write(
    "service ingest-key", "Issue a key to post a service's alerts. It is shown this once.",
    arguments: [service],
    options: [.value("label", "TEXT", "Which system has it.")],
    notes: ["Send the output to a file that only the monitoring system can read."]
  ) { invocation, client throws(Failure) in
    let path = path(invocation, "ingest-keys")
    let reply = try client.write(path) { json in json.member("label", invocation["label"]) }
    return .init(reply: reply, text: try secret(reply))
  }

  private static let ingestKeys = ClientVerb.list(
    "service ingest-keys", "List a service's ingest keys; their secrets are shown nowhere.",
    arguments: [service], options: DepartmentVerbs.page
  ) { invocation, client throws(Failure) in
    let path = path(invocation, "ingest-keys")
    let reply = try DepartmentVerbs.list(path, invocation, &client)
    return .init(reply: reply, text: DepartmentText.tokens(reply))
  }
}
