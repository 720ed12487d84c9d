import Bytes
import Incidents

/// What happens to the incidents, one kind of command after the other.
enum Life {
  /// So many times one kind of command.
  struct Step {
    let label: String
    let count: Int
    /// Milliseconds that go by before it.
    var pause: Int64 = Span.minute
    var actor = Life.actor
    let action: (Int) -> Action
  }

  /// 23 November 2026, 09:00 UTC.
  static let morning: Int64 = 1_795_424_400_000
  static let person = ID(high: 2, low: 1)
  static let credential = ID(high: 2, low: 2)
  static let team = ID(high: 2, low: 3)
  static let product = ID(high: 2, low: 4)
  static let service = ID(high: 2, low: 5)
  static let actor = Actor.credential(id: credential, person: person)

  static let founding = Action.found(
    Founding(
      person: person, name: "Ana Admin", email: "ana@example.org", credential: credential,
      tokenHash: [UInt8](repeating: 1, count: Bound.hash), team: team))

  /// What there is beside the founder and their team.
  static let department: [Action] = [
    .addTeam(NewTeam(id: product, name: "Product", line: .third)),
    .addService(
      NewService(
        id: service, key: "payments", name: "Card payments", secondLine: team,
        thirdLine: product)),
    .assignOnCall(
      OnCallAssignment(
        id: ID(high: 2, low: 6), service: service, person: person, role: .lead, from: morning,
        until: morning + 300 * Span.day)),
  ]

  /// The steps for so many incidents.
  static func steps(of count: Int) -> [Step] {
    high(count) + low(count) + alerts(count)
  }

  private static func id(_ number: Int, of kind: UInt64) -> ID {
    let mixed = (UInt64(number) &+ kind << 40) &* 0x9E37_79B9_7F4A_7C15
    return ID(version7At: morning + Int64(number), random: (mixed, mixed &* 31))
  }

  private static func declaration(_ number: Int, _ kind: UInt64, _ priority: Priority) -> Action {
    .declare(
      Declaration(
        id: id(number, of: kind), title: "Card payments time out, case \(number)",
        description: String(repeating: "Requests of this pool are held and time out. ", count: 9),
        service: service, choice: .level(priority), reference: "case-\(kind)-\(number)"))
  }

  private static func step(
    _ label: String, _ count: Int, of kind: UInt64, pause: Int64 = Span.minute,
    _ action: @escaping (Int) -> IncidentAction
  ) -> Step {
    Step(label: label, count: count, pause: pause) { .incident(id($0, of: kind), action($0)) }
  }

  /// P1s, from declaration to their closed review.
  private static func high(_ count: Int) -> [Step] {
    let flag = FlagReport(flag: .cyber, reportedAt: morning, by: "Ana Admin", reference: "C-1")
    let review = Review(
      summary: "A pool ran out.", impact: "Payments failed for an hour.",
      cause: .established("A limit."),
      actions: .some([ReviewAction(what: "Raise it", owner: person, due: morning + 90 * Span.day)])
    )
    return [
      Step(label: "declare P1", count: count) { declaration($0, 1, .p1) },
      step("acknowledge", count, of: 1) { _ in .acknowledge(happenedAt: nil) },
      step("setPriority", count, of: 1) { _ in
        .setPriority(PriorityChange(choice: .matrix(impact: .high, urgency: .high), confirm: true))
      },
      step("changeRole", count, of: 1) { _ in
        .changeRole(RoleChange(role: .commsLead, step: .take))
      },
      step("note", count, of: 1) { number in
        .note(Note(kind: .finding, text: "Pool \(number) holds every request that it was given."))
      },
      step("update", count, of: 1) { _ in
        .update(CommunicationUpdate(audience: .stakeholders, text: "We know of it and look."))
      },
      step("setFlag", count, of: 1) { _ in .setFlag(FlagRaising(flag: .cyber)) },
      step("recordFlagReport", count, of: 1) { _ in .recordFlagReport(flag) },
      step("clearFlag", count, of: 1) { _ in .clearFlag(.cyber, reason: "It was not one.") },
      step("recordTicket", count, of: 1) { .recordTicket(reference: "OSS-\($0)", updatedAt: nil) },
      step("move to mitigated", count, of: 1) { _ in .move(StatusChange(to: .mitigated)) },
      step("proposeRestored", count, of: 1) { _ in .proposeRestored(text: "It works.") },
      step("resolve", count, of: 1) { _ in
        .resolve(Resolution(fix: "The pool was made larger.", cause: "A limit."))
      },
      step("reopen", count, of: 1) { _ in .reopen(reason: "It is back.") },
      step("resolve again", count, of: 1) { _ in .resolve(Resolution(fix: "Larger still.")) },
      step("review", count, of: 1) { _ in .review(review) },
      step("close", count, of: 1) { _ in .close(overrideReason: nil) },
    ]
  }

  /// P3s that go to the backlog, and some that were none.
  private static func low(_ count: Int) -> [Step] {
    [
      Step(label: "declare P3", count: count) { declaration($0, 2, .p3) },
      step("handOver", count, of: 2) { _ in .handOver(HandOver(to: .third, reason: "Code.")) },
      step("move to backlog", count, of: 2) { _ in .move(StatusChange(to: .backlog)) },
      step("cancel", count / 2, of: 2) { _ in .cancel(reason: "not an incident") },
      Step(label: "duplicate", count: count / 4) { number in
        .incident(
          id(count / 2 + 2 * number, of: 2),
          .duplicate(of: id(count / 2 + 2 * number + 1, of: 2), reason: "the same"))
      },
    ]
  }

  /// Groups of alerts, each of which opens an incident, is repeated and clears.
  private static func alerts(_ count: Int) -> [Step] {
    func alert(_ number: Int, _ status: AlertMember.Status, at begin: Int64) -> Action {
      .alert(
        AlertNotification(
          incident: id(number, of: 3), group: id(number, of: 4), source: "alertmanager",
          receiver: "muster", groupKey: "group \(number)", service: nil,
          members: [
            AlertMember(
              fingerprint: "a", status: status, startsAt: begin, name: "Down",
              severity: "critical", summary: "Nothing answers.")
          ]))
    }
    return [
      Step(label: "alert that declares", count: count, pause: 7 * Span.day) {
        alert($0, .firing, at: morning)
      },
      Step(label: "alert repeated", count: count) { alert($0, .firing, at: morning) },
      Step(label: "alert resolved", count: count) { alert($0, .resolved, at: morning) },
    ]
  }
}
