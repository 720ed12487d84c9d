import Bytes
package import Incidents

extension Triage.Scope: Spelt {
  package var spelling: String { slug }
}
extension Triage.Function: Spelt {
  package var spelling: String { slug }
}
extension Triage.Seniority: Spelt {
  package var spelling: String { slug }
}
extension Triage.DataEffect: Spelt {
  package var spelling: String { slug }
}
extension Triage.Deadline: Spelt {
  package var spelling: String { slug }
}
extension Triage.Workaround: Spelt {
  package var spelling: String { slug }
}
extension Triage.Rate: Spelt {
  package var spelling: String { slug }
}
extension Anchor: Spelt {
  package var spelling: String { slug }
}

/// Each reads the body of one of the addresses by which a priority is found and things are proposed.
extension Clerk {
  /// `POST /v1/triage/suggestion`: whose matrix, the answers, and what would be chosen by them.
  func triage(
    _ body: inout BodyReader
  ) throws(Problem) -> (service: ID?, triage: Triage, choice: PriorityChoice?) {
    var choice = ChoiceFields()
    var service: ID?
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "service": service = try optionalService(&body)
      case _ where ChoiceFields.names.contains(name): try choice.read(name, &body)
      default: throw body.unknownMember(name)
      }
    }
    return (service, choice.triage, try choice.choice())
  }

  /// `POST /v1/incidents/{incident}/priority`.
  package func priority(_ body: inout BodyReader) throws(Problem) -> PriorityChange {
    var choice = ChoiceFields()
    var reason: String?
    var confirm = false
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case _ where ChoiceFields.names.contains(name): try choice.read(name, &body)
      case "reason": reason = try body.optionalText(atMost: Bound.reason)
      case "confirm": confirm = try body.optionalBool() ?? false
      default: throw body.unknownMember(name)
      }
    }
    let stated = try body.require(try choice.choice() ?? choice.triage.choice, "priority")
    return PriorityChange(choice: stated, confirm: confirm, reason: reason, triage: choice.triage)
  }

  /// `POST /v1/incidents/{incident}/proposals`.
  package func proposal(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var choice = ChoiceFields()
    var (action, reason): (String?, String?)
    var survivor: ID?
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "action": action = try body.text(atMost: Bound.key)
      case _ where ChoiceFields.names.contains(name): try choice.read(name, &body)
      case "of": survivor = try incident(&body)
      case "reason": reason = try body.optionalText(atMost: Bound.reason)
      default: throw body.unknownMember(name)
      }
    }
    let stated = try choice.choice() ?? choice.triage.choice
    let matter: Proposal.Matter
    switch try body.require(action, "action") {
    case "priority": matter = .priority(try body.require(stated, "priority"), choice.triage)
    case "cancel": matter = .cancel
    case "duplicate": matter = .duplicate(of: try body.require(survivor, "of"))
    default: throw .invalid("action is one of priority, cancel, duplicate.", member: "/action")
    }
    if stated != nil, action != "priority" {
      throw .invalid("A priority is only said with the action priority.", member: "/priority")
    }
    if survivor != nil, action != "duplicate" {
      throw .invalid("of is only said with the action duplicate.", member: "/of")
    }
    return .propose(Proposal(matter, reason: reason))
  }

  /// `POST /v1/incidents/{incident}/proposal-decisions`.
  package func proposalDecision(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
    var number: UInt32?
    var accepts: Bool?
    var reason: String?
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "proposal":
        guard let found = try body.optionalPosition() else { continue }
        guard let small = UInt32(exactly: found), small > 0 else {
          throw .invalid("Proposals are counted from 1.", member: "/proposal")
        }
        number = small
      case "accept": accepts = try body.optionalBool()
      case "reason": reason = try body.optionalText(atMost: Bound.reason)
      default: throw body.unknownMember(name)
      }
    }
    return .decideProposal(
      ProposalDecision(
        number: number, accepts: try body.require(accepts, "accept"), reason: reason))
  }

  /// `POST /v1/incidents/{incident}/flag-dismissals`.
  package func flagDismissal(_ body: inout BodyReader) throws(Problem) -> IncidentAction {
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
    return .dismissFlag(
      try body.require(flag, "flag"), reason: try body.require(reason, "reason"))
  }
}

extension BodyReader {
  /// A whole matrix: nine priorities by impact and urgency, in any order.
  mutating func matrix() throws(Problem) -> PriorityMatrix {
    var cells = [Priority?](repeating: nil, count: PriorityMatrix.size)
    try beginArray()
    while try element(atMost: PriorityMatrix.size) {
      var (impact, urgency, priority): (Level?, Level?, Priority?)
      try beginObject()
      while let name = try member() {
        switch name {
        case "impact": impact = try word(Level.self)
        case "urgency": urgency = try word(Level.self)
        case "priority": priority = try word(Priority.self)
        default: throw unknownMember(name)
        }
      }
      let place = PriorityMatrix.place(
        impact: try require(impact, "impact"), urgency: try require(urgency, "urgency"))
      cells[place] = try require(priority, "priority")
    }
    guard let matrix = PriorityMatrix(cells.compactMap { $0 }) else {
      throw .invalid(
        "A matrix names a priority from P1 to P5 for each of the nine pairs of impact and urgency, and "
          + "with more of either it is never less urgent.", member: "/matrix")
    }
    return matrix
  }
}

/// The members that state a priority: impact and urgency together, or a priority outright; and beside them
/// the answers of triage and a definition, which are enough by themselves.
struct ChoiceFields {
  /// What the members are called.
  static let names: [String] = ["impact", "urgency", "priority", "triage", "anchor"]

  /// What was answered.
  private(set) var triage = Triage()
  private var impact: Level?
  private var urgency: Level?
  private var priority: Priority?

  /// Nothing is stated yet.
  init() {}

  /// Reads the value of one of the members.
  mutating func read(_ name: String, _ body: inout BodyReader) throws(Problem) {
    guard try !body.isNull() else { return }
    switch name {
    case "impact": impact = try body.word(Level.self)
    case "urgency": urgency = try body.word(Level.self)
    case "anchor": triage.anchor = try body.word(Anchor.self)
    case "triage": try answers(&body)
    default: priority = try body.word(Priority.self)
    }
  }

  private mutating func answers(_ body: inout BodyReader) throws(Problem) {
    try body.beginObject()
    while let name = try body.member() {
      guard let factor = Triage.Factor.allCases.first(where: { $0.slug == name }) else {
        throw body.unknownMember(name)
      }
      guard try !body.isNull() else { continue }
      switch factor {
      case .scope: triage.scope = try body.word(Triage.Scope.self)
      case .function: triage.function = try body.word(Triage.Function.self)
      case .seniority: triage.seniority = try body.word(Triage.Seniority.self)
      case .data: triage.data = try body.word(Triage.DataEffect.self)
      case .deadline: triage.deadline = try body.word(Triage.Deadline.self)
      case .workaround: triage.workaround = try body.word(Triage.Workaround.self)
      case .rate: triage.rate = try body.word(Triage.Rate.self)
      }
    }
  }

  /// What was stated, `nil` for nothing.
  func choice() throws(Problem) -> PriorityChoice? {
    switch (impact, urgency, priority) {
    case (nil, nil, nil): return nil
    case (let impact?, let urgency?, nil): return .matrix(impact: impact, urgency: urgency)
    case (nil, nil, let priority?): return .level(priority)
    case (_?, nil, nil):
      throw .invalid("impact says nothing without urgency.", member: "/urgency")
    case (nil, _?, nil):
      throw .invalid("urgency says nothing without impact.", member: "/impact")
    case (_, _, _?):
      throw .invalid("Give either impact and urgency or a priority, not both.", member: "/priority")
    }
  }
}
