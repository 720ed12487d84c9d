import Bytes
import EventLoop
import FaultyDisk
import Incidents
import Raft
import Store
import Testing

@Suite("What is posted")
struct DeliveryTests {
  private let folder: Folder
  private static let hook = ID(high: 90, low: 1)
  private static let other = ID(high: 90, low: 2)
  private static let claim = ID(high: 91, low: 1)

  init() throws { folder = try Folder() }

  private func apply(_ story: Story, to state: inout StateStore) throws {
    let results = try state.apply(Array(story.entries[Int(state.applied.index.rawValue)...]))
    for result in results { #expect(result.rule == nil, "\(result)") }
  }

  private func story() -> Story {
    var story = Story()
    story.raise(keeping: 1, serious: 2)
    for (hook, name) in [(Self.hook, "One"), (Self.other, "Two")] {
      story.add(
        .changeWebhook(
          WebhookChange(id: hook, isNew: true, name: name, address: "https://a.example/x")))
    }
    return story
  }

  /// Declares a P1, whose page goes to the administrator.
  private func page(_ number: UInt64, _ story: inout Story) {
    story.add(
      .declare(
        Declaration(id: Story.incident(number), title: "It \(number)", choice: .level(.p1))))
  }

  private func move(_ steps: [DeliveryStep], _ story: inout Story) {
    story.add(.moveDeliveries(steps), by: .system)
  }

  @Test func `is found when it is due, the most urgent first, and is what the ledger says`() throws
  {
    var story = story()
    var state = try folder.state()
    for number in 1...3 as ClosedRange<UInt64> { page(number, &story) }
    story.add(
      .incident(
        Story.incident(1),
        .changeRole(RoleChange(role: .lead, step: .take))))
    story.add(.postDelivery(.test(ID(high: 92, low: 1)), to: Self.other))
    try apply(story, to: &state)
    let reader = try folder.reader()
    #expect(reader.webhooks().map(\.profile.name) == ["One", "Two"])
    let due = try reader.dueDeliveries(to: Self.hook, by: story.clock, limit: 2)
    #expect(due.count == 2 && due[0].at < due[1].at && due.allSatisfy { $0.about.rank == 0 })
    #expect(try reader.dueDeliveries(to: Self.hook, by: Story.morning, limit: 9).isEmpty)
    // Of the same page each webhook has a delivery of its own.
    let all = try reader.dueDeliveries(to: Self.other, by: story.clock, limit: 9)
    #expect(all.count == 4 && Set(all.map(\.id)).isDisjoint(with: due.map(\.id)))
    move([.claim(due[0].id, by: Self.claim, node: 1)], &story)
    move([.end(due[0].id, claim: Self.claim, .status(500, retryAfter: nil))], &story)
    move(
      [.claim(due[1].id, by: Self.claim, node: 1), .claim(all[0].id, by: Self.claim, node: 1)],
      &story)
    move([.end(due[1].id, claim: Self.claim, .status(200, retryAfter: nil))], &story)
    try apply(story, to: &state)
    #expect(try reader.waitingDeliveries(to: Self.hook, most: 99) == 2)
    #expect(try reader.waitingDeliveries(to: Self.hook, most: 1) == 1)
    let page = try reader.deliveries(to: Self.hook, limit: 2)
    #expect(page.items.count == 2 && page.next != nil)
    #expect(try reader.deliveries(to: Self.hook, after: page.next, limit: 2).items.count == 1)
    #expect(reader.webhook(Self.hook)?.failingSince == nil)
    story.clock += WebhookDelivery.kept
    let ended = try reader.endedDeliveries(until: story.clock - WebhookDelivery.kept)
    #expect(ended == [due[1].id])
    move(ended.map { .forget($0) }, &story)
    story.add(.removeWebhook(Self.other))
    try apply(story, to: &state)
    #expect(reader.delivery(due[1].id) == nil && reader.delivery(all[0].id) == nil)
    #expect(reader.webhooks().count == 1)
    #expect(try reader.verify().digest == state.digest)
    var scrub = LedgerScrub()
    while try !scrub.goOn(reader, rows: 5) {}
  }

  @Test func `goes with its incident, and what it said of its webhook stays`() throws {
    var story = story()
    var state = try folder.state()
    page(1, &story)
    page(2, &story)
    try apply(story, to: &state)
    let reader = try folder.reader()
    let due = try reader.dueDeliveries(to: Self.hook, by: story.clock, limit: 9)
    #expect(due.count == 2)
    for (place, delivery) in due.enumerated() {
      move([.claim(delivery.id, by: Self.claim, node: 1)], &story)
      let answer = DeliveryAnswer.status(place == 0 ? 404 : 200, retryAfter: nil)
      move([.end(delivery.id, claim: Self.claim, answer)], &story)
    }
    story.add(.postDelivery(.again(due[0].id), to: Self.hook))
    move([.claim(due[0].id, by: Self.claim, node: 1)], &story)
    move([.end(due[0].id, claim: Self.claim, .status(400, retryAfter: nil))], &story)
    story.add(.incident(Story.incident(1), .cancel(reason: "never one")))
    story.clock += 3 * Span.day
    story.add(.purge(Story.incident(1)), by: .system)
    try apply(story, to: &state)
    #expect(reader.incident(Story.incident(1)) == nil && reader.delivery(due[0].id) == nil)
    #expect(reader.delivery(due[1].id) != nil)
    #expect(reader.webhook(Self.hook)?.isFailing == true)
    #expect(try reader.verify().digest == state.digest)
  }

  @Test(arguments: [FaultyDisk.Fault.crash, .full, .write])
  func `is there whole or not at all when the disk fails at any call`(
    fault: FaultyDisk.Fault
  ) throws {
    var story = story()
    page(1, &story)
    let first = story.entries.count
    page(2, &story)
    story.add(.postDelivery(.test(ID(high: 92, low: 1)), to: Self.hook))
    move([.claim(ID(high: 92, low: 1), by: Self.claim, node: 1)], &story)
    move([.end(ID(high: 92, low: 1), claim: Self.claim, .timedOut)], &story)
    story.add(.removeWebhook(Self.other))
    var whole = try folder.state()
    try apply(story, to: &whole)
    let disk = FaultyDisk(name: "faulty-posts-\(fault)")
    var (succeeded, failures) = (false, 0)
    for count in 0..<400 where !succeeded {
      disk.revive()
      let folder = try Folder()
      do {
        var log = try LogStore.open(folder: folder.path, identity: .first)
        try log.persist([
          .of(story.entries, hardState: HardState(term: Term(rawValue: 1), vote: nil))
        ])
        var state = try StateStore.open(
          folder: folder.path, identity: .first, recovered: log.recovered, system: disk.name)
        _ = try state.apply(Array(story.entries[..<first]))
        disk.arm(after: count, with: fault)
        do throws(StoreError) {
          _ = try state.apply(Array(story.entries[first...]))
          succeeded = !disk.disarm()
        } catch {
          disk.disarm()
          failures += 1
        }
      }
      let log = try LogStore.open(folder: folder.path, identity: .first)
      var state = try StateStore.open(
        folder: folder.path, identity: .first, recovered: log.recovered)
      let applied = Int(state.applied.index.rawValue)
      #expect(applied <= story.entries.count, "failed after \(count)")
      if applied < story.entries.count { _ = try state.apply(Array(story.entries[applied...])) }
      #expect(state.digest == whole.digest, "failed after \(count)")
      let reader = try StateReader.open(
        folder: folder.path, file: StateStore.fileName(generation: 1))
      #expect(reader.delivery(ID(high: 92, low: 1))?.mayRepeat == true, "failed after \(count)")
    }
    #expect(succeeded && failures > 0)
  }
}
