import Bytes
import Incidents

/// Each reads the body of one of the addresses of duties and pages.
extension Clerk {
  /// `POST /v1/incidents/{incident}/assessment`.
  func assessment(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var (what, affected, next): (String?, String?, String?)
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "what": what = try body.text(atMost: Bound.reason)
      case "affected": affected = try body.text(atMost: Bound.reason)
      case "next": next = try body.text(atMost: Bound.reason)
      default: throw body.unknownMember(name)
      }
    }
    return .assess(
      Assessment(
        what: try body.require(what, "what"), affected: try body.require(affected, "affected"),
        next: try body.require(next, "next")))
  }

  /// `POST /v1/incidents/{incident}/review/arrangement`.
  func reviewPlan(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var at: Int64?
    var attendees: [ID] = []
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "at": at = try body.optionalTime()
      case "attendees": attendees = try people(&body)
      default: throw body.unknownMember(name)
      }
    }
    return .arrangeReview(ReviewPlan(at: try body.require(at, "at"), attendees: attendees))
  }

  /// `POST /v1/incidents/{incident}/review/completion`.
  func completion(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var action: UInt64?
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "action": action = try body.optionalPosition()
      default: throw body.unknownMember(name)
      }
    }
    return .completeAction(UInt32(clamping: try body.require(action, "action")))
  }

  /// `POST /v1/incidents/{incident}/escalation`.
  func escalation(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var reason: String?
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "reason": reason = try body.text(atMost: Bound.reason)
      default: throw body.unknownMember(name)
      }
    }
    return .escalate(reason: try body.require(reason, "reason"))
  }

  /// `POST /v1/incidents/{incident}/pages/answer`.
  func pageAnswer(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var answer: String?
    var minutes: UInt64?
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "answer": answer = try body.text(atMost: Bound.key)
      case "minutes": minutes = try body.optionalPosition()
      default: throw body.unknownMember(name)
      }
    }
    if minutes != nil, answer != "eta" {
      throw .invalid("minutes is only said with the answer eta.", member: "/minutes")
    }
    switch try body.require(answer, "answer") {
    case "on-it": return .answerPage(.onIt)
    case "cannot-help": return .answerPage(.cannotHelp)
    case "eta":
      let minutes = UInt32(clamping: try body.require(minutes, "minutes"))
      return .answerPage(.eta(minutes: minutes))
    default:
      throw .invalid("answer is one of on-it, cannot-help, eta.", member: "/answer")
    }
  }

  /// How long the chain waits, in seconds, among the settings.
  func escalationWaits(_ body: inout BodyReader) throws(Problem) -> EscalationWaits {
    var (p1, p2, again): (UInt64?, UInt64?, UInt64?)
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "p1Seconds": p1 = try body.optionalPosition()
      case "p2Seconds": p2 = try body.optionalPosition()
      case "againSeconds": again = try body.optionalPosition()
      default: throw body.unknownMember(name)
      }
    }
    return EscalationWaits(
      p1: UInt32(clamping: try body.require(p1, "p1Seconds")),
      p2: UInt32(clamping: try body.require(p2, "p2Seconds")),
      again: UInt32(clamping: try body.require(again, "againSeconds")))
  }
}
