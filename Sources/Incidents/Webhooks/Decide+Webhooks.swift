internal import Bytes

// Webhooks: what administrators change, and what becomes of what is posted to them.

extension Hearing {
  func change(_ change: WebhookChange) throws(Refusal) -> [Event] {
    try require(.administrator, to: "manage webhooks")
    let known = facts.webhook(change.id)
    if change.isNew {
      guard known == nil else { throw .exists("id", "A webhook of this id is known.") }
      let count = facts.webhooks().count
      guard count < Webhook.most else {
        throw .tooMany("There are \(count) webhooks already; remove one first.")
      }
    } else if let known {
      try checkVersion(known.version)
    } else {
      throw .notFound("webhook", change.id)
    }
    var profile = known?.profile ?? WebhookProfile(name: "", address: "")
    if let name = change.name { profile.name = name }
    if let address = change.address { profile.address = address }
    if let kinds = change.kinds { profile.kinds = kinds }
    if let teams = change.teams { profile.teams = teams }
    if let isEnabled = change.isEnabled { profile.isEnabled = isEnabled }
    try check(profile)
    let clash = facts.webhooks().contains { $0.id != change.id && $0.profile.name == profile.name }
    guard !clash else { throw .exists("name", "Another webhook has this name.") }
    let generation = (known?.generation ?? 0) + (known == nil || change.rotates ? 1 : 0)
    guard known?.profile != profile || known?.generation != generation else { return [] }
    return [
      event(.webhook, change.id, .webhookSet(WebhookSet(profile: profile, generation: generation)))
    ]
  }

  private func check(_ profile: WebhookProfile) throws(Refusal) {
    try Check.name(profile.name, "name")
    try Check.name(profile.address, "address", max: Bound.address)
    guard profile.address.hasPrefix("https://"), !profile.address.utf8.contains(0x20),
      !profile.address.utf8.contains(UInt8(ascii: "@"))
    else {
      throw .invalid("address", "A webhook's address begins with https:// and names no user.")
    }
    guard !profile.kinds.isEmpty, WebhookKinds.all.isSuperset(of: profile.kinds) else {
      let words = WebhookKinds.words.map(\.word).joined(separator: ", ")
      throw .invalid("kinds", "Give at least one of the kinds \(words).")
    }
    try Check.count(profile.teams.count, "list of teams")
    for id in profile.teams {
      guard let team = facts.team(id) else { throw .notFound("team", id) }
      guard !team.isRetired else { throw .retired(team) }
    }
  }

  func remove(webhook id: ID) throws(Refusal) -> [Event] {
    try require(.administrator, to: "manage webhooks")
    guard let webhook = facts.webhook(id) else { throw .notFound("webhook", id) }
    try checkVersion(webhook.version)
    return [event(.webhook, id, .webhookRemoved)]
  }

  func post(_ wish: DeliveryWish, to id: ID) throws(Refusal) -> [Event] {
    try require(.administrator, to: "have webhooks told")
    guard let webhook = facts.webhook(id) else { throw .notFound("webhook", id) }
    guard webhook.profile.isEnabled else {
      throw .invalid("webhook", "\(webhook.profile.name) is switched off. Switch it on first.")
    }
    switch wish {
    case .test(let delivery):
      guard facts.delivery(delivery) == nil else {
        throw .exists("id", "A delivery of this id is known.")
      }
    case .again(let delivery):
      guard let known = facts.delivery(delivery), known.webhook == id else {
        throw .notFound("delivery", delivery)
      }
      // It waits already: then it is sent without being asked for.
      guard known.state.isOver else { return [] }
    }
    return [event(.webhook, id, .deliveryAsked(wish))]
  }
}

/// What becomes of deliveries. What does not fit any more is passed over: it was said by a node that knew
/// less than was decided meanwhile.
func decideDeliveries(
  _ steps: [DeliveryStep], at stamp: Int64, facts: some Facts
) throws(Refusal) -> [Event] {
  try Check.count(steps.count, "deliveries", max: Bound.deliveries)
  var moves: [DeliveryMove] = []
  for step in steps {
    guard let delivery = facts.delivery(step.delivery),
      !moves.contains(where: { $0.delivery == delivery.id }),
      let what = try move(delivery, step, at: stamp, facts)
    else { continue }
    moves.append(DeliveryMove(delivery: delivery.id, webhook: delivery.webhook, what: what))
  }
  guard !moves.isEmpty else { return [] }
  return [
    Event(subject: Subject(kind: .settings, id: Settings.id), fact: .deliveriesMoved(moves))
  ]
}

private func move(
  _ delivery: WebhookDelivery, _ step: DeliveryStep, at stamp: Int64, _ facts: some Facts
) throws(Refusal) -> DeliveryMove.What? {
  switch step {
  case .claim(_, let id, let node):
    guard let dueAt = delivery.dueAt, dueAt <= stamp,
      facts.webhook(delivery.webhook)?.profile.isEnabled == true
    else { return nil }
    var mayRepeat = delivery.mayRepeat
    if case .claimed = delivery.state { mayRepeat = true }
    // A page of yesterday wakes nobody any more; it is shown that it did not go.
    guard stamp < delivery.endsAt else { return .failed(nil) }
    let claim = DeliveryClaim(id: id, node: node, until: stamp + WebhookDelivery.lease)
    return .claimed(claim, mayRepeat: mayRepeat)
  case .end(_, let id, let answer):
    guard case .claimed(let claim) = delivery.state, claim.id == id else { return nil }
    switch answer {
    case .unreachable(let why), .unsendable(let why):
      try Check.length(why, "reason", max: Bound.reference)
    case .status, .timedOut: break
    }
    return outcome(of: answer, for: delivery, at: stamp)
  case .forget:
    guard delivery.state.isOver, stamp - delivery.at >= WebhookDelivery.kept else { return nil }
    return .forgotten
  }
}

private func outcome(
  of answer: DeliveryAnswer, for delivery: WebhookDelivery, at stamp: Int64
) -> DeliveryMove.What {
  switch answer.kind {
  case .taken: return .sent(answer)
  case .refused: return .failed(answer)
  case .again:
    var retryAfter: UInt32?
    if case .status(_, let asked) = answer { retryAfter = asked }
    let next =
      stamp
      + DeliveryBackoff.wait(of: delivery.id, after: delivery.attempts, retryAfter: retryAfter)
    return next < delivery.endsAt ? .putOff(answer, until: next) : .failed(answer)
  }
}

extension DeliveryStep {
  /// Which delivery it is about.
  var delivery: ID {
    switch self {
    case .claim(let id, _, _), .end(let id, _, _), .forget(let id): id
    }
  }
}
