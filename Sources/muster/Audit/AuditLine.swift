import Bytes
import Crypto
import Incidents
package import JSON
import Raft
package import Store

/// The lines of an exported record: what it is, one line for each row, and where it ended.
package enum AuditLine {
  /// The format that this code writes and reads.
  package static let format = 1

  /// The first line.
  package static func heading(cluster: String) -> [UInt8] {
    line { json in
      json.member("muster", "audit")
      json.member("format", format)
      json.member("cluster", cluster)
    }
  }

  /// The last line: the end of the ledger as the node knew it.
  package static func end(position: Int, hash: String) -> [UInt8] {
    line { json in
      json.name("end" as StaticString)
      json.beginObject()
      json.member("position", position)
      json.member("hash", hash)
      json.endObject()
    }
  }

  private static func line(_ members: (inout JSONWriter) -> Void) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    members(&json)
    json.endObject()
    return json.bytes
  }

  /// The row that a line holds, or `nil` for a line that holds none or not all of it.
  package static func row(_ value: JSONValue) -> AuditRow? {
    guard let position = value["position"]?.integer, position > 0,
      let hash = bytes(value["hash"])
    else { return nil }
    let place = UInt64(position)
    if value["sealed"]?.isTrue == true {
      return AuditRow(position: place, hash: hash, content: nil)
    }
    guard let content = content(value) else { return nil }
    return AuditRow(position: place, hash: hash, content: content)
  }

  private static func content(_ value: JSONValue) -> AuditRow.Content? {
    guard let index = value["index"]?.integer.flatMap(UInt64.init(exactly:)),
      let kind = value["kind"]?.integer.flatMap(UInt16.init(exactly:)),
      let subject = subject(value), let stamp = value["stamp"]?.integer,
      value["at"]?.text == Timestamp.format(Int64(stamp)),
      let visibility = value["visibility"]?.integer.flatMap(UInt8.init(exactly:)),
      let policyVersion = value["policyVersion"]?.integer.flatMap(UInt32.init(exactly:)),
      let commitment = bytes(value["commitment"])
    else { return nil }
    var said: AuditRow.Said?
    if value["purged"]?.isTrue != true {
      guard let salt = bytes(value["salt"]),
        let body = value["body"]?.text.flatMap({ Base64URL.decode($0) })
      else { return nil }
      said = AuditRow.Said(salt: salt, body: body)
    }
    return AuditRow.Content(
      index: LogIndex(rawValue: index), kind: kind, subject: subject, actor: actor(value),
      onBehalfOf: id(value["onBehalfOf"]), stamp: Int64(stamp),
      happenedAt: value["happenedAt"]?.integer.map(Int64.init), visibility: visibility,
      exercise: value["exercise"]?.isTrue == true, policyVersion: policyVersion,
      commitment: commitment, said: said)
  }

  private static func subject(_ value: JSONValue) -> Subject? {
    guard let id = id(value["subject"]),
      let kind = value["subjectKind"]?.integer.flatMap(UInt8.init(exactly:))
        .flatMap(Subject.Kind.init(rawValue:))
    else { return nil }
    return Subject(kind: kind, id: id)
  }

  private static func actor(_ value: JSONValue) -> Actor {
    guard let person = id(value["person"]), let credential = id(value["credential"]) else {
      return .system
    }
    return .credential(id: credential, person: person)
  }

  private static func id(_ value: JSONValue?) -> ID? { value?.text.flatMap { ID($0) } }

  private static func bytes(_ value: JSONValue?) -> [UInt8]? {
    value?.text.flatMap { Hex.decode($0) }
  }
}
