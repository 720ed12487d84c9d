import Bytes
import Incidents

/// What is asked of several incidents at once.
struct BulkWish: Sendable {
  /// Incidents that one request may name. Each is a command of its own, and all of them fit into the time
  /// of one answer: see ``Deadline/answer``.
  static let most = 100

  /// In the order of the request, at least one.
  let names: [Name]
  /// What is asked of each.
  let action: IncidentAction
  /// The last part of the address where it is asked of one incident.
  let step: String
  /// Whether a P1 or P2 is passed over.
  let sparesHigh: Bool

  /// An incident as the request named it.
  struct Name: Sendable {
    let text: String
    let incident: IncidentName
  }
}

/// Bodies about several incidents.
extension Clerk {
  /// `POST /v1/acknowledgements`.
  func acknowledgements(_ body: inout BodyReader) throws(Problem) -> BulkWish {
    var names: [BulkWish.Name]?
    var happenedAt: Int64?
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "incidents": names = try incidents(&body)
      case "happenedAt": happenedAt = try body.optionalTime()
      default: throw body.unknownMember(member)
      }
    }
    return BulkWish(
      names: try someOf(names, body), action: .acknowledge(happenedAt: happenedAt),
      step: "acknowledgement", sparesHigh: true)
  }

  /// `POST /v1/assignments`: to a person, who is offered a role, or to a line of support.
  func assignments(_ body: inout BodyReader) throws(Problem) -> BulkWish {
    var names: [BulkWish.Name]?
    var (person, role): (ID?, Role?)
    var (line, reason): (Line?, String?)
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "incidents": names = try incidents(&body)
      case "person": person = try optionalPerson(&body)
      case "role": role = try body.isNull() ? nil : body.word(Role.self)
      case "line": line = try body.isNull() ? nil : body.word(Line.self)
      case "reason": reason = try body.optionalText(atMost: Bound.reason)
      default: throw body.unknownMember(member)
      }
    }
    let incidents = try someOf(names, body)
    let (action, step): (IncidentAction, String)
    switch (person, line) {
    case (let person?, nil):
      guard reason == nil else {
        throw .invalid("reason is only said with a line.", member: "/reason")
      }
      let change = RoleChange(role: role ?? .lead, step: .give(to: person))
      (action, step) = (.changeRole(change), "roles")
    case (nil, let line?):
      guard role == nil else {
        throw .invalid("role is only said with a person.", member: "/role")
      }
      (action, step) = (.handOver(HandOver(to: line, reason: reason)), "hand-over")
    case (nil, nil), (_?, _?):
      throw .invalid("Give either a person, with their role, or a line.", member: "/person")
    }
    return BulkWish(names: incidents, action: action, step: step, sparesHigh: false)
  }

  private func incidents(_ body: inout BodyReader) throws(Problem) -> [BulkWish.Name] {
    var names: [BulkWish.Name] = []
    try body.beginArray()
    while try body.element(atMost: BulkWish.most) {
      let text = try body.text(atMost: Bound.key)
      guard let name = IncidentName(pathSegment: text) else {
        throw .invalid(
          "\"\(text)\" names no incident: give its reference, such as INC-7K3QX-9M2TD, or its id.",
          member: body.pointer)
      }
      guard !names.contains(where: { $0.incident == name }) else {
        throw .invalid("\"\(text)\" is named twice.", member: body.pointer)
      }
      names.append(BulkWish.Name(text: text, incident: name))
    }
    return names
  }

  private func someOf(
    _ names: [BulkWish.Name]?, _ body: BodyReader
  ) throws(Problem) -> [BulkWish.Name] {
    let names = try body.require(names, "incidents")
    guard !names.isEmpty else { throw .invalid("No incident is named.", member: "/incidents") }
    return names
  }
}
