import EventLoop
import Gateway
import HTTP
import Testing

@ClientLoop @Suite("How a service is run, through the interface")
struct ArrangementTests {
  private let path = "/v1/services/mail"

  private func town() async throws -> Town {
    let town = try await Town(isRaised: true)
    for (name, line) in [("Desk", "first"), ("Product", "third"), ("Platform", "third")] {
      await town.done(.post, "/v1/teams", #"{"name":"\#(name)","line":"\#(line)"}"#)
    }
    await town.done(
      .post, "/v1/services",
      #"{"key":"mail","name":"E-mail","firstLine":"Desk","secondLine":"Service Delivery","#
        + #""thirdLine":"Product"}"#)
    await town.done(
      .post, "/v1/on-call",
      #"{"service":"mail","person":"ana@example.org","role":"lead","#
        + #""from":"2020-01-01T09:00:00Z","until":"2099-01-01T09:00:00Z"}"#)
    return town
  }

  private var raci: String {
    (1...9).map {
      #"{"activity":\#($0),"accountable":{"role":"lead"},"responsible":[{"team":"Service Delivery"}],"#
        + #""consulted":[],"informed":[{"person":"ana@example.org"}]}"#
    }.joined(separator: ",")
  }

  private var profile: String {
    #"{"productTeam":"Product","infrastructureTeam":"Platform","smallerTeam":null,"#
      + #""thirdLineSupplier":null,"raci":[\#(raci)],"#
      + #""stakeholders":[{"team":"Desk","priority":"P3"},"#
      + #"{"name":"The Minister's office","email":"po@example.org","priority":"P1"}],"#
      + #""suppliers":[{"name":"Post Ltd","reference":"C-7","outOfHours":"+44 20 7946 0000"}],"#
      + #""manual":"https://manuals.example/mail","channels":["mail"]}"#
  }

  @Test func `is said, shown as it was said, and lacks nothing then`() async throws {
    let town = try await town()
    let before = await town.ask(.get, path)
    #expect(before.has(#""gap":"raci-9""#), "\(before.text)")
    let refused = await town.ask(.post, "\(path)/live")
    #expect(refused.status == 409)
    #expect(refused.has("service-incomplete"))
    #expect(refused.has(#""missing":["product-team""#), "\(refused.text)")
    let said = await town.ask(.post, "\(path)/arrangement", profile)
    #expect(said.status == 200 && said["ETag"] == "\"1\"", "\(said.text)")
    let shown = await town.ask(.get, "\(path)/arrangement")
    #expect(shown.has(#""profile":"# + profile), "\(shown.text)")
    #expect(shown.has(#""missing":[]"#))
    #expect(shown.has(#""duty":"confirm-manual""#))
    #expect(shown["ETag"] == "\"1\"")
    // What is left out stays as it is, and the same again is no news.
    await town.done(.post, "\(path)/arrangement", profile)
    await town.done(.post, "\(path)/arrangement", #"{"channels":["mail","sign-in"]}"#)
    let changed = await town.ask(.get, "\(path)/arrangement")
    #expect(changed.has(#""channels":["sign-in","mail"]"#) && changed["ETag"] == "\"2\"")
    #expect(changed.has(#""name":"Post Ltd""#))
  }

  @Test func `has duties that the department sees until they are done`() async throws {
    let town = try await town()
    #expect(await town.ask(.get, "/v1/duties").has(#""duty":"confirm-manual""#))
    await town.done(.post, "\(path)/arrangement", profile)
    await town.done(.post, "\(path)/live")
    let shown = await town.ask(.get, path)
    #expect(shown.has(#""liveSince":"2"#) && shown.has(#""missing":[]"#), "\(shown.text)")
    await town.done(.post, "\(path)/manual-confirmation")
    #expect(await town.ask(.get, "/v1/duties").has(#""items":[]"#))
    await town.done(.post, "\(path)/withdrawal", #"{"reason":"It moves."}"#)
    #expect(await town.ask(.get, path).has(#""liveSince":null"#))
  }

  @Test(arguments: [
    (#"{"raci":[{"activity":10}]}"#, "/raci/0/activity"),
    (
      #"{"raci":[{"activity":1,"accountable":{"role":"lead","team":"Desk"}}]}"#,
      "/raci/0/accountable/team"
    ),
    (#"{"raci":[{"activity":1,"accountable":{}}]}"#, "/raci/0/accountable/person"),
    (#"{"raci":[{"activity":1}]}"#, "/raci/0/accountable"),
    (#"{"stakeholders":[{"name":"x"}]}"#, "/stakeholders/0/email"),
    (#"{"suppliers":[{}]}"#, "/suppliers/0/name"),
    (#"{"channels":["pigeon"]}"#, "/channels"),
    (#"{"smallerTeam":{"agreedBy":"ana@example.org"}}"#, "/smallerTeam/reviewAt"),
    (#"{"productTeam":"Nobody"}"#, "/productTeam"),
    (#"{"colour":"red"}"#, "/colour"),
  ])
  func `is refused with the place of what is wrong`(body: String, member: String) async throws {
    let town = try await town()
    let reply = await town.ask(.post, "\(path)/arrangement", body)
    #expect([400, 422].contains(reply.status))
    #expect(reply.has(#""member":"\#(member)""#), "\(reply.text)")
  }

  @Test func `is not changed by whoever saw another version`() async throws {
    let town = try await town()
    await town.done(.post, "\(path)/arrangement", profile)
    let late = await town.ask(
      .post, "\(path)/arrangement", #"{"manual":null}"#, ifMatch: "\"7\"")
    #expect(late.status == 412, "\(late.text)")
    let right = await town.ask(
      .post, "\(path)/arrangement", #"{"manual":null}"#, ifMatch: "\"1\"")
    #expect(right.status == 200, "\(right.text)")
  }

  @Test func `knows whom senior management is`() async throws {
    let town = try await town()
    await town.done(.post, "/v1/settings", #"{"seniorManagement":["ana@example.org"]}"#)
    let shown = await town.ask(.get, "/v1/settings")
    #expect(shown.has(#""seniorManagement":[{"id":""#) && shown.has(#""name":"Ana"}]"#))
  }
}
