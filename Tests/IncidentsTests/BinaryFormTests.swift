import Bytes
import Incidents
import Testing

/// Bytes of the first format, as files hold them for ever.
@Suite("The binary form")
struct BinaryFormTests {
  /// One of each kind, in the order of kinds: what a fixed story leaves behind.
  private static func samples() throws -> (commands: [String: [UInt8]], events: [String: [UInt8]]) {
    var commands: [String: [UInt8]] = [:]
    var events: [String: [UInt8]] = [:]
    for seed in 0..<30 as Range<UInt64> {
      var random = SplitMix(state: seed)
      var office = try Office()
      for _ in 0..<400 {
        let (action, who) = Office.chance(&random, at: office.clock)
        _ = try? office.run(action, as: who.actor)
      }
      let last = Office.incident(9)
      try office.declare(.level(.p2), id: last)
      let confirmed = PriorityChange(choice: .level(.p2), confirm: true)
      try office.act(.delivery, .setPriority(confirmed), on: last)
      let ticket = IncidentAction.recordTicket(reference: "T-1", updatedAt: office.clock)
      try office.act(.delivery, ticket, on: last)
      try office.act(.delivery, .resolve(Resolution(fix: "x", takesLead: true)), on: last)
      try office.act(.delivery, .close(overrideReason: "Never one"), on: last)
      try office.run(.changeSettings(SettingsChange(dutyContact: Office.Who.delivery.id)))
      try office.run(
        .issueIngestKey(
          NewIngestKey(
            id: ID(high: 12, low: 1), service: Office.payments,
            hash: [UInt8](repeating: 9, count: Bound.hash), label: "Alertmanager")))
      let token = NewJoinToken(
        id: ID(high: 12, low: 2), hash: [UInt8](repeating: 8, count: Bound.hash), label: "n4",
        expiresAt: office.clock + 3_600_000)
      try office.run(.issueJoinToken(token))
      try office.run(.useJoinToken(token.id))
      try signIn(&office)
      for status in AlertMember.Status.allCases {
        try office.run(Office.alert(status, incident: 10))
      }
      office.clock += Grace.cleared
      try office.run(
        .closeCleared([
          ClearedIncident(
            incident: Office.incident(10),
            clearedAt: try #require(office.state(Office.incident(10)).untouchedSince))
        ]), as: .system)
      try office.declare(.level(.p3), id: Office.incident(11))
      try office.act(
        .delivery,
        .changeRole(RoleChange(role: .documenter, step: .give(to: Office.Who.firstLine.id))),
        on: Office.incident(11))
      try office.run(.deactivatePerson(Office.Who.firstLine.id))
      try office.run(
        .releaseLeavers([
          Release(person: Office.Who.firstLine.id, incident: Office.incident(11))
        ]), as: .system)
      try office.run(.revokeCredential(Office.Who.firstLine.credential))
      try office.run(.importDirectory(Office.wholeChange(seen: 0)))
      try office.run(.importDirectory(Office.wholeUndoing(seen: 1)))
      for entry in office.story {
        let kind =
          if case .incident(_, let action) = entry.command.action { "incident \(action.kind)" } else
          {
            "\(entry.command.action)".prefix { $0 != "(" }.description
          }
        if commands[kind] == nil { commands[kind] = entry.command.encoded() }
        for event in entry.events {
          let kind = "\(event.fact.kind)"
          if events[kind] == nil { events[kind] = event.encoded() }
        }
      }
    }
    let raised = Event(
      subject: Subject(kind: .settings, id: Settings.id), fact: .levelRaised(to: 2))
    events["\(raised.kind)"] = raised.encoded()
    let pinned = Event(
      subject: Subject(kind: .incident, id: Office.incident), fact: .matrixPinned(.standard))
    events["\(pinned.kind)"] = pinned.encoded()
    let gathered = Event(
      subject: Subject(kind: .incident, id: Office.incident),
      fact: .umbrellaOpened(children: [Office.incident(2)]))
    events["\(gathered.kind)"] = gathered.encoded()
    let takenUp = Event(
      subject: Subject(kind: .incident, id: Office.incident),
      fact: .takenUpInEmergency(by: Office.Who.engineer.id))
    events["\(takenUp.kind)"] = takenUp.encoded()
    return (commands, events)
  }

  /// What there is to signing in, from behaviour level 2 on.

  private static let folder =
    "\(#filePath)".split(separator: "/").dropLast()
    .reduce("") { "\($0)/\($1)" } + "/Golden"

  /// Every kind and form of event, encoded.
  static func goldenEvents() throws -> [[UInt8]] { try Array(Self.read("events.txt").values) }

  private static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  /// Lines of "kind: hex".
  static func read(_ name: String) throws -> [String: [UInt8]] {
    let text = try GoldenFile.read("\(folder)/\(name)")
    var found: [String: [UInt8]] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":")
      let digits = Array(parts[1].utf8.dropFirst())
      found[String(parts[0])] = try stride(from: 0, to: digits.count, by: 2).map {
        try #require(UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16))
      }
    }
    return found
  }

  /// `MUSTER_WRITE_GOLDEN=1 swift test --filter BinaryForm` writes kinds that are new; one that is
  /// there is never written again.
  @Test func `reads and writes what its first version wrote`() throws {
    let (commands, events) = try Self.samples()
    if GoldenFile.isToBeWritten {
      for (name, samples) in [("commands.txt", commands), ("events.txt", events)] {
        let all = try samples.merging(Self.read(name)) { _, old in old }
        let lines = all.sorted { ($0.key.count, $0.key) < ($1.key.count, $1.key) }
          .map { "\($0.key): \(Self.hex($0.value))\n" }
        try GoldenFile.write(lines.joined(), to: "\(Self.folder)/\(name)")
      }
    }
    let goldenCommands = try Self.read("commands.txt")
    let goldenEvents = try Self.read("events.txt")
    #expect(Set(commands.keys) == Set(goldenCommands.keys))
    #expect(Set(events.keys) == Set(goldenEvents.keys))
    for (kind, bytes) in goldenCommands {
      #expect(try Command(decoding: bytes).encoded() == bytes, "\(kind)")
    }
    for (kind, bytes) in goldenEvents {
      let event = try Event(decoding: bytes)
      #expect(event.encoded() == bytes, "\(kind)")
      #expect("\(event.fact.kind)" == kind)
    }
    // Each thing that can be asked of an incident is among them.
    for kind in IncidentAction.Kind.allCases {
      #expect(goldenCommands["incident \(kind)"] != nil, "\(kind)")
    }
  }

  @Test func `that was cut or changed is read or refused, and never a trap`() throws {
    var refused = 0
    var random = SplitMix(state: 1)
    for (kind, bytes) in try Self.read("commands.txt") {
      for end in 0..<bytes.count {
        #expect(throws: MalformedBytes.self, "\(kind) cut at \(end)") {
          try Command(decoding: Array(bytes[..<end]))
        }
      }
      #expect(throws: MalformedBytes.self) { try Command(decoding: bytes + [0]) }
      for place in bytes.indices {
        for change in [UInt8(1), 0x80, UInt8.random(in: 1...255, using: &random)] {
          var damaged = bytes
          damaged[place] ^= change
          do throws(MalformedBytes) {
            let command = try Command(decoding: damaged)
            // Whatever is read is written as it was read: no byte is without meaning.
            #expect(command.encoded() == damaged, "\(kind) at \(place)")
          } catch {
            refused += 1
          }
        }
      }
    }
    for (kind, bytes) in try Self.read("events.txt") {
      for end in 0..<bytes.count {
        #expect(throws: MalformedBytes.self, "\(kind) cut at \(end)") {
          try Event(decoding: Array(bytes[..<end]))
        }
      }
      for place in bytes.indices {
        var damaged = bytes
        damaged[place] ^= UInt8.random(in: 1...255, using: &random)
        if let event = try? Event(decoding: damaged) {
          #expect(event.encoded() == damaged, "\(kind) at \(place)")
        }
      }
    }
    #expect(refused > 1_000)
  }
}
