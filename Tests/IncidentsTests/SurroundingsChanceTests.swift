import Bytes
import Incidents
import Testing

extension Office {
  /// Something about what is around an incident that somebody might ask for, sensible or not.
  static func surroundingsByChance(
    _ random: inout SplitMix, at clock: Int64
  ) -> (Action, Who) {
    let who: Who = [.delivery, .teamLead, .onCall, .engineer, .outsider]
      .randomElement(using: &random)!
    let ids = (1...3 as ClosedRange<UInt64>).map(incident)
    let id = ids.randomElement(using: &random)!
    let other: ID? = (ids + [nil]).randomElement(using: &random)!
    let text = ["", "x", "Because"].randomElement(using: &random)!
    let service = [payments, signIn, ID(high: 9, low: 9)].randomElement(using: &random)!
    let state: AffectedService.State? = [.down, .degraded, .restored, nil]
      .randomElement(using: &random)!
    if Int.random(in: 0..<15, using: &random) == 0 {
      return (.changeServicePolicy(policyByChance(&random, of: service)), .admin)
    }
    let act: IncidentAction =
      switch Int.random(in: 0..<14, using: &random) {
      case 0: .answer(Answer(text: text, isLogged: Bool.random(using: &random)))
      case 1: .giveReason(text)
      case 2, 3: .affect(AffectedChange(service: service, state: state))
      case 4: .setService(LeadServiceChange(service: service, reason: text))
      case 5, 6, 7: .relate(.childOf(other))
      case 8: .relate(.recurrenceOf(other))
      case 9: .relate(.causedBy(ChangeLink(reference: text, text: text)))
      case 10:
        .engage(
          .supplier(
            EngagedSupplier(
              name: text, nextUpdateAt: [nil, clock + Span.hour].randomElement(using: &random)!)))
      case 11, 13: .engage(.specialist(.person(who.id)))
      default: .handOver(HandOver(to: Line.allCases.randomElement(using: &random)!))
      }
    return (.incident(id, act), who)
  }

  /// Other targets, cadence, calendar or pages than the department's, or no longer.
  private static func policyByChance(
    _ random: inout SplitMix, of service: ID
  ) -> ServicePolicyChange {
    var change = ServicePolicyChange(of: service)
    let calendar: Wish<String> = [.keep, .clear, .set("scotland")].randomElement(using: &random)!
    change.calendar = calendar
    if Bool.random(using: &random) { change.clears = [.targets, .cadence, .pagesNewAlerts] }
    let priority = Priority.allCases.randomElement(using: &random)!
    if Bool.random(using: &random) {
      let isAlways = priority.isHigh || Bool.random(using: &random)
      change.terms.targets[priority] = PriorityTarget(
        response: .minutes(UInt32.random(in: 10...600, using: &random)), resolution: .minutes(600),
        limit: nil, isAlways: isAlways)
    }
    if Bool.random(using: &random) {
      let rules: [UpdateRule] = [.none, .every(.minutes(45)), .once(.businessDays(1))]
      change.terms.cadence[priority] = rules.randomElement(using: &random)!
    }
    change.terms.pagesNewAlerts = [nil, true, false].randomElement(using: &random)!
    return change
  }
}

@Suite("What is around incidents, by chance")
struct SurroundingsChanceTests {
  @Test(arguments: 0..<40 as Range<UInt64>)
  func `is what its events say, and two incidents always agree who belongs to whom`(
    seed: UInt64
  ) throws {
    var random = SplitMix(state: seed)
    var office = try Office(isRaised: true)
    try office.arrange()
    var done = 0
    for _ in 0..<300 {
      let (action, who) =
        Bool.random(using: &random)
        ? Office.chance(&random, at: office.clock)
        : Office.surroundingsByChance(&random, at: office.clock)
      let before = office.department
      do throws(Refusal) {
        try office.run(action, as: who.actor)
        done += 1
      } catch {
        #expect(office.department == before)
        office.clock += Span.minute
      }
      for number in 1...3 as ClosedRange<UInt64> {
        guard let incident = office.department.incident(Office.incident(number)) else { continue }
        check(incident, in: office, seed: seed)
        #expect(try Incident(decoding: incident.encoded()) == incident)
      }
    }
    #expect(done > 0)
    var fold = Department()
    fold.raise(to: Command.newestLevel, at: Office.morning)
    for entry in office.story {
      #expect(try Command(decoding: entry.command.encoded()) == entry.command)
      for event in entry.events {
        let read = try Event(decoding: event.encoded())
        #expect(read == event)
        evolve(read, at: entry.stamp, by: entry.command.actor, in: &fold)
      }
    }
    #expect(fold == office.department.recorded)
  }

  private func check(_ incident: Incident, in office: Office, seed: UInt64) {
    let note = Comment(rawValue: "seed \(seed): \(incident.reference.text)")
    let around = incident.around
    #expect(around.parent == nil || around.children.isEmpty, note)
    if let parent = around.parent {
      #expect(office.state(parent).around.children.contains(incident.id), note)
      #expect(office.state(parent).isExercise == incident.isExercise, note)
    }
    for child in around.children {
      #expect(office.state(child).around.parent == incident.id, note)
    }
    #expect(around.suppliers.count <= Bound.suppliers, note)
    if let earlier = incident.recurrenceOf.flatMap({ office.department.incident($0) }) {
      #expect(earlier.declaredAt < incident.declaredAt, note)
    }
  }
}
