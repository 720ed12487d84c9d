internal import Bytes

/// The messages that one event makes, each recipient once.
struct Outbox {
  private let incident: Incident?
  private let base: ID
  private let version: UInt64
  private let stamp: Int64
  private var messages: [Message] = []

  /// Of an event about an incident, as it is after it.
  init(_ incident: Incident, at stamp: Int64) {
    self.incident = incident
    base = incident.id
    version = incident.version
    self.stamp = stamp
  }

  /// Of glass that was broken.
  init(_ glass: BrokenGlass, before incident: Incident?) {
    self.incident = incident
    base = glass.asked.id
    version = 1
    stamp = glass.begins
  }

  /// Adds a message, unless the recipient has one.
  mutating func add(
    _ recipient: Message.Recipient, _ about: Message.About, state: Message.State = .waiting
  ) {
    guard !messages.contains(where: { $0.recipient == recipient }) else { return }
    let id = ID(following: base, version: version, place: UInt64(messages.count))
    messages.append(
      Message(id: id, to: recipient, about, incident: incident, at: stamp, state: state))
  }

  func put(in records: inout some Records) {
    for message in messages {
      records.put(message)
      records.post(message, on: incident)
    }
  }
}

/// That team's leads and the auditors are told at once that somebody broke the glass (policy section 9).
func tell(of glass: BrokenGlass, in records: inout some Records) {
  var (incident, team): (Incident?, ID)
  switch glass.asked.scope {
  case .incident(let id):
    let opened = known(records.incident(id), "incident", id)
    (incident, team) = (opened, opened.teams.owner)
  case .team(let id): (incident, team) = (nil, id)
  }
  var box = Outbox(glass, before: incident)
  let about = Message.About.glassBroken(glass.asked, by: glass.person, until: glass.ends)
  box.add(.leads(of: team), about)
  box.add(.auditors, about)
  box.put(in: &records)
}

/// Who is told of an event at once, beside whoever did it.
func tell(
  of event: Event, on incident: Incident, before: Incident, by actor: Actor, at stamp: Int64,
  in records: inout some Records
) {
  var box = Outbox(incident, at: stamp)
  func others(_ people: [ID?], _ about: Message.About) {
    for case let person? in people where person != actor.person {
      box.add(.person(person), about)
    }
  }
  switch event.fact {
  case .roleOffered(let role, let person, let giver):
    others([person], .roleOffered(role, to: person, by: giver))
  case .roleTaken(let taken):
    let offer = before.roles.offers.first { $0.role == taken.role && $0.to == taken.person }
    let about = Message.About.roleTaken(
      taken.role, person: taken.person, previous: taken.previous)
    others([taken.person, taken.previous, offer?.from], about)
  case .flagSet(let raising, let person):
    guard let settings = records.settings() else { return }
    // Where nobody is named for the specialist team, or who is has left, the duty contact hears it, and sees
    // to it.
    var recipient = settings.contacts.contact(for: raising.flag)?.recipient
    if case .person(let named)? = recipient, records.person(named)?.isActive != true {
      recipient = nil
    }
    // A drill tells no specialist team: it is logged that it would have.
    box.add(
      recipient ?? .person(settings.dutyContact), .flagSet(raising.flag, by: person),
      state: incident.isExercise ? .wouldHaveBeenSent : .waiting)
  case .takenUpInEmergency(let person):
    box.add(.team(incident.teams.owner), .takenUpInEmergency(by: person))
  case .sightChanged(.prune(let person)) where person == incident.reporter:
    // Reference and time, and nothing else.
    box.add(.person(person), .receipt(declaredAt: incident.declaredAt))
  case .resolved:
    let flags = incident.openFlags
    guard !flags.isEmpty, let settings = records.settings() else { return }
    let named = (settings.extras.seniorManagement ?? []).filter {
      records.person($0)?.isActive == true
    }
    // Where nobody is named, or nobody is left, the duty contact hears it, as with what is escalated.
    for person in named.isEmpty ? [settings.dutyContact] : named {
      box.add(.person(person), .flagsStillOpen(flags))
    }
  default: return
  }
  box.put(in: &records)
}
