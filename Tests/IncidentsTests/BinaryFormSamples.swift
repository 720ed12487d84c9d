import Bytes
import Incidents
import Testing

/// Offices in which each kind of command was given, for their binary forms.
extension BinaryFormTests {
  static func signIn(_ office: inout Office) throws {
    office.department.raise(to: 2, at: office.clock)
    try webhooks(&office)
    let who = Office.Who.delivery
    let keys = (1...3).map { ID(high: 13, low: $0) }
    let attempt = SignInAttempt(account: keys[0], origin: keys[1], pair: keys[2])
    try office.run(.keepSecret([UInt8](repeating: 5, count: Bound.secret)), as: .system)
    try office.run(.changeMeans(.password(verifier: "$scrypt$…", version: 0)), as: who.actor)
    try office.run(.attemptSignIn(attempt), as: .system)
    let session = NewSession(
      id: ID(high: 14, low: 1), person: who.id, hash: [UInt8](repeating: 14, count: Bound.hash),
      way: .password(version: 1), origin: "192.0.2.7", attempt: attempt)
    let actor = Actor.credential(id: session.id, person: who.id)
    try office.run(.signIn(session), as: actor)
    let sheet = CodeSheet(
      salt: [UInt8](repeating: 3, count: CodeSheet.saltSize),
      lines: [CodeSheet.Line](
        repeating: .unused(hash: [UInt8](repeating: 4, count: Bound.hash)), count: 10))
    try office.run(.changeMeans(.codes(sheet)), as: actor)
    let begun = office.clock
    try office.declare(.level(.p1), id: Office.incident(12))
    try office.act(
      .delivery, .changeRole(RoleChange(role: .lead, step: .take)), on: Office.incident(12))
    office.clock = begun + SignInSession.Rule.standard.whole - Span.minute
    try office.run(
      .noteUses([CredentialUse(credential: session.id, at: office.clock)]), as: .system)
    office.clock = begun + SignInSession.Rule.standard.whole
    try office.run(.extendSession, as: actor)
    try office.run(.clearMeans(who.id))
    let standing = GivenStanding(
      isAuditor: true,
      memberships: [GivenStanding.Membership(team: Office.product, role: .teamLead)])
    let provided = NewSession(
      id: ID(high: 14, low: 2), person: Office.Who.outsider.id,
      hash: [UInt8](repeating: 15, count: Bound.hash), way: .provider, origin: "",
      standing: standing)
    try office.run(
      .signIn(provided), as: .credential(id: provided.id, person: provided.person))
    office.clock = begun
    try access(&office)
  }

  /// What is posted outside, and what becomes of it.
  static func webhooks(_ office: inout Office) throws {
    let begun = office.clock
    let (hook, claim) = (ID(high: 90, low: 1), ID(high: 91, low: 1))
    try office.run(
      .changeWebhook(
        WebhookChange(
          id: hook, isNew: true, name: "Chat", address: "https://chat.example/hook",
          kinds: [.pages, .messages], teams: [Office.liveServices], isEnabled: true)))
    let test = ID(high: 92, low: 1)
    try office.run(.postDelivery(.test(test), to: hook))
    for answer in [
      DeliveryAnswer.status(503, retryAfter: 9), .timedOut, .unreachable("refused"),
      .status(200, retryAfter: nil),
    ] {
      office.clock += Span.hour
      try office.run(.moveDeliveries([.claim(test, by: claim, node: 1)]), as: .system)
      try office.run(.moveDeliveries([.end(test, claim: claim, answer)]), as: .system)
    }
    try office.run(.postDelivery(.again(test), to: hook))
    try office.run(.moveDeliveries([.claim(test, by: claim, node: 1)]), as: .system)
    try office.run(
      .moveDeliveries([.end(test, claim: claim, .unsendable("no address"))]), as: .system)
    office.clock += WebhookDelivery.kept
    try office.run(.moveDeliveries([.forget(test)]), as: .system)
    office.clock = begun
    let paged = Office.incident(95)
    try office.declare(.level(.p1), id: paged)
    if let page = office.state(paged).watch.paging.pages.last {
      let link = PagedPerson(incident: paged, person: page.person, at: page.at)
      try office.run(
        .answerByLink(LinkAnswer(page: link, answer: .eta(minutes: 5))), as: .system)
    }
    try office.run(.removeWebhook(hook))
  }

  /// What there is to tell of who tried, who looked, who broke the glass and who vouches for it.
  static func access(_ office: inout Office) throws {
    let hash = [UInt8](repeating: 6, count: Bound.hash)
    office.department.ledgerHashes = [40: hash]
    let head = SignedHead(
      position: 40, hash: hash, node: 2, at: office.clock, signature: [1, 2, 3],
      certificate: "-----BEGIN CERTIFICATE-----")
    try office.run(.signHead(head), as: .system)
    try office.run(
      .issueServiceKey(
        NewServiceKey(
          id: ID(high: 12, low: 7), service: Office.payments,
          hash: [UInt8](repeating: 90, count: Bound.hash), label: "deploys",
          terms: TokenTerms(prefix: "mst_abcd", expiresAt: office.clock + 3_600_000),
          scopes: [.read, .declare])))
    try retention(&office)
    try policies(&office)
    try services(&office)
    try communications(&office)
    try watch(&office)
    try views(&office)
    try reports(&office)
    let who = Office.Who.delivery
    try office.run(
      .breakGlass(
        GlassBreak(
          id: ID(high: 15, low: 1), scope: .team(Office.product), reason: "Nobody answers.")))
    try office.run(
      .breakGlass(
        GlassBreak(
          id: ID(high: 15, low: 2), scope: .incident(Office.incident(12)), reason: "Urgent.")))
    let attempt = DeniedAttempt(
      what: "POST /v1/settings", incident: Office.incident(12), at: office.clock)
    try office.run(.noteAttempts([attempt]), as: who.actor)
    let read = RestrictedRead(
      incident: Office.incident(12), person: who.id, credential: who.credential, at: office.clock)
    try office.run(.noteReads([read]), as: who.actor)
    try office.deliberate()
  }

  /// What happens by the clock, and who is woken.
  static func watch(_ office: inout Office) throws {
    let begun = office.clock
    let id = Office.incident(300)
    try office.declare(.level(.p1), id: id)
    try office.run(.fireDues([office.due(id)]), as: .system)
    _ = try office.fireAll(until: begun + 20 * Span.minute, id)
    try office.act(.teamLead, .answerPage(.eta(minutes: 4)), on: id)
    try office.act(.teamLead, .acknowledge(happenedAt: nil), on: id)
    try office.act(
      .teamLead, .setPriority(PriorityChange(choice: .level(.p1), confirm: true)), on: id)
    try office.act(
      .teamLead, .assess(Assessment(what: "It.", affected: "All.", next: "Look.")), on: id)
    try office.act(.teamLead, .escalate(reason: "The press asks."), on: id)
    let gap = ClusterGap(from: begun, until: office.clock)
    try office.run(.noteGap(gap, [id]), as: .system)
    try office.act(.teamLead, Office.fixed, on: id)
    let plan = ReviewPlan(at: office.clock + Span.day, attendees: [Office.Who.teamLead.id])
    try office.act(.teamLead, .arrangeReview(plan), on: id)
    let action = ReviewAction(
      what: "Renew it", owner: Office.Who.teamLead.id, due: office.clock + Span.day)
    try office.act(
      .teamLead,
      .review(
        Review(summary: "x", impact: "x", cause: .established("x"), actions: .some([action]))),
      on: id)
    try office.act(.teamLead, .completeAction(1), on: id)
    office.clock = begun
  }

  /// Saved views, of which one is removed.
  static func views(_ office: inout Office) throws {
    var filter = IncidentFilter(
      statuses: [.open, .resolved], isOver: false, services: [Office.payments],
      teams: [Office.product], priorities: [.p1, .p3], flags: [.data], isOverdue: true, order: .due)
    filter.holder = .me
    filter.reporter = .person(Office.Who.engineer.id)
    filter.isExercise = false
    filter.declaredFrom = Office.morning
    for number in 1...2 as ClosedRange<UInt64> {
      try office.run(
        .saveView(
          SavedView(
            id: ID(high: 16, low: number), name: "Ours \(number)",
            owner: .team(Office.liveServices), isShared: number == 1, filter: filter)),
        as: Office.Who.delivery.actor)
    }
    try office.run(.removeView(ID(high: 16, low: 1)), as: Office.Who.delivery.actor)
  }

  /// What services do otherwise than the department.
  static func policies(_ office: inout Office) throws {
    var change = ServicePolicyChange(of: Office.payments)
    change.calendar = .set("scotland")
    change.terms.targets[.p3] = PriorityTarget(
      response: .minutes(90), resolution: .businessDays(1), limit: .businessDays(2))
    try office.run(.changeServicePolicy(change))
    try clocks(&office)
  }

  /// What waits, what is counted anew, and what closes by itself.
  static func clocks(_ office: inout Office) throws {
    let begun = office.clock
    let waiting = Office.incident(37)
    try office.declare(.level(.p3), id: waiting)
    let day = Int32(office.clock / Span.day) + 14
    try office.act(.delivery, .wait(Waiting(for: .supplier, lookAgain: day)), on: waiting)
    var scotland = WorkCalendar.scotland.definition
    scotland.holidays.removeLast()
    try office.run(.setCalendars([CalendarChange(scotland, seen: 0)]))
    try office.run(.keepTime([waiting]), as: .system)
    try office.act(.delivery, .endWait(happenedAt: nil), on: waiting)
    try office.act(.delivery, .resolve(Resolution(fix: "x", takesLead: true)), on: waiting)
    office.clock += 14 * Span.day
    try office.run(.keepTime([waiting]), as: .system)
    office.clock = begun
  }

  /// How a service is run.
  static func services(_ office: inout Office) throws {
    try office.arrange()
    try office.run(
      .confirmManual(
        ManualReading(service: Office.payments, by: Office.Who.delivery.id, at: office.clock)))
    try office.run(.setLive(LiveChange(service: Office.payments, step: .live)))
    let withdrawn = LiveChange(service: Office.payments, step: .withdrawn(reason: "It moves."))
    try office.run(.setLive(withdrawn))
    try surroundings(&office)
  }

  /// What is around an incident.
  static func surroundings(_ office: inout Office) throws {
    let (parent, child) = (Office.incident(60), Office.incident(61))
    try office.declare(.level(.p2), id: parent)
    try office.act(.delivery, .changeRole(RoleChange(role: .lead, step: .take)), on: parent)
    var again = Declaration(id: child, title: "Again", choice: .level(.p5))
    again.extras.recurrenceOf = parent
    try office.run(.declare(again))
    let actions: [IncidentAction] = [
      .setService(LeadServiceChange(service: Office.payments, reason: "Cards.")),
      .answer(Answer(text: "Seen.", isLogged: true)), .handOver(HandOver(to: .second)),
      .giveReason("It is not theirs."),
      .affect(AffectedChange(service: Office.signIn, state: .degraded)),
      .relate(.causedBy(ChangeLink(reference: "CHG-1", link: "https://x.example", text: "DNS."))),
      .relate(.childOf(parent)), .relate(.recurrenceOf(nil)),
      .engage(
        .supplier(
          EngagedSupplier(
            name: "Cards Ltd", reference: "S-1", outOfHours: "+44 20 7946 0000",
            nextUpdateAt: office.clock + Span.day))),
      .engage(.specialist(.team(Office.other))),
    ]
    for action in actions { try office.act(.delivery, action, on: child) }
    let update = CommunicationUpdate(audience: .stakeholders, text: "x")
    try office.act(.delivery, .update(update), on: parent)
  }

  /// What a flag asks of an incident, which is restricted at the end of it.
  static func sensitive(_ office: inout Office, _ id: ID) throws {
    let notice = ID(high: 80, low: 1)
    try office.act(.delivery, .setFlag(FlagRaising(flag: .data)), on: id)
    let choice = NotificationChoice(isNotified: true, reason: "People are at risk.")
    for action in [
      IncidentAction.decideNotification(choice), .changeSight(.add(Office.Who.engineer.id)),
    ] {
      try office.act(.delivery, action, on: id)
    }
    try office.act(
      .engineer,
      .note(Note(kind: .finding, text: "A list was in it.")), on: id)
    let text = NoticeText(title: "Do not open the mail", body: "Delete it.")
    try office.act(.engineer, .moveFace(.draft(text)), on: id)
    try office.act(.delivery, .moveFace(.approve(number: 1, notice: notice)), on: id)
    try office.run(.withdrawNotice(notice))
    try office.act(.delivery, .clearFlag(.data, reason: "It was empty."), on: id)
  }

  /// What is told, and the words around it.
  static func communications(_ office: inout Office) throws {
    let begun = office.clock
    let id = Office.incident(12)
    let offer = RoleChange(role: .documenter, step: .give(to: Office.Who.outsider.id))
    try office.act(.delivery, .changeRole(offer), on: id)
    let message = try #require(office.department.allMessages.first)
    try office.run(
      .acknowledgeMessage(message.id), as: try #require(office.reader(of: message)).actor)
    try office.run(.changeTemplate(Office.template("Sorry: {what}")))
    let draft = CommunicationDraft(
      id: ID(high: 16, low: 1), audience: .stakeholders, what: "It is slow.",
      affected: "Everybody", meanwhile: "Wait.", nextUpdateAt: office.clock + Span.hour)
    try office.act(.delivery, .draftCommunication(draft), on: id)
    for step: CommunicationStep.Step in [
      .send(overrideReason: nil),
      .record(
        Communication.Delivery(group: "Payments", outcome: .failed, at: office.clock)),
    ] {
      try office.act(
        .delivery, .moveCommunication(CommunicationStep(communication: draft.id, step: step)),
        on: id)
    }
    try office.act(
      .delivery, .changeStakeholders(StakeholderChange(.address("a@example.org"), isAdded: true)),
      on: id)
    try office.act(.delivery, .stateReach(.department(true)), on: id)
    try office.act(.delivery, .explainDelay(reason: "Nobody was free."), on: id)
    try sensitive(&office, id)
    let contact = Contact(recipient: .team(Office.other), procedure: "By telephone.")
    try office.run(
      .changeSettings(
        SettingsChange(extras: Settings.Extras(contacts: SpecialContacts(cyber: contact)))))
    office.clock += Message.kept
    try office.run(.pruneMessages([message.id]), as: .system)
    office.clock = begun
  }

  /// What is kept, and what goes: of two incidents that had one group of alerts, the older.
  static func retention(_ office: inout Office) throws {
    let begun = office.clock
    let change = SettingsChange(
      extras: Settings.Extras(retention: RetentionPeriods(ordinary: 1, serious: 2)))
    try office.run(.changeSettings(change))
    try office.run(Office.alert(.firing, incident: 20, at: office.clock))
    let first = Office.incident(20)
    let confirmed = PriorityChange(choice: .level(.p3), confirm: true)
    try office.act(.delivery, .setPriority(confirmed), on: first)
    try office.act(.delivery, .resolve(Resolution(fix: "x", takesLead: true)), on: first)
    try office.act(.delivery, .close(overrideReason: "Never one"), on: first)
    office.clock += 2 * 3_600_000
    try office.run(Office.alert(.firing, incident: 21, group: 20, at: office.clock))
    let hold = HoldChange(
      incident: first, reason: "A court asks.", reviewAt: office.clock + 3_600_000)
    try office.run(.hold(hold))
    try office.run(.hold(HoldChange(incident: first, reason: "It is over.", reviewAt: nil)))
    office.clock += 3 * 86_400_000
    try office.run(.purge(first), as: .system)
    let leaver = ID(high: 12, low: 77)
    try office.run(
      .addPerson(NewPerson(id: leaver, name: "Pat", email: "pat@department.example")))
    try office.run(.deactivatePerson(leaver))
    office.clock += 2 * 86_400_000
    try office.run(.eraseContacts(leaver), as: .system)
    office.clock = begun
  }

  /// What is kept of reports, and a review that is not held.
  static func reports(_ office: inout Office) throws {
    let id = Office.incident(90)
    try office.run(
      .changeSettings(
        SettingsChange(
          extras: Settings.Extras(
            reportTemplate: ReportTemplate(parts: [
              .init(.glance), .init(.timeline, title: "What happened", help: "Say when."),
            ])))))
    try office.declare(.level(.p2), id: id)
    let confirmed = PriorityChange(choice: .level(.p2), confirm: true)
    try office.act(.delivery, .setPriority(confirmed), on: id)
    try office.act(.delivery, .resolve(Resolution(fix: "x", takesLead: true)), on: id)
    let other = Office.incident(91)
    try office.declare(.level(.p2), id: other)
    try office.act(.delivery, .setPriority(confirmed), on: other)
    try office.act(.delivery, .waiveReview(.covered(by: other)), on: id)
    try office.act(.delivery, Office.reviewed, on: id)
    func written(_ name: KeptReport.Name, _ redactions: [KeptReport.Redaction]) -> WrittenReport {
      WrittenReport(
        report: KeptReport(
          name: name, format: .json, asOf: 7, hash: [UInt8](repeating: 3, count: Bound.hash),
          size: 2, redactions: redactions),
        bytes: Array("{}".utf8))
    }
    try office.run(.keepReport(id, written(.reviewed(1), [])), as: .system)
    let redactions = [
      KeptReport.Redaction(choice: .field, place: "cause", reason: "Personal."),
      KeptReport.Redaction(choice: .person, place: nil, reason: "Personal."),
    ]
    try office.act(.delivery, .keepRedacted(written(.redacted(1), redactions)), on: id)
  }
}
