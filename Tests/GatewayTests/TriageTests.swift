import Access
import EventLoop
import Gateway
import HTTP
import Testing

@ClientLoop @Suite("Triage at the interface", .serialized)
struct TriageTests {
  @Test func `has its questions, answers, definitions and matrix as data`() async throws {
    let town = try await Town(isRaised: true)
    let reply = await town.ask(.get, "/v1/triage")
    for piece in [
      [
        #"{"factor":"deadline","of":"urgency","question":"Is there an imminent, immovable deadline?","#,
        #""answers":[{"answer":"imminent","text":"immovable and imminent"},"#,
        #"{"answer":"days","text":"within days"},{"answer":"none","text":"none"}]}"#,
      ],
      [
        #"{"anchor":"unauthorised-access","priority":"P1","#,
        #""text":"Ongoing unauthorised access (Cyber incident)."}"#,
      ],
    ] {
      #expect(reply.has(piece.joined()))
    }
    #expect(reply.has(#""matrix":[{"impact":"high","urgency":"high","priority":"P1"}"#))
    let strange = await town.ask(.get, "/v1/triage?service=nothing")
    #expect(strange.status == 404)
  }

  @Test func `suggests and changes nothing`() async throws {
    let town = try await Town(isRaised: true)
    let before = await town.ask(.get, "/v1/me")["Muster-Index"]
    let reply = await town.ask(
      .post, "/v1/triage/suggestion",
      #"{"triage":{"scope":"few","function":"critical-blocked","workaround":null},"#
        + #""anchor":"cosmetic","priority":"P2"}"#, key: "")
    let expected = [
      #"{"triage":{"answers":{"scope":"few","function":"critical-blocked"},"anchor":"cosmetic","#,
      #""suggestion":{"priority":"P4","impact":"medium","urgency":"low","#,
      #""reasons":["A critical service is blocked for a few people: medium impact.","#,
      #""No deadline, want of a workaround or decline makes it urgent: low urgency."],"#,
      #""unanswered":["seniority","data","deadline","workaround","rate"]},"chosen":"P2","#,
      #""doubts":[{"doubt":"choice-far-from-suggestion","#,
      #""text":"P2 is 2 levels from the suggested P4."}],"questions":[]}}"#,
    ].joined()
    #expect(reply.text == expected)
    let after = await town.ask(.get, "/v1/me")["Muster-Index"]
    #expect(before == after)
    for body in ["{}", #"{"priority":"P1"}"#] {
      #expect(await town.ask(.post, "/v1/triage/suggestion", body).status == 422)
    }
    for body in [#"{"triage":{"scope":"all"}}"#, #"{"anchor":"worst"}"#] {
      #expect(await town.ask(.post, "/v1/triage/suggestion", body).status == 422)
    }
    #expect(
      await town.ask(.post, "/v1/triage/suggestion", #"{"triage":{"mood":"x"}}"#).status == 400)
  }

  @Test func `is answered, shown and told with the choice that was made by it`() async throws {
    let town = try await Town(isRaised: true)
    let declared = await town.ask(
      .post, "/v1/incidents",
      #"{"title":"Files can be read by all","priority":"P4","triage":{"data":"sensitive"},"#
        + #""anchor":"unauthorised-access"}"#)
    #expect(declared.status == 201)
    let doubt =
      #""doubts":[{"doubt":"anchor-far-from-factors","#
      + #""text":"The definition chosen is a P1, while the factors suggest P2."}]"#
    #expect(declared.has(#""doubt":"choice-far-from-suggestion""#))
    #expect(!declared.has(doubt))
    let path = "/v1/incidents/\(declared.text("id"))"
    let shown = await town.ask(.get, path)
    #expect(shown.has(#""triage":{"answers":{"data":"sensitive"},"anchor":"unauthorised-access""#))
    #expect(shown.has(#""doubtedChoices":1"#))
    #expect(
      shown.has(
        #""questions":[{"flag":"cyber","text":"Is this a cyber security incident?"},"#
          + #"{"flag":"data","text":"Is this a data breach?"}]"#))
    #expect(shown.has(#""duty":"consider-data""#))
    let confirmed = await town.ask(
      .post, path + "/priority", #"{"confirm":true,"anchor":"critical-outage"}"#)
    #expect(confirmed.has(#""chosen":"P1","doubts":[],"questions":[]"#))
    let timeline = await town.ask(.get, path + "/timeline")
    #expect(timeline.has(#""summary":"Ana triaged it as P1. Critical business service outage"#))
    let report = await town.ask(.get, path + "/report?format=markdown")
    #expect(report.has("## Triage\n\n- Definition: P1: Critical business service outage"))
    await town.done(.post, path + "/flag-dismissals", #"{"flag":"data","reason":"Public data."}"#)
    #expect(!(await town.ask(.get, path).has(#""duty":"consider-data""#)))
  }

  @Test func `leads to proposals, which are listed until they are decided`() async throws {
    let town = try await Town(isRaised: true)
    let path = "/v1/incidents/\(await town.declare())"
    for body in [
      #"{"action":"cancel","priority":"P2","reason":"x"}"#, #"{"action":"priority"}"#,
      #"{"action":"priority","priority":"P2","of":"x"}"#, #"{"action":"duplicate"}"#,
      #"{"action":"close"}"#, #"{}"#,
    ] {
      #expect(await town.ask(.post, path + "/proposals", body).status == 422, "\(body)")
    }
    await town.done(
      .post, path + "/proposals",
      #"{"action":"priority","anchor":"single-user","reason":"One user only."}"#)
    await town.done(.post, path + "/proposals", #"{"action":"cancel","reason":"False alarm."}"#)
    let shown = await town.ask(.get, path)
    #expect(shown.has(#""proposals":[{"proposal":1,"person":"#))
    #expect(shown.has(#""action":"priority","priority":"P4","triage":{"answers":{},"#))
    #expect(shown.has(#""text":"make it a P4","reason":"One user only."}"#))
    #expect(shown.has(#""text":"Decide proposal 2, to cancel it: False alarm.""#))
    for body in [
      #"{"accept":true}"#, #"{"proposal":0,"accept":true}"#, #"{"proposal":1}"#,
      #"{"proposal":1,"accept":false}"#,
    ] {
      #expect(await town.ask(.post, path + "/proposal-decisions", body).status == 422, "\(body)")
    }
    #expect(
      await town.ask(.post, path + "/proposal-decisions", #"{"proposal":3,"accept":true}"#).status
        == 409)
    await town.done(
      .post, path + "/proposal-decisions",
      #"{"proposal":2,"accept":false,"reason":"It is one."}"#)
    await town.done(.post, path + "/proposal-decisions", #"{"accept":true}"#)
    let after = await town.ask(.get, path)
    #expect(after.has(#""priority":{"level":"P4","provisional":false"#))
    #expect(after.has(#""proposals":[]"#))
    let timeline = await town.ask(.get, path + "/timeline")
    #expect(timeline.has(#""summary":"Ana proposes to make it a P4: One user only.""#))
    #expect(timeline.has(#""summary":"Ana declined proposal 2, by Ana: It is one.""#))
    #expect(timeline.has(#""summary":"Ana accepted proposal 1, by Ana.""#))
  }

  @Test func `goes by the matrix of the service, which must be whole`() async throws {
    let town = try await Town(isRaised: true)
    await town.done(.post, "/v1/services", #"{"key":"pay","name":"Pay"}"#)
    func body(_ priorities: [String]) -> String {
      let levels = ["high", "medium", "low"]
      let cells = priorities.enumerated().map { place, priority in
        #"{"impact":"\#(levels[place / 3])","urgency":"\#(levels[place % 3])","#
          + #""priority":"\#(priority)"}"#
      }
      return #"{"matrix":[\#(cells.joined(separator: ","))]}"#
    }
    let own = ["P2", "P2", "P3", "P3", "P4", "P4", "P4", "P5", "P5"]
    let path = "/v1/services/pay/policy"
    for wrong in [Array(own.dropLast()), own.dropLast() + ["P6"], own.reversed()] {
      #expect(await town.ask(.post, path, body(wrong)).status == 422)
    }
    await town.done(.post, path, body(own))
    #expect(
      await town.ask(.get, path).has(
        #""matrix":[{"impact":"high","urgency":"high","priority":"P2"}"#))
    #expect(await town.ask(.get, "/v1/triage?service=pay").has(#""priority":"P2"}"#))
    let suggested = await town.ask(
      .post, "/v1/triage/suggestion",
      #"{"service":"pay","triage":{"scope":"department","function":"critical-blocked","#
        + #""workaround":"none"}}"#)
    #expect(suggested.has(#""suggestion":{"priority":"P2","impact":"high","urgency":"high""#))
    let id = await town.declare(
      #"{"title":"Down","service":"pay","impact":"high","urgency":"high"}"#)
    let shown = await town.ask(.get, "/v1/incidents/\(id)")
    #expect(shown.has(#""level":"P2""#))
    #expect(shown.has(#""matrix":[{"impact":"high""#))
    await town.done(.post, path, #"{"matrix":null}"#)
    #expect(await town.ask(.get, path).has(#""matrix":null"#))
  }
}
