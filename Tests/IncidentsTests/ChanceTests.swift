import Bytes
import Incidents
import Testing

@Suite("Commands by chance")
struct ChanceTests {
  @Test(arguments: 0..<60 as Range<UInt64>)
  func `reach no state that may not be, and a refused one changes nothing`(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    var office = try Office()
    var refused = 0
    for _ in 0..<300 {
      let (action, who) = Office.chance(&random, at: office.clock)
      let before = office.department
      do throws(Refusal) {
        try office.run(action, as: who.actor)
      } catch {
        refused += 1
        #expect(office.department == before)
        #expect(!error.title.isEmpty && !error.detail.isEmpty)
        office.clock += Span.minute
      }
      try office.closeCleared()
      for number in 1...3 as ClosedRange<UInt64> {
        guard let incident = office.department.incident(Office.incident(number)) else { continue }
        check(incident, seed: seed)
        #expect(try Incident(decoding: incident.encoded()) == incident)
      }
    }
    #expect(refused > 50 && refused < 295)

    // The fold of the events is the state, through the bytes that the ledger holds.
    var fold = Department()
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

  /// As above at the newest level, where half of what is asked is a recorded command of some kind: so
  /// each kind is asked of incidents wherever they are in their life, by whomever.
  @Test(arguments: 100..<160 as Range<UInt64>)
  func `reach none at the newest level either, with every kind of command`(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    var office = try Office(isRaised: true)
    let recorded = try BinaryFormTests.read("commands.txt").sorted { $0.key < $1.key }
      .compactMap { line -> IncidentAction? in
        guard case .incident(_, let action) = try Command(decoding: line.value).action else {
          return nil
        }
        return action
      }
    #expect(recorded.count >= IncidentAction.Kind.allCases.count)
    var (refused, done) = (0, 0)
    for _ in 0..<300 {
      var (action, who) = Office.chance(&random, at: office.clock)
      if Bool.random(using: &random) {
        let id = Office.incident(UInt64.random(in: 1...3, using: &random))
        action = .incident(id, recorded.randomElement(using: &random)!)
      }
      let before = office.department
      do throws(Refusal) {
        try office.run(action, as: who.actor)
        done += 1
      } catch {
        refused += 1
        #expect(office.department == before)
        #expect(!error.title.isEmpty && !error.detail.isEmpty)
        office.clock += Span.minute
      }
      for number in 1...3 as ClosedRange<UInt64> {
        guard let incident = office.department.incident(Office.incident(number)) else { continue }
        check(incident, seed: seed)
        #expect(try Incident(decoding: incident.encoded()) == incident)
      }
    }
    #expect(refused > 50 && done > 0)
    var fold = Department()
    fold.raise(to: Command.newestLevel, at: Office.morning)
    for entry in office.story {
      for event in entry.events {
        evolve(
          try Event(decoding: event.encoded()), at: entry.stamp, by: entry.command.actor, in: &fold)
      }
    }
    #expect(fold == office.department.recorded)
  }

  private func check(_ incident: Incident, seed: UInt64) {
    let note = Comment(rawValue: "seed \(seed): \(incident.status)")
    #expect((incident.resolved != nil) || incident.status != .resolved, note)
    #expect((incident.ending != nil) == (incident.status.isOver), note)
    #expect(incident.status != .backlog || !incident.classification.priority.isHigh, note)
    #expect(incident.status != .inReview || incident.review != nil || incident.owesReview, note)
    if incident.classification.isConfirmed, incident.classification.priority.isHigh {
      #expect(incident.owesReview, note)
    }
    #expect(incident.clocks.response.startedAt >= Office.morning - Span.day, note)
    #expect(incident.statusSince >= incident.declaredAt, note)
    // A role that only one can have is not offered to who has it.
    for offer in incident.roles.offers {
      #expect(!incident.roles.has(offer.role, offer.to), note)
    }
  }
}
