import Bytes
import Incidents
import Testing

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
    #expect(fold == office.department)
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
    #expect(fold == office.department)
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

/// Bytes of the first format, as files hold them for ever.
@Suite("The binary form")
struct BinaryFormTests {
  /// One of each kind, in the order of kinds: what a fixed story leaves behind.
  private static func samples() throws -> (commands: [String: [UInt8]], events: [String: [UInt8]]) {
    var commands: [String: [UInt8]] = [:]
    var events: [String: [UInt8]] = [:]
    for seed in 0..<30 as Range<UInt64> {
      var random = SplitMix(state: seed)
      var office = try Office()
      for _ in 0..<400 {
        let (action, who) = Office.chance(&random, at: office.clock)
        _ = try? office.run(action, as: who.actor)
      }
      let last = Office.incident(9)
      try office.declare(.level(.p2), id: last)
      let confirmed = PriorityChange(choice: .level(.p2), confirm: true)
      try office.act(.delivery, .setPriority(confirmed), on: last)
      let ticket = IncidentAction.recordTicket(reference: "T-1", updatedAt: office.clock)
      try office.act(.delivery, ticket, on: last)
      try office.act(.delivery, .resolve(Resolution(fix: "x", takesLead: true)), on: last)
      try office.act(.delivery, .close(overrideReason: "Never one"), on: last)
      try office.run(.changeSettings(SettingsChange(dutyContact: Office.Who.delivery.id)))
      try office.run(
        .issueIngestKey(
          NewIngestKey(
            id: ID(high: 12, low: 1), service: Office.payments,
            hash: [UInt8](repeating: 9, count: Bound.hash), label: "Alertmanager")))
      let token = NewJoinToken(
        id: ID(high: 12, low: 2), hash: [UInt8](repeating: 8, count: Bound.hash), label: "n4",
        expiresAt: office.clock + 3_600_000)
      try office.run(.issueJoinToken(token))
      try office.run(.useJoinToken(token.id))
      try signIn(&office)
      for status in AlertMember.Status.allCases {
        try office.run(Office.alert(status, incident: 10))
      }
      office.clock += Grace.cleared
      try office.run(
        .closeCleared([
          ClearedIncident(
            incident: Office.incident(10),
            clearedAt: try #require(office.state(Office.incident(10)).untouchedSince))
        ]), as: .system)
      try office.declare(.level(.p3), id: Office.incident(11))
      try office.act(
        .delivery,
        .changeRole(RoleChange(role: .documenter, step: .give(to: Office.Who.firstLine.id))),
        on: Office.incident(11))
      try office.run(.deactivatePerson(Office.Who.firstLine.id))
      try office.run(
        .releaseLeavers([
          Release(person: Office.Who.firstLine.id, incident: Office.incident(11))
        ]), as: .system)
      try office.run(.revokeCredential(Office.Who.firstLine.credential))
      try office.run(.importDirectory(Office.wholeChange(seen: 0)))
      try office.run(.importDirectory(Office.wholeUndoing(seen: 1)))
      for entry in office.story {
        let kind =
          if case .incident(_, let action) = entry.command.action { "incident \(action.kind)" } else
          {
            "\(entry.command.action)".prefix { $0 != "(" }.description
          }
        if commands[kind] == nil { commands[kind] = entry.command.encoded() }
        for event in entry.events {
          let kind = "\(event.fact.kind)"
          if events[kind] == nil { events[kind] = event.encoded() }
        }
      }
    }
    let raised = Event(
      subject: Subject(kind: .settings, id: Settings.id), fact: .levelRaised(to: 2))
    events["\(raised.kind)"] = raised.encoded()
    let pinned = Event(
      subject: Subject(kind: .incident, id: Office.incident), fact: .matrixPinned(.standard))
    events["\(pinned.kind)"] = pinned.encoded()
    return (commands, events)
  }

  /// What there is to signing in, from behaviour level 2 on.
  private static func signIn(_ office: inout Office) throws {
    office.department.raise(to: 2, at: office.clock)
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

  /// What there is to tell of who tried, who looked, who broke the glass and who vouches for it.
  private static func access(_ office: inout Office) throws {
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
  private static func watch(_ office: inout Office) throws {
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
  private static func views(_ office: inout Office) throws {
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
  private static func policies(_ office: inout Office) throws {
    var change = ServicePolicyChange(of: Office.payments)
    change.calendar = .set("scotland")
    change.terms.targets[.p3] = PriorityTarget(
      response: .minutes(90), resolution: .businessDays(1), limit: .businessDays(2))
    try office.run(.changeServicePolicy(change))
    try clocks(&office)
  }

  /// What waits, what is counted anew, and what closes by itself.
  private static func clocks(_ office: inout Office) throws {
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
  private static func services(_ office: inout Office) throws {
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
  private static func surroundings(_ office: inout Office) throws {
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
  private static func sensitive(_ office: inout Office, _ id: ID) throws {
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
  private static func communications(_ office: inout Office) throws {
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
  private static func retention(_ office: inout Office) throws {
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
  private static func reports(_ office: inout Office) throws {
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

  private static let folder =
    "\(#filePath)".split(separator: "/").dropLast()
    .reduce("") { "\($0)/\($1)" } + "/Golden"

  private static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  /// Lines of "kind: hex".
  static func read(_ name: String) throws -> [String: [UInt8]] {
    let text = try GoldenFile.read("\(folder)/\(name)")
    var found: [String: [UInt8]] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":")
      let digits = Array(parts[1].utf8.dropFirst())
      found[String(parts[0])] = try stride(from: 0, to: digits.count, by: 2).map {
        try #require(UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16))
      }
    }
    return found
  }

  /// `MUSTER_WRITE_GOLDEN=1 swift test --filter BinaryForm` writes kinds that are new; one that is
  /// there is never written again.
  @Test func `reads and writes what its first version wrote`() throws {
    let (commands, events) = try Self.samples()
    if GoldenFile.isToBeWritten {
      for (name, samples) in [("commands.txt", commands), ("events.txt", events)] {
        let all = try samples.merging(Self.read(name)) { _, old in old }
        let lines = all.sorted { ($0.key.count, $0.key) < ($1.key.count, $1.key) }
          .map { "\($0.key): \(Self.hex($0.value))\n" }
        try GoldenFile.write(lines.joined(), to: "\(Self.folder)/\(name)")
      }
    }
    let goldenCommands = try Self.read("commands.txt")
    let goldenEvents = try Self.read("events.txt")
    #expect(Set(commands.keys) == Set(goldenCommands.keys))
    #expect(Set(events.keys) == Set(goldenEvents.keys))
    for (kind, bytes) in goldenCommands {
      #expect(try Command(decoding: bytes).encoded() == bytes, "\(kind)")
    }
    for (kind, bytes) in goldenEvents {
      let event = try Event(decoding: bytes)
      #expect(event.encoded() == bytes, "\(kind)")
      #expect("\(event.fact.kind)" == kind)
    }
    // Each thing that can be asked of an incident is among them.
    for kind in IncidentAction.Kind.allCases {
      #expect(goldenCommands["incident \(kind)"] != nil, "\(kind)")
    }
  }

  @Test func `that was cut or changed is read or refused, and never a trap`() throws {
    var refused = 0
    var random = SplitMix(state: 1)
    for (kind, bytes) in try Self.read("commands.txt") {
      for end in 0..<bytes.count {
        #expect(throws: MalformedBytes.self, "\(kind) cut at \(end)") {
          try Command(decoding: Array(bytes[..<end]))
        }
      }
      #expect(throws: MalformedBytes.self) { try Command(decoding: bytes + [0]) }
      for place in bytes.indices {
        for change in [UInt8(1), 0x80, UInt8.random(in: 1...255, using: &random)] {
          var damaged = bytes
          damaged[place] ^= change
          do throws(MalformedBytes) {
            let command = try Command(decoding: damaged)
            // Whatever is read is written as it was read: no byte is without meaning.
            #expect(command.encoded() == damaged, "\(kind) at \(place)")
          } catch {
            refused += 1
          }
        }
      }
    }
    for (kind, bytes) in try Self.read("events.txt") {
      for end in 0..<bytes.count {
        #expect(throws: MalformedBytes.self, "\(kind) cut at \(end)") {
          try Event(decoding: Array(bytes[..<end]))
        }
      }
      for place in bytes.indices {
        var damaged = bytes
        damaged[place] ^= UInt8.random(in: 1...255, using: &random)
        if let event = try? Event(decoding: damaged) {
          #expect(event.encoded() == damaged, "\(kind) at \(place)")
        }
      }
    }
    #expect(refused > 1_000)
  }
}
