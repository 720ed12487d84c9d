import Bytes
import HTTP
import Incidents

extension API {
  /// What is told of an incident.
  static let communications: [Route<Exchange>] = [
    // What was told or shall be, with author, approver, times and results.
    .get("/v1/incidents/:incident/communications") { try await $0.listCommunications(on: $1) },
    // A draft, or other words for one.
    .post("/v1/incidents/:incident/communications") { try await $0.draftCommunication(on: $1) },
    // How it would read, by its template.
    .get("/v1/incidents/:incident/communications/preview") {
      try await $0.previewCommunication(on: $1)
    },
    // One of them.
    .get("/v1/incidents/:incident/communications/:communication") {
      (exchange: Exchange, incident: IncidentName, id: ID) in
      try await exchange.showCommunication(id, on: incident)
    },
    // A second person agrees.
    .post("/v1/incidents/:incident/communications/:communication/approval") {
      (exchange: Exchange, incident: IncidentName, id: ID) in
      try await exchange.act(on: incident) { clerk, body throws(Problem) in
        try clerk.approval(of: id, &body)
      }
    },
    // It was sent; with an override and its reason if it goes without that.
    .post("/v1/incidents/:incident/communications/:communication/sending") {
      (exchange: Exchange, incident: IncidentName, id: ID) in
      try await exchange.act(on: incident) { clerk, body throws(Problem) in
        try clerk.sending(of: id, &body)
      }
    },
    // It shall not be sent.
    .post("/v1/incidents/:incident/communications/:communication/withdrawal") {
      (exchange: Exchange, incident: IncidentName, id: ID) in
      try await exchange.act(on: incident) { clerk, body throws(Problem) in
        try clerk.withdrawal(of: id, &body)
      }
    },
    // What became of it, for one group of its recipients.
    .post("/v1/incidents/:incident/communications/:communication/deliveries") {
      (exchange: Exchange, incident: IncidentName, id: ID) in
      try await exchange.act(on: incident) { clerk, body throws(Problem) in
        try clerk.delivery(of: id, &body)
      }
    },
    // Names somebody to be kept informed, or takes them off.
    .post("/v1/incidents/:incident/stakeholders") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.stakeholder(&body) }
    },
    // Whether it affects the whole department, or why all staff need not be told.
    .post("/v1/incidents/:incident/reach") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.reach(&body) }
    },
    // Why an update is late.
    .post("/v1/incidents/:incident/delay") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.delay(&body) }
    },
    // Whether a breach is notified.
    .post("/v1/incidents/:incident/notification") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.notification(&body) }
    },
    // Lets everybody know of what is only a matter of cyber security, names somebody, or takes them off.
    .post("/v1/incidents/:incident/sight") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.sight(&body) }
    },
    // What staff are told in its stead: a draft, which becomes a notice once a second person agrees.
    .post("/v1/incidents/:incident/faces") {
      try await $0.act(on: $1) { clerk, body throws(Problem) in try clerk.face(&body) }
    },
    .post("/v1/incidents/:incident/faces/:face/approval") {
      (exchange: Exchange, incident: IncidentName, face: Int) in
      try await exchange.act(on: incident) { clerk, body throws(Problem) in
        try clerk.nothing(&body)
        return .moveFace(.approve(number: UInt32(clamping: face), notice: clerk.makeID()))
      }
    },
    .post("/v1/incidents/:incident/faces/:face/withdrawal") {
      (exchange: Exchange, incident: IncidentName, face: Int) in
      try await exchange.act(on: incident) { clerk, body throws(Problem) in
        try clerk.nothing(&body)
        return .moveFace(.withdraw(number: UInt32(clamping: face)))
      }
    },
    // Who was told of it at once, and what became of that.
    .get("/v1/incidents/:incident/messages") { try await $0.listMessages(on: $1) },
  ]

  /// What waits for people, and the words around what is told.
  static let outbox: [Route<Exchange>] = [
    // The messages for whoever asks, latest first; with ?unread=true those that they have not read.
    .get("/v1/messages") { try await $0.listMessages() },
    // Whoever asks has read it.
    .post("/v1/messages/:message/acknowledgement") { (exchange: Exchange, message: ID) in
      try await exchange.write { clerk, body throws(Problem) in
        try clerk.nothing(&body)
        return .acknowledgeMessage(message)
      }
    },
    // What everybody who signs in is told, latest first.
    .get("/v1/notices") { try await $0.listNotices() },
    .post("/v1/notices/:notice/withdrawal") { (exchange: Exchange, notice: ID) in
      try await exchange.write { clerk, body throws(Problem) in
        try clerk.nothing(&body)
        return .withdrawNotice(notice)
      }
    },
    // The words around what is told: those that were there from the beginning and those of the
    // department.
    .get("/v1/templates") { try await $0.listTemplates() },
    // One of them, by ?priority= and ?language=.
    .get("/v1/templates/:audience") { try await $0.showTemplate(for: $1) },
    .post("/v1/templates") {
      try await $0.write { clerk, body throws(Problem) in
        .changeTemplate(try clerk.template(&body))
      }
    },
  ]
}
