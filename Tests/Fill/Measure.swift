import Bytes
import EventLoop
import Glibc
import Incidents
import Raft
import Store

/// What lists, searches, insights and processes take among many incidents, and what room they need.
///
///     fill --measure /tmp/many --incidents 1000000
///
/// Makes a state of its own there, unless there is one, feeds the search index from it, and prints the
/// figures. Times are of the whole read, median and 95th of a hundred, on whatever the machine does beside.
struct Measure {
  private static let administrator = ID(high: 1, low: 1)
  private static let credential = ID(high: 1, low: 2)
  private static let team = ID(high: 1, low: 3)
  private static let begun: Int64 = 1_795_424_400_000
  private static let rounds = 100

  private let folder: String
  private let wish: Wish
  private let identity = NodeIdentity(
    cluster: ID(high: 9, low: 9), node: NodeID(rawValue: 1),
    founding: Configuration(voters: [NodeID(rawValue: 1)]))
  private let file = StateStore.fileName(generation: 1)

  init(_ wish: Wish, in folder: String) throws {
    self.wish = wish
    self.folder = folder
    try Files.makeFolder(folder, mode: 0o700)
  }

  func run() throws {
    try fill()
    let reader = try StateReader.open(folder: folder, file: file)
    try feed(reader)
    let count = try reader.read { reader throws(StoreError) in
      try reader.counts(search(IncidentFilter(isOver: false))) { _ in true }
    }
    print("\(wish.incidents) incidents, \(count.reduce(0) { $0 + $1.count }) of them not over")
    try report("state", file)
    try report("search", SearchFile.name)
    try measureLists(reader)
    try measureSearches(reader)
    let (peak, now) = try memory()
    print("memory of a process that serves both: \(now) KiB, \(peak) at most")
    try measureInsights(reader)
    try measureProcesses(reader)
    for check in SearchCheck.allCases {
      let took = try times(5) { try check.run(in: folder) }
      print("look at the search index, \(check): \(took)")
    }
  }

  /// The most that this process has held since its peak was last forgotten, and what it holds now, in KiB.
  private func memory() throws -> (peak: Int, now: Int) {
    let status = String(
      decoding: try Files.read("/proc/self/status", atMost: 1 << 16), as: UTF8.self)
    func number(_ name: String) -> Int {
      let line = status.split(separator: "\n").first { $0.hasPrefix(name) } ?? ""
      return Int(line.filter(\.isNumber)) ?? 0
    }
    return (number("VmHWM"), number("VmRSS"))
  }

  /// Forgets the peak: what is read afterwards is of what came since.
  private func forgetPeak() throws {
    guard let file = unsafe fopen("/proc/self/clear_refs", "w") else {
      throw Trouble("The peak of memory cannot be forgotten.")
    }
    unsafe fputs("5", file)
    unsafe fclose(file)
  }

  // MARK: Making

  private func fill() throws {
    let log = try LogStore.open(folder: folder, identity: identity)
    var state = try StateStore.open(
      folder: folder, identity: identity, recovered: log.recovered)
    guard state.applied.index == .zero else { return }
    let start = Clock.monotonic()
    _ = try state.apply(beginning())
    var author = Author(
      person: Self.administrator, credential: Self.credential,
      services: (1...20).map { ID(high: 61, low: $0) }, count: wish.incidents, seed: wish.seed,
      after: state.applied, at: Self.begun)
    while let entries = author.next() {
      for result in try state.apply(entries) {
        guard case .applied = result.result else {
          throw Trouble("\(result.position) came to \(result.result)")
        }
      }
      author.tellProgress()
    }
    try state.checkpoint()
    print("filled in \(Self.seconds(since: start)) s")
  }

  /// A department with services, at the newest behaviour level.
  private func beginning() -> [Entry] {
    var entries: [Entry] = []
    func add(_ kind: Entry.Kind, _ payload: [UInt8]) {
      let index = LogIndex(rawValue: UInt64(entries.count + 1))
      entries.append(
        Entry(
          position: Position(term: Term(rawValue: 1), index: index), stamp: Self.begun, kind: kind,
          payload: payload))
    }
    func command(_ action: Action, _ actor: Actor) -> [UInt8] {
      Command(
        actor: actor, receivedAt: Self.begun, salt: [UInt8](repeating: 1, count: Bound.salt),
        action: action
      ).encoded()
    }
    let founding = Founding(
      person: Self.administrator, name: "Ana", email: "ana@example.org",
      credential: Self.credential, tokenHash: [UInt8](repeating: 7, count: Bound.hash),
      team: Self.team)
    add(.command, command(.found(founding), .system))
    for level in Command.firstLevel + 1...Command.newestLevel {
      add(.configuration, identity.founding.with(level: level).encoded())
    }
    for number in 1...20 as ClosedRange<UInt64> {
      let service = NewService(
        id: ID(high: 61, low: number), key: "service-\(number)", name: "Service \(number)")
      add(
        .command,
        command(
          .addService(service), .credential(id: Self.credential, person: Self.administrator)))
    }
    return entries
  }

  private func feed(_ reader: StateReader) throws {
    var store = try SearchStore.open(folder: folder, cluster: identity.cluster)
    let start = Clock.monotonic()
    var rows = 0
    while case .indexed(let taken, _, let isAtEnd) = try store.goOn(reader) {
      rows += taken
      if isAtEnd { break }
    }
    if rows > 0 { print("\(rows) rows of the ledger indexed in \(Self.seconds(since: start)) s") }
  }

  // MARK: Measuring

  /// A day after the last was declared.
  private var end: Int64 { Self.begun + Int64(wish.incidents) * Author.pause + Span.day }

  private func search(_ filter: IncidentFilter) -> IncidentSearch {
    IncidentSearch(filter, asker: Self.administrator, at: end)
  }

  private func report(_ what: String, _ name: String) throws {
    let bytes = try ["", "-wal"].reduce(0) { sum, ending in
      let path = "\(folder)/\(name)\(ending)"
      return Files.exists(path) ? sum + Int(try Files.size(of: path)) : sum
    }
    print("\(what): \(bytes >> 20) MiB, \(bytes / Int(wish.incidents)) bytes an incident")
  }

  private func measureLists(_ reader: StateReader) throws {
    var mine = IncidentFilter()
    mine.reporter = .me
    var dated = IncidentFilter(isOver: true)
    dated.declaredUntil = Self.begun + Int64(wish.incidents) / 2 * Author.pause
    let lists: [(String, IncidentFilter)] = [
      ("latest", IncidentFilter()), ("not over", IncidentFilter(isOver: false)),
      ("over", IncidentFilter(isOver: true)),
      ("open, of a service", IncidentFilter(isOver: false, services: [ID(high: 61, low: 7)])),
      ("by priority", IncidentFilter(order: .priority)),
      ("by due time", IncidentFilter(order: .due)),
      ("overdue", IncidentFilter(isOverdue: true)), ("declared by me", mine),
      ("over, of a service", IncidentFilter(isOver: true, services: [ID(high: 61, low: 7)])),
      ("over, until a date", dated),
      ("nothing of what is not over", IncidentFilter(isOver: false, flags: [.data])),
    ]
    for (name, filter) in lists {
      var cursor: Cursor?
      let took = try times {
        let page = try reader.read { reader throws(StoreError) in
          try reader.incidents(search(filter), after: cursor, limit: 50)
        }
        cursor = page.next
      }
      print("list, \(name), pages of 50: \(took)")
    }
    let counted = try times {
      _ = try reader.read { reader throws(StoreError) in
        try reader.counts(search(IncidentFilter(isOver: false))) { _ in true }
      }
    }
    print("counts: \(counted)")
  }

  private func measureSearches(_ reader: StateReader) throws {
    let searcher = try SearchReader.open(folder: folder)
    for text in [
      "checkout", "checkout slow", "\"cannot be reached\"", "webh*", "case 77777", "77777*",
      "payments edge 77777", "nowhere",
    ] {
      let query = try SearchQuery(text)
      var cursor: Cursor?
      let took = try times {
        let page = try reader.read { reader throws(StoreError) in
          try searcher.find(query, after: cursor, limit: 50, in: reader)
        }
        cursor = page.next
      }
      print("search, \(text), pages of 50: \(took)")
    }
  }

  /// All insights of every incident, in pieces as the interface reads them.
  private func measureInsights(_ reader: StateReader) throws {
    let before = try memory().now
    try forgetPeak()
    var told: Insights?
    var longest: Int64 = 0
    let took = try times(20) {
      var tally = InsightTally()
      var rows: DeclaredRows?
      repeat {
        let start = Clock.monotonic()
        rows = try reader.read { reader throws(StoreError) in
          let left = if let rows { rows } else { try reader.rows(from: 0, until: end) }
          return try reader.visit(left, most: 4_000) { _, incident throws(StoreError) in
            tally.take(incident, actions: try reader.reviewActions(of: incident), at: end)
            return true
          }
        }
        longest = max(longest, Clock.monotonic() - start)
      } while rows != nil
      let start = Clock.monotonic()
      told = tally.insights()
      longest = max(longest, Clock.monotonic() - start)
    }
    let (peak, now) = try memory()
    print("insights of all: \(took); the longest piece \(longest / 1_000) µs")
    print("memory of insights: \(before) KiB before, \(peak) at most, \(now) after")
    if let all = told?.all {
      print(
        "of \(all.declared) incidents \(all.dropped) were dropped, \(all.toAcknowledge.count) "
          + "acknowledged, \(all.toMitigate.count) mitigated, \(all.toResolve.count) resolved")
    }
  }

  /// The processes of a hundred incidents, as the interface tells them, and of one.
  private func measureProcesses(_ reader: StateReader) throws {
    let before = try memory().now
    try forgetPeak()
    var rows: DeclaredRows?
    var page: [ID] = []
    let took = try times {
      page = []
      rows = try reader.read { reader throws(StoreError) in
        let left = if let rows { rows } else { try reader.rows(from: 0, until: end) }
        return try reader.visit(left, most: 100) { _, incident throws(StoreError) in
          _ = try reader.process(of: incident.id)
          page.append(incident.id)
          return true
        }
      }
    }
    var place = 0
    let single = try times {
      place = (place + 1) % page.count
      _ = try reader.read { reader throws(StoreError) in try reader.process(of: page[place]) }
    }
    let (peak, now) = try memory()
    print("processes, pages of 100: \(took)")
    print("process of one: \(single)")
    print("memory of processes: \(before) KiB before, \(peak) at most, \(now) after")
  }

  private func times(_ rounds: Int = Self.rounds, _ body: () throws -> Void) rethrows -> String {
    var times: [Int64] = []
    for _ in 0..<rounds {
      let start = Clock.monotonic()
      try body()
      times.append((Clock.monotonic() - start) / 1_000)
    }
    times.sort()
    return "\(times[rounds / 2]) µs, 95th \(times[rounds * 95 / 100]) µs"
  }

  private static func seconds(since start: Int64) -> Int64 {
    (Clock.monotonic() - start) / 1_000_000_000
  }
}
