import Bytes
import Incidents
import Raft
import Store
import Testing

@Suite("A list")
struct ListTests {
  private let folder: Folder
  private static let team = ID(high: 60, low: 1)

  init() throws { folder = try Folder() }

  /// Incidents of every kind: some over, some flagged, some of a service, of each priority.
  private func story(_ count: UInt64) -> Story {
    var story = Story()
    story.raise(to: 2)
    story.add(
      .addService(NewService(id: ID(high: 61, low: 1), key: "payments", name: "Card payments")))
    for number in 1...count { add(number, to: &story) }
    return story
  }

  private func add(_ number: UInt64, to story: inout Story) {
    let id = Story.incident(number)
    story.add(
      .declare(
        Declaration(
          id: id, title: "Incident \(number)",
          service: number % 3 == 0 ? ID(high: 61, low: 1) : nil,
          choice: .level(Priority.allCases[Int(number % 6)]), reference: "ref-\(number % 5)",
          isExercise: number % 11 == 0)))
    if number % 4 == 0 {
      story.add(.incident(id, .setFlag(FlagRaising(flag: number % 8 == 0 ? .cyber : .data))))
    }
    if number % 5 == 1 {
      story.add(.incident(id, .changeRole(RoleChange(role: .lead, step: .take))))
    }
    if number % 7 == 3 { story.add(.incident(id, .cancel(reason: "False alarm."))) }
  }

  private static func filters(_ story: Story) -> [IncidentFilter] {
    var filters: [IncidentFilter] = [
      IncidentFilter(), IncidentFilter(isOver: false), IncidentFilter(isOver: true),
      IncidentFilter(statuses: [.open, .investigating]), IncidentFilter(statuses: [.cancelled]),
      IncidentFilter(services: [ID(high: 61, low: 1)], order: .priority),
      IncidentFilter(priorities: [.p1, .p4]), IncidentFilter(priorities: [.p2], order: .due),
      IncidentFilter(flags: [.cyber]), IncidentFilter(isOver: false, flags: [.cyber, .data]),
      IncidentFilter(order: .priority), IncidentFilter(order: .due),
      IncidentFilter(isOverdue: true), IncidentFilter(isOverdue: true, order: .priority),
      IncidentFilter(referencePrefix: "ref-2"), IncidentFilter(teams: [Story.team]),
      IncidentFilter(teams: [ListTests.team]),
    ]
    var filter = IncidentFilter()
    filter.holder = .me
    filters.append(filter)
    filter = IncidentFilter(order: .due)
    filter.lead = .person(Story.administrator)
    filters.append(filter)
    filter = IncidentFilter()
    filter.reporter = .me
    filter.isExercise = true
    filters.append(filter)
    filter = IncidentFilter(isOver: false)
    filter.isExercise = false
    filter.declaredFrom = Story.morning + 20_000
    filter.declaredUntil = Story.morning + 70_000
    filters.append(filter)
    filter.isOver = nil
    filters.append(filter)
    return filters
  }

  private func all(
    _ search: IncidentSearch, _ reader: StateReader, limit: Int, between: () throws -> Void = {}
  ) throws -> [Incident] {
    var found: [Incident] = []
    var cursor: Cursor?
    repeat {
      let page = try reader.read { reader throws(StoreError) in
        try reader.incidents(search, after: cursor, limit: limit)
      }
      found += page.items
      cursor = try page.next.map { try #require(Cursor($0.text)) }
      if let cursor { #expect(cursor.fits(search.filter.order)) }
      try between()
    } while cursor != nil
    return found
  }

  @Test func `tells whether somebody leads another P1 or P2, whatever they ever led`() throws {
    var story = Story()
    // The first ones are declared before there are rows of what is under way.
    for number in 1...6 as ClosedRange<UInt64> { lead(number, in: &story) }
    story.raise(to: 2)
    for number in 7...12 as ClosedRange<UInt64> { lead(number, in: &story) }
    var state = try folder.state()
    var applied = 0
    func check(_ expected: Int, _ comment: Comment) throws {
      _ = try state.apply(Array(story.entries[applied...]))
      applied = story.entries.count
      let reader = try folder.reader()
      try reader.read { reader throws(StoreError) in
        let all = (1...12).compactMap { reader.incident(Story.incident($0)) }
        let led = all.filter { $0.majorLead == Story.administrator }
        #expect(all.count == 12 && led.count == expected, comment)
        for incident in all {
          #expect(
            reader.leadsMajor(Story.administrator, beside: incident.id)
              == led.contains { $0.id != incident.id }, comment)
        }
        #expect(!reader.leadsMajor(ID(high: 9, low: 9), beside: Story.incident(1)), comment)
      }
    }
    // Two of six are a P1 or P2: 6 and 12, 1 and 7.
    try check(4, "as they were declared")
    story.add(.incident(Story.incident(6), .changeRole(RoleChange(role: .lead, step: .leave))))
    try check(3, "one was given up")
    story.add(.incident(Story.incident(1), .cancel(reason: "False alarm.")))
    try check(2, "one is over")
    story.add(.incident(Story.incident(7), .cancel(reason: "False alarm.")))
    try check(1, "only one is left")
    story.add(.incident(Story.incident(12), .cancel(reason: "False alarm.")))
    try check(0, "none is left")
  }

  private func lead(_ number: UInt64, in story: inout Story) {
    let id = Story.incident(number)
    let priority = Priority.allCases[Int(number % 6)]
    story.add(
      .declare(Declaration(id: id, title: "Incident \(number)", choice: .level(priority))))
    story.add(.incident(id, .changeRole(RoleChange(role: .lead, step: .take))))
  }

  @Test func `has exactly what its filter lets through, each once, in its order`() throws {
    let story = story(60)
    var state = try folder.state()
    _ = try state.apply(story.entries)
    let reader = try folder.reader()
    let everything = (1...60 as ClosedRange<UInt64>).compactMap {
      reader.incident(Story.incident($0))
    }
    #expect(everything.count == 60)
    let now = story.clock + 2 * Span.hour
    for filter in Self.filters(story) {
      let search = IncidentSearch(filter, asker: Story.administrator, at: now)
      let found = try all(search, reader, limit: 7)
      let expected = everything.filter {
        filter.includes($0, asker: Story.administrator, at: now)
      }
      #expect(Set(found.map(\.id)) == Set(expected.map(\.id)), "\(filter)")
      #expect(found.count == expected.count, "\(filter)")
      let keys = found.map { (key($0, filter), $0.declaredAt) }
      for (before, after) in zip(keys, keys.dropFirst()) where filter.referencePrefix == nil {
        #expect(before.0 < after.0 || (before.0 == after.0 && before.1 > after.1), "\(filter)")
      }
      #expect(
        try all(search, reader, limit: 200).map(\.id) == found.map(\.id), "\(filter)")
    }
  }

  private func key(_ incident: Incident, _ filter: IncidentFilter) -> Int64 {
    switch filter.order {
    case .latest: 0
    // Of one priority an exercise comes after what is real.
    case .priority:
      2 * Int64(incident.classification.priority.rawValue) + (incident.isExercise ? 1 : 0)
    case .due: incident.nextClockDue ?? .max
    }
  }

  @Test func `shows what does not change exactly once, whatever is written between its pages`()
    throws
  {
    var story = story(90)
    var state = try folder.state()
    _ = try state.apply(story.entries)
    let reader = try folder.reader()
    let now = story.clock + 2 * Span.hour
    var number: UInt64 = 90
    var random: UInt64 = 1
    for filter in Self.filters(story) {
      let search = IncidentSearch(filter, asker: Story.administrator, at: now)
      let before = try all(search, reader, limit: 200)
      var touched: Set<ID> = []
      let found = try all(search, reader, limit: 4) {
        let start = story.entries.count
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let victim = Story.incident(1 + (random >> 33) % number)
        touched.insert(victim)
        let action: IncidentAction =
          random % 3 == 0
          ? .setPriority(PriorityChange(choice: .level(.p5), confirm: true))
          : .cancel(reason: "Not one.")
        story.add(.incident(victim, action))
        number += 1
        add(number, to: &story)
        _ = try state.apply(Array(story.entries[start...]))
      }
      // What was changed meanwhile may have moved to a place that is yet to come.
      let ids = found.map(\.id).filter { !touched.contains($0) }
      #expect(Set(ids).count == ids.count, "\(filter)")
      for incident in before where !touched.contains(incident.id) {
        #expect(ids.contains(incident.id), "\(incident.title) of \(filter)")
      }
    }
    #expect(try reader.verify().digest == state.digest)
  }

  @Test func `counts what it lists`() throws {
    let story = story(60)
    var state = try folder.state()
    _ = try state.apply(story.entries)
    let reader = try folder.reader()
    let now = story.clock + 2 * Span.hour
    for filter in Self.filters(story) where !(filter.isOver ?? false) && filter.order == .latest {
      var live = filter
      live.isOver = false
      guard live.contradiction == nil else { continue }
      let search = IncidentSearch(live, asker: Story.administrator, at: now)
      let listed = try all(search, reader, limit: 200)
        .filter { $0.isExercise == (live.isExercise ?? false) }
      let hidden = try reader.read { reader throws(StoreError) in
        try reader.counts(search) { _ in false }
      }
      let needsRecord = live.lead ?? live.reporter != nil || live.referencePrefix != nil
      #expect(
        hidden.reduce(0) { $0 + $1.count }
          == (needsRecord ? 0 : listed.count { !$0.isRestricted }), "\(live)")
      let counts = try reader.read { reader throws(StoreError) in
        try reader.counts(search) { _ in true }
      }
      #expect(counts.reduce(0) { $0 + $1.count } == listed.count, "\(live)")
      for count in counts {
        #expect(
          listed.count {
            $0.status == count.status && $0.classification.priority == count.priority
          } == count.count)
      }
    }
  }

  @Test func `is the same of incidents from before the behaviour level that has it`() throws {
    var story = Story()
    for number in 1...12 as ClosedRange<UInt64> { add(number, to: &story) }
    var state = try folder.state()
    _ = try state.apply(story.entries)
    let reader = try folder.reader()
    let search = IncidentSearch(
      IncidentFilter(isOver: false), asker: Story.administrator, at: story.clock)
    let before = try all(search, reader, limit: 5)
    story.raise(to: 2)
    _ = try state.apply([story.entries[story.entries.count - 1]])
    #expect(try all(search, reader, limit: 5).map(\.id) == before.map(\.id))
    // Four are of a service that nobody has added, and were refused.
    #expect(before.count == 7)
    story.add(.incident(Story.incident(1), .cancel(reason: "Not one.")))
    _ = try state.apply([story.entries[story.entries.count - 1]])
    #expect(try all(search, reader, limit: 5).count == 6)
    #expect(try reader.verify().digest == state.digest)
  }
}
