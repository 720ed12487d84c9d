internal import Bytes

/// Makes what happened to webhooks and their deliveries true.
func evolveWebhooks(
  _ event: Event, by actor: Actor, at stamp: Int64, in records: inout some Records
) {
  let id = event.subject.id
  switch event.fact {
  case .webhookSet(let set):
    var webhook =
      records.webhook(id)
      ?? Webhook(
        id: id, version: 0, profile: set.profile, generation: 0, secretSince: stamp,
        createdAt: stamp)
    webhook.version += 1
    webhook.profile = set.profile
    if webhook.generation != set.generation { webhook.secretSince = stamp }
    webhook.generation = set.generation
    records.put(webhook)
  case .webhookRemoved: records.forget(webhook: id)
  case .deliveryAsked(.test(let delivery)):
    let person = known(actor.person, "tester of", id)
    records.put(
      WebhookDelivery(
        id: delivery, to: id, .test(by: person), incident: nil, isExercise: false, at: stamp))
  case .deliveryAsked(.again(let delivery)):
    var asked = records.delivery(delivery)
    asked?.begin(at: stamp)
    records.settle(delivery: delivery, as: asked)
  case .deliveriesMoved(let moves):
    for move in moves { make(move, at: stamp, in: &records) }
  default: preconditionFailure("Event \(event.kind) is not about webhooks.")
  }
}

/// What is known of a delivery may be gone with its incident, in a fold; what it says of its webhook
/// stays.
private func make(_ move: DeliveryMove, at stamp: Int64, in records: inout some Records) {
  var delivery = records.delivery(move.delivery)
  delivery?.take(move.what, at: stamp)
  records.settle(delivery: move.delivery, as: move.what == .forgotten ? nil : delivery)
  guard var webhook = records.webhook(move.webhook), webhook.take(move.what, at: stamp) else {
    return
  }
  records.put(webhook)
}

extension WebhookDelivery {
  /// It is sent once more, as if it had just come to be.
  mutating func begin(at stamp: Int64) {
    if case .sent = state { mayRepeat = true }
    state = .waiting(until: stamp)
    attempts = 0
    endsAt = stamp + Self.patience
  }

  mutating func take(_ what: DeliveryMove.What, at stamp: Int64) {
    switch what {
    case .claimed(let claim, let mayRepeat):
      state = .claimed(claim)
      attempts += 1
      self.mayRepeat = mayRepeat
    case .sent(let answer):
      state = .sent(at: stamp)
      lastAnswer = answer
    case .putOff(let answer, let until):
      state = .waiting(until: until)
      lastAnswer = answer
      // It may have arrived before the line broke, or the receiver was slow.
      if answer.isSilence { mayRepeat = true }
    case .failed(let answer):
      state = .failed(at: stamp)
      if let answer { lastAnswer = answer }
    case .forgotten: break
    }
  }
}

extension Webhook {
  /// What an attempt tells of its receiver.
  ///
  /// - Returns: Whether it tells anything.
  fileprivate mutating func take(_ what: DeliveryMove.What, at stamp: Int64) -> Bool {
    switch what {
    case .claimed, .forgotten: return false
    case .sent:
      lastSentAt = stamp
      failingSince = nil
      failures = 0
    case .putOff, .failed:
      failingSince = failingSince ?? stamp
      failures &+= 1
    }
    return true
  }
}

extension Records {
  /// Puts what an event about an incident tells into the hands of the webhooks that want it. Only from
  /// behaviour level 2 on.
  ///
  /// - Parameter incident: As it is after the event.
  mutating func post(_ fact: Fact, on incident: Incident, at stamp: Int64) {
    guard let (about, kind) = fact.posted(of: incident, at: stamp) else { return }
    post(about, kind, on: incident, after: incident.id, incident.version, at: stamp) {
      incident.teams.include($0)
    }
  }

  /// Does the same with what somebody is told at once.
  mutating func post(_ message: Message, on incident: Incident?) {
    guard message.state == .waiting else { return }
    post(
      .message(message.id), .messages, on: incident, after: message.id, 0, at: message.at
    ) { team in
      switch message.recipient {
      case .team(let id), .leads(let id): if id == team { return true }
      case .person, .auditors, .address: break
      }
      return incident?.teams.include(team) ?? false
    }
  }

  private mutating func post(
    _ about: WebhookDelivery.About, _ kind: WebhookKinds, on incident: Incident?, after base: ID,
    _ version: UInt64, at stamp: Int64, teams: (ID) -> Bool
  ) {
    for (place, webhook) in webhooks().enumerated() where webhook.wants(kind, about: teams) {
      // Messages of an event have the first of its places, and a communication the last.
      let id = ID(following: base, version: version, place: 100 + UInt64(place))
      put(
        WebhookDelivery(
          id: id, to: webhook.id, about, incident: incident?.id,
          isExercise: incident?.isExercise ?? false, at: stamp))
    }
  }
}

extension Fact {
  /// What of it is posted, if anything is.
  fileprivate func posted(
    of incident: Incident, at stamp: Int64
  ) -> (WebhookDelivery.About, WebhookKinds)? {
    switch self {
    case .leadNotified(let person, _):
      (.page(people: [person], step: .lead, cause: .declared), .pages)
    case .noLeadOnCall(let contact):
      (.page(people: [contact], step: .dutyContact, cause: .declared), .pages)
    case .paged(let paged):
      paged.people.isEmpty
        ? nil : (.page(people: paged.people, step: paged.step, cause: paged.cause), .pages)
    case .leaverReleased(_, _, let told?):
      // They are told of it in any case, and woken for what is still to be taken.
      incident.watch.paging.pages.contains { $0.person == told && $0.at == stamp }
        ? (.page(people: [told], step: .dutyContact, cause: .unanswered), .pages) : nil
    // Of an exercise nobody so high is told.
    case .escalated(let escalation): escalation.to == nil ? nil : (.escalation(escalation), .pages)
    case .reminded(let reminders): (.reminders(reminders), .reminders)
    default: nil
    }
  }
}
