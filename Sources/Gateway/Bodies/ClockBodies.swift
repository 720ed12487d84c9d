import Bytes
package import Incidents

/// Each reads the body of an address about clocks into what it asks for.
extension Clerk {
  /// `POST /v1/incidents/{incident}/waiting`.
  package func waiting(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var cause: Clocks.Wait.Cause?
    var waiting = Waiting(for: .supplier)
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "on": cause = try body.word(Clocks.Wait.Cause.self)
      case "lookAgain": waiting.lookAgain = try body.optionalDay()
      case "from": waiting.happenedAt = try body.optionalTime()
      case "until": waiting.until = try body.optionalTime()
      case "note": waiting.note = try body.optionalText(atMost: Bound.reason)
      default: throw body.unknownMember(member)
      }
    }
    waiting.cause = try body.require(cause, "on")
    return .wait(waiting)
  }

  /// `POST /v1/incidents/{incident}/waiting/end`.
  package func waitingEnd(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var happenedAt: Int64?
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "happenedAt": happenedAt = try body.optionalTime()
      default: throw body.unknownMember(member)
      }
    }
    return .endWait(happenedAt: happenedAt)
  }
}

extension BodyReader {
  /// A day as 2026-11-23, as days since 1970; or `null`.
  package mutating func optionalDay() throws(Problem) -> Int32? {
    guard let text = try optionalText(atMost: Bound.key) else { return nil }
    guard let day = CalendarDefinition.Holiday.day(text) else {
      throw .invalid("\"\(text)\" is no day, such as 2026-11-23.", member: pointer)
    }
    return day
  }
}
