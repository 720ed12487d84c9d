import Bytes
import Incidents

/// The same numbers for the same seed, for ever.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension Office {
  /// Something that somebody might ask for, sensible or not.
  static func chance(_ random: inout SplitMix, at clock: Int64) -> (Action, Who) {
    let who = Who.allCases.randomElement(using: &random)!
    let id = incident(UInt64.random(in: 1...3, using: &random))
    let someone = Who.allCases.randomElement(using: &random)!.id
    let text = ["", "x", "Because", "é\u{1}\n"].randomElement(using: &random)!
    let earlier = [nil, clock - Span.hour, clock + Span.day].randomElement(using: &random)!
    let choice = PriorityChoice.level(Priority.allCases.randomElement(using: &random)!)
    let flag = Flag.allCases.randomElement(using: &random)!
    let role = Role.allCases.randomElement(using: &random)!
    let step: RoleChange.Step = [.give(to: someone), .accept, .decline, .take, .leave]
      .randomElement(using: &random)!
    let act: IncidentAction =
      switch Int.random(in: 0..<23, using: &random) {
      case 0: .acknowledge(happenedAt: earlier)
      case 1, 2: .setPriority(PriorityChange(choice: choice, confirm: Bool.random(using: &random)))
      case 3, 4, 5: .changeRole(RoleChange(role: role, step: step))
      case 6:
        .note(
          Note(
            kind: Note.Kind.allCases.randomElement(using: &random)!, text: text,
            happenedAt: earlier, corrects: [nil, 1].randomElement(using: &random)!))
      case 7:
        .update(
          CommunicationUpdate(
            audience: CommunicationUpdate.Audience.allCases.randomElement(using: &random)!,
            text: text, nextUpdateAt: earlier))
      case 8:
        .move(StatusChange(to: StatusChange.Target.allCases.randomElement(using: &random)!))
      case 9: .handOver(HandOver(to: Line.allCases.randomElement(using: &random)!, reason: text))
      case 10: .proposeRestored(text: text)
      case 11, 12:
        .resolve(
          Resolution(
            fix: text, happenedAt: earlier, takesLead: Bool.random(using: &random),
            leadAgreedByPhone: [nil, "Ana"].randomElement(using: &random)!))
      case 13: .agreeResolution
      case 14, 15: reviewed
      case 16: .close(overrideReason: [nil, text].randomElement(using: &random)!)
      case 17: .reopen(reason: text)
      case 18: .cancel(reason: text)
      case 19: .duplicate(of: incident(UInt64.random(in: 1...3, using: &random)), reason: nil)
      case 20: .setFlag(FlagRaising(flag: flag, awareAt: earlier))
      case 21: .clearFlag(flag, reason: text)
      default: .recordFlagReport(FlagReport(flag: flag, reportedAt: clock, by: "Ana"))
      }
    switch Int.random(in: 0..<12, using: &random) {
    case 0:
      let service = [nil, payments, signIn, ID(high: 9, low: 9)].randomElement(using: &random)!
      return (
        .declare(
          Declaration(
            id: id, title: "x", service: service, choice: choice, happenedAt: earlier,
            isExercise: Int.random(in: 0..<6, using: &random) == 0)),
        who
      )
    case 1:
      let members = (0..<Int.random(in: 0...3, using: &random)).map { _ in
        AlertMember(
          fingerprint: ["a", "b", "c"].randomElement(using: &random)!,
          status: AlertMember.Status.allCases.randomElement(using: &random)!,
          startsAt: clock - Int64.random(in: 0...Span.hour, using: &random), name: "x",
          severity: ["critical", "info", ""].randomElement(using: &random)!)
      }
      return (
        .alert(
          AlertNotification(
            incident: id, group: ID(high: 60, low: 1), source: "alertmanager", receiver: "x",
            groupKey: "g", service: ["payments", "parking"].randomElement(using: &random)!,
            members: members, truncated: [0, 0, 2].randomElement(using: &random)!)),
        who
      )
    case 2:
      // What only the cluster asks for.
      return (.closeCleared([ClearedIncident(incident: id, clearedAt: clock)]), who)
    default: return (.incident(id, act), who)
    }
  }
}

extension Office {
  /// Asks as the cluster does once a second: some of what it names does not fit.
  mutating func closeCleared() throws(Refusal) {
    let cleared = (1...3 as ClosedRange<UInt64>).map { number in
      let id = Office.incident(number)
      return ClearedIncident(
        incident: id, clearedAt: department.incident(id)?.alertsClearedAt ?? clock)
    }
    try run(.closeCleared(cleared), as: .system)
  }
}
