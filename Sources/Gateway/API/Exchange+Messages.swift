import Access
import Bytes
import EventLoop
import HTTP
import Incidents
import JSON
import Store

/// What must be told at once, and who has read it.
@ClientLoop extension Exchange {
  /// `GET /v1/messages`: those for whoever asks, and how many of them they have not read.
  ///
  /// One about an incident that they may not know of is not there; what they are told all the same
  /// names the incident's reference at most.
  func listMessages() async throws(Problem) -> Response {
    let window = try Window(request.query)
    let isUnreadOnly: Bool
    switch request.query["unread"] {
    case nil, "false": isUnreadOnly = false
    case "true": isUnreadOnly = true
    case .some: throw .malformed("unread is true or false.")
    }
    return try await list { desk throws(Problem) in
      let person = desk.principal.person
      let after = try window.after(sealedBy: desk.reader)
      var shown: [Incident] = []
      let (page, unread) = try desk.reader.ask { reader throws(StoreError) in
        func isShown(_ message: Message) throws(StoreError) -> Bool {
          try desk.sight.showing(message) != .hidden
        }
        let page = try reader.messages(for: person, after: after, limit: window.limit) {
          message throws(StoreError) in
          if isUnreadOnly, message.isAcknowledged(by: person.id) { return false }
          return try isShown(message)
        }
        let unread = try reader.messages(for: person, limit: Window.largest) {
          message throws(StoreError) in
          if message.isAcknowledged(by: person.id) { return false }
          return try isShown(message)
        }
        for message in page.items where try desk.sight.showing(message) == .whole {
          guard let incident = message.incident.flatMap(reader.incident) else { continue }
          if !shown.contains(where: { $0.id == incident.id }) { shown.append(incident) }
        }
        return (page, unread)
      }
      let whole = Set(shown.map(\.id))
      return Content.json(restricted: desk.restricted(shown)) { json in
        json.object { json in
          json.array("items") { json in
            for message in page.items {
              let isBrief = message.incident.map { !whole.contains($0) } ?? false
              json.write(message, for: person, isBrief: isBrief, desk.names)
            }
          }
          json.member("unread", unread.items.count)
          json.member("moreUnread", unread.next != nil)
          json.member("next", desk.reader.text(of: page.next))
        }
      }
    }
  }

  /// `GET /v1/notices`: nothing in it says which incident one stands for.
  func listNotices() async throws(Problem) -> Response {
    let window = try Window(request.query)
    return try await list { desk throws(Problem) in
      let after = try window.after()
      let page = try desk.reader.ask { reader throws(StoreError) in
        try reader.notices(after: after, limit: window.limit)
      }
      return Content.json { json in
        json.page(page.items, next: page.next?.text) { json, notice in
          json.object { json in
            json.member("id", notice.id.description)
            json.time("at", notice.publishedAt)
            json.member("language", notice.text.language)
            json.member("title", notice.text.title)
            json.member("body", notice.text.body)
          }
        }
      }
    }
  }

  /// `GET /v1/incidents/{incident}/messages`: who was told of it at once.
  func listMessages(on name: IncidentName) async throws(Problem) -> Response {
    let window = try Window(request.query)
    return try await list { desk throws(Problem) in
      let incident = try desk.sight.incident(name)
      let all = try desk.reader.ask { reader throws(StoreError) in
        try reader.messages(on: incident.id)
      }
      let piece = try window.piece(of: all) { $0.id.description }
      return Content.json(restricted: desk.restricted([incident])) { json in
        json.page(piece.items, next: piece.next) { json, message in
          json.write(message, for: nil, isBrief: false, desk.names)
        }
      }
    }
  }
}

extension Sight {
  /// How a message is shown to the person, by what this node knows.
  func showing(_ message: Message) throws(StoreError) -> Message.Showing {
    guard message.isIn(inboxOf: person) else { return .hidden }
    guard let id = message.incident else { return .whole }
    guard let incident = reader.incident(id) else { return .hidden }
    if try sees(incident) { return .whole }
    return message.isToldRegardless ? .inBrief : .hidden
  }
}
