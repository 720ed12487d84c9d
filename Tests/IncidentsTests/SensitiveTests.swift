import Bytes
import Incidents
import Testing

/// Policy section 8, line by line.
@Suite("A flagged incident")
struct SensitiveTests {
  /// An office whose specialist teams are settled: the cyber team is Other, the data team the product
  /// team.
  private func office(_ flag: Flag, exercise: Bool = false) throws -> Office {
    var office = try Office.raised(.p1, exercise: exercise)
    let contacts = SpecialContacts(
      cyber: Contact(recipient: .team(Office.other), procedure: "https://cyber.example"),
      data: Contact(recipient: .team(Office.product)))
    try office.run(
      .changeSettings(SettingsChange(extras: Settings.Extras(contacts: contacts))))
    try office.act(.firstLine, .setFlag(FlagRaising(flag: flag)))
    return office
  }

  private func seers(_ office: Office) -> [Office.Who] {
    Office.Who.allCases.filter { who in
      guard let person = office.department.person(who.id) else { return false }
      return office.department.sees(person, office.state(), at: office.clock)
    }
  }

  private func duties(_ office: Office) -> [Duty] { office.state().duties(at: office.clock) }

  @Test func `goes on in the survivor of a duplicate, with who may know and what was decided`()
    throws
  {
    var office = try Office.raised(.p1)
    try office.act(.firstLine, .setFlag(FlagRaising(flag: .data)))
    try office.act(.onCall, .changeSight(.add(Office.Who.outsider.id)))
    let text = NoticeText(title: "Payments are late", body: "Wait for an hour.")
    try office.act(.onCall, .moveFace(.draft(text)))
    let choice = NotificationChoice(isNotified: true, reason: "Names were seen.")
    try office.act(.onCall, .decideNotification(choice))
    let decided = office.state().sensitive.notification
    try office.declare(.level(.p1), id: Office.incident(2))
    try office.act(.delivery, .duplicate(of: Office.incident(2), reason: nil))
    let survivor = office.state(Office.incident(2))
    #expect(survivor.sensitive.named == [Office.Who.outsider.id])
    #expect(survivor.sensitive.faces.map(\.text) == [text])
    #expect(decided != nil && survivor.sensitive.notification == decided)
    #expect(!survivor.duties(at: office.clock).contains { $0.slug == "decide-notification" })
  }

  @Test func `is known to those who work on it, its team's leads and the two specialist teams`()
    throws
  {
    for flag in Flag.allCases {
      let office = try office(flag)
      #expect(
        seers(office) == [.admin, .onCall, .engineer, .delivery, .teamLead, .firstLine, .outsider])
    }
  }

  @Test func `that outlives a duplicate counts from when anybody became aware`() throws {
    var office = try office(.data)
    let own = try #require(office.state().data)
    let earlier = own.awareAt - 5 * Span.hour
    let other = Office.incident(2)
    try office.declare(.level(.p3), id: other)
    try office.act(.firstLine, .setFlag(FlagRaising(flag: .data, awareAt: earlier)), on: other)
    try office.act(.delivery, .duplicate(of: Office.incident, reason: "the same"), on: other)
    #expect(office.state().data?.awareAt == earlier)
    #expect(office.state().data?.setAt == own.setAt)
    #expect(
      duties(office).contains { $0.slug == "report-data" && $0.dueAt == earlier + 72 * Span.hour },
      "\(duties(office))")
  }

  @Test func `is cleared by its lead or by the team of that flag`() throws {
    var office = try office(.cyber)
    for who in [Office.Who.delivery, .teamLead, .engineer, .firstLine] {
      #expect(office.rule(who, .clearFlag(.cyber, reason: "No.")) == .rightMissing, "\(who)")
    }
    #expect(office.rule(.onCall, .clearFlag(.cyber, reason: "No.")) == nil)
    try office.act(.outsider, .clearFlag(.cyber, reason: "A false alarm."))
    #expect(!office.state().isRestricted)
    // Once it is cleared they are nobody special.
    #expect(office.rule(.outsider, .clearFlag(.cyber, reason: "No.")) == .rightMissing)
  }

  @Test func `of cyber alone is widened and narrowed, and a breach never`() throws {
    var office = try office(.cyber)
    let widen = IncidentAction.changeSight(.widen(reason: "Staff must know."))
    #expect(office.rule(.delivery, widen) == .rightMissing)
    try office.act(.outsider, widen)
    #expect(seers(office) == Office.Who.allCases)
    try office.act(.onCall, .changeSight(.narrow))
    #expect(seers(office).count < Office.Who.allCases.count)
    try office.act(.onCall, widen)
    try office.act(.onCall, .setFlag(FlagRaising(flag: .data)))
    #expect(seers(office).count < Office.Who.allCases.count)
    #expect(office.rule(.onCall, widen) == .alwaysRestricted)
    // Set anew, it is restricted anew.
    try office.act(.onCall, .clearFlag(.data, reason: "No."))
    #expect(seers(office) == Office.Who.allCases)
    try office.act(.onCall, .clearFlag(.cyber, reason: "No."))
    try office.act(.onCall, .setFlag(FlagRaising(flag: .cyber)))
    #expect(seers(office).count < Office.Who.allCases.count)
  }

  @Test func `is known to whom its lead names, and no more to whom the lead takes off`() throws {
    var office = try office(.data)
    try office.act(.onCall, .changeSight(.add(Office.Who.auditor.id)))
    #expect(seers(office).contains(.auditor))
    #expect(office.rule(.delivery, .changeSight(.prune(Office.Who.auditor.id))) == .rightMissing)
    try office.act(.onCall, .changeSight(.prune(Office.Who.auditor.id)))
    #expect(!seers(office).contains(.auditor))
    // Whoever is there by their office stays.
    for who in [Office.Who.onCall, .teamLead, .delivery, .outsider] {
      #expect(
        office.rule(.onCall, .changeSight(.prune(who.id))) == .invalidField, "\(who)")
    }
  }

  @Test func `leaves whoever reported it a receipt, and nothing else`() throws {
    var office = try office(.data)
    let declared = office.state().declaredAt
    try office.act(.onCall, .changeSight(.prune(Office.Who.firstLine.id)))
    #expect(!seers(office).contains(.firstLine))
    let note = IncidentAction.note(Note(kind: .finding, text: "x"))
    #expect(office.rule(.firstLine, note) == .notFound)
    let inbox = office.inbox(.firstLine)
    #expect(inbox.map(\.isBrief) == [true])
    let names = Names { _, _ in nil }
    #expect(
      inbox[0].message.sentence(names, isBrief: true)
        == "You reported \(office.state().reference.text) on \(DisplayTime.text(declared)).")
  }

  @Test func `asks at 24, 48 and 66 hours whether a breach is notified, until that is decided`()
    throws
  {
    var office = try office(.data)
    let aware = try #require(office.state().data?.awareAt)
    for (after, due, isRed) in [
      (1, 24, false), (24, 24, false), (25, 48, false), (49, 66, false), (67, 72, true),
      (80, 72, true),
    ] as [(Int64, Int64, Bool)] {
      office.clock = aware + after * Span.hour
      let duty = try #require(duties(office).first { $0.slug == "decide-notification" })
      #expect(duty.dueAt == aware + due * Span.hour, "\(after)")
      #expect(duty.isRed == isRed, "\(after)")
    }
    let choice = NotificationChoice(isNotified: true, reason: "People are at risk.")
    #expect(office.rule(.delivery, .decideNotification(choice)) == .rightMissing)
    #expect(office.rule(.outsider, .decideNotification(choice)) == .rightMissing)
    try office.act(.engineer, .decideNotification(choice))
    #expect(!duties(office).contains { $0.slug == "decide-notification" })
    let decision = try #require(office.state().sensitive.notification)
    #expect(decision.choice == choice && decision.mark.person == Office.Who.engineer.id)
    let cyber = try self.office(.cyber)
    #expect(cyber.rule(.onCall, .decideNotification(choice)) == .flagNotSet)
    let drill = try self.office(.data, exercise: true)
    #expect(!duties(drill).contains { $0.slug == "decide-notification" })
  }

  @Test func `that is resolved before its team was told turns the duty red`() throws {
    var office = try office(.cyber)
    func report() throws -> Duty {
      try #require(duties(office).first { $0.slug == "report-cyber" })
    }
    #expect(try !report().isRed)
    try office.act(.onCall, Office.fixed)
    #expect(try report().isRed)
    #expect(office.rule(.onCall, .close(overrideReason: "x")) == .openFlagDuty)
    let told = FlagReport(flag: .cyber, reportedAt: office.clock, by: "Cy", reference: "C1")
    try office.act(.outsider, .recordFlagReport(told))
    #expect(!duties(office).contains { $0.slug == "report-cyber" })
    #expect(office.state().sensitive.cyberReportedBy == "Cy")
    let banner = office.state().banners(try #require(office.department.settings()).contacts)
    #expect(banner.count == 1 && banner[0].hasSuffix("must be followed. https://cyber.example"))
  }

  private let text = NoticeText(title: "Do not open the mail", body: "Delete it.")
  private let notice = ID(high: 80, low: 1)

  @Test func `has a public face that a second person agrees to, which names no incident`() throws {
    var office = try office(.data)
    try office.act(.engineer, .moveFace(.draft(text)))
    let approve = IncidentAction.moveFace(.approve(number: 1, notice: notice))
    #expect(office.rule(.teamLead, approve) == .rightMissing)
    try office.act(.onCall, .moveFace(.draft(text)))
    let own = IncidentAction.moveFace(.approve(number: 2, notice: notice))
    #expect(office.rule(.onCall, own) == .approvalRequired)
    let events = try office.act(.onCall, approve)
    #expect(events.map(\.subject.kind) == [.incident, .notice])
    #expect(events.map(\.visibility) == [1, 0])
    #expect(
      office.department.notice(notice)
        == StaffNotice(id: notice, text: text, publishedAt: office.clock - Span.second))
    #expect(try office.act(.onCall, approve).isEmpty)
    try office.act(.onCall, .moveFace(.withdraw(number: 1)))
    #expect(office.department.notice(notice) == nil)
    #expect(office.rule(.onCall, .moveFace(.withdraw(number: 1))) == .invalidField)
    #expect(office.rule(.onCall, .moveFace(.withdraw(number: 9))) == .invalidField)
  }

  @Test func `is not named by what everybody is told`() throws {
    let office = try office(.data)
    let incident = office.state()
    let reference = incident.reference.text
    for named in [
      reference, reference.lowercased(), incident.reference.digits, "\(incident.id)",
      String(reference.dropFirst(4)),
    ] {
      let inTitle = NoticeText(title: "About \(named)", body: "Wait.")
      let inBody = NoticeText(title: "Wait", body: "Ref. \(named).")
      for text in [inTitle, inBody] {
        #expect(office.rule(.onCall, .moveFace(.draft(text))) == .invalidField, "\(text)")
      }
    }
    let title = NoticeText(title: incident.title.uppercased(), body: "Wait.")
    #expect(office.rule(.onCall, .moveFace(.draft(title))) == .invalidField)
  }

  @Test func `of an exercise has no public face but in the log`() throws {
    var office = try office(.data, exercise: true)
    try office.act(.engineer, .moveFace(.draft(text)))
    let events = try office.act(.onCall, .moveFace(.approve(number: 1, notice: notice)))
    #expect(events.count == 1 && office.department.notice(notice) == nil)
    let told = events[0].sentence(by: .system, names: Names { _, _ in nil })
    #expect(told.hasSuffix("would be told in its stead (1), were this no exercise."))
  }

  @Test func `that is gone leaves a notice, which an administrator takes back`() throws {
    var office = try office(.data)
    try office.act(.engineer, .moveFace(.draft(text)))
    try office.act(.onCall, .moveFace(.approve(number: 1, notice: notice)))
    for who in Office.Who.allCases where who != .admin {
      #expect(office.rule(.withdrawNotice(notice), by: who.actor) == .rightMissing, "\(who)")
    }
    try office.run(.withdrawNotice(notice))
    #expect(office.rule(.withdrawNotice(notice)) == .notFound)
  }

  @Test func `is what a fold of its events makes of it, through their bytes`() throws {
    var office = try office(.data)
    try office.act(.engineer, .moveFace(.draft(text)))
    try office.act(.onCall, .moveFace(.approve(number: 1, notice: notice)))
    try office.act(.onCall, .changeSight(.add(Office.Who.auditor.id)))
    try office.act(.onCall, .changeSight(.prune(Office.Who.firstLine.id)))
    let choice = NotificationChoice(isNotified: false, reason: "Nobody is at risk.")
    try office.act(.onCall, .decideNotification(choice))
    #expect(try Incident(decoding: office.state().encoded()) == office.state())
    var fold = Department()
    fold.raise(to: Command.newestLevel, at: Office.morning)
    for entry in office.story {
      for event in entry.events {
        let read = try Event(decoding: event.encoded())
        #expect(read == event)
        evolve(read, at: entry.stamp, by: entry.command.actor, in: &fold)
      }
    }
    #expect(fold == office.department.recorded)
  }
}
