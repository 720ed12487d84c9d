import EventLoop
import HTTP
import Testing

/// What is owed and who was woken, as a client sees it.
@ClientLoop @Suite("Pages and duties")
struct PageTests {
  @Test func `of a team without a lead, and of the settings, fall to those who are there`()
    async throws
  {
    let town = try await Town(isRaised: true)
    await town.done(.post, "/v1/teams", #"{"name":"Ops","line":"second"}"#)
    await town.done(
      .post, "/v1/services", #"{"key":"mail","name":"E-mail","secondLine":"Ops"}"#)
    for name in ["kim", "ria"] {
      await town.done(
        .post, "/v1/people", #"{"name":"\#(name)","email":"\#(name)@example.org"}"#)
    }
    await town.done(
      .post, "/v1/settings", #"{"seniorManagement":["ria@example.org"]}"#, by: nil)
    await town.done(
      .post, "/v1/on-call",
      #"{"service":"mail","person":"kim@example.org","role":"lead","#
        + #""from":"2020-01-01T09:00:00Z","until":"2099-01-01T09:00:00Z"}"#)
    #expect(await town.ask(.get, "/v1/on-call?service=mail").has(#""name":"kim""#))
    #expect(!(await town.ask(.get, "/v1/me/duties").has("on-call-gap")))
    for name in ["kim", "ria"] {
      await town.done(.post, "/v1/people/\(name)@example.org/deactivation")
    }
    let onCall = await town.ask(.get, "/v1/on-call?service=mail")
    #expect(onCall.has(#""lead":null"#), "\(onCall.text)")
    let owed = await town.ask(.get, "/v1/me/duties")
    #expect(owed.has(#""duty":"on-call-gap""#), "\(owed.text)")
    #expect(owed.has("The settings name ria as senior management, who has left"), "\(owed.text)")
    let settings = await town.ask(.get, "/v1/settings")
    #expect(settings.has(#""duty":"replace-contact""#), "\(settings.text)")
  }

  @Test func `of a flag that is set on a closed incident are owed like any other`() async throws {
    let cast = try await Cast()
    let town = cast.town
    await town.done(
      .post, "/v1/incidents", #"{"title":"One page is slow","service":"payments","priority":"P3"}"#)
    let path = "/v1/incidents/\(await town.ask(.get, "/v1/incidents").text("id"))"
    await town.done(.post, path + "/acknowledgement", "", by: cast[.teamLead])
    await town.done(
      .post, path + "/resolution", #"{"fix":"x","takeLead":true}"#, by: cast[.teamLead])
    await town.done(.post, path + "/closure", "{}", by: cast[.teamLead])
    #expect(!(await town.ask(.get, "/v1/me/duties", token: cast[.teamLead]).has("report-cyber")))
    await town.done(.post, path + "/flags", #"{"flag":"cyber"}"#, by: cast[.teamLead])
    let owed = await town.ask(.get, "/v1/me/duties", token: cast[.teamLead])
    #expect(owed.has(#""duty":"report-cyber""#), "\(owed.text)")
  }

  @Test func `are listed to whom they fall, and answered by them alone`() async throws {
    let cast = try await Cast()
    let town = cast.town
    await town.done(
      .post, "/v1/incidents", #"{"title":"Nobody can pay","service":"payments","priority":"P1"}"#)
    let list = await town.ask(.get, "/v1/pages", token: cast[.teamLead])
    #expect(list.has(#""step":"team-leads""#) && list.has(#""state":"waiting""#), "\(list.text)")
    #expect(await town.ask(.get, "/v1/pages", token: cast[.second]).has(#""items":[]"#))
    let id = list.text("id")
    let path = "/v1/incidents/\(id)"
    let answer = #"{"answer":"eta","minutes":3}"#
    let refused = await town.ask(.post, path + "/pages/answer", answer, token: cast[.second])
    #expect(refused.status == 403 && refused.has(#""missing":["page"]"#))
    for (body, status) in [
      (#"{"answer":"eta"}"#, 422), (#"{"answer":"soon"}"#, 422),
      (#"{"answer":"on-it","minutes":3}"#, 422), (answer, 200),
    ] {
      let reply = await town.ask(.post, path + "/pages/answer", body, token: cast[.teamLead])
      #expect(reply.status == status, "\(body): \(reply.text)")
    }
    let shown = await town.ask(.get, path, token: cast[.teamLead])
    #expect(shown.has(#""answer":"eta","minutes":3"#) && shown.has(#""nextPageAt":"2"#))
    #expect(shown.has(#""acknowledgement":null"#), "A page is not an acknowledgement.")

    let owed = await town.ask(.get, "/v1/me/duties", token: cast[.teamLead])
    #expect(owed.has(#""duty":"acknowledge""#) && owed.has(#""share":"team""#), "\(owed.text)")
    #expect(owed.has(#""duty":"on-call-gap""#))
    let mine = await town.ask(.get, "/v1/me/duties?of=mine", token: cast[.teamLead])
    #expect(mine.has(#""items":[]"#), "\(mine.text)")
    #expect(await town.ask(.get, "/v1/me/duties", token: cast[.guest]).has(#""items":[]"#))
    #expect(await town.ask(.get, "/v1/me/duties?of=yours", token: cast[.guest]).status == 400)
    await town.done(.post, path + "/acknowledgement", "", by: cast[.teamLead])
    #expect(await town.ask(.get, "/v1/pages", token: cast[.teamLead]).has(#""items":[]"#))
    let led = await town.ask(.get, "/v1/me/duties?of=mine", token: cast[.teamLead])
    #expect(led.has(#""duty":"assess""#), "\(led.text)")
  }

  @Test func `show nothing that is restricted to whom it is not shown`() async throws {
    let cast = try await Cast()
    let town = cast.town
    let done = await town.ask(
      .post, "/v1/incidents",
      #"{"title":"Nobody can pay","service":"payments","priority":"P1"}"#)
    let path = "/v1/incidents/\(done.text("id"))"
    await town.done(.post, path + "/flags", #"{"flag":"data"}"#)
    #expect(await town.ask(.get, "/v1/me/duties", token: cast[.second]).has(#""items":[]"#))
    #expect(
      await town.ask(.get, "/v1/me/duties", token: cast[.teamLead]).has(#""duty":"acknowledge""#))
  }

  @Test func `follow an action of a review until it is done`() async throws {
    let cast = try await Cast()
    let town = cast.town
    let path = await cast.incident(
      Plot(name: "", rest: "", body: nil, right: nil, begins: .resolved), .plain)
    let plan = #"{"at":"2099-01-01T09:00:00Z","attendees":["third@example.org"]}"#
    await town.done(.post, path + "/review/arrangement", plan, by: cast[.lead])
    let review =
      #"{"summary":"It ran out.","impact":"No payments.","cause":"Nobody renewed it.","#
      + #""actions":[{"what":"Renew it","owner":"third@example.org","due":"2099-01-01T09:00:00Z"}]}"#
    await town.done(.post, path + "/review", review, by: cast[.lead])
    let owed = await town.ask(.get, "/v1/me/duties?of=mine", token: cast[.third])
    #expect(owed.has(#""duty":"complete-action""#), "\(owed.text)")
    let done = #"{"action":1}"#
    let refused = await town.ask(.post, path + "/review/completion", done, token: cast[.second])
    #expect(refused.status == 403)
    await town.done(.post, path + "/review/completion", done, by: cast[.third])
    let shown = await town.ask(.get, path, token: cast[.third])
    #expect(shown.has(#""number":1,"what":"Renew it""#) && shown.has(#""done":true"#))
    #expect(await town.ask(.get, "/v1/me/duties?of=mine", token: cast[.third]).has(#""items":[]"#))
  }

  @Test func `wait as long as the settings say`() async throws {
    let town = try await Town(isRaised: true)
    let waits = #"{"escalation":{"p1Seconds":2,"p2Seconds":3,"againSeconds":4}}"#
    await town.done(.post, "/v1/settings", waits)
    let shown = await town.ask(.get, "/v1/settings")
    #expect(shown.has(#""escalation":{"p1Seconds":2,"p2Seconds":3,"againSeconds":4}"#))
    let none = #"{"escalation":{"p1Seconds":0,"p2Seconds":3,"againSeconds":4}}"#
    #expect(await town.ask(.post, "/v1/settings", none).status == 422)
  }
}
