import Bytes
import Incidents
import Testing

/// What is posted outside, and what becomes of it.
@Suite("A webhook")
struct WebhookTests {
  static let hook = ID(high: 90, low: 1)
  private static let node: UInt64 = 2

  private static func office(
    _ kinds: WebhookKinds = .all, teams: [ID] = []
  ) throws -> Office {
    var office = try Office(isRaised: true)
    try office.run(
      .changeWebhook(
        WebhookChange(
          id: hook, isNew: true, name: "Chat", address: "https://chat.example/hook", kinds: kinds,
          teams: teams)))
    return office
  }

  private func deliveries(_ office: Office, to hook: ID = hook) -> [WebhookDelivery] {
    office.department.deliveries(to: hook)
  }

  /// Has the record say something of the first delivery.
  private func claim(
    _ delivery: ID, _ office: inout Office, by claim: UInt64 = 1
  ) throws -> [Event] {
    let step = DeliveryStep.claim(delivery, by: ID(high: 91, low: claim), node: Self.node)
    return try office.run(.moveDeliveries([step]), as: .system)
  }

  private func end(
    _ delivery: ID, _ answer: DeliveryAnswer, _ office: inout Office, by claim: UInt64 = 1
  ) throws -> [Event] {
    let step = DeliveryStep.end(delivery, claim: ID(high: 91, low: claim), answer)
    return try office.run(.moveDeliveries([step]), as: .system)
  }

  @Test func `is told of a page the moment that somebody is woken`() throws {
    var office = try Self.office()
    try office.declare(.level(.p1))
    let told = deliveries(office)
    #expect(
      told.map(\.about) == [
        .page(people: [Office.Who.onCall.id], step: .lead, cause: .declared)
      ])
    #expect(told.map(\.incident) == [Office.incident])
    let names = Names { _, id in Office.Who.allCases.first { $0.id == id }.map { "\($0)" } }
    let text = told[0].sentence(names, incident: office.state(), message: nil)
    let reference = office.state().reference.text
    #expect(
      text == "onCall, as on call as lead, answer this page of \(reference) (P1): Nobody can pay")
    // The same page wakes the next by another delivery.
    _ = try office.fireAll(until: office.state().declaredAt + 5 * Span.minute)
    #expect(deliveries(office).count > 1)
    #expect(Set(deliveries(office).map(\.id)).count == deliveries(office).count)
  }

  @Test func `is told of reminders and messages, and of no more than it wants`() throws {
    for (kinds, wanted) in [
      (WebhookKinds.all, Set(["page", "message", "reminders"])), (.pages, ["page"]),
      (.messages, ["message"]), (.reminders, ["reminders"]),
    ] {
      var office = try Self.office(kinds)
      try office.declare(.level(.p1))
      try office.act(.onCall, .acknowledge(happenedAt: nil))
      try office.act(
        .onCall, .changeRole(RoleChange(role: .documenter, step: .give(to: Office.Who.delivery.id)))
      )
      _ = try office.fireAll(until: office.clock + 50 * Span.minute)
      let found = deliveries(office).map { delivery in
        switch delivery.about {
        case .page: "page"
        case .message: "message"
        case .reminders: "reminders"
        case .escalation, .test: "other"
        }
      }
      #expect(Set(found).subtracting(["other"]) == wanted, "\(kinds)")
    }
  }

  @Test func `of a team hears of that team's incidents only`() throws {
    var office = try Self.office(teams: [Office.other])
    try office.declare(.level(.p1))
    #expect(deliveries(office).isEmpty)
    try office.run(
      .changeWebhook(WebhookChange(id: Self.hook, teams: [Office.product])))
    try office.declare(.level(.p1), id: Office.incident(2))
    #expect(deliveries(office).count == 1)
    try office.run(.changeWebhook(WebhookChange(id: Self.hook, isEnabled: false)))
    try office.declare(.level(.p1), id: Office.incident(3))
    #expect(deliveries(office).count == 1)
    // What waits while it is switched off is not claimed.
    #expect(try claim(deliveries(office)[0].id, &office).isEmpty)
  }

  @Test func `hears of what is restricted only by its reference`() throws {
    var office = try Self.office()
    try office.declare(.level(.p1))
    try office.act(.onCall, .setFlag(FlagRaising(flag: .data)))
    let names = Names { _, _ in "Ana" }
    for delivery in deliveries(office) {
      let text = delivery.sentence(names, incident: office.state(), message: nil)
      #expect(!text.contains("pay") && text.contains(office.state().reference.text), "\(text)")
    }
  }

  @Test func `says first that it is an exercise`() throws {
    var office = try Self.office()
    try office.declare(.level(.p1), exercise: true)
    let text = deliveries(office)[0].sentence(
      Names { _, _ in "Ana" }, incident: office.state(), message: nil)
    #expect(text.hasPrefix("EXERCISE: "))
    #expect(deliveries(office)[0].isExercise)
  }

  @Test func `is claimed by one, sent, and over`() throws {
    var office = try Self.office()
    try office.declare(.level(.p1))
    let id = deliveries(office)[0].id
    #expect(try claim(id, &office).count == 1)
    // Somebody else comes too late, and what another claim came to is passed over.
    #expect(try claim(id, &office, by: 2).isEmpty)
    #expect(try end(id, .status(200, retryAfter: nil), &office, by: 2).isEmpty)
    #expect(try end(id, .status(204, retryAfter: nil), &office).count == 1)
    let sent = deliveries(office)[0]
    #expect(sent.state == .sent(at: office.clock - Span.second) && sent.attempts == 1)
    #expect(!sent.mayRepeat && sent.dueAt == nil)
    #expect(office.department.webhook(Self.hook)?.lastSentAt != nil)
    #expect(try claim(id, &office).isEmpty)
    // Said twice, it is true once.
    #expect(try end(id, .timedOut, &office).isEmpty)
  }

  @Test func `of which nobody knows the end may be claimed again after its time`() throws {
    var office = try Self.office()
    try office.declare(.level(.p1))
    let id = deliveries(office)[0].id
    _ = try claim(id, &office)
    office.clock += WebhookDelivery.lease - 2 * Span.second
    #expect(try claim(id, &office, by: 2).isEmpty)
    office.clock += Span.second
    #expect(try claim(id, &office, by: 2).count == 1)
    let again = deliveries(office)[0]
    #expect(again.id == id && again.mayRepeat && again.attempts == 2)
    // Whoever had it before has nothing more to say.
    #expect(try end(id, .status(200, retryAfter: nil), &office).isEmpty)
    #expect(try end(id, .status(200, retryAfter: nil), &office, by: 2).count == 1)
  }

  @Test(arguments: [
    (200 as UInt16, DeliveryAnswer.Class.taken), (204, .taken), (299, .taken), (301, .refused),
    (304, .refused), (400, .refused), (401, .refused), (404, .refused), (410, .refused),
    (408, .again), (429, .again), (500, .again), (503, .again), (599, .again),
  ])
  func `takes a receiver at its word`(code: UInt16, kind: DeliveryAnswer.Class) {
    #expect(DeliveryAnswer.status(code, retryAfter: nil).kind == kind)
  }

  @Test func `is tried again more and more slowly, for a day`() throws {
    var office = try Self.office(.pages)
    try office.declare(.level(.p1))
    try office.act(.onCall, .acknowledge(happenedAt: nil))
    let id = deliveries(office)[0].id
    let began = deliveries(office)[0].at
    var waits: [Int64] = []
    while case .waiting(let due) = office.department.delivery(id)?.state {
      office.clock = max(office.clock, due)
      _ = try claim(id, &office)
      let told = office.clock
      _ = try end(id, .status(503, retryAfter: nil), &office)
      if case .waiting(let next) = office.department.delivery(id)?.state {
        waits.append((next - told) / Span.second)
      }
    }
    for (wait, base) in zip(waits, DeliveryBackoff.seconds) {
      #expect((base...base * 6 / 5).contains(wait), "\(wait) for \(base)")
    }
    #expect(waits.dropFirst(5).allSatisfy { (3_600...4_320).contains($0) })
    let over = try #require(office.department.delivery(id))
    guard case .failed(let at) = over.state else { return #expect(Bool(false)) }
    #expect(at - began <= WebhookDelivery.patience)
    #expect((20...30).contains(over.attempts) && over.lastAnswer == .status(503, retryAfter: nil))
    let hook = try #require(office.department.webhook(Self.hook))
    #expect(hook.isFailing && hook.failures == over.attempts)
  }

  @Test func `waits as long as it was asked to, and no longer than an hour`() {
    let id = ID(high: 1, low: 1)
    #expect(DeliveryBackoff.wait(of: id, after: 1, retryAfter: 60) == 60 * Span.second)
    #expect(DeliveryBackoff.wait(of: id, after: 1, retryAfter: 9_999_999) == 3_600 * Span.second)
    // A receiver that wants it sooner has to wait for its turn.
    #expect(DeliveryBackoff.wait(of: id, after: 3, retryAfter: 1) >= 120 * Span.second)
    #expect(
      DeliveryBackoff.wait(of: id, after: 2)
        == DeliveryBackoff.wait(of: id, after: 2, retryAfter: 0))
    let spread = Set(
      (0..<20 as Range<UInt64>).map { DeliveryBackoff.wait(of: ID(high: 1, low: $0), after: 3) })
    #expect(spread.count > 15)
  }

  @Test func `that refuses is not asked again, until an administrator wants it`() throws {
    var office = try Self.office(.pages)
    try office.declare(.level(.p1))
    let id = deliveries(office)[0].id
    _ = try claim(id, &office)
    _ = try end(id, .status(400, retryAfter: nil), &office)
    guard case .failed = deliveries(office)[0].state else { return #expect(Bool(false)) }
    #expect(try claim(id, &office).isEmpty)
    let wish = Action.postDelivery(.again(id), to: Self.hook)
    #expect(office.rule(wish, by: Office.Who.delivery.actor) == .rightMissing)
    #expect(try office.run(wish).count == 1)
    // It waits already.
    #expect(try office.run(wish).isEmpty)
    #expect(deliveries(office)[0].attempts == 0)
    _ = try claim(id, &office)
    _ = try end(id, .status(200, retryAfter: nil), &office)
    #expect(office.department.webhook(Self.hook)?.isFailing == false)
    // Once more, though it arrived: the receiver is told so.
    _ = try office.run(wish)
    #expect(deliveries(office)[0].mayRepeat)
  }

  @Test func `is not told of yesterday`() throws {
    var office = try Self.office(.pages)
    try office.declare(.level(.p1))
    let id = deliveries(office)[0].id
    office.clock += WebhookDelivery.patience
    _ = try claim(id, &office)
    #expect(deliveries(office)[0].state == .failed(at: office.clock - Span.second))
    // And in time its row goes.
    let forget = Action.moveDeliveries([.forget(id)])
    #expect(try office.run(forget, as: .system).isEmpty)
    office.clock += WebhookDelivery.kept
    #expect(try office.run(forget, as: .system).count == 1)
    #expect(deliveries(office).isEmpty)
    #expect(office.rule(forget) == .rightMissing)
  }

  @Test func `is managed by administrators`() throws {
    var office = try Self.office()
    let change = WebhookChange(id: Self.hook, name: "Pager")
    for who in Office.Who.allCases where who != .admin {
      #expect(office.rule(.changeWebhook(change), by: who.actor) == .rightMissing)
      #expect(office.rule(.removeWebhook(Self.hook), by: who.actor) == .rightMissing)
    }
    #expect(try office.run(.changeWebhook(change)).count == 1)
    #expect(try office.run(.changeWebhook(change)).isEmpty)
    #expect(office.rule(.changeWebhook(WebhookChange(id: ID(high: 90, low: 9)))) == .notFound)
    let other = WebhookChange(
      id: ID(high: 90, low: 2), isNew: true, name: "Pager", address: "https://a.example")
    #expect(office.rule(.changeWebhook(other)) == .alreadyExists)
    for address in ["http://a.example", "https://user@a.example", "ftp://a", "", "https://a b"] {
      #expect(
        office.rule(.changeWebhook(WebhookChange(id: Self.hook, address: address)))
          == .invalidField, "\(address)")
    }
    #expect(
      office.rule(.changeWebhook(WebhookChange(id: Self.hook, kinds: []))) == .invalidField)
    #expect(
      office.rule(.changeWebhook(WebhookChange(id: Self.hook, teams: [ID(high: 1, low: 99)])))
        == .notFound)
    // Another secret is another generation; for a day both are good.
    let before = office.department.webhook(Self.hook)!
    #expect(before.generations(at: office.clock) == [1])
    try office.run(.changeWebhook(WebhookChange(id: Self.hook, rotates: true)))
    let after = office.department.webhook(Self.hook)!
    #expect(after.generations(at: office.clock) == [2, 1])
    #expect(after.generations(at: office.clock + Webhook.overlap) == [2])
    try office.run(.removeWebhook(Self.hook))
    #expect(office.department.webhooks().isEmpty && deliveries(office).isEmpty)
  }

  @Test func `can be tried`() throws {
    var office = try Self.office()
    let id = ID(high: 92, low: 1)
    try office.run(.postDelivery(.test(id), to: Self.hook))
    #expect(deliveries(office).map(\.about) == [.test(by: Office.Who.admin.id)])
    #expect(office.rule(.postDelivery(.test(id), to: Self.hook)) == .alreadyExists)
    #expect(office.rule(.postDelivery(.again(ID(high: 1, low: 1)), to: Self.hook)) == .notFound)
  }

  @Test func `has a bounded number of neighbours`() throws {
    var office = try Self.office()
    for number in 1..<UInt64(Webhook.most) {
      try office.run(
        .changeWebhook(
          WebhookChange(
            id: ID(high: 93, low: number), isNew: true, name: "\(number)",
            address: "https://a.example")))
    }
    let more = WebhookChange(
      id: ID(high: 93, low: 99), isNew: true, name: "more", address: "https://a.example")
    #expect(office.rule(.changeWebhook(more)) == .tooMany)
    try office.declare(.level(.p1))
    let all = office.department.webhooks().flatMap { deliveries(office, to: $0.id) }
    #expect(all.count == Webhook.most && Set(all.map(\.id)).count == Webhook.most)
  }
}

/// Answering a page by the link in it.
@Suite("An answer by a link")
struct PageLinkTests {
  private func page(_ office: Office) -> PagedPerson {
    PagedPerson(
      incident: Office.incident, person: Office.Who.onCall.id, at: office.state().declaredAt)
  }

  @Test func `is that of the person who was paged`() throws {
    var office = try Office(isRaised: true)
    try office.declare(.level(.p1))
    let link = LinkAnswer(page: page(office), answer: .onIt)
    let events = try office.run(.answerByLink(link), as: .system)
    #expect(events.map(\.onBehalfOf) == [Office.Who.onCall.id])
    let answered = try #require(office.state().watch.paging.pages.first)
    #expect(answered.state == .answered(.onIt, at: office.clock - Span.second))
    #expect(office.state().acknowledgement == nil)
    // Said again it changes nothing; said otherwise it does, while the page waits.
    #expect(try office.run(.answerByLink(link), as: .system).isEmpty)
    let other = LinkAnswer(page: link.page, answer: .cannotHelp)
    #expect(try office.run(.answerByLink(other), as: .system).count == 2)
  }

  @Test func `comes too late once somebody has it, and after a day`() throws {
    var office = try Office(isRaised: true)
    try office.declare(.level(.p1))
    let link = Action.answerByLink(LinkAnswer(page: page(office), answer: .onIt))
    #expect(office.rule(link, by: Office.Who.onCall.actor) == .rightMissing)
    var late = office
    late.clock += PagedPerson.life
    #expect(late.rule(link, by: .system) == .notFound)
    try office.act(.delivery, .acknowledge(happenedAt: nil))
    #expect(office.rule(link, by: .system) == .notFound)
  }

  @Test func `is not changed any more once somebody has it, or it is over`() throws {
    var office = try Office(isRaised: true)
    try office.declare(.level(.p1))
    let page = page(office)
    let other = Action.answerByLink(LinkAnswer(page: page, answer: .cannotHelp))
    try office.run(.answerByLink(LinkAnswer(page: page, answer: .onIt)), as: .system)
    #expect(office.department.open(page, at: office.clock) != nil)
    var cancelled = office
    try office.act(.delivery, .acknowledge(happenedAt: nil))
    #expect(office.rule(other, by: .system) == .notFound)
    #expect(office.department.open(page, at: office.clock) == nil)
    try cancelled.act(.delivery, .cancel(reason: "A false alarm."))
    #expect(cancelled.rule(other, by: .system) == .notFound)
  }

  @Test func `is good for its own page and person only`() throws {
    var office = try Office(isRaised: true)
    try office.declare(.level(.p1))
    try office.declare(.level(.p1), id: Office.incident(2))
    var others = [page(office), page(office), page(office)]
    others[0].person = Office.Who.engineer.id
    others[1].at += 1
    others[2].incident = Office.incident(3)
    for other in others {
      let link = Action.answerByLink(LinkAnswer(page: other, answer: .onIt))
      #expect(office.rule(link, by: .system) == .notFound)
    }
    try office.run(.deactivatePerson(Office.Who.onCall.id))
    let link = Action.answerByLink(LinkAnswer(page: page(office), answer: .onIt))
    #expect(office.rule(link, by: .system) == .notFound)
  }
}
