import Bytes
import Incidents
import Testing

/// What becomes of an incident whose alerts cleared before anybody touched it (policy section 10).
@Suite("An incident that cleared without action")
struct ClearedTests {
  /// An office where an alert fired and cleared, and when it cleared.
  private func cleared() throws -> (office: Office, at: Int64) {
    var office = try Office()
    try office.run(Office.alert(.firing))
    office.clock += 5 * Span.minute
    let at = office.clock
    try office.run(Office.alert(.resolved))
    return (office, at)
  }

  private func close(_ at: Int64, times: Int = 1) -> Action {
    .closeCleared(
      Array(repeating: ClearedIncident(incident: Office.incident, clearedAt: at), count: times))
  }

  @Test func `closes ten minutes after, once, and was resolved as they cleared`() throws {
    var (office, at) = try cleared()
    #expect(office.state().untouchedSince == at)
    office.clock = at + 10 * Span.minute - 1
    #expect(try office.run(close(at), as: .system) == [])
    office.clock = at + 10 * Span.minute
    let events = try office.run(close(at, times: 2), as: .system)
    #expect(
      events == [
        Event(
          subject: Subject(kind: .incident, id: Office.incident),
          fact: .clearedWithoutAction(at: at))
      ])
    let incident = office.state()
    #expect(incident.status == .closed)
    #expect(incident.ending == .cleared(at: at + 10 * Span.minute, clearedAt: at))
    #expect(incident.clocks.resolution.stoppedAt == at)
    #expect(incident.clocks.update == nil)
    #expect(!incident.isTouched && incident.untouchedSince == nil)
    #expect(incident.duties(at: office.clock) == [])
    #expect(try office.run(close(at), as: .system) == [])
  }

  @Test func `was answered by nobody, and asks for an answer once it fires again`() throws {
    var office = try Office(isRaised: true)
    try office.run(Office.alert(.firing))
    office.clock += 5 * Span.minute
    let at = office.clock
    try office.run(Office.alert(.resolved))
    office.clock = at + 10 * Span.minute
    try office.run(close(at), as: .system)
    #expect(office.state().status == .closed)
    #expect(office.state().clocks.response.stoppedAt == nil)
    #expect(office.state().clocks.response.dueAt == nil)
    try office.run(Office.alert(.firing, at: office.clock))
    let incident = office.state()
    #expect(incident.status.isLive && incident.acknowledgement == nil)
    #expect(incident.clocks.response.startedAt == incident.statusSince)
    #expect(incident.clocks.response.stoppedAt == nil)
    #expect(incident.clocks.response.dueAt.map { $0 > office.clock } == true)
  }

  @Test func `stays open once somebody has touched it`() throws {
    var (office, at) = try cleared()
    try office.act(.firstLine, .note(Note(kind: .finding, text: "I saw that.")))
    office.clock = at + Span.hour
    #expect(office.state().untouchedSince == nil)
    #expect(try office.run(close(at), as: .system) == [])
  }

  @Test func `stays open while they fire again, and counts from when they clear again`() throws {
    var (office, at) = try cleared()
    let again = office.clock
    try office.run(Office.alert(.firing, at: again))
    office.clock = at + 11 * Span.minute
    #expect(try office.run(close(at), as: .system) == [])
    let later = office.clock
    try office.run(Office.alert(.resolved, at: again))
    #expect(office.state().untouchedSince == later)
    office.clock = later + 10 * Span.minute
    // Of the clearing that was undone it closes no more.
    #expect(try office.run(close(at), as: .system) == [])
    #expect(try office.run(close(later), as: .system).count == 1)
  }

  @Test func `that fires again within half an hour of its clearing asks to be reopened`() throws {
    var (office, at) = try cleared()
    office.clock = at + 10 * Span.minute
    try office.run(close(at), as: .system)
    var late = office
    office.clock = at + 30 * Span.minute
    try office.run(Office.alert(.firing, at: office.clock))
    #expect(office.state().reopenProposedAt != nil)
    #expect(office.state().duties(at: office.clock).map(\.slug) == ["reopen"])
    try office.act(.delivery, .reopen(reason: "It fires again."))
    #expect(office.state().status == .investigating && office.state().ending == nil)

    late.clock = at + 30 * Span.minute + 1
    let events = decided(by: &late, Office.alert(.firing, at: late.clock))
    #expect(events == .alreadyExists)
  }

  /// The rule that refuses an action.
  private func decided(by office: inout Office, _ action: Action, as actor: Actor? = nil)
    -> Refusal.Rule?
  {
    do throws(Refusal) {
      try office.run(action, as: actor ?? Office.Who.admin.actor)
      return nil
    } catch {
      return error.rule
    }
  }

  @Test func `is closed by nobody but the cluster, which does nothing else`() throws {
    var (office, at) = try cleared()
    office.clock = at + Span.hour
    #expect(decided(by: &office, close(at)) == .rightMissing)
    #expect(decided(by: &office, Office.alert(.firing), as: .system) == .rightMissing)
    #expect(
      decided(by: &office, .incident(Office.incident, .cancel(reason: "x")), as: .system)
        == .rightMissing)
    #expect(
      decided(by: &office, .deactivatePerson(Office.Who.onCall.id), as: .system)
        == .rightMissing)
    #expect(decided(by: &office, close(at, times: Bound.cleared + 1), as: .system) == .tooMany)
    #expect(decided(by: &office, close(at), as: .system) == nil)
  }

  @Test func `is told in the timeline and in the report`() throws {
    var (office, at) = try cleared()
    office.clock = at + 10 * Span.minute
    let events = try office.run(close(at), as: .system)
    let names = Names { _, _ in nil }
    let cleared = DisplayTime.text(at)
    #expect(
      events.map { $0.sentence(by: .system, names: names) } == [
        "Cleared without action: its alerts cleared at \(cleared) and nobody had touched it, so it "
          + "closed."
      ])
    let report = IncidentReport(office.state(), timeline: [], names: names, at: office.clock)
    guard case .particulars(let glance)? = report.sections.first?.parts.first?.content else {
      Issue.record("The report begins with something else.")
      return
    }
    #expect(
      glance.filter { $0.label == "Resolved" }.map(\.value) == [
        "\(cleared), cleared without action"
      ])
  }
}
