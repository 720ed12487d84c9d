import Access
import Bytes
import EventLoop
import HTTP
import Incidents
import JSON
import Store

/// What is told of an incident, and the words around it (policy section 7).
@ClientLoop extension Exchange {
  /// `GET /v1/incidents/{incident}/communications`.
  func listCommunications(on name: IncidentName) async throws(Problem) -> Response {
    let window = try Window(request.query)
    return try await list { desk throws(Problem) in
      let incident = try desk.sight.incident(name)
      let after = try window.after()
      let page = try desk.reader.ask { reader throws(StoreError) in
        try reader.communications(on: incident.id, after: after, limit: window.limit)
      }
      return Content.json(restricted: desk.restricted([incident])) { json in
        json.page(page.items, next: page.next?.text) { json, communication in
          json.write(communication, desk.names)
        }
      }
    }
  }

  /// `GET /v1/incidents/{incident}/communications/{communication}`.
  func showCommunication(_ id: ID, on name: IncidentName) async throws(Problem) -> Response {
    try await point { desk throws(Problem) in
      let incident = try desk.sight.incident(name)
      guard let communication = desk.reader.communication(id),
        communication.incident == incident.id
      else { throw .notFound("communication") }
      return Content.json(
        version: communication.version, restricted: desk.restricted([incident])
      ) { json in json.write(communication, desk.names) }
    }
  }

  /// `POST /v1/incidents/{incident}/communications`: the answer's `result` names the draft.
  func draftCommunication(on name: IncidentName) async throws(Problem) -> Response {
    var drafted: ID?
    let done = try await submit { asker, clerk throws(Problem) in
      let incident = try asker.sight.incident(name)
      let action = try self.read(clerk) { clerk, body throws(Problem) in
        try clerk.communication(&body)
      }
      if case .draftCommunication(let draft) = action { drafted = draft.id }
      return .incident(incident.id, action)
    }
    // A repeat made another id, and drafted nothing by it.
    return done.answer { json in
      if !done.isRepeat { json.member("communication", drafted?.description) }
    }
  }

  /// `GET /v1/incidents/{incident}/communications/preview?audience=…&what=…`: how it would read.
  func previewCommunication(on name: IncidentName) async throws(Problem) -> Response {
    let query = request.query
    return try await point { desk throws(Problem) in
      let incident = try desk.sight.incident(name)
      let draft = try CommunicationDraft(query, id: incident.id)
      guard let text = desk.reader.text(of: draft, on: incident) else {
        throw .malformed("There is no template in the language \(draft.language).")
      }
      return Content.json(restricted: desk.restricted([incident])) { json in
        json.object { json in
          json.member("audience", draft.audience.spelling)
          json.member("language", draft.language)
          json.member("subject", text.subject)
          json.member("body", text.body)
        }
      }
    }
  }

  /// `GET /v1/templates`.
  func listTemplates() async throws(Problem) -> Response {
    try await list { desk throws(Problem) in
      let own = try desk.reader.ask { reader throws(StoreError) in try reader.templates() }
      let shipped = CommunicationUpdate.Audience.allCases.compactMap {
        CommunicationTemplate.shipped(CommunicationTemplate.Key(audience: $0))
      }.filter { first in !own.contains { $0.key == first.key } }
      return Content.json { json in
        json.page(shipped + own, next: nil) { json, template in json.write(template) }
      }
    }
  }
}

@ClientLoop extension Exchange {
  /// `GET /v1/templates/{audience}?priority=P1&language=cy`: the words for exactly this, or those that
  /// were there from the beginning.
  func showTemplate(for word: String) async throws(Problem) -> Response {
    guard let audience = CommunicationUpdate.Audience(spelling: word) else {
      throw .notFound("audience: it is one of \(CommunicationUpdate.Audience.spellings)")
    }
    var key = CommunicationTemplate.Key(audience: audience)
    if let word = request.query["priority"] {
      guard let priority = Priority(spelling: word) else {
        throw .invalid("priority is one of \(Priority.spellings).")
      }
      key.priority = priority
    }
    if let language = request.query["language"] { key.language = language }
    return try await point { [key] desk throws(Problem) in
      guard let template = desk.reader.template(key) ?? CommunicationTemplate.shipped(key) else {
        throw .notFound("template")
      }
      return Content.json(version: template.version) { json in json.write(template) }
    }
  }
}

extension CommunicationDraft {
  /// The draft that a query describes.
  fileprivate init(_ query: Query, id: ID) throws(Problem) {
    guard let word = query["audience"],
      let audience = CommunicationUpdate.Audience(spelling: word)
    else {
      throw .malformed("audience is one of \(CommunicationUpdate.Audience.spellings).")
    }
    var next: Int64?
    if let text = query["nextUpdateAt"] {
      guard let stamp = Timestamp.parse(text) else {
        throw .malformed("nextUpdateAt is a time as RFC 3339 writes it.")
      }
      next = stamp
    }
    self.init(
      id: id, audience: audience,
      language: query["language"] ?? CommunicationTemplate.shippedLanguage,
      what: query["what"] ?? CommunicationUpdate.noChange(until: next),
      affected: query["affected"], meanwhile: query["meanwhile"], nextUpdateAt: next)
  }
}
