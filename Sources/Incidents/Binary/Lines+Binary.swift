internal import Bytes

extension Incident.Surroundings: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(maybe: ownerSince)
    bytes.put(bouncedFor)
    bytes.put(unexplained)
    bytes.put(optional: answered) {
      $0.put($1.person)
      $0.put($1.at)
    }
    bytes.put(affected)
    bytes.put(maybe: parent)
    bytes.put(children)
    bytes.put(maybe: parentResolvedAt)
    bytes.put(changes)
    bytes.put(suppliers)
    bytes.put(specialists)
    bytes.put(isUmbrella)
    bytes.put(firesUnlisted)
    bytes.put(emergency)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    ownerSince = try bytes.maybeTime()
    bouncedFor = try bytes.time()
    unexplained = try bytes.values(max: Bound.unexplained)
    if try bytes.bool() {
      answered = Incident.Mark(person: try bytes.id(), at: try bytes.time())
    }
    affected = try bytes.values(max: Bound.list)
    parent = try bytes.maybeID()
    children = try bytes.ids(max: Bound.children)
    parentResolvedAt = try bytes.maybeTime()
    changes = try bytes.values(max: Bound.changes)
    suppliers = try bytes.values(max: Bound.suppliers)
    specialists = try bytes.values(max: Bound.list)
    isUmbrella = try bytes.bool()
    firesUnlisted = try bytes.bool()
    emergency = try bytes.ids(max: Bound.list)
  }
}

extension Incident.Unexplained: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch what {
    case .handOver(let from, let to):
      bytes.put(1 as UInt8)
      bytes.put(from)
      bytes.put(to)
    case .override: bytes.put(2 as UInt8)
    }
    bytes.put(dueAt)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    let what: Deed
    switch try bytes.u8() {
    case 1: what = .handOver(from: try bytes.value(), to: try bytes.value())
    case 2: what = .override
    case let tag: throw .unknown(what: "Unexplained", value: UInt64(tag))
    }
    self.init(what: what, dueAt: try bytes.time())
  }
}

extension AffectedService: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(service)
    bytes.put(state)
    bytes.put(since)
    bytes.put(policy)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      service: try bytes.id(), state: try bytes.value(), since: try bytes.time(),
      policy: try bytes.u64())
  }
}

extension ChangeLink: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(reference)
    bytes.put(maybe: link)
    bytes.put(maybe: text)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      reference: try bytes.string(max: Bound.reference),
      link: try bytes.maybeText(max: Bound.address),
      text: try bytes.maybeText(max: Bound.reason))
  }
}

extension EngagedSupplier: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(name)
    bytes.put(maybe: reference)
    bytes.put(maybe: outOfHours)
    bytes.put(maybe: nextUpdateAt)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      name: try bytes.string(max: Bound.name),
      reference: try bytes.maybeText(max: Bound.reference),
      outOfHours: try bytes.maybeText(max: Bound.key), nextUpdateAt: try bytes.maybeTime())
  }
}

extension Answer: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(maybe: text)
    bytes.put(isLogged)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(text: try bytes.maybeText(max: Bound.text), isLogged: try bytes.bool())
  }
}

extension AffectedChange: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(service)
    bytes.put(maybe: state)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(service: try bytes.id(), state: try bytes.maybe())
  }
}

extension LeadServiceChange: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(service)
    bytes.put(maybe: reason)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(service: try bytes.id(), reason: try bytes.maybeText(max: Bound.reason))
  }
}

extension Relation: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .childOf(let parent):
      bytes.put(1 as UInt8)
      bytes.put(maybe: parent)
    case .recurrenceOf(let earlier):
      bytes.put(2 as UInt8)
      bytes.put(maybe: earlier)
    case .causedBy(let change):
      bytes.put(3 as UInt8)
      bytes.put(change)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1: self = .childOf(try bytes.maybeID())
    case 2: self = .recurrenceOf(try bytes.maybeID())
    case 3: self = .causedBy(try bytes.value())
    case let tag: throw .unknown(what: "Relation", value: UInt64(tag))
    }
  }
}

extension Engagement: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .supplier(let supplier):
      bytes.put(1 as UInt8)
      bytes.put(supplier)
    case .specialist(let party):
      bytes.put(2 as UInt8)
      bytes.put(party)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1: self = .supplier(try bytes.value())
    case 2: self = .specialist(try bytes.value())
    case let tag: throw .unknown(what: "Engagement", value: UInt64(tag))
    }
  }
}

extension OwnerMoved.Extras: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(lay)
    bytes.put(maybe: supplier)
    bytes.put(maybe: reasonDueAt)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      lay: try bytes.time(), supplier: try bytes.maybeText(max: Bound.name),
      reasonDueAt: try bytes.maybeTime())
  }
}

extension LeadServiceSet: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(service)
    bytes.put(maybe: previous)
    bytes.put(teams)
    bytes.put(maybe: reason)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      service: try bytes.id(), previous: try bytes.maybeID(), teams: try bytes.value(),
      reason: try bytes.maybeText(max: Bound.reason))
  }
}

extension FamilyChange: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .parent(let parent):
      bytes.put(1 as UInt8)
      bytes.put(maybe: parent)
    case .children(let added, let removed):
      bytes.put(2 as UInt8)
      bytes.put(added)
      bytes.put(removed)
    case .gathered(let umbrella):
      bytes.put(3 as UInt8)
      bytes.put(umbrella)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1: self = .parent(try bytes.maybeID())
    case 2:
      self = .children(
        added: try bytes.ids(max: Bound.children), removed: try bytes.ids(max: Bound.children))
    case 3: self = .gathered(by: try bytes.id())
    case let tag: throw .unknown(what: "FamilyChange", value: UInt64(tag))
    }
  }
}

extension ParentNews: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .updated(let next):
      bytes.put(1 as UInt8)
      bytes.put(maybe: next)
    case .resolved: bytes.put(2 as UInt8)
    case .reopened: bytes.put(3 as UInt8)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1: self = .updated(nextUpdateAt: try bytes.maybeTime())
    case 2: self = .resolved
    case 3: self = .reopened
    case let tag: throw .unknown(what: "ParentNews", value: UInt64(tag))
    }
  }
}

extension Inheritance.Extras: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(affected)
    bytes.put(changes)
    bytes.put(suppliers)
    bytes.put(specialists)
    bytes.put(stakeholders)
    bytes.put(named)
    bytes.put(faces)
    bytes.put(maybe: notification)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      affected: try bytes.values(max: Bound.list), changes: try bytes.values(max: Bound.changes),
      suppliers: try bytes.values(max: Bound.suppliers),
      specialists: try bytes.values(max: Bound.list),
      stakeholders: try bytes.values(max: Bound.list), named: try bytes.ids(max: Bound.list),
      faces: try bytes.values(max: Bound.faces), notification: try bytes.maybe())
  }
}
