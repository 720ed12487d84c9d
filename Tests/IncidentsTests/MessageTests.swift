import Bytes
import Incidents
import Testing

/// What must be told at once (policy sections 4, 8 and 9).
@Suite("A message")
struct MessageTests {
  private let names = Names { kind, _ in kind == .person ? "Ana" : "Ops" }

  private func texts(_ office: Office, _ who: Office.Who) -> [String] {
    office.inbox(who).map { $0.message.sentence(names, isBrief: $0.isBrief) }
  }

  @Test func `tells of broken glass to the team's leads and the auditors`() throws {
    var office = try Office.raised()
    try office.act(.onCall, .setFlag(FlagRaising(flag: .data)))
    let glass = GlassBreak(
      id: ID(high: 70, low: 1), scope: .incident(Office.incident), reason: "Nobody answers.")
    let end = DisplayTime.text(office.clock + GlassBreak.span)
    try office.run(.breakGlass(glass))
    let reference = office.state().reference.text
    #expect(
      texts(office, .teamLead) == [
        "Ana broke the glass before \(reference), until \(end), because: Nobody answers."
      ])
    // An auditor may not know before what.
    #expect(
      texts(office, .auditor) == [
        "Ana broke the glass before something that is restricted, until \(end)."
      ])
    for who in [Office.Who.engineer, .firstLine, .outsider, .delivery] {
      #expect(texts(office, who).isEmpty, "\(who)")
    }
    try office.run(
      .breakGlass(
        GlassBreak(id: ID(high: 70, low: 2), scope: .team(Office.product), reason: "Urgent.")))
    #expect(texts(office, .auditor).count == 2 && texts(office, .teamLead).count == 1)
  }

  @Test func `tells of a role to both, and to whoever gave it`() throws {
    var office = try Office.raised()
    try office.act(
      .onCall, .changeRole(RoleChange(role: .lead, step: .give(to: Office.Who.delivery.id))))
    let reference = office.state().reference.text
    #expect(
      texts(office, .delivery) == [
        "Ana offers you the role of incident lead on \(reference). Accept or decline it."
      ])
    try office.act(.delivery, .changeRole(RoleChange(role: .lead, step: .accept)))
    #expect(texts(office, .onCall).count == 1)
    try office.act(.teamLead, .changeRole(RoleChange(role: .lead, step: .take)))
    #expect(texts(office, .delivery).count == 2)
    #expect(texts(office, .teamLead).isEmpty)
  }

  @Test func `tells the duty contact of a flag whose specialist team nobody named`() throws {
    var office = try Office.raised(.p1)
    let contact = try #require(office.department.settings()).dutyContact
    try office.act(.firstLine, .setFlag(FlagRaising(flag: .cyber)))
    let told = office.department.allMessages.filter {
      $0.about == .flagSet(.cyber, by: Office.Who.firstLine.id)
    }
    #expect(told.map(\.recipient) == [.person(contact)])
  }

  @Test func `tells the duty contact where the specialist contact has left`() throws {
    var office = try settled(.person(Office.Who.outsider.id))
    let contact = try #require(office.department.settings()).dutyContact
    try office.run(.deactivatePerson(Office.Who.outsider.id))
    try office.act(.firstLine, .setFlag(FlagRaising(flag: .cyber)))
    let told = office.department.allMessages.filter {
      $0.about == .flagSet(.cyber, by: Office.Who.firstLine.id)
    }
    #expect(told.map(\.recipient) == [.person(contact)])
  }

  private func settled(exercise: Bool = false, _ recipient: Message.Recipient) throws -> Office {
    var office = try Office.raised(.p1, exercise: exercise)
    let contacts = SpecialContacts(
      cyber: Contact(recipient: recipient, procedure: "Ring 999."))
    let extras = Settings.Extras(
      seniorManagement: [Office.Who.engineer.id], contacts: contacts)
    try office.run(.changeSettings(SettingsChange(extras: extras)))
    return office
  }

  @Test func `tells the specialist team of a flag, who may know of the incident`() throws {
    var office = try settled(.team(Office.other))
    try office.act(.firstLine, .setFlag(FlagRaising(flag: .cyber)))
    #expect(
      texts(office, .outsider) == [
        "Ana flagged \(office.state().reference.text) as a cyber security incident."
      ])
    #expect(office.rule(.outsider, .note(Note(kind: .finding, text: "x"))) == nil)
    // Whoever is not known here is told by the sender, from a row.
    office = try settled(.address("cyber@example.org"))
    try office.act(.firstLine, .setFlag(FlagRaising(flag: .cyber)))
    #expect(
      office.department.allMessages.map(\.recipient) == [.address("cyber@example.org")])
    // A drill is only logged.
    office = try settled(exercise: true, .team(Office.other))
    try office.act(.firstLine, .setFlag(FlagRaising(flag: .cyber)))
    #expect(office.department.allMessages.map(\.state) == [.wouldHaveBeenSent])
    #expect(texts(office, .outsider) == [])
    #expect(
      office.department.allMessages.allSatisfy {
        $0.sentence(Names { _, _ in nil }).hasPrefix("EXERCISE: ")
      })
  }

  @Test func `tells senior management that a team was not told by the end`() throws {
    var office = try settled(.team(Office.other))
    try office.act(.firstLine, .setFlag(FlagRaising(flag: .cyber)))
    let note = IncidentAction.note(Note(kind: .finding, text: "x"))
    #expect(office.rule(.engineer, note) == .notFound)
    let events = try office.act(.onCall, Office.fixed)
    let reason =
      "It was resolved and the Cabinet Office Cyber Security Team has not been told."
    let escalation = Escalation(to: Office.Who.engineer.id, missedLimit: nil, reason: reason)
    #expect(events.map(\.fact).contains(.escalated(escalation)))
    // Whoever it is escalated to may know of it from then on.
    #expect(office.rule(.engineer, note) == nil)
    #expect(
      texts(office, .engineer) == [
        "\(office.state().reference.text) was resolved, and the Cabinet Office Cyber Security Team "
          + "has not been told."
      ])
  }

  @Test func `tells the duty contact where no senior management is named`() throws {
    var office = try Office.raised(.p1)
    let contact = try #require(office.department.settings()).dutyContact
    try office.act(.firstLine, .setFlag(FlagRaising(flag: .cyber)))
    try office.act(.onCall, Office.fixed)
    let told = office.department.allMessages.filter { $0.about == .flagsStillOpen([.cyber]) }
    #expect(told.map(\.recipient) == [.person(contact)])
    #expect(told.map(\.state) == [.waiting])
  }

  @Test func `is read by whom it is for, once, and by nobody else`() throws {
    var office = try Office.raised()
    let offer = RoleChange(role: .documenter, step: .give(to: Office.Who.outsider.id))
    try office.act(.onCall, .changeRole(offer))
    let message = try #require(office.inbox(.outsider).first?.message)
    #expect(
      office.rule(.acknowledgeMessage(message.id), by: Office.Who.delivery.actor) == .notFound)
    let version = office.state().version
    let events = try office.run(
      .acknowledgeMessage(message.id), as: Office.Who.outsider.actor)
    #expect(events.map(\.subject.id) == [Office.incident])
    #expect(
      try #require(office.department.message(message.id)).isAcknowledged(by: Office.Who.outsider.id)
    )
    #expect(
      try office.run(.acknowledgeMessage(message.id), as: Office.Who.outsider.actor).isEmpty)
    // To read is not to act: it touches nothing and gives no sight.
    #expect(office.state().version == version)
    #expect(!office.department.hasActed(Office.Who.outsider.id, on: Office.incident))
  }

  @Test func `of a restricted incident is absent for whom it was for`() throws {
    var office = try Office.raised()
    let offer = RoleChange(role: .documenter, step: .give(to: Office.Who.firstLine.id))
    try office.act(.onCall, .changeRole(offer))
    try office.act(.firstLine, .changeRole(RoleChange(role: .documenter, step: .decline)))
    var stranger = try Office.raised()
    try stranger.act(
      .onCall,
      .changeRole(RoleChange(role: .documenter, step: .give(to: Office.Who.outsider.id))))
    let message = try #require(stranger.inbox(.outsider).first?.message)
    try stranger.act(.delivery, .changeRole(RoleChange(role: .documenter, step: .take)))
    var incident = stranger.state()
    #expect(incident.roles.offers.count == 1)
    try stranger.run(.deactivatePerson(Office.Who.outsider.id))
    try stranger.run(
      .releaseLeavers([Release(person: Office.Who.outsider.id, incident: Office.incident)]),
      as: .system)
    incident = stranger.state()
    #expect(incident.roles.offers.isEmpty)
    try stranger.act(.onCall, .setFlag(FlagRaising(flag: .data)))
    var person = try #require(stranger.department.person(Office.Who.outsider.id))
    person.isActive = true
    stranger.department.put(person)
    #expect(stranger.inbox(.outsider).isEmpty)
    #expect(
      stranger.rule(.acknowledgeMessage(message.id), by: Office.Who.outsider.actor) == .notFound)
  }

  @Test func `goes after thirty days, by the cluster's own command`() throws {
    var office = try Office.raised()
    try office.act(
      .onCall, .changeRole(RoleChange(role: .lead, step: .give(to: Office.Who.delivery.id))))
    let message = try #require(office.department.allMessages.first)
    #expect(office.rule(.pruneMessages([message.id])) == .rightMissing)
    office.clock = message.at + Message.kept - 1
    #expect(try office.run(.pruneMessages([message.id]), as: .system).isEmpty)
    office.clock = message.at + Message.kept
    try office.run(.pruneMessages([message.id, message.id, Office.incident]), as: .system)
    #expect(office.department.allMessages.isEmpty)
    #expect(try office.run(.pruneMessages([message.id]), as: .system).isEmpty)
  }

  @Test func `is made by no event before its level`() throws {
    var office = try Office.led()
    try office.act(
      .onCall, .changeRole(RoleChange(role: .lead, step: .give(to: Office.Who.delivery.id))))
    #expect(office.department.allMessages.isEmpty)
  }

  @Test func `is what a fold of the events makes of it, through their bytes`() throws {
    var office = try settled(.team(Office.other))
    try office.act(.firstLine, .setFlag(FlagRaising(flag: .cyber)))
    try office.act(
      .onCall, .changeRole(RoleChange(role: .lead, step: .give(to: Office.Who.delivery.id))))
    try office.act(.delivery, .changeRole(RoleChange(role: .lead, step: .accept)))
    try office.act(
      .delivery, .update(CommunicationUpdate(audience: .stakeholders, text: "We are on it.")))
    let message = try #require(office.inbox(.outsider).first?.message)
    try office.run(.acknowledgeMessage(message.id), as: Office.Who.outsider.actor)
    var fold = Department()
    fold.raise(to: Command.newestLevel, at: Office.morning)
    for entry in office.story {
      #expect(try Command(decoding: entry.command.encoded()) == entry.command)
      for event in entry.events {
        let read = try Event(decoding: event.encoded())
        evolve(read, at: entry.stamp, by: entry.command.actor, in: &fold)
      }
    }
    #expect(fold == office.department.recorded)
    for message in fold.allMessages {
      #expect(try Message(decoding: message.encoded()) == message)
    }
  }
}
