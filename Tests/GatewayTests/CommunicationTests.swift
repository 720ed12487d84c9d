import Access
import EventLoop
import Gateway
import HTTP
import Testing

/// What is told, and what waits for people, by way of the interface.
@ClientLoop @Suite("What is told", .serialized)
struct CommunicationTests {
  private static let plot = Plot.all[0]

  private func drafted(
    _ cast: Cast, on path: String, by who: Cast.Who = .second, audience: String = "stakeholders"
  ) async -> String {
    let reply = await cast.town.ask(
      .post, "\(path)/communications",
      #"{"audience":"\#(audience)","what":"Nobody can pay.","affected":"All shops","#
        + #""nextUpdateAt":"2099-01-01T09:00:00Z"}"#, token: cast[who])
    #expect(reply.status == 200, "\(reply.text)")
    return "\(path)/communications/\(reply.text("communication"))"
  }

  @Test func `is drafted, agreed to, sent and delivered, each by whom the table says`() async throws
  {
    let cast = try await Cast()
    let path = await cast.incident(Self.plot, .plain)
    let senders: Set<Cast.Who> = [.delivery, .lead, .comms, .breaker]
    for who in Cast.Who.allCases {
      let one = await drafted(cast, on: path)
      for (step, body) in [
        ("approval", ""), ("sending", ""),
        ("deliveries", #"{"group":"Shops","outcome":"uncertain","detail":"No answer."}"#),
      ] {
        let reply = await cast.town.ask(.post, "\(one)/\(step)", body, token: cast[who])
        let may = senders.contains(who)
        #expect(reply.status == (may ? 200 : 403) || !may, "\(who) \(step): \(reply.text)")
        if !may, step != "deliveries" {
          let own = who == .second && step == "approval"
          #expect(reply.status == 403 || own, "\(who) \(step): \(reply.text)")
        }
      }
      let withdrawn = await cast.town.ask(
        .post, "\(await drafted(cast, on: path, by: .third))/withdrawal",
        #"{"reason":"Not so."}"#, token: cast[who])
      #expect(
        withdrawn.status == (senders.contains(who) || who == .third ? 200 : 403),
        "\(who): \(withdrawn.text)")
    }
    let key = await cast.town.ask(
      .post, "\(await drafted(cast, on: path))/sending", "", token: cast.key)
    #expect(key.status == 403)
    let told = await cast.town.ask(.get, "\(path)/communications?limit=200", token: cast[.guest])
    #expect(told.has(#""state":"sent","audience":"stakeholders""#))
    #expect(told.has(#""outcome":"uncertain""#))
    #expect(told.has("Who is affected\\nAll shops"))
    let shown = await cast.town.ask(.get, path)
    #expect(shown.has(#""late":0"#))
  }

  @Test func `of a restricted incident is as absent as the incident`() async throws {
    let cast = try await Cast()
    let path = await cast.incident(Self.plot, .plain)
    let one = await drafted(cast, on: path, by: .lead)
    let nowhere = "/v1/incidents/00000000-0000-7000-8000-000000000000"
    await cast.town.done(.post, "\(path)/flags", #"{"flag":"data"}"#, by: cast[.lead])
    for (method, rest, body) in [
      (.get, "/communications", ""), (.get, "/messages", ""),
      (.get, "/communications/preview?audience=team", ""),
      (.post, "/communications", #"{"audience":"team","what":"x"}"#),
      (.post, String(one.dropFirst(path.count)) + "/approval", ""),
      (.post, "/stakeholders", #"{"address":"a@example.org"}"#),
      (.post, "/reach", #"{"wholeDepartment":true}"#), (.post, "/delay", #"{"reason":"x"}"#),
    ] as [(HTTP.Method, String, String)] {
      let hidden = await cast.town.ask(method, path + rest, body, token: cast[.outsider])
      let absent = await cast.town.ask(method, nowhere + rest, body, token: cast[.outsider])
      #expect(hidden.status == 404, "\(rest): \(hidden.text)")
      #expect(hidden.response.body == absent.response.body, "\(rest)")
    }
  }

  @Test func `to all staff on a P2 is refused without a second person, and says who overrides`()
    async throws
  {
    let cast = try await Cast()
    let plot = try #require(Plot.all.first { $0.priority == "P3" })
    let path = await cast.incident(plot, .plain)
    await cast.town.done(
      .post, "\(path)/priority", #"{"priority":"P2","confirm":true}"#, by: cast[.lead])
    let one = await drafted(cast, on: path, by: .lead, audience: "all-staff")
    let refused = await cast.town.ask(.post, "\(one)/sending", "", token: cast[.lead])
    #expect(refused.status == 409 && refused.text("type") == "/rule/approval-required")
    #expect(refused.has(#""override":{"right":"send-updates","needs":["reason"]}"#))
    cast.town.cluster.become(.following)
    cast.town.cluster.run(ahead: 6 * 60_000)
    await cast.town.done(
      .post, "\(one)/sending", #"{"override":{"reason":"It is noon."}}"#, by: cast[.lead])
    let inbox = await cast.town.ask(.get, "/v1/messages?unread=true", token: cast[.comms])
    #expect(inbox.has("without a second person's agreement, because: It is noon."))
  }

  @Test func `waits for whom it is for, and is read once`() async throws {
    let cast = try await Cast()
    let path = await cast.incident(Self.plot, .plain)
    await cast.town.done(
      .post, "\(path)/roles",
      #"{"role":"documenter","action":"give","person":"guest@example.org"}"#,
      by: cast[.lead])
    let inbox = await cast.town.ask(.get, "/v1/messages", token: cast[.guest])
    #expect(inbox.has(#""kind":"role-offered""#) && inbox.has(#""unread":1"#))
    let id = inbox.text("id")
    let other = await cast.town.ask(
      .post, "/v1/messages/\(id)/acknowledgement", "", token: cast[.outsider])
    #expect(other.status == 404)
    await cast.town.done(.post, "/v1/messages/\(id)/acknowledgement", "", by: cast[.guest])
    let after = await cast.town.ask(.get, "/v1/messages?unread=true", token: cast[.guest])
    #expect(after.has(#""items":[],"unread":0"#))
    let rows = await cast.town.ask(.get, "\(path)/messages", token: cast[.lead])
    #expect(rows.has(#""state":"waiting","readBy":[{"id""#), "\(rows.text)")
  }

  @Test func `of broken glass is told to the team's leads and to auditors, not before what`()
    async throws
  {
    let cast = try await Cast()
    let path = await cast.incident(Self.plot, .restricted)
    let reference = await cast.town.ask(.get, path, token: cast[.lead]).text("reference")
    await cast.town.done(
      .post, "/v1/break-glass",
      #"{"incident":"\#(path.split(separator: "/")[2])","reason":"Urgent."}"#, by: cast[.boss])
    let lead = await cast.town.ask(.get, "/v1/messages", token: cast[.teamLead])
    #expect(lead.has(reference) && lead.has("because: Urgent."))
    let auditor = await cast.town.ask(.get, "/v1/messages", token: cast[.auditor])
    #expect(auditor.has("something that is restricted"))
    #expect(!auditor.has(reference) && !auditor.has("Urgent."))
    #expect(!(await cast.town.ask(.get, "/v1/messages", token: cast[.guest])).has("glass"))
  }

  @Test func `in the stead of what is restricted is told to everybody, and names nothing`()
    async throws
  {
    let cast = try await Cast()
    let path = await cast.incident(Self.plot, .restricted)
    await cast.town.done(
      .post, "\(path)/faces", #"{"title":"Beware of mail","body":"Delete it."}"#,
      by: cast[.comms])
    for who in Cast.Who.allCases where ![.lead, .delivery, .breaker, .comms].contains(who) {
      let reply = await cast.town.ask(
        .post, "\(path)/faces/1/approval", "", token: cast[who])
      #expect(reply.status == (who == .teamLead ? 403 : 404), "\(who): \(reply.text)")
    }
    let own = await cast.town.ask(.post, "\(path)/faces/1/approval", "", token: cast[.comms])
    #expect(own.status == 409 && own.text("type") == "/rule/approval-required")
    await cast.town.done(.post, "\(path)/faces/1/approval", "", by: cast[.lead])
    let notices = await cast.town.ask(.get, "/v1/notices", token: cast[.guest])
    #expect(notices.has(#""title":"Beware of mail","body":"Delete it.""#))
    let shown = await cast.town.ask(.get, path, token: cast[.lead])
    let incident = String(path.split(separator: "/")[2])
    #expect(!notices.has(incident) && !notices.has(shown.text("reference")))
    #expect(shown.has("The separate, formal process of the Cabinet Office Data Privacy"))
    let id = notices.text("id")
    for who in Cast.Who.allCases where ![.boss, .breaker].contains(who) {
      let reply = await cast.town.ask(
        .post, "/v1/notices/\(id)/withdrawal", "", token: cast[who])
      #expect(reply.status == 403, "\(who)")
    }
    await cast.town.done(.post, "\(path)/faces/1/withdrawal", "", by: cast[.lead])
    #expect(
      (await cast.town.ask(.get, "/v1/notices", token: cast[.guest])).has(#""items":[]"#))
  }

  @Test func `reads by templates that administrators change`() async throws {
    let cast = try await Cast()
    let path = await cast.incident(Self.plot, .plain)
    let bad = await cast.town.ask(
      .post, "/v1/templates", #"{"audience":"team","subject":"{title}","body":"{titel}"}"#,
      token: cast[.boss])
    #expect(bad.status == 422 && bad.has("{titel} stands for nothing"))
    await cast.town.done(
      .post, "/v1/templates",
      #"{"audience":"team","priority":"P1","subject":"{reference}","body":"Now: {what}"}"#,
      by: cast[.boss])
    let preview = await cast.town.ask(
      .get, "\(path)/communications/preview?audience=team&what=down", token: cast[.guest])
    #expect(preview.text("body") == "Now: down")
    let all = await cast.town.ask(.get, "/v1/templates", token: cast[.guest])
    #expect(all.has(#""priority":"P1""#) && all.has(#""audience":"status-page""#))
    await cast.town.done(
      .post, "/v1/templates", #"{"audience":"team","priority":"P1","reset":true}"#,
      by: cast[.boss])
    let first = await cast.town.ask(
      .get, "\(path)/communications/preview?audience=team&what=down", token: cast[.guest])
    #expect(first.text("body").hasPrefix("down"))
  }
}
