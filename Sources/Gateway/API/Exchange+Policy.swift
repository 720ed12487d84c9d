import Access
import Bytes
import EventLoop
import HTTP
import Incidents
import JSON
import Store

/// How a service works, where it differs from the department.
@ClientLoop extension Exchange {
  /// `GET /v1/services/{service}/policy`, or an earlier one with `?version=`.
  func showServicePolicy(of name: String) async throws(Problem) -> Response {
    let version = try request.query["version"].map { text throws(Problem) in
      guard let version = UInt64(text), version <= UInt64(Int64.max) else {
        throw .malformed("version is a whole number from 1 on.")
      }
      return version
    }
    return try await point { desk throws(Problem) in
      let service = try desk.reader.service(name)
      let found =
        version.map { desk.reader.servicePolicy(service.id, version: $0) }
        ?? desk.reader.servicePolicy(service.id)
      if version != nil, found == nil { throw .notFound("version of the policy") }
      let policy = found ?? ServicePolicy(of: service.id)
      return Content.json(version: policy.version) { json in json.write(policy, desk.names) }
    }
  }

  /// `POST /v1/services/{service}/policy`: changes it, or with `?dryRun=true` says what would change, once
  /// the whole was found to be right.
  func changeServicePolicy(of name: String) async throws(Problem) -> Response {
    guard try !flag("dryRun") else { return try await rehearseServicePolicy(of: name) }
    let done = try await submit { _, clerk throws(Problem) in
      let service = try clerk.facts.service(name)
      return .changeServicePolicy(
        try self.read(clerk) { clerk, body throws(Problem) in
          try clerk.servicePolicy(of: service.id, &body)
        })
    }
    return done.response
  }

  private func rehearseServicePolicy(of name: String) async throws(Problem) -> Response {
    let expected = try expectedVersion()
    return try await list { [request] desk throws(Problem) in
      let service = try desk.reader.service(name)
      let clerk = Clerk(facts: desk.reader, now: desk.now, random: { (0, 0) })
      var body = BodyReader(request.body)
      let change = try clerk.servicePolicy(of: service.id, &body)
      try body.finish()
      try desk.rehearse(.changeServicePolicy(change), expecting: expected)
      let before = desk.reader.servicePolicy(service.id) ?? ServicePolicy(of: service.id)
      return .rehearsal(
        at: before.version, desk.differences(before, before.changed(by: change)))
    }
  }
}

extension Clerk {
  /// `POST /v1/services/{service}/policy`: what is left out stays as it is, `null` is as the department
  /// has it.
  func servicePolicy(
    of service: ID, _ body: inout BodyReader
  ) throws(Problem) -> ServicePolicyChange {
    var change = ServicePolicyChange(of: service)
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "calendar":
        change.calendar = try body.wish { body throws(Problem) in
          try body.text(atMost: Bound.key)
        }
      case "matrix":
        change.matrix = try body.wish { body throws(Problem) in try body.matrix() }
      case "targets" where try body.isNull(): change.clears.insert(.targets)
      case "cadence" where try body.isNull(): change.clears.insert(.cadence)
      case "countsFromDeclaration" where try body.isNull():
        change.clears.insert(.countsFromDeclaration)
      case "pagesNewAlerts" where try body.isNull(): change.clears.insert(.pagesNewAlerts)
      case "targets", "cadence", "cadencePreset", "countsFromDeclaration", "pagesNewAlerts":
        try take(member, &body, into: &change.terms)
      default: throw body.unknownMember(member)
      }
    }
    return change
  }
}

extension BodyReader {
  /// A member that may be there: `null` clears what it is about.
  mutating func wish<Value>(
    _ read: (inout BodyReader) throws(Problem) -> Value
  ) throws(Problem) -> Wish<Value> {
    try isNull() ? .clear : .set(try read(&self))
  }
}

extension JSONWriter {
  /// Writes what a service does otherwise than the department, as an object: `null` is as the department
  /// has it.
  mutating func write(_ policy: ServicePolicy, _ names: NameBook<some Facts>) {
    object { json in
      json.service("service", policy.service, names)
      json.member("calendar", policy.calendar)
      if let matrix = policy.matrix { json.matrix(matrix) } else { json.null("matrix") }
      json.own(policy.terms)
      json.member("version", Int(clamping: policy.version))
    }
  }
}
