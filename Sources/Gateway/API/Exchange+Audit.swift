import Access
import Bytes
import Crypto
import EventLoop
import HTTP
import Incidents
package import JSON
import Raft
package import Store

/// The record of everything that was done, for somebody to prove it elsewhere.
@ClientLoop extension Exchange {
  /// `GET /v1/audit?after=POSITION`: rows of the ledger, for auditors and administrators.
  ///
  /// A row of an incident that the asker may not know of is sealed: its hash is there, so that the
  /// chain can be followed, and nothing else.
  func showAudit() async throws(Problem) -> Response {
    let window = try Window(request.query)
    var after: UInt64 = 0
    if let text = request.query["after"] {
      guard let position = UInt64(text) else {
        throw .malformed("after is the position of the last row that you have.")
      }
      after = position
    }
    let start = after
    return try await list { desk throws(Problem) in
      guard desk.principal.person.mayAudit else { throw .auditMissing }
      let (cluster, rows, shown, head) = try desk.reader.ask { reader throws(StoreError) in
        var rows: [AuditRow] = []
        var shown: [Incident] = []
        for row in try reader.audit(after: start, limit: window.limit) {
          guard try desk.sight.sees(row) else {
            rows.append(row.sealed)
            continue
          }
          rows.append(row)
          if let incident = desk.sight.incident(of: row),
            !shown.contains(where: { $0.id == incident.id })
          {
            shown.append(incident)
          }
        }
        return (try reader.cluster(), rows, shown, try reader.stateHead())
      }
      return Content.json(restricted: desk.restricted(shown)) { json in
        json.object { json in
          json.member("cluster", cluster.description)
          json.array("items") { json in
            for row in rows { json.write(row) }
          }
          let last = rows.last?.position ?? start
          json.member("next", last < head.ledgerPosition ? "\(last)" : nil)
          json.object("end") { json in
            json.member("position", Int(clamping: head.ledgerPosition))
            json.member("hash", Hex.encode(head.ledgerHash))
          }
        }
      }
    }
  }
}

extension Person {
  /// Auditors read the record, and what administrators change; so do administrators (policy section 9).
  var mayAudit: Bool { isAuditor || isAdministrator }
}

extension Problem {
  fileprivate static let auditMissing = Problem(
    Refusal(
      .rightMissing, title: "You do not have the right to do this",
      detail: "You may not read the record. This is for auditors and administrators.",
      missing: ["auditor", "administrator"]))
}

extension Sight {
  /// The restricted incident that a row is about. That somebody was shown it is no part of it.
  func incident(of row: AuditRow) -> Incident? {
    guard let content = row.content, content.subject.kind == .incident,
      !Fact.kindsOfAccess.contains(content.kind),
      let incident = reader.incident(content.subject.id), incident.isRestricted
    else { return nil }
    return incident
  }

  /// Whether the person may know of a row: not of one about a restricted incident that they may not
  /// see, nor of one that says so of itself and is about something else.
  func sees(_ row: AuditRow) throws(StoreError) -> Bool {
    guard let content = row.content else { return true }
    guard try seesAllNamed(in: content) else { return false }
    guard content.subject.kind == .incident else { return content.visibility == 0 }
    guard let incident = reader.incident(content.subject.id) else {
      // Of one that was purged, only ids and times are left, and that it was.
      return content.said == nil || content.kind == Fact.purgedKind
    }
    return try sees(incident)
  }
}

extension Sight {
  /// Whether the person may know of every incident that a row names beside its own: its bytes say which.
  private func seesAllNamed(in content: AuditRow.Content) throws(StoreError) -> Bool {
    guard !Fact.kindsOfAccess.contains(content.kind) else { return true }
    for named in try content.namedIncidents() {
      guard let incident = reader.incident(named) else { continue }
      guard try sees(incident) else { return false }
    }
    return true
  }
}

extension JSONWriter {
  /// Writes a row with everything that its hash is made of, always in the same bytes.
  package mutating func write(_ row: AuditRow) {
    object { json in
      json.member("position", Int(clamping: row.position))
      json.member("hash", Hex.encode(row.hash))
      guard let content = row.content else { return json.member("sealed", true) }
      json.time("at", content.stamp)
      json.member("index", Int(clamping: content.index.rawValue))
      json.member("kind", Int(content.kind))
      json.member("subjectKind", Int(content.subject.kind.rawValue))
      json.member("subject", content.subject.id.description)
      if case .credential(let credential, let person) = content.actor {
        json.member("person", person.description)
        json.member("credential", credential.description)
      }
      if let other = content.onBehalfOf { json.member("onBehalfOf", other.description) }
      json.member("stamp", Int(content.stamp))
      if let time = content.happenedAt { json.member("happenedAt", Int(time)) }
      json.member("visibility", Int(content.visibility))
      json.member("exercise", content.exercise)
      json.member("policyVersion", Int(content.policyVersion))
      json.member("commitment", Hex.encode(content.commitment))
      guard let said = content.said else { return json.member("purged", true) }
      json.member("salt", Hex.encode(said.salt))
      json.member("body", Base64URL.encode(said.body))
    }
  }
}
