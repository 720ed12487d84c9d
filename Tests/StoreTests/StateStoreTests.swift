import Bytes
import FaultyDisk
import Incidents
import Raft
import SQLite
import Store
import Testing

@Suite("The state of a node")
struct StateStoreTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  /// Three incidents, notes, a repeated key and a refusal.
  private func story() -> Story {
    var story = Story()
    story.add(kind: .barrier, payload: [])
    story.declare(1, key: Story.key("one"))
    story.declare(2, reference: "load-2")
    story.note(1, "The disk is full.")
    story.declare(1, key: Story.key("one"))
    story.note(99, "Nobody declared this one.")
    story.declare(3)
    story.note(3, "A cable.")
    return story
  }

  /// Every row of every table but where the state has come to, as text.
  private func everything(in folder: Folder) throws -> [String] {
    let database = try Database(path: "\(folder.path)/state-1.db", access: .read)
    let tables = try database.rows(
      "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
    ) { row throws(SQLiteError) in try row.next() as String }
    var rows: [String] = []
    for table in tables {
      let columns = table == "meta" ? "digest, position, hash" : "*"
      rows += try database.rows(SQL(stringLiteral: "SELECT \(columns) FROM \(table)")) {
        row throws(SQLiteError) in
        var text = table
        while !row.isAtEnd { text += " \(try row.next() as Value)" }
        return text
      }
    }
    return rows
  }

  @Test func `says what became of each entry`() throws {
    var state = try folder.state()
    let results = try state.apply(story().entries)
    #expect(results.map(\.position.index.rawValue) == Array(1...9))
    #expect(results[0].outcome != nil)
    #expect(results[1].result == .none)
    let first = try #require(results[2].outcome)
    #expect(first.subject == Subject(kind: .incident, id: Story.incident(1)))
    #expect(first.status == .created)
    #expect(results[3].outcome != nil)
    #expect(results[4].outcome != nil)
    #expect(results[5].repeated == first)
    #expect(results[6].rule == .notFound)
    #expect(results[7].outcome != nil)
  }

  @Test func `is the same however the entries were batched and the node restarted`() throws {
    let entries = story().entries
    let other = try Folder()
    var whole = try other.state()
    _ = try whole.apply(entries)
    for entry in entries {
      var state = try folder.state()
      let applied = state.applied.index.rawValue
      #expect(applied == entry.position.index.rawValue - 1)
      _ = try state.apply([entry])
    }
    #expect(try everything(in: folder) == everything(in: other))
  }

  @Test func `keeps what a node vouches for, and proves it`() throws {
    var story = Story()
    story.raise(to: Command.newestLevel)
    story.declare(1)
    var state = try folder.state()
    _ = try state.apply(story.entries)
    let reader = try folder.reader()
    let end = try reader.stateHead()
    let head = SignedHead(
      position: end.ledgerPosition, hash: end.ledgerHash, node: 1, at: 1, signature: [1],
      certificate: "x")
    let before = story.entries.count
    story.add(.signHead(head), by: .system)
    var bent = head
    bent.position += 1
    story.add(.signHead(bent), by: .system)
    let results = try state.apply(Array(story.entries[before...]))
    #expect(results[0].rule == nil && results[1].rule == .invalidField)
    #expect(reader.lastHead() == head)
    #expect(reader.ledgerHash(at: end.ledgerPosition) == end.ledgerHash)
    #expect(reader.ledgerHash(at: end.ledgerPosition + 2) == nil)
    _ = try reader.verify()
  }

  @Test func `takes in an import as a whole, and proves it`() throws {
    func person(_ low: UInt64, _ email: String, id: String) -> (ID, PersonProfile) {
      let details = PersonDetails(
        externalID: id, zone: .london, contacts: [ContactMethod(.sms, "+447700900123")])
      return (
        ID(high: 7, low: low), PersonProfile(name: "P \(low)", email: email, details: details)
      )
    }
    let (al, bo) = (person(1, "al@example.org", id: "P-1"), person(2, "bo@example.org", id: "P-2"))
    var moved = al.1
    moved.email = "al.smith@example.org"
    // Somebody gets the address that another had until the row before.
    let (cy, cyProfile) = person(3, "al@example.org", id: "P-3")
    let steps: [[DirectoryStep]] = [
      [.addPerson(al.0, al.1), .addPerson(bo.0, bo.1)],
      [
        .changePerson(al.0, moved), .addPerson(cy, cyProfile),
        .addTeam(ID(high: 8, low: 1), TeamProfile(name: "Ops", line: .third, externalID: "T-1")),
        .setMember(MembershipChange(team: ID(high: 8, low: 1), person: cy, role: .teamLead)),
      ],
      [.removeTeam(ID(high: 8, low: 1)), .removePerson(bo.0), .addPerson(bo.0, bo.1)],
    ]
    var story = Story()
    story.raise(to: Command.newestLevel)
    for (place, steps) in steps.enumerated() {
      let rows = steps.map { DirectoryRow(line: 2, step: $0) }
      story.add(.importDirectory(DirectoryChange(seen: UInt64(place), rows: rows)))
    }
    var state = try folder.state()
    let results = try state.apply(story.entries)
    let settings = Subject(kind: .settings, id: Settings.id)
    let reader = try folder.reader()
    // An import's version is that of all of the directory.
    #expect(
      results[3].outcome
        == Outcome(subject: settings, version: reader.directoryVersion(), status: .ok))
    #expect(results[4].rule == .alreadyExists)
    _ = try reader.verify()
    #expect(reader.person(email: "al@example.org")?.id == cy)
    #expect(reader.person(email: "al.smith@example.org")?.profile == moved)
    #expect(reader.person(bo.0)?.isActive == true)
    #expect(reader.team(named: "Ops")?.members.map(\.person) == [cy])
    #expect(reader.settings()?.directory == 2)
  }

  /// An alert that fires or is over, for incident 7.
  private static func alert(_ status: AlertMember.Status, at: Int64) -> Action {
    .alert(
      AlertNotification(
        incident: Story.incident(7), group: ID(high: 60, low: 1), source: "alertmanager",
        receiver: "muster", groupKey: "g",
        members: [
          AlertMember(fingerprint: "a", status: status, startsAt: at, name: "PaymentsDown")
        ]))
  }

  @Test func `lists what cleared and nobody touched until it is closed, which happens once`()
    throws
  {
    var story = Story()
    story.add(Self.alert(.firing, at: Story.morning))
    let clearedAt = story.clock
    story.add(Self.alert(.resolved, at: Story.morning))
    let due = ClearedIncident(incident: Story.incident(7), clearedAt: clearedAt)
    do {
      var state = try folder.state()
      _ = try state.apply(story.entries)
    }
    let reader = try folder.reader()
    #expect(try reader.cleared(by: clearedAt - 1) == [])
    #expect(try reader.cleared(by: clearedAt) == [due])

    // A restarted node goes on: too soon, in time, and by a leader that came later.
    for (wait, status) in [
      (10 * Span.minute - 1, Incident.Status.open), (10 * Span.minute, .closed),
      (11 * Span.minute, .closed),
    ] {
      let done = story.entries.count
      story.clock = clearedAt + wait
      story.add(.closeCleared([due]), by: .system)
      var state = try folder.state()
      let results = try state.apply(Array(story.entries[done...]))
      #expect(results[0].outcome != nil)
      #expect(reader.incident(due.incident)?.status == status)
    }
    #expect(
      reader.incident(due.incident)?.ending
        == .cleared(at: clearedAt + 10 * Span.minute, clearedAt: clearedAt))
    #expect(try reader.cleared(by: story.clock) == [])
    _ = try reader.verify()
  }

  @Test func `lists nothing that was touched since it cleared`() throws {
    var story = Story()
    story.add(Self.alert(.firing, at: Story.morning))
    story.add(Self.alert(.resolved, at: Story.morning))
    story.note(7, "I looked at it.")
    story.add(.closeCleared([]), by: .system)
    story.add(.incident(Story.incident(7), .cancel(reason: "Nothing")), by: .system)
    var state = try folder.state()
    let results = try state.apply(story.entries)
    #expect(results[3].outcome?.subject.kind == .incident)
    #expect(results[5].rule == .rightMissing)
    #expect(try folder.reader().cleared(by: story.clock) == [])
  }

  @Test func `lists what leavers hold until it is freed`() throws {
    var story = Story()
    let (leaver, credential) = (ID(high: 2, low: 1), ID(high: 2, low: 2))
    let offer = IncidentAction.changeRole(RoleChange(role: .lead, step: .give(to: leaver)))
    story.add(.addPerson(NewPerson(id: leaver, name: "Lou", email: "lou@example.org")))
    story.add(
      .issueCredential(
        NewCredential(
          id: credential, person: leaver, hash: [UInt8](repeating: 2, count: Bound.hash),
          label: "x")))
    for number in 1...3 as ClosedRange<UInt64> {
      story.declare(number)
      story.add(.incident(Story.incident(number), offer))
    }
    story.add(
      .incident(
        Story.incident(1), .changeRole(RoleChange(role: .lead, step: .accept))),
      by: .credential(id: credential, person: leaver))
    story.add(.incident(Story.incident(3), .cancel(reason: "Nothing")))
    do {
      var state = try folder.state()
      let results = try state.apply(story.entries)
      #expect(results.allSatisfy { $0.outcome != nil })
    }
    let reader = try folder.reader()
    #expect(try reader.heldByLeavers() == [])
    let done = story.entries.count
    story.add(.deactivatePerson(leaver))
    var state = try folder.state()
    _ = try state.apply(Array(story.entries[done...]))
    let held = try reader.heldByLeavers()
    #expect(held == [1, 2].map { Release(person: leaver, incident: Story.incident($0)) })
    _ = try reader.verify()

    story.add(.releaseLeavers(held), by: .system)
    _ = try state.apply(Array(story.entries[(done + 1)...]))
    #expect(try reader.heldByLeavers() == [])
    #expect(reader.incident(Story.incident(1))?.roles == Roles())
    #expect(reader.incident(Story.incident(2))?.roles == Roles())
    _ = try reader.verify()
  }

  @Test func `changes nothing but its index when a command is refused or malformed`() throws {
    var story = story()
    var state = try folder.state()
    _ = try state.apply(story.entries)
    let before = try everything(in: folder)
    let applied = story.entries.count
    story.note(99, "Nobody declared this one.")
    story.add(kind: .command, payload: [1, 2, 3])
    story.declare(4, key: Story.key("one", request: 2))
    story.declare(1, key: Story.key("one"))
    let results = try state.apply(Array(story.entries[applied...]))
    #expect(results[0].rule == .notFound)
    #expect(results[1].result == .malformed)
    #expect(results[2].result == .keyReused)
    #expect(results[3].repeated != nil)
    #expect(try everything(in: folder) == before)
    let last = state.applied.index.rawValue
    #expect(last == story.last)
  }

  @Test func `remembers a key for a day at least and forgets it in the end`() throws {
    var story = Story()
    story.declare(1, key: Story.key("one"))
    story.clock += Span.day
    story.declare(1, key: Story.key("one"))
    story.clock += 2 * Span.day
    while story.last < 256 { story.add(kind: .barrier, payload: []) }
    var state = try folder.state()
    let results = try state.apply(story.entries)
    #expect(results[2].repeated == results[1].outcome)
    let rows = try everything(in: folder)
    #expect(!rows.contains { $0.hasPrefix("outcome") })
    #expect(rows.count { $0.hasPrefix("digest") } == 1)
  }

  @Test func `that knows more than the log is refused`() throws {
    do {
      var state = try folder.state()
      _ = try state.apply(story().entries)
    }
    #expect(throws: StoreError.logLost(last: 8, applied: 9)) { _ = try folder.state(logEndsAt: 8) }
    _ = try folder.state(logEndsAt: 9)
  }

  @Test(arguments: FaultyDisk.Fault.allCases)
  func `has the whole of a batch or nothing of it when the disk fails`(
    fault: FaultyDisk.Fault
  ) throws {
    let disk = FaultyDisk(name: "faulty-state-\(fault)")
    let entries = story().entries
    var succeeded = false
    var timesFull = 0
    for count in 0..<400 where !succeeded {
      disk.revive()
      let folder = try Folder()
      do {
        var state = try folder.state(system: disk.name)
        _ = try state.apply(Array(entries[..<3]))
        disk.arm(after: count, with: fault)
        do throws(StoreError) {
          _ = try state.apply(Array(entries[3...]))
          succeeded = fault == .sync || !disk.disarm()
          disk.disarm()
        } catch {
          disk.disarm()
          if error == .diskFull {
            timesFull += 1
            _ = try state.apply(Array(entries[3...]))
          }
        }
      }
      var state = try folder.state()
      let applied = state.applied.index.rawValue
      #expect(applied == 3 || applied == 9, "failed after \(count)")
      _ = try state.apply(Array(entries[Int(applied)...]))
      let head = try folder.reader().verify()
      #expect(head.applied.index.rawValue == 9)
    }
    #expect(succeeded)
    #expect(timesFull > 0 || fault != .full)
  }

  @Test func `answers a repeat after a restart`() throws {
    var story = story()
    do {
      var state = try folder.state()
      _ = try state.apply(story.entries)
    }
    var state = try folder.state()
    story.declare(1, key: Story.key("one"))
    let result = try state.apply([story.entries[9]])
    #expect(result[0].repeated?.subject.id == Story.incident(1))
  }
}

@Suite("A ledger")
struct LedgerTests {
  private let folder: Folder

  init() throws {
    folder = try Folder()
    var story = Story()
    for number in 1...3 as ClosedRange<UInt64> {
      story.declare(number, reference: "load-\(number)")
      story.note(number, "Something was found.")
    }
    var state = try folder.state()
    _ = try state.apply(story.entries)
    try state.checkpoint()
  }

  @Test func `that nobody touched verifies, and its fold is the stored state`() throws {
    let reader = try withExtendedLifetime(folder.state()) { () throws(StoreError) in
      try folder.reader()
    }
    let head = try reader.verify()
    #expect(head.applied.index.rawValue == 7)
    #expect(head.ledgerPosition >= 7)
  }

  @Test(arguments: [
    "UPDATE event SET idx = idx + 1 WHERE position = 3",
    "UPDATE event SET kind = kind + 1 WHERE position = 3",
    "UPDATE event SET subject = zeroblob(16) WHERE position = 3",
    "UPDATE event SET actor = zeroblob(16) WHERE position = 3",
    "UPDATE event SET credential = NULL WHERE position = 3",
    "UPDATE event SET on_behalf_of = zeroblob(16) WHERE position = 3",
    "UPDATE event SET stamp = stamp + 1 WHERE position = 3",
    "UPDATE event SET happened_at = 1 WHERE position = 3",
    "UPDATE event SET visibility = 1 WHERE position = 3",
    "UPDATE event SET exercise = 1 WHERE position = 3",
    "UPDATE event SET policy_version = 2 WHERE position = 3",
    "UPDATE event SET commitment = zeroblob(32) WHERE position = 3",
    "UPDATE event SET hash = zeroblob(32) WHERE position = 3",
    "UPDATE event_body SET salt = zeroblob(16) WHERE position = 3",
    "UPDATE event_body SET body = CAST(body || x'00' AS BLOB) WHERE position = 3",
    "DELETE FROM event WHERE position = 3",
    "DELETE FROM event WHERE position = (SELECT max(position) FROM event)",
    "UPDATE incident SET status = 7 WHERE number = 2",
    "UPDATE incident SET external_reference = NULL WHERE number = 2",
    "UPDATE incident SET body = (SELECT body FROM incident WHERE number = 1) WHERE number = 2",
    "DELETE FROM incident WHERE number = 2", "DELETE FROM person",
    "UPDATE meta SET digest = zeroblob(32)", "UPDATE meta SET position = position - 1",
    "UPDATE meta SET hash = zeroblob(32)",
  ])
  func `that somebody touched does not`(damage: String) throws {
    do {
      let database = try Database(path: "\(folder.path)/state-1.db", access: .write)
      try database.execute(damage)
    }
    let error = #expect(throws: StoreError.self) { try folder.reader().verify() }
    guard case .corrupt = error else {
      Issue.record("\(String(describing: error)) is not “corrupt”.")
      return
    }
  }
}
