import Access
import Bytes
import EventLoop
package import HTTP
package import Incidents
import JSON
package import Store

/// One delivery as it goes over the wire: its body by what is true now, and its signature.
package struct Post: Sendable {
  /// What it is.
  package let delivery: WebhookDelivery
  /// Where it goes; `nil` where the address is none that may be posted to.
  package let address: WebAddress?
  /// The bytes that are signed.
  package let body: [UInt8]
  private let secrets: [WebhookSecret]

  /// A post, written from the state.
  ///
  /// - Parameters:
  ///   - delivery: What is to be told.
  ///   - webhook: To whom.
  ///   - reader: The state, within a transaction.
  ///   - secret: The cluster's.
  ///   - site: Where links lead.
  ///   - now: When it is sent, in milliseconds since 1970.
  package init(
    _ delivery: WebhookDelivery, to webhook: Webhook, from reader: StateReader, secret: [UInt8],
    site: Notifier.Site, at now: Int64
  ) {
    self.delivery = delivery
    address = WebAddress(webhook.profile.address)
    secrets = webhook.generations(at: now).map {
      WebhookSecret(of: webhook.id, generation: $0, from: secret)
    }
    body = Letter(delivery, reader, secret, site).written()
  }

  /// The request that takes it there, signed for `now`.
  package func request(to address: WebAddress, at now: Int64) -> ClientRequest {
    let time = now / 1_000
    let codes = secrets.map { "v1=\($0.code(at: time, of: body))" }
    var fields: Fields = [
      "Content-Type": "application/json", "User-Agent": "Muster", "Accept": "*/*",
      "Muster-Delivery": delivery.id.description, "Muster-Timestamp": "\(time)",
      "Muster-Signature": codes.joined(separator: ","),
      "Muster-Attempt": "\(delivery.attempts)",
    ]
    if delivery.mayRepeat { fields.append("Muster-Repeat", "possible") }
    return ClientRequest(
      .post, address.target, host: address.authority, fields: fields, body: body)
  }
}

/// What is written into a body.
private struct Letter {
  private let delivery: WebhookDelivery
  private let reader: StateReader
  private let secret: [UInt8]
  private let site: Notifier.Site
  private let incident: Incident?
  private let message: Message?

  init(
    _ delivery: WebhookDelivery, _ reader: StateReader, _ secret: [UInt8], _ site: Notifier.Site
  ) {
    self.delivery = delivery
    self.reader = reader
    self.secret = secret
    self.site = site
    incident = delivery.incident.flatMap(reader.incident)
    if case .message(let id) = delivery.about {
      message = reader.message(id)
    } else {
      message = nil
    }
  }

  private var names: Names {
    // A webhook is nobody: it may know of no incident that is restricted.
    let isSeen = { (id: ID) in reader.incident(id).map { !$0.isRestricted } ?? false }
    return Names(isSeen: isSeen) { kind, id in
      switch kind {
      case .person: reader.person(id)?.name
      case .team: reader.team(id)?.name
      case .service: reader.service(id)?.name
      default: nil
      }
    }
  }

  func written() -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("id", delivery.id.description)
    json.member("type", delivery.about.spelling)
    json.member("at", Timestamp.format(delivery.at))
    json.member("cluster", site.cluster.description)
    json.name("exercise")
    json.value(delivery.isExercise)
    write(incident, &json)
    json.member(
      "text", delivery.sentence(names, incident: incident, message: message))
    json.name("to")
    json.beginArray()
    for recipient in delivery.recipients(message) { write(recipient, &json) }
    json.endArray()
    json.endObject()
    return json.bytes
  }

  private func write(_ incident: Incident?, _ json: inout JSONWriter) {
    json.name("incident")
    guard let incident else { return json.null() }
    json.beginObject()
    json.member("id", incident.id.description)
    json.member("reference", incident.reference.text)
    json.member("url", "\(site.base)/v1/incidents/\(incident.id)")
    json.name("restricted")
    json.value(incident.isRestricted)
    if !incident.isRestricted {
      json.member("title", incident.title)
      json.member("priority", incident.classification.priority.description)
      json.member("status", incident.status.word)
    }
    json.endObject()
  }

  private func write(_ recipient: Message.Recipient, _ json: inout JSONWriter) {
    json.beginObject()
    switch recipient {
    case .person(let id):
      json.named("person", id, names.person(id))
      writeLinks(of: id, &json)
    case .team(let id): json.named("team", id, names.team(id))
    case .leads(let id): json.named("leadsOf", id, names.team(id))
    case .auditors:
      json.name("auditors")
      json.value(true)
    case .address(let address): json.member("address", address)
    }
    json.endObject()
  }

  /// The links by which somebody who was paged answers, one for each node: any of them will do.
  private func writeLinks(of person: ID, _ json: inout JSONWriter) {
    guard let incident, delivery.about.isPage else { return }
    let page = PagedPerson(incident: incident.id, person: person, at: delivery.at)
    let link = PageLink(to: page).spelling(secret: secret)
    json.name("answer")
    json.beginObject()
    json.member("url", "\(site.base)/a/\(link)")
    json.name("alternatives")
    json.beginArray()
    for address in site.addresses.dropFirst() { json.value("\(address)/a/\(link)") }
    json.endArray()
    json.member("expiresAt", Timestamp.format(delivery.at + PagedPerson.life))
    json.endObject()
  }
}

extension WebhookDelivery.About {
  /// Its kind, as a program sees it.
  package var spelling: String {
    switch self {
    case .page: "page"
    case .escalation: "escalation"
    case .reminders: "reminders"
    case .message: "message"
    case .test: "test"
    }
  }

  /// Whether whoever it is for can answer it.
  fileprivate var isPage: Bool {
    switch self {
    case .page, .escalation: true
    case .reminders, .message, .test: false
    }
  }
}

extension JSONWriter {
  fileprivate mutating func member(_ name: StaticString, _ text: String) {
    self.name(name)
    value(text)
  }

  fileprivate mutating func named(_ member: StaticString, _ id: ID, _ text: String) {
    name(member)
    beginObject()
    self.member("id", id.description)
    self.member("name", text)
    endObject()
  }
}
