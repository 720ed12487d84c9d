package import Bytes

extension Incident: BinaryForm {
  /// Its binary form, version 1. This one is on the road of every write.
  package func encoded() -> [UInt8] {
    versioned(reserving: 512 + title.utf8.count + description.utf8.count)
  }
  /// The record in `bytes`.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) { try self.init(versioned: bytes) }

  func write(to bytes: inout ByteWriter) {
    bytes.put(id)
    bytes.put(version)
    bytes.put(title)
    bytes.put(description)
    bytes.put(source)
    bytes.put(maybe: externalReference)
    bytes.put(maybe: service)
    bytes.put(maybe: unknownService)
    bytes.put(teams)
    bytes.put(isExercise)
    bytes.put(policyVersion)
    bytes.put(maybe: reporter)
    bytes.put(declaredAt)
    bytes.put(beganAt)
    bytes.put(status)
    bytes.put(statusSince)
    bytes.put(classification)
    bytes.put(owesReview)
    bytes.put(clocks)
    bytes.put(optional: acknowledgement) {
      $0.put($1.person)
      $0.put($1.at)
    }
    bytes.put(roles)
    bytes.put(paged)
    bytes.put(hadNobodyOnCall)
    bytes.put(isTouched)
    bytes.put(bounces)
    bytes.put(linesSeen)
    bytes.put(maybe: cyber)
    bytes.put(maybe: data)
    bytes.put(optional: restoredProposal) {
      $0.put($1.person)
      $0.put($1.at)
    }
    bytes.put(maybe: resolved)
    bytes.put(optional: review) {
      $0.put($1.version)
      $0.put($1.person)
      $0.put($1.at)
      $0.put($1.reopenings)
    }
    bytes.put(maybe: ending)
    bytes.put(optional: ticket) {
      $0.put($1.reference)
      $0.put(maybe: $1.updatedAt)
    }
    bytes.put(maybe: alertsClearedAt)
    bytes.put(maybe: reopenProposedAt)
    bytes.put(maybe: recurrenceOf)
    bytes.put(reopenings)
    bytes.put(firingGroups)
    bytes.put(acknowledgers)
    bytes.put(atEnd: LevelTwo(extras, clocks.extras), unless: LevelTwo())
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    id = try bytes.id()
    version = try bytes.u64()
    title = try bytes.string(max: Bound.title)
    description = try bytes.string(max: Bound.description)
    source = try bytes.value()
    externalReference = try bytes.maybeText(max: Bound.reference)
    service = try bytes.maybeID()
    unknownService = try bytes.maybeText(max: Bound.key)
    teams = try bytes.value()
    isExercise = try bytes.bool()
    policyVersion = try bytes.u32()
    reporter = try bytes.maybeID()
    declaredAt = try bytes.time()
    beganAt = try bytes.time()
    status = try bytes.value()
    statusSince = try bytes.time()
    classification = try bytes.value()
    owesReview = try bytes.bool()
    clocks = try bytes.value()
    if try bytes.bool() {
      acknowledgement = Acknowledgement(person: try bytes.id(), at: try bytes.time())
    }
    roles = try bytes.value()
    paged = try bytes.ids(max: Bound.list)
    hadNobodyOnCall = try bytes.bool()
    isTouched = try bytes.bool()
    bounces = try bytes.u32()
    linesSeen = try bytes.u8()
    cyber = try bytes.maybe()
    data = try bytes.maybe()
    if try bytes.bool() {
      restoredProposal = Mark(person: try bytes.id(), at: try bytes.time())
    }
    resolved = try bytes.maybe()
    if try bytes.bool() {
      review = ReviewMark(
        version: try bytes.u32(), person: try bytes.id(), at: try bytes.time(),
        reopenings: try bytes.u32())
    }
    ending = try bytes.maybe()
    if try bytes.bool() {
      ticket = Ticket(
        reference: try bytes.string(max: Bound.reference), updatedAt: try bytes.maybeTime())
    }
    alertsClearedAt = try bytes.maybeTime()
    reopenProposedAt = try bytes.maybeTime()
    recurrenceOf = try bytes.maybeID()
    reopenings = try bytes.u32()
    firingGroups = try bytes.ids(max: Bound.list)
    acknowledgers = try bytes.ids(max: Bound.list)
    let added = try bytes.atEnd(unless: LevelTwo())
    extras = added.extras
    clocks.extras = added.clocks
  }
}

/// The part of a record that only behaviour level 2 writes.
private struct LevelTwo: BinaryForm, Equatable {
  var extras: Incident.Extras
  var clocks: Clocks.Extras

  init(_ extras: Incident.Extras = .init(), _ clocks: Clocks.Extras = .init()) {
    self.extras = extras
    self.clocks = clocks
  }

  func write(to bytes: inout ByteWriter) {
    bytes.put(extras)
    bytes.put(clocks)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(try bytes.value(), try bytes.value())
  }
}

extension Incident.Teams: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(maybe: first)
    bytes.put(second)
    bytes.put(maybe: third)
    bytes.put(ownerLine)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      first: try bytes.maybeID(), second: try bytes.id(), third: try bytes.maybeID(),
      ownerLine: try bytes.value())
  }
}

extension Classification: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(priority)
    bytes.put(isConfirmed)
    bytes.put(optional: factors) {
      $0.put($1.impact)
      $0.put($1.urgency)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      priority: try bytes.value(), isConfirmed: try bytes.bool(),
      factors: try bytes.bool()
        ? Factors(impact: try bytes.value(), urgency: try bytes.value()) : nil)
  }
}

extension Clock: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(kind)
    bytes.put(startedAt)
    bytes.put(maybe: dueAt)
    bytes.put(maybe: limitAt)
    bytes.put(maybe: stoppedAt)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      kind: try bytes.value(), startedAt: try bytes.time(), dueAt: try bytes.maybeTime(),
      limitAt: try bytes.maybeTime(), stoppedAt: try bytes.maybeTime())
  }
}

extension Clocks: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(response)
    bytes.put(resolution)
    bytes.put(maybe: update)
    bytes.put(maybe: lastUpdateAt)
    bytes.put(missedUpdates)
    bytes.put(notCounted)
    bytes.put(superseded)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      response: try bytes.value(), resolution: try bytes.value(), update: try bytes.maybe(),
      lastUpdateAt: try bytes.maybeTime(), missedUpdates: try bytes.u32(),
      notCounted: try bytes.time(), superseded: try bytes.values(max: Bound.pastClocks))
  }
}

extension Roles: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(maybe: lead)
    bytes.put(maybe: commsLead)
    bytes.put(maybe: documenter)
    bytes.put(technicalSupport)
    bytes.put(offers)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    lead = try bytes.maybe()
    commsLead = try bytes.maybe()
    documenter = try bytes.maybe()
    technicalSupport = try bytes.values(max: Bound.list)
    offers = try bytes.values(max: Bound.list)
  }
}

extension Roles.Holder: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(person)
    bytes.put(since)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(person: try bytes.id(), since: try bytes.time())
  }
}

extension Roles.Offer: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(role)
    bytes.put(to)
    bytes.put(from)
    bytes.put(at)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      role: try bytes.value(), to: try bytes.id(), from: try bytes.id(), at: try bytes.time())
  }
}

extension Incident.FlagState: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(setBy)
    bytes.put(setAt)
    bytes.put(awareAt)
    bytes.put(maybe: reportedAt)
    bytes.put(maybe: reference)
    bytes.put(maybe: clearedAt)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      setBy: try bytes.id(), setAt: try bytes.time(), awareAt: try bytes.time(),
      reportedAt: try bytes.maybeTime(), reference: try bytes.maybeText(max: Bound.reference),
      clearedAt: try bytes.maybeTime())
  }
}

extension Incident.Resolved: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(person)
    bytes.put(at)
    bytes.put(fix)
    bytes.put(maybe: cause)
    bytes.put(agreement)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      person: try bytes.id(), at: try bytes.time(), fix: try bytes.string(max: Bound.text),
      cause: try bytes.maybeText(max: Bound.text), agreement: try bytes.value())
  }
}

extension Incident.Agreement: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .lead: bytes.put(1 as UInt8)
    case .phone(let name):
      bytes.put(2 as UInt8)
      bytes.put(name)
    case .phoneConfirmed(let name, let person):
      bytes.put(3 as UInt8)
      bytes.put(name)
      bytes.put(person)
    case .notNeeded: bytes.put(4 as UInt8)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1: self = .lead
    case 2: self = .phone(name: try bytes.string(max: Bound.name))
    case 3: self = .phoneConfirmed(name: try bytes.string(max: Bound.name), by: try bytes.id())
    case 4: self = .notNeeded
    case let tag: throw .unknown(what: "Incident.Agreement", value: UInt64(tag))
    }
  }
}

extension Incident.Ending: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .closed(let at):
      bytes.put(1 as UInt8)
      bytes.put(at)
    case .overridden(let at, let reason):
      bytes.put(2 as UInt8)
      bytes.put(at)
      bytes.put(reason)
    case .cancelled(let at, let reason):
      bytes.put(3 as UInt8)
      bytes.put(at)
      bytes.put(reason)
    case .duplicate(let at, let survivor):
      bytes.put(4 as UInt8)
      bytes.put(at)
      bytes.put(survivor)
    case .cleared(let at, let clearedAt):
      bytes.put(5 as UInt8)
      bytes.put(at)
      bytes.put(clearedAt)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1: self = .closed(at: try bytes.time())
    case 2:
      self = .overridden(at: try bytes.time(), reason: try bytes.string(max: Bound.reason))
    case 3:
      self = .cancelled(at: try bytes.time(), reason: try bytes.string(max: Bound.reason))
    case 4: self = .duplicate(at: try bytes.time(), of: try bytes.id())
    case 5: self = .cleared(at: try bytes.time(), clearedAt: try bytes.time())
    case let tag: throw .unknown(what: "Incident.Ending", value: UInt64(tag))
    }
  }
}

extension Release: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(person)
    bytes.put(incident)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(person: try bytes.id(), incident: try bytes.id())
  }
}
