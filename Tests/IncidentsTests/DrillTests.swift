import Bytes
import Incidents
import Testing

/// What an exercise says and does not do (policy section 10).
@Suite("A drill")
struct DrillTests {
  private let names = Names { _, id in
    Office.Who.allCases.first { $0.id == id }.map { "\($0)" }
  }

  @Test func `keeps from every inbox what it would have told a specialist team`() throws {
    var office = try Office.raised(.p1, exercise: true)
    let contacts = SpecialContacts(cyber: Contact(recipient: .team(Office.other)))
    try office.run(
      .changeSettings(SettingsChange(extras: Settings.Extras(contacts: contacts))))
    let events = try office.act(.firstLine, .setFlag(FlagRaising(flag: .cyber)))
    #expect(office.department.allMessages.map(\.state) == [.wouldHaveBeenSent])
    #expect(Office.Who.allCases.allSatisfy { office.inbox($0).isEmpty })
    #expect(
      events[0].sentence(by: Office.Who.firstLine.actor, names: names)
        == "EXERCISE: firstLine flagged it as a cyber security incident. The Cabinet Office Cyber "
        + "Security Team would be told now, were this no exercise.")
  }

  @Test func `says first in its timeline that it is one, and once`() throws {
    var office = try Office.raised(.p1, exercise: true)
    let update = CommunicationUpdate(audience: .stakeholders, text: "Drill going.")
    let told = try office.act(.onCall, .update(update))
    #expect(
      told[0].sentence(by: Office.Who.onCall.actor, names: names)
        == "EXERCISE: onCall told stakeholders: Drill going.")
    #expect(CommunicationText.marked("EXERCISE: x", isExercise: true) == "EXERCISE: x")
    #expect(CommunicationText.marked("x", isExercise: false) == "x")
  }

  @Test func `has no ticket, but the timeline says which it would have had`() throws {
    var office = try Office.raised(.p1, exercise: true)
    let ticket = IncidentAction.recordTicket(reference: "OSS-1", updatedAt: nil)
    let events = try office.act(.onCall, ticket)
    #expect(office.state().ticket == nil)
    #expect(
      events[0].sentence(by: Office.Who.onCall.actor, names: names)
        == "EXERCISE: onCall would have recorded its ticket OSS-1, were this no exercise.")
    // As the first behaviour level has it.
    var old = try Office()
    try old.declare(exercise: true)
    try old.act(.onCall, ticket)
    #expect(old.state().ticket?.reference == "OSS-1")
  }

  @Test func `ends its chain with whom it would have paged`() throws {
    var office = try Office(isRaised: true)
    try office.run(
      .changeSettings(
        SettingsChange(extras: Settings.Extras(seniorManagement: [Office.Who.outsider.id]))))
    try office.declare(.level(.p1), exercise: true)
    let events = try office.fireAll(until: office.clock + 30 * Span.minute)
    let told = events.map { $0.sentence(by: .system, names: names) }
    #expect(!told.contains { $0.contains("Nobody was senior management") })
    #expect(
      told.contains {
        $0.hasPrefix("EXERCISE: Nobody has taken it.")
          && $0.hasSuffix("Senior management would have been paged, were this no exercise.")
      }, "\(told)")
    #expect(!office.state().paged.contains(Office.Who.outsider.id))
  }
}
