import Bytes
package import Incidents

/// Each reads the body of one of the addresses by which an incident comes to its end.
extension Clerk {
  /// `POST /v1/incidents/{incident}/restoration`.
  package func restoration(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var text: String?
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "text": text = try body.optionalText(atMost: Bound.text)
      default: throw body.unknownMember(name)
      }
    }
    return .proposeRestored(text: text)
  }

  /// `POST /v1/incidents/{incident}/resolution`.
  package func resolution(_ body: inout BodyReader) throws(Problem) -> ResolutionWish {
    var (resolution, resolvesChildren) = (Resolution(fix: ""), false)
    var fix: String?
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "fix": fix = try body.text(atMost: Bound.text)
      case "cause": resolution.cause = try body.optionalText(atMost: Bound.text)
      case "happenedAt": resolution.happenedAt = try body.optionalTime()
      case "takeLead": resolution.takesLead = try body.optionalBool() ?? false
      case "leadAgreedByPhone":
        resolution.leadAgreedByPhone = try body.optionalText(atMost: Bound.name)
      case "ticketUpdatedAt": resolution.ticketUpdatedAt = try body.optionalTime()
      case "resolveChildren": resolvesChildren = try body.optionalBool() ?? false
      default: throw body.unknownMember(name)
      }
    }
    resolution.fix = try body.require(fix, "fix")
    return ResolutionWish(resolution: resolution, resolvesChildren: resolvesChildren)
  }

  /// `POST /v1/incidents/{incident}/agreement`.
  package func agreement(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    try body.beginObject()
    if let name = try body.member() { throw body.unknownMember(name) }
    return .agreeResolution
  }

  /// `POST /v1/incidents/{incident}/review`.
  package func review(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var review = Review(
      summary: "", impact: "", cause: .notEstablished(because: ""), actions: .some([]))
    var (summary, impact): (String?, String?)
    var (cause, notEstablished): (String?, String?)
    var (actions, noActions): ([ReviewAction]?, String?)
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "summary": summary = try body.text(atMost: Bound.text)
      case "impact": impact = try body.text(atMost: Bound.text)
      case "beganAt": review.beganAt = try body.optionalTime()
      case "detectedAt": review.detectedAt = try body.optionalTime()
      case "mitigatedAt": review.mitigatedAt = try body.optionalTime()
      case "cause": cause = try body.optionalText(atMost: Bound.text)
      case "causeNotEstablishedBecause": notEstablished = try body.optionalText(atMost: Bound.text)
      case "contributingFactors": review.contributingFactors = try body.texts(atMost: Bound.text)
      case "wentWell": review.wentWell = try body.texts(atMost: Bound.text)
      case "wentBadly": review.wentBadly = try body.texts(atMost: Bound.text)
      case "actions": actions = try reviewActions(&body)
      case "noActionsBecause": noActions = try body.optionalText(atMost: Bound.text)
      case "attendees": review.attendees = try people(&body)
      default: throw body.unknownMember(name)
      }
    }
    review.summary = try body.require(summary, "summary")
    review.impact = try body.require(impact, "impact")
    switch (cause, notEstablished) {
    case (let cause?, nil): review.cause = .established(cause)
    case (nil, let reason?): review.cause = .notEstablished(because: reason)
    default:
      throw .invalid(
        "Give the cause, or say in causeNotEstablishedBecause why it is not known.",
        member: "/cause")
    }
    switch (actions, noActions) {
    case (let actions?, nil) where !actions.isEmpty: review.actions = .some(actions)
    case (nil, let reason?), (.some([]), let reason?): review.actions = .none(because: reason)
    default:
      throw .invalid(
        "Give at least one action, or say in noActionsBecause why there is none.",
        member: "/actions")
    }
    return .review(review)
  }

  private func reviewActions(_ body: inout BodyReader) throws(Problem) -> [ReviewAction]? {
    guard try !body.isNull() else { return nil }
    var actions: [ReviewAction] = []
    try body.beginArray()
    while try body.element(atMost: Bound.list) {
      var (what, owner, due): (String?, ID?, Int64?)
      try body.beginObject()
      while let name = try body.member() {
        switch name {
        case "what": what = try body.text(atMost: Bound.reason)
        case "owner": owner = try optionalPerson(&body)
        case "due": due = try body.optionalTime()
        default: throw body.unknownMember(name)
        }
      }
      actions.append(
        ReviewAction(
          what: try body.require(what, "what"), owner: try body.require(owner, "owner"),
          due: try body.require(due, "due")))
    }
    return actions
  }

  /// `POST /v1/incidents/{incident}/closure`.
  package func closure(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var reason: String?
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "override":
        guard try !body.isNull() else { continue }
        // One that is missing is asked for afterwards.
        reason = try overrideReason(&body)
      default: throw body.unknownMember(name)
      }
    }
    return .close(overrideReason: reason)
  }

  /// `POST /v1/incidents/{incident}/reopening`.
  package func reopening(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    .reopen(reason: try requiredText("reason", atMost: Bound.reason, &body))
  }

  /// `POST /v1/incidents/{incident}/cancellation`.
  package func cancellation(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    .cancel(reason: try requiredText("reason", atMost: Bound.reason, &body))
  }

  /// `POST /v1/incidents/{incident}/duplication`.
  package func duplication(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var of: ID?
    var reason: String?
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "of": of = try incident(&body)
      case "reason": reason = try body.optionalText(atMost: Bound.reason)
      default: throw body.unknownMember(name)
      }
    }
    return .duplicate(of: try body.require(of, "of"), reason: reason)
  }

  /// `POST /v1/incidents/{incident}/flags`.
  package func flag(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var flag: Flag?
    var awareAt: Int64?
    var note: String?
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "flag": flag = try body.word(Flag.self)
      case "awareAt": awareAt = try body.optionalTime()
      case "note": note = try body.optionalText(atMost: Bound.reason)
      default: throw body.unknownMember(name)
      }
    }
    return .setFlag(
      FlagRaising(flag: try body.require(flag, "flag"), awareAt: awareAt, note: note))
  }

  /// `POST /v1/incidents/{incident}/flag-clearances`.
  package func flagClearance(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var flag: Flag?
    var reason: String?
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "flag": flag = try body.word(Flag.self)
      case "reason": reason = try body.text(atMost: Bound.reason)
      default: throw body.unknownMember(name)
      }
    }
    return .clearFlag(
      try body.require(flag, "flag"), reason: try body.require(reason, "reason"))
  }

  /// `POST /v1/incidents/{incident}/flag-reports`.
  package func flagReport(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var (flag, at): (Flag?, Int64?)
    var (by, reference): (String?, String?)
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "flag": flag = try body.word(Flag.self)
      case "reportedAt": at = try body.optionalTime()
      case "by": by = try body.text(atMost: Bound.name)
      case "reference": reference = try body.optionalText(atMost: Bound.reference)
      default: throw body.unknownMember(name)
      }
    }
    return .recordFlagReport(
      FlagReport(
        flag: try body.require(flag, "flag"), reportedAt: at ?? now,
        by: try body.require(by, "by"), reference: reference))
  }

  /// `POST /v1/incidents/{incident}/ticket`.
  package func ticket(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var reference: String?
    var updatedAt: Int64?
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "reference": reference = try body.text(atMost: Bound.reference)
      case "updatedAt": updatedAt = try body.optionalTime()
      default: throw body.unknownMember(name)
      }
    }
    return .recordTicket(
      reference: try body.require(reference, "reference"), updatedAt: updatedAt)
  }

  /// An object with one member, which is text.
  private func overrideReason(_ body: inout BodyReader) throws(Problem) -> String {
    var reason: String?
    try body.beginObject()
    while let name = try body.member() {
      guard name == "reason" else { throw body.unknownMember(name) }
      reason = try body.optionalText(atMost: Bound.reason)
    }
    return reason ?? ""
  }

  private func requiredText(
    _ member: String, atMost bound: Int, _ body: inout BodyReader
  ) throws(Problem) -> String {
    var text: String?
    try body.beginObject()
    while let name = try body.member() {
      guard name == member else { throw body.unknownMember(name) }
      text = try body.text(atMost: bound)
    }
    return try body.require(text, member)
  }
}
