import Bytes
import Incidents
import Raft
import Store
import Testing

@Suite("The behaviour level of a state")
struct LevelTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  /// A founding, the rise and an incident after it.
  private func story() -> Story {
    var story = Story()
    story.declare(1)
    story.raise(to: 2)
    story.declare(2)
    return story
  }

  @Test func `is an event of the ledger, which folds to the same state`() throws {
    var state = try folder.state()
    let reader = try folder.reader()
    let results = try state.apply(story().entries)
    #expect(results[2].result == .none)
    try reader.read { reader throws(StoreError) in
      #expect(reader.level == 2)
    }
    let rows = try reader.audit(after: 0, limit: 100)
    let raised = try #require(
      rows.compactMap(\.content).first { $0.index == LogIndex(rawValue: 3) })
    let said = try #require(raised.said)
    #expect(try Event(decoding: said.body).fact == .levelRaised(to: 2))
    #expect(raised.actor == .system)
    let head = try reader.verify()
    #expect(head.applied.index.rawValue == 4)
    #expect(try StateFileHead.read("\(folder.path)/state-1.db").level == 2)
  }

  @Test func `has everything that is open watched, from when it came into force`() throws {
    var state = try folder.state()
    let reader = try folder.reader()
    let story = story()
    _ = try state.apply(Array(story.entries.prefix(2)))
    #expect(try reader.firstDue() == nil)
    _ = try state.apply(Array(story.entries.dropFirst(2)))
    let (first, second) = (Story.incident(1), Story.incident(2))
    #expect(reader.incident(first)?.watch.changedAt == story.entries[2].stamp)
    #expect(try reader.liveIncidents() == [first, second])
    let waits = try #require(reader.incident(second)?.watch.paging.nextAt)
    #expect(try reader.firstDue() == waits)
    #expect(try reader.dues(by: waits - 1) == [])
    #expect(try reader.dues(by: waits) == [Due(incident: second, version: 0)])
    #expect(try reader.due(at: waits) == .fireDues([Due(incident: second, version: 0)]))
    _ = try reader.verify()
  }

  @Test func `fires what is due once, and goes with what is purged`() throws {
    var story = story()
    var state = try folder.state()
    let reader = try folder.reader()
    _ = try state.apply(story.entries)
    let id = Story.incident(2)
    let waits = try #require(reader.incident(id)?.watch.paging.nextAt)
    story.clock = waits
    let fire = Action.fireDues([Due(incident: id, version: 0)])
    story.add(fire, by: .system)
    story.add(fire, by: .system)
    let results = try state.apply(Array(story.entries.dropFirst(4)))
    #expect(results.compactMap(\.outcome?.subject.kind) == [.incident, .settings])
    #expect(reader.incident(id)?.watch.version == 1)
    let later = try #require(try reader.firstDue())
    #expect(later > waits)
    // Two hours in which nothing could fire: whatever is open says so first.
    let now = later + 2 * Span.hour
    let gap = ClusterGap(from: later, until: now)
    #expect(try reader.due(at: now) == .noteGap(gap, [Story.incident(1), id]))
    story.clock = now
    story.add(.noteGap(gap, [Story.incident(1), id]), by: .system)
    _ = try state.apply(Array(story.entries.suffix(1)))
    #expect(try reader.due(at: now) == .fireDues(try reader.dues(by: now)))
    story.add(.incident(id, .cancel(reason: "never one")))
    story.clock += 3_000 * Span.day
    story.add(.purge(id), by: .system)
    _ = try state.apply(Array(story.entries.suffix(2)))
    #expect(reader.incident(id) == nil)
    #expect(try reader.liveIncidents() == [Story.incident(1)])
    _ = try reader.verify()
  }

  @Test func `is part of the digest`() throws {
    var raised = try folder.state()
    _ = try raised.apply(story().entries)
    var plain = Story()
    plain.declare(1)
    plain.add(kind: .barrier, payload: [])
    plain.declare(2)
    let other = try Folder()
    var state = try other.state()
    _ = try state.apply(plain.entries)
    #expect(state.digest != raised.digest)
  }

  @Test func `that this code does not know ends the node, and changes nothing`() throws {
    var state = try folder.state()
    _ = try state.apply(story().entries)
    let before = (state.applied, state.digest)
    var later = story()
    later.raise(to: 3)
    let entries = Array(later.entries.suffix(1))
    #expect(
      throws: StoreError.newer(file: "The entry at \(entries[0].position.index)", format: 3)
    ) { try state.apply(entries) }
    #expect(state.applied == before.0)
    #expect(state.digest == before.1)
  }

  @Test func `that a command needs is looked at as it is applied`() throws {
    var state = try folder.state()
    var story = Story()
    let command = Command(
      actor: Story.person, receivedAt: story.clock,
      salt: [UInt8](repeating: 0, count: Bound.salt), level: 2,
      action: .declare(Declaration(id: Story.incident(1), title: "Early")))
    story.add(kind: .command, payload: command.encoded())
    story.raise(to: 2)
    story.add(kind: .command, payload: command.encoded())
    let results = try state.apply(story.entries)
    #expect(results[1].rule == .levelUnknown)
    #expect(results[3].outcome?.status == .created)
  }

  @Test func `two keeps how a service is run, as the ledger says it`() throws {
    var state = try folder.state()
    let reader = try folder.reader()
    var story = story()
    let service = ID(high: 3, low: 1)
    let profile = ArrangementProfile(
      suppliers: [Supplier(name: "Cards Ltd")], manual: "https://manuals.example",
      channels: [.mail, .text])
    story.add(.addService(NewService(id: service, key: "pay", name: "Payments")))
    story.add(.arrangeService(ArrangementChange(service: service, seen: 0, profile: profile)))
    story.add(.confirmManual(ManualReading(service: service)))
    let results = try state.apply(story.entries)
    #expect(results.suffix(2).map { $0.outcome?.version } == [1, 2])
    let read = story.clock - Span.second
    #expect(
      reader.arrangement(of: service)
        == ServiceArrangement(
          service: service, version: 2, profile: profile,
          confirmation: ManualConfirmation(by: Story.administrator, at: read)))
    #expect(try reader.verify().digest == state.digest)
  }

  @Test func `two keeps what is signed in with beside the record, and a fold does not miss it`()
    throws
  {
    var state = try folder.state()
    // A reader that was open before the rise finds the tables that came with it.
    let reader = try folder.reader()
    #expect(try reader.read { reader throws(StoreError) in reader.secret() } == nil)
    var story = story()
    let keys = (1...3).map { ID(high: 13, low: $0) }
    let attempt = SignInAttempt(account: keys[0], origin: keys[1], pair: keys[2])
    let session = NewSession(
      id: ID(high: 14, low: 1), person: Story.administrator,
      hash: [UInt8](repeating: 14, count: Bound.hash), way: .password(version: 1),
      origin: "192.0.2.7", attempt: attempt)
    let next = NewSession(
      id: ID(high: 14, low: 2), person: Story.administrator,
      hash: [UInt8](repeating: 15, count: Bound.hash), way: .password(version: 1), origin: "")
    let actor = { (session: NewSession) in Actor.credential(id: session.id, person: session.person)
    }
    story.add(.keepSecret([UInt8](repeating: 5, count: Bound.secret)), by: .system)
    story.add(.changeMeans(.password(verifier: "$scrypt$…", version: 0)))
    story.add(.attemptSignIn(attempt), by: .system)
    story.add(.signIn(session), by: actor(session))
    story.add(
      .noteUses([CredentialUse(credential: session.id, at: story.clock)]), by: .system)
    let results = try state.apply(story.entries)
    #expect(results.suffix(5).allSatisfy { $0.outcome != nil })
    try reader.read { reader throws(StoreError) in
      #expect(reader.secret() == [UInt8](repeating: 5, count: Bound.secret))
      #expect(reader.means(of: Story.administrator)?.verifier == "$scrypt$…")
      #expect(reader.tally(attempt.pair)?.failures == 0)
      #expect(reader.sessions(of: Story.administrator).map(\.id) == [session.id])
      #expect(reader.lastUse(of: session.id) != nil)
      #expect(reader.credential(hash: session.hash)?.kind == .session)
    }
    // Over by then, the first is forgotten as the second begins.
    story.clock += SignInSession.Rule.standard.whole
    story.add(.signIn(next), by: actor(next))
    let last = try state.apply(Array(story.entries.suffix(1)))
    #expect(last[0].outcome != nil)
    try reader.read { reader throws(StoreError) in
      #expect(reader.sessions(of: Story.administrator).map(\.id) == [next.id])
      #expect(reader.lastUse(of: session.id) == nil)
    }
    #expect(try reader.verify().digest == state.digest)
  }
}
