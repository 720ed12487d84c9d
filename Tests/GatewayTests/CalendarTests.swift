import EventLoop
import Gateway
import HTTP
import JSON
import Testing

@ClientLoop @Suite("Calendars, as the interface has them", .serialized)
struct CalendarTests {
  private static let document =
    #"{"scotland":{"division":"scotland","events":["#
    + #"{"title":"New Year’s Day","date":"2029-01-01","notes":"","bunting":true},"#
    + #"{"title":"2nd January","date":"2029-01-02","notes":"","bunting":true}]}}"#

  @Test func `are listed and shown, and take in GOV.UK's bank holidays`() async throws {
    let cast = try await Cast()
    let list = await cast.town.ask(.get, "/v1/calendars", token: cast[.guest])
    #expect(list.status == 200 && list.has(#""key":"northern-ireland""#))
    let dry = await cast.town.ask(
      .post, "/v1/bank-holidays?dryRun=true", Self.document, token: cast[.boss])
    #expect(
      dry.has(#""dryRun":true"#) && dry.has(#""date":"2029-01-02","before":null"#), "\(dry.text)")
    let unchanged = await cast.town.ask(.get, "/v1/calendars/scotland", token: cast[.guest])
    #expect(unchanged.has(#""version":0"#) && !unchanged.has("2029-01-01"))
    for isRepeat in [false, true] {
      let done = await cast.town.ask(
        .post, "/v1/bank-holidays", Self.document, key: "holidays", token: cast[.boss])
      #expect(done.status == 200, "\(done.text)")
      #expect(done.has(#""repeated":true"#) == isRepeat && done.has("2029-01-02") != isRepeat)
    }
    let shown = await cast.town.ask(.get, "/v1/calendars/scotland", token: cast[.guest])
    #expect(shown.has(#""knownUntil":"2029-12-31""#) && shown.has(#""version":1"#), "\(shown.text)")
    #expect(shown.has(#""date":"2028-11-30","name":"St Andrew’s Day""#))
    let again = await cast.town.ask(
      .post, "/v1/bank-holidays?dryRun=true", Self.document, token: cast[.boss])
    #expect(again.has(#""differences":[]"#), "\(again.text)")
    let refused = await cast.town.ask(
      .post, "/v1/bank-holidays", Self.document, token: cast[.delivery])
    #expect(refused.status == 403)
  }

  @Test(arguments: [
    (#"{"scotland":{"division":"wales","events":[]}}"#, "/scotland/division"),
    (#"{"atlantis":{"division":"atlantis","events":[]}}"#, "/atlantis"),
    (#"{"scotland":{"events":[{"title":"x","date":"2029-02-30"}]}}"#, "/scotland/events/0/date"),
    (#"{"scotland":{"events":[{"date":"2029-02-03"}]}}"#, "/scotland/events/0/title"),
    (#"{"scotland":{"division":"scotland"}}"#, "/scotland/events"),
    ("{}", "/england-and-wales"),
  ])
  func `say which field of a document is wrong`(document: String, member: String) async throws {
    let cast = try await Cast()
    let reply = await cast.town.ask(.post, "/v1/bank-holidays", document, token: cast[.boss])
    #expect((400...422).contains(reply.status) && reply.has(member), "\(reply.text)")
  }

  @Test func `are made and changed, and refused with the field that is wrong`() async throws {
    let cast = try await Cast()
    let body =
      #"{"name":"Contact centre","workingDays":["monday","saturday"],"opens":"08:00","closes":"20:00"}"#
    let made = await cast.town.ask(.post, "/v1/calendars/contact", body, token: cast[.boss])
    #expect(made.status == 200, "\(made.text)")
    let shown = await cast.town.ask(.get, "/v1/calendars/contact", token: cast[.guest])
    #expect(shown.has(#""workingDays":["monday","saturday"],"opens":"08:00","closes":"20:00""#))
    for (body, field) in [
      (#"{"closes":"08:00"}"#, "closes"), (#"{"opens":"9"}"#, "opens"),
      (#"{"zone":"Mars"}"#, "zone"), (#"{"workingDays":["funday"]}"#, "workingDays"),
      (#"{"opens":"01:30"}"#, "opens"),
    ] {
      let reply = await cast.town.ask(.post, "/v1/calendars/contact", body, token: cast[.boss])
      #expect((400...422).contains(reply.status) && reply.has(field), "\(reply.text)")
    }
  }

  @Test func `and targets of department and service are shown as they are taken`() async throws {
    let cast = try await Cast()
    let body =
      #"{"calendar":"scotland","cadencePreset":"gds-way","targets":[{"priority":"P3","#
      + #""response":"90m","resolution":"1d","limit":"2 business days","hours":"working"}]}"#
    let changed = await cast.town.ask(.post, "/v1/settings", body, token: cast[.boss])
    #expect(changed.status == 200, "\(changed.text)")
    let settings = await cast.town.ask(.get, "/v1/settings", token: cast[.guest])
    #expect(settings.has(#""priority":"P3","response":"90 minutes","resolution":"1 business day""#))
    #expect(settings.has(#""priority":"P3","once":"2 business days""#), "\(settings.text)")
    #expect(settings.has(#""calendar":"scotland""#) && settings.has(#""policyVersion":2"#))
    let own =
      #"{"targets":[{"priority":"P1","response":"5m","resolution":"30m","hours":"always"}]}"#
    let path = "/v1/services/payments/policy"
    let dry = await cast.town.ask(.post, path + "?dryRun=true", own, token: cast[.delivery])
    #expect(dry.has(#""dryRun":true"#), "\(dry.text)")
    #expect(dry.has(#""before":[],"after":[{"priority":"P1","response":"5 minutes""#))
    let calendar = #"{"calendar":"northern-ireland"}"#
    for (path, before) in [(path, "null"), ("/v1/settings", #""scotland""#)] {
      let other = await cast.town.ask(.post, path + "?dryRun=true", calendar, token: cast[.boss])
      #expect(
        other.has(#"{"field":"calendar","before":\#(before),"after":"northern-ireland"}"#),
        "\(other.text)")
    }
    let guest = await cast.town.ask(.post, path + "?dryRun=true", own, token: cast[.guest])
    #expect(guest.status == 403)
    let before = await cast.town.ask(.get, path, token: cast[.guest])
    #expect(before.has(#""version":0"#))
    let service = await cast.town.ask(.post, path, own, token: cast[.delivery])
    #expect(service.status == 200, "\(service.text)")
    let policy = await cast.town.ask(.get, "/v1/services/payments/policy", token: cast[.guest])
    #expect(policy.has(#""priority":"P1","response":"5 minutes","resolution":"30 minutes""#))
    let wrong = #"{"targets":[{"priority":"P1","response":"1d","hours":"always"}]}"#
    let refused = await cast.town.ask(.post, "/v1/settings", wrong, token: cast[.boss])
    #expect(refused.status >= 400 && refused.has("targets"), "\(refused.text)")
  }
}
