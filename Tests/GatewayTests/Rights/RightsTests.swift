import Access
import EventLoop
import Gateway
import HTTP
import Testing

/// Policy section 9, tried: each row that is asked of an incident by each kind of person, in each scene.
@ClientLoop @Suite("Rights", .serialized)
struct RightsTests {
  /// What comes of asking.
  private enum Verdict: Equatable {
    case done
    /// 403: they may know of it and not do this.
    case denied
    /// 404: they may not know of it.
    case absent
  }

  private func table() throws -> RightsTable {
    let root = "/" + "\(#filePath)".split(separator: "/").dropLast(4).joined(separator: "/")
    let bytes = try Files.read("\(root)/Sources/Access/Access.docc/Rights.md", atMost: 1 << 20)
    return try RightsTable(markdown: String(decoding: bytes, as: UTF8.self))
  }

  /// The columns of the table that a person is in, for an incident of the service.
  private func holders(_ who: Cast.Who, _ plot: Plot, _ scene: Cast.Scene) -> [Holder] {
    let hasTeam = scene != .emergency && plot.begins != .unacknowledged
    return switch who {
    case .guest: [.signedIn]
    // Anybody of a 2nd or 3rd line acts on what nobody took up (policy section 6).
    case .outsider, .otherLead: [.signedIn] + (scene == .emergency ? [.responder] : [])
    case .first: [.signedIn, .firstLine]
    case .second, .third: [.signedIn, .responder]
    case .delivery: [.signedIn, .responder, .serviceDelivery]
    case .teamLead: [.signedIn, .responder, .teamLead]
    case .lead: [.signedIn, .responder] + (hasTeam ? [.lead] : [])
    case .comms: [.signedIn] + (hasTeam ? [.commsLead] : [])
    case .boss: [.signedIn, .administrator]
    case .breaker: Holder.allCases
    case .auditor: [.auditor]
    }
  }

  /// Who may know of what is restricted (policy section 8): whoever acted on it, has a role in it or
  /// leads the team that owns it.
  private func sees(_ who: Cast.Who, _ plot: Plot) -> Bool {
    switch who {
    case .lead, .comms, .delivery, .teamLead, .breaker: true
    case .second: plot.begins == .resolvedByPhone
    default: false
    }
  }

  private func expected(
    _ who: Cast.Who, _ plot: Plot, _ scene: Cast.Scene, _ table: RightsTable
  ) -> Verdict {
    if scene == .restricted, !sees(who, plot) { return .absent }
    let holders = holders(who, plot, scene)
    guard let right = plot.right else {
      return holders.contains(where: plot.holders.contains) ? .done : .denied
    }
    let allows = holders.contains { holder in
      switch table[right, holder] {
      case .granted, .grantedWithSpecialists: true
      case .limited(let limit): plot.limits.contains(limit)
      case .denied: false
      }
    }
    return allows ? .done : .denied
  }

  private func tried(
    _ who: Cast.Who, _ plot: Plot, on path: String, _ cast: Cast
  ) async -> (verdict: Verdict?, reply: Reply) {
    let reply = await cast.town.ask(
      plot.body == nil ? .get : .post, path + plot.rest, plot.body ?? "", token: cast[who])
    switch reply.status {
    case 200, 201: return (.done, reply)
    // What is flagged is first told to its specialist team, whoever asks: section 5.
    case 409 where reply.has("when its specialist team has been told"): return (.done, reply)
    case 403: return (.denied, reply)
    case 404: return (.absent, reply)
    default: return (nil, reply)
    }
  }

  @Test(arguments: Cast.Scene.allCases)
  func `are those of the table, for every person and everything that is asked`(
    scene: Cast.Scene
  ) async throws {
    let table = try table()
    let cast = try await Cast()
    if scene == .emergency { cast.town.cluster.become(.following) }
    let nowhere = "/v1/incidents/00000000-0000-7000-8000-000000000000"
    var minutes: Int64 = 0
    var cells = 0
    for plot in Plot.all where plot.scenes.contains(scene) {
      var path: String?
      for who in Cast.Who.allCases where scene != .emergency || who != .breaker {
        if path == nil {
          path = await cast.incident(plot, scene)
          minutes += 25
          if scene == .emergency { cast.town.cluster.run(ahead: minutes * 60_000) }
        }
        guard let asked = path else { continue }
        let (verdict, reply) = await tried(who, plot, on: asked, cast)
        #expect(
          verdict == expected(who, plot, scene, table), "\(who), \(plot), \(scene): \(reply.text)")
        cells += 1
        switch verdict {
        case .done, nil: if plot.body != nil { path = nil }
        case .denied: #expect(reply.has(#""missing":["#), "Who has it is said: \(reply.text)")
        case .absent:
          let absent = await cast.town.ask(
            plot.body == nil ? .get : .post, nowhere + plot.rest, plot.body ?? "",
            token: cast[who])
          #expect(absent.response.body == reply.response.body)
        }
      }
    }
    #expect(cells == Plot.all.count { $0.scenes.contains(scene) } * (scene == .emergency ? 12 : 13))
  }

  @Test(arguments: [Cast.Scene.plain, .restricted, .emergency])
  func `of a key of the service are to look and to add an entry, and never what is restricted`(
    scene: Cast.Scene
  ) async throws {
    let cast = try await Cast()
    for plot in Plot.all where plot.scenes.contains(scene) {
      let path = await cast.incident(plot, scene)
      let reply = await cast.town.ask(
        plot.body == nil ? .get : .post, path + plot.rest, plot.body ?? "", token: cast.key)
      let may = plot.body == nil || plot.rest == "/notes"
      let status = scene == .restricted ? [404] : may ? [200, 201] : [403]
      #expect(
        status.contains(reply.status), "\(plot), \(scene): \(reply.status) \(reply.text)")
    }
  }

  /// What is here must be all that there is: a new address of an incident has no right until it is
  /// given one.
  @Test func `have a row for every address of an incident`() {
    let prefix = "/v1/incidents/:incident"
    // Who may call it a duplicate sees the survivor too, and has tests of their own.
    // A step of a communication needs one, and has tests of its own: CommunicationTests.
    let steps = ["", "/approval", "/sending", "/withdrawal", "/deliveries"].map {
      "/communications/:communication\($0)"
    }
    let plain = Plot.all.map { String($0.rest.prefix { $0 != "?" }) }
    let faces = ["/faces/:face/approval", "/faces/:face/withdrawal"]
    // As has who was paged, and who owes an action: PageTests. A version that is listed is shown to the
    // same people: ReportTests.
    let asked = Set(plain).union(steps).union(faces)
      .union([
        "/duplication", "/pages/answer", "/review/completion", "/report/versions/:version",
        "/hand-over/reason",
      ])
    let addresses = API.addresses.map { $0.split(separator: " ")[1] }
    for address in addresses where address.hasPrefix(prefix) {
      #expect(asked.contains(String(address.dropFirst(prefix.count))), "\(address)")
    }
  }
}
