import Access
import Bytes
import EventLoop
import HTTP
import Incidents
import JSON
import Store

/// Webhooks: for administrators, who change them, and auditors, who look.
@ClientLoop extension Exchange {
  /// `GET /v1/webhooks`.
  func listWebhooks() async throws(Problem) -> Response {
    let window = try Window(request.query)
    return try await list { desk throws(Problem) in
      try desk.requireAudit()
      let piece = try window.piece(of: desk.reader.webhooks()) { $0.id.description }
      var waiting: [ID: Int] = [:]
      for webhook in piece.items { waiting[webhook.id] = try desk.waiting(for: webhook) }
      return Content.json { json in
        json.page(piece.items, next: piece.next) { json, webhook in
          json.write(webhook, waiting: waiting[webhook.id] ?? 0, desk.names)
        }
      }
    }
  }

  /// `GET /v1/webhooks/{webhook}`.
  func showWebhook(_ id: ID) async throws(Problem) -> Response {
    try await point { desk throws(Problem) in
      let webhook = try desk.webhook(id)
      let waiting = try desk.waiting(for: webhook)
      return Content.json(version: webhook.version) { json in
        json.write(webhook, waiting: waiting, desk.names)
      }
    }
  }

  /// `POST /v1/webhooks`.
  func makeWebhook() async throws(Problem) -> Response {
    try await showingSecret { clerk, body throws(Problem) in
      try clerk.webhook(clerk.makeID(), isNew: true, &body)
    }
  }

  /// `POST /v1/webhooks/{webhook}/rotation`.
  func rotateWebhook(_ id: ID) async throws(Problem) -> Response {
    try await showingSecret { clerk, body throws(Problem) in
      try clerk.nothing(&body)
      return WebhookChange(id: id, rotates: true)
    }
  }

  /// Changes a webhook and shows the secret that it has from then on. A repeat of the request changes
  /// nothing, and what it is about was shown the first time.
  private func showingSecret(_ read: ReadBody<WebhookChange>) async throws(Problem) -> Response {
    let done = try await submit { _, clerk throws(Problem) in
      guard clerk.facts.secret() != nil else { throw .webhooksNotReady }
      return .changeWebhook(try self.read(clerk, read))
    }
    let reader = api.reader
    let id = done.outcome.subject.id
    let secret = try reader.within(deadline) { () throws(Problem) -> WebhookSecret? in
      guard let webhook = reader.webhook(id), let secret = reader.secret() else { return nil }
      return WebhookSecret(of: id, generation: webhook.generation, from: secret)
    }
    return done.answer { json in
      json.member("secret", done.isRepeat ? nil : secret?.spelling)
    }
  }

  /// `GET /v1/webhooks/{webhook}/deliveries`.
  func listDeliveries(to id: ID) async throws(Problem) -> Response {
    let window = try Window(request.query)
    return try await list { desk throws(Problem) in
      _ = try desk.webhook(id)
      let after = try window.after()
      let page = try desk.reader.ask { reader throws(StoreError) in
        try reader.deliveries(to: id, after: after, limit: window.limit)
      }
      return Content.json { json in
        json.page(page.items, next: page.next?.text) { json, delivery in
          json.write(delivery, desk.names)
        }
      }
    }
  }
}

extension Desk {
  /// Refuses whoever is no administrator and no auditor.
  fileprivate func requireAudit() throws(Problem) {
    guard principal.person.mayAudit else { throw .notYours }
  }

  fileprivate func webhook(_ id: ID) throws(Problem) -> Webhook {
    try requireAudit()
    guard let webhook = reader.webhook(id) else { throw .notFound("webhook") }
    return webhook
  }

  /// Counts no further than a list would be read.
  fileprivate func waiting(for webhook: Webhook) throws(Problem) -> Int {
    try reader.ask { reader throws(StoreError) in
      try reader.waitingDeliveries(to: webhook.id, most: 1_000)
    }
  }
}

extension Clerk {
  /// `POST /v1/webhooks` and `POST /v1/webhooks/{webhook}`.
  func webhook(
    _ id: ID, isNew: Bool, _ body: inout BodyReader
  ) throws(Problem) -> WebhookChange {
    var change = WebhookChange(id: id, isNew: isNew)
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "name": change.name = try body.text(atMost: Bound.name)
      case "address": change.address = try address(&body)
      case "kinds":
        var kinds: WebhookKinds = []
        for word in try body.texts(atMost: Bound.key) {
          guard let kind = WebhookKinds.words.first(where: { $0.word == word })?.kind else {
            let words = WebhookKinds.words.map(\.word).joined(separator: ", ")
            throw .invalid("\"\(word)\" is none of \(words).", member: body.pointer)
          }
          kinds.insert(kind)
        }
        change.kinds = kinds
      case "teams": change.teams = try teams(&body)
      case "enabled": change.isEnabled = try body.optionalBool()
      default: throw body.unknownMember(member)
      }
    }
    if isNew {
      _ = try body.require(change.name, "name")
      _ = try body.require(change.address, "address")
    }
    return change
  }

  private func address(_ body: inout BodyReader) throws(Problem) -> String {
    let text = try body.text(atMost: Bound.address)
    guard let address = WebAddress(text), address.isSecure else {
      throw .invalid(
        "A webhook's address is https://, a host, and a path; no user, no fragment, and nothing that "
          + "ought to be escaped.", member: body.pointer)
    }
    return address.text
  }

  private func teams(_ body: inout BodyReader) throws(Problem) -> [ID] {
    guard try !body.isNull() else { return [] }
    var found: [ID] = []
    try body.beginArray()
    while try body.element(atMost: Bound.list) {
      if let team = try optionalTeam(&body), !found.contains(team) { found.append(team) }
    }
    return found
  }
}

extension JSONWriter {
  /// Writes a webhook, as an object.
  fileprivate mutating func write(
    _ webhook: Webhook, waiting: Int, _ names: NameBook<some Facts>
  ) {
    object { json in
      json.member("id", webhook.id.description)
      json.member("name", webhook.profile.name)
      json.member("address", webhook.profile.address)
      json.array("kinds") { json in
        for (kind, word) in WebhookKinds.words where webhook.profile.kinds.contains(kind) {
          json.value(word)
        }
      }
      json.array("teams") { json in
        for id in webhook.profile.teams { json.team(nil, id, names) }
      }
      json.member("enabled", webhook.profile.isEnabled)
      json.time("createdAt", webhook.createdAt)
      json.time("secretSince", webhook.secretSince)
      json.member("waiting", waiting)
      json.time("lastSentAt", webhook.lastSentAt)
      json.time("failingSince", webhook.failingSince)
      json.member("failures", Int(webhook.failures))
      json.member("version", Int(clamping: webhook.version))
    }
  }

  /// Writes a delivery, as an object. An incident that whoever asks may not know of is not named.
  fileprivate mutating func write(_ delivery: WebhookDelivery, _ names: NameBook<some Facts>) {
    object { json in
      json.member("id", delivery.id.description)
      json.member("type", delivery.about.spelling)
      json.time("at", delivery.at)
      json.member("exercise", delivery.isExercise)
      if let incident = delivery.incident, names.sees(incident) {
        json.object("incident") { json in
          json.member("id", incident.description)
          json.member("reference", Reference(incident).text)
        }
      } else {
        json.null("incident")
      }
      json.member("state", delivery.state.word)
      json.member("attempts", Int(delivery.attempts))
      json.time("dueAt", delivery.dueAt)
      switch delivery.state {
      case .sent(let at), .failed(let at): json.time("endedAt", at)
      case .waiting, .claimed: json.null("endedAt")
      }
      json.member("lastAnswer", delivery.lastAnswer?.words)
      json.member("mayHaveArrived", delivery.mayRepeat)
    }
  }
}

extension WebhookDelivery.About {
  /// Its kind, as a program sees it.
  fileprivate var spelling: String {
    switch self {
    case .page: "page"
    case .escalation: "escalation"
    case .reminders: "reminders"
    case .message: "message"
    case .test: "test"
    }
  }
}
