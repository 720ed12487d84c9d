import Bytes
import Incidents
import Raft
import Replication
import Store

// What comes due in a world whose nodes have real files: whoever leads looks and has it happen, and each
// thing happens once (architecture, "Time-driven duties and messages").
extension World {
  /// How many incidents there are beside the registers.
  private static let watched = 4

  /// Begins the looks for what is due, and what there is to look for.
  func beginDues() {
    every(250_000) { [unowned self] in lookForDues() }
    every(1_500_000) { [unowned self] in feedDues() }
  }

  /// What each node that believes to lead finds due, asked for once, or again as after a lost answer,
  /// or late.
  private func lookForDues() {
    guard !isHealing || provesDues else { return }
    for id in living {
      let machine = machine(id)
      guard machine.process?.replica.isLeader == true, let disk = machine.disk else { continue }
      guard let action = try? disk.due(at: wallClock(of: machine)) else { continue }
      dueAsked += 1
      let command = Department.command(action, by: .system, salt: UInt64(dueAsked))
      submit(command, to: machine)
      // A repeat that nobody can tell from a new look.
      guard chance.happens(30) else { continue }
      let again = Department.command(action, by: .system, salt: UInt64(dueAsked) | 1 << 40)
      after(chance.within(0...3_000_000)) { [unowned self] in
        if let leader { submit(again, to: self.machine(leader)) }
      }
    }
  }

  /// People declare, promise updates and write.
  private func feedDues() {
    guard let leader, isFounded, !isHealing else { return }
    let machine = machine(leader)
    dueFed += 1
    let number = dueFed % Self.watched
    let actions: [Action] = [
      .changeSettings(
        SettingsChange(
          extras: Settings.Extras(escalation: EscalationWaits(p1: 1, p2: 2, again: 3)))),
      .declare(
        Declaration(
          id: Department.watched(number), title: "Watched \(number)", choice: .level(.p1))),
      .incident(
        Department.watched(number),
        .update(
          CommunicationUpdate(
            audience: .stakeholders, text: "\(dueFed)",
            nextUpdateAt: wallClock(of: machine) + Int64(chance.within(1_000...4_000))))),
    ]
    for (place, action) in actions.enumerated() {
      submit(Department.command(action, salt: UInt64(dueFed) << 8 | UInt64(place)), to: machine)
    }
  }

  func submit(_ command: [UInt8], to machine: Machine) {
    give(.submit(makeToken(), command: command, patience: 100), to: machine)
  }

  /// With nothing wrong any more, all that was due has happened, and nothing twice.
  func proveDues() {
    guard trial.firesDues, failure == nil else { return }
    provesDues = true
    run(until: now + 8_000_000)
    guard let leader, let disk = machine(leader).disk else {
      return fail("Nobody leads at the end.")
    }
    do throws(StoreError) {
      if let first = try disk.firstDue(), first < wallClock(of: machine(leader)) - 2_000 {
        fail("What was due at \(first) has not happened.")
      }
      judge(try disk.fired(Department.watchedIncidents))
    } catch {
      fail("\(leader) cannot read what was due: \(error)")
    }
  }

  private func judge(_ fired: [NodeDisk.Fired]) {
    var seen: Set<NodeDisk.Reminded> = []
    var rows: [Due: LogIndex] = [:]
    for event in fired {
      dueFired += 1
      for reminder in event.reminders {
        if reminder.at > event.stamp { return fail("\(reminder) was reminded of early.") }
        if !seen.insert(reminder).inserted { return fail("\(reminder) was reminded of twice.") }
      }
      // The command that fired it named a row, which no other command has fired.
      guard let row = row(of: event) else { continue }
      if let other = rows[row], other != event.index {
        return fail(
          "\(row.incident) at version \(row.version) fired at \(other.rawValue) and at "
            + "\(event.index.rawValue).")
      }
      rows[row] = event.index
    }
    if dueFired == 0 { fail("Nothing was ever due.") }
  }

  private func row(of event: NodeDisk.Fired) -> Due? {
    let place = Int(event.index.rawValue) - 1
    guard ledger.applied.indices.contains(place) else { return nil }
    return Department.dues(in: ledger.applied[place].payload).first {
      $0.incident == event.incident
    }
  }
}

extension Department {
  /// An incident that has duties, and is no register.
  static func watched(_ number: Int) -> ID {
    ID(
      high: 0x0190_0000_0000_7000 + UInt64(number), low: 0x9E37_79B9_7F4A_7C15 &* UInt64(number + 1)
    )
  }

  static let watchedIncidents = (0..<4).map(watched)

  /// The rows that a command has fire; none of another command.
  static func dues(in payload: [UInt8]) -> [Due] {
    guard let command = try? Incidents.Command(decoding: payload),
      case .fireDues(let dues) = command.action
    else { return [] }
    return dues
  }

  /// The entry with what a build without the check of versions would make of it: each row has the
  /// version that is there.
  static func unchecked(_ entry: Entry, _ version: (ID) -> UInt32?) -> Entry {
    guard var command = try? Incidents.Command(decoding: entry.payload),
      case .fireDues(let dues) = command.action
    else { return entry }
    command.action = .fireDues(
      dues.map { Due(incident: $0.incident, version: version($0.incident) ?? $0.version) })
    return Entry(
      position: entry.position, stamp: entry.stamp, kind: entry.kind, payload: command.encoded())
  }
}

extension NodeDisk {
  /// One thing that somebody was reminded of.
  struct Reminded: Hashable {
    let incident: ID
    let kind: Reminder.Kind
    let number: UInt32
    let dueAt: Int64
    let at: Int64
  }

  /// One event that the clock brought about.
  struct Fired {
    let index: LogIndex
    let stamp: Int64
    let incident: ID
    let reminders: [Reminded]
  }

  func due(at now: Int64) throws(StoreError) -> Action? {
    try reading { reader throws(StoreError) in try reader.due(at: now) }
  }

  func firstDue() throws(StoreError) -> Int64? {
    try reading { reader throws(StoreError) in try reader.firstDue() }
  }

  /// What the clock brought about of incidents, in the order of the ledger.
  func fired(_ incidents: [ID]) throws(StoreError) -> [Fired] {
    try reading { reader throws(StoreError) in
      var fired: [Fired] = []
      var position: UInt64 = 0
      while true {
        let page = try reader.audit(after: position, limit: 200)
        guard let last = page.last?.position else { return fired }
        let rows = page.compactMap(\.content)
        position = last
        for row in rows where row.actor == .system && incidents.contains(row.subject.id) {
          guard let body = row.said?.body, let event = try? Event(decoding: body) else { continue }
          switch event.fact {
          case .reminded(let reminders):
            fired.append(
              Fired(
                index: row.index, stamp: row.stamp, incident: row.subject.id,
                reminders: reminders.map {
                  Reminded(
                    incident: row.subject.id, kind: $0.kind, number: $0.number, dueAt: $0.dueAt,
                    at: $0.at)
                }))
          case .paged, .escalated:
            fired.append(
              Fired(index: row.index, stamp: row.stamp, incident: row.subject.id, reminders: []))
          default: break
          }
        }
      }
    }
  }
}
