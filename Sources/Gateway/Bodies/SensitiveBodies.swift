import Bytes
package import Incidents

/// Each reads the body of one of the addresses that are about a flagged incident.
extension Clerk {
  /// `POST /v1/incidents/{incident}/notification`.
  package func notification(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var (isNotified, reason): (Bool?, String?)
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "notify": isNotified = try body.optionalBool()
      case "reason": reason = try body.text(atMost: Bound.reason)
      default: throw body.unknownMember(name)
      }
    }
    return .decideNotification(
      NotificationChoice(
        isNotified: try body.require(isNotified, "notify"),
        reason: try body.require(reason, "reason")))
  }

  /// `POST /v1/incidents/{incident}/sight`: `widen` with its reason, `narrow`, or `add` or `remove` with
  /// a person.
  package func sight(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var (action, reason): (String?, String?)
    var person: ID?
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "action": action = try body.text(atMost: Bound.key)
      case "reason": reason = try body.optionalText(atMost: Bound.reason)
      case "person": person = try optionalPerson(&body)
      default: throw body.unknownMember(name)
      }
    }
    switch try body.require(action, "action") {
    case "widen": return .changeSight(.widen(reason: try body.require(reason, "reason")))
    case "narrow": return .changeSight(.narrow)
    case "add": return .changeSight(.add(try body.require(person, "person")))
    case "remove": return .changeSight(.prune(try body.require(person, "person")))
    default: throw .invalid("action is one of widen, narrow, add, remove.", member: "/action")
    }
  }

  /// `POST /v1/incidents/{incident}/faces`.
  package func face(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var text = NoticeText(title: "", body: "")
    var (title, words): (String?, String?)
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "title": title = try body.text(atMost: Bound.title)
      case "body": words = try body.text(atMost: Bound.notice)
      case "language": text.language = try body.text(atMost: Bound.language)
      default: throw body.unknownMember(name)
      }
    }
    text.title = try body.require(title, "title")
    text.body = try body.require(words, "body")
    return .moveFace(.draft(text))
  }
}
