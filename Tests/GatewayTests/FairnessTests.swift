import EventLoop
import Gateway
import HTTP
import Testing

/// Who may have how much of a node.
@Suite("A node is shared fairly")
struct FairnessTests {
  private let key: [UInt8] = [1]

  private func problem(_ body: () throws(Problem) -> Fairness.Allowed) -> Problem? {
    do throws(Problem) {
      _ = try body()
      return nil
    } catch {
      return error
    }
  }

  @Test func `what nobody can wait with is told by its address`() {
    func share(_ method: HTTP.Method, _ path: String) -> Share {
      Share(of: Request(method, path))
    }
    for end in ["", "/x/acknowledgement", "/x/roles", "/x/resolution"] {
      #expect(share(.post, "/v1/incidents\(end)") == .urgent)
    }
    #expect(share(.get, "/v1/incidents") == .usual)
    #expect(share(.post, "/v1/incidents/x/notes") == .usual)
    #expect(share(.post, "/v1/alerts/alertmanager") == .alerts)
    #expect(share(.get, "/v1/alerts/alertmanager") == .usual)
  }

  @Test func `alerts and all else leave room for what nobody can wait with`() throws {
    var fairness = Fairness()
    fairness.quota = .init(burst: 10_000, perSecond: 10_000)
    // One sender has its own bound, all of them have another, and so has all that is not urgent.
    for _ in 0..<Fairness.mostOfOneSender {
      _ = try fairness.enter(.alerts, from: key, at: 0)
    }
    #expect(
      problem { () throws(Problem) in try fairness.enter(.alerts, from: key, at: 0) } == .busy)
    for sender in 2...3 as ClosedRange<UInt8> {
      for _ in 0..<Fairness.mostOfOneSender {
        _ = try fairness.enter(.alerts, from: [sender], at: 0)
      }
    }
    #expect(
      problem { () throws(Problem) in try fairness.enter(.alerts, from: [9], at: 0) } == .busy)
    for _ in Fairness.mostAlerts..<Fairness.mostNotUrgent {
      _ = try fairness.enter(.usual, from: nil, at: 0)
    }
    #expect(problem { () throws(Problem) in try fairness.enter(.usual, from: nil, at: 0) } == .busy)
    for _ in Fairness.mostNotUrgent..<Fairness.mostInFlight {
      _ = try fairness.enter(.urgent, from: nil, at: 0)
    }
    #expect(
      problem { () throws(Problem) in try fairness.enter(.urgent, from: nil, at: 0) } == .busy)
    // What was answered makes room for its own kind.
    fairness.leave(.alerts, from: key)
    #expect(
      problem { () throws(Problem) in try fairness.enter(.urgent, from: nil, at: 0) } == nil)
    fairness.leave(.urgent, from: nil)
    #expect(
      problem { () throws(Problem) in try fairness.enter(.alerts, from: key, at: 0) } == nil)
  }

  @Test func `a sender has its quota, whatever another does`() throws {
    var fairness = Fairness()
    fairness.quota = .init(burst: 3, perSecond: 2)
    for _ in 0..<3 {
      _ = try fairness.enter(.alerts, from: key, at: 0)
      fairness.leave(.alerts, from: key)
    }
    let refused = problem { () throws(Problem) in try fairness.enter(.alerts, from: key, at: 0) }
    #expect(refused?.type == "/problem/too-many-alerts")
    #expect(refused?.retryAfter == 1)
    #expect(
      problem { () throws(Problem) in try fairness.enter(.alerts, from: [2], at: 0) } == nil)
    #expect(
      problem { () throws(Problem) in
        try fairness.enter(.alerts, from: key, at: 500_000_000)
      } == nil)
  }

  @Test func `senders that are quiet need no place, and no more are told apart than there are`() {
    var fairness = Fairness()
    func enter(_ number: Int, at now: Int64) -> Problem? {
      problem { () throws(Problem) in
        try fairness.enter(.alerts, from: [UInt8(number & 255), UInt8(number >> 8)], at: now)
      }
    }
    for number in 0..<Fairness.mostSenders {
      #expect(enter(number, at: 0) == nil)
      fairness.leave(.alerts, from: [UInt8(number & 255), UInt8(number >> 8)])
    }
    #expect(enter(Fairness.mostSenders, at: 0) == .busy)
    #expect(enter(Fairness.mostSenders, at: 1_000_000_000) == nil)
  }

  @Test func `each answer to an alert says what is left`() async throws {
    let town = try await Town()
    await town.api.limit(to: .init(burst: 4, perSecond: 1))
    let body = """
      {"version":"4","groupKey":"k","status":"firing","receiver":"r","groupLabels":{},
       "commonLabels":{},"commonAnnotations":{},"externalURL":"","truncatedAlerts":0,"alerts":[]}
      """
    let path = "/v1/alerts/alertmanager"
    let first = await town.ask(.post, path, body)
    #expect(first.status == 200, "\(first.text)")
    #expect(first["RateLimit-Policy"] == "\"alerts\";q=4;w=4")
    #expect(first["RateLimit"] == "\"alerts\";r=3;t=1")
    #expect(await town.ask(.get, "/v1/incidents")["RateLimit"] == nil)
    var last = first
    for _ in 0..<4 { last = await town.ask(.post, path, body) }
    #expect(last.status == 429)
    #expect(last.text("type") == "/problem/too-many-alerts")
    #expect(last["RateLimit"] == "\"alerts\";r=0;t=4")
    #expect(last["Retry-After"] == "1")
    // Somebody's declaration is not held up by it.
    #expect(await town.ask(.post, "/v1/incidents", #"{"title":"Down"}"#).status == 201)
  }
}

extension API {
  /// Gives each sender this quota, of which nothing comes back.
  fileprivate func limit(to quota: Fairness.Quota) {
    fairness.quota = quota
    quotaClock = { 0 }
  }
}
