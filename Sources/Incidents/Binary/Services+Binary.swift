package import Bytes

extension ServiceArrangement: BinaryForm {
  /// Its binary form, version 1.
  package func encoded() -> [UInt8] { versioned(reserving: 1_024) }
  /// The record in `bytes`.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) { try self.init(versioned: bytes) }

  func write(to bytes: inout ByteWriter) {
    bytes.put(service)
    bytes.put(version)
    bytes.put(profile)
    bytes.put(maybe: confirmation)
    bytes.put(maybe: liveSince)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      service: try bytes.id(), version: try bytes.u64(), profile: try bytes.value(),
      confirmation: try bytes.maybe(), liveSince: try bytes.maybeTime())
  }
}

extension ArrangementProfile: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(maybe: productTeam)
    bytes.put(maybe: infrastructureTeam)
    bytes.put(maybe: smallerTeam)
    bytes.put(maybe: thirdLineSupplier)
    bytes.put(activities)
    bytes.put(stakeholders)
    bytes.put(suppliers)
    bytes.put(maybe: manual)
    bytes.put(channels)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      productTeam: try bytes.maybeID(), infrastructureTeam: try bytes.maybeID(),
      smallerTeam: try bytes.maybe(),
      thirdLineSupplier: try bytes.maybeText(max: Bound.name),
      activities: try bytes.values(max: Activity.allCases.count),
      stakeholders: try bytes.values(max: Bound.list),
      suppliers: try bytes.values(max: Bound.suppliers),
      manual: try bytes.maybeText(max: Bound.address), channels: try bytes.channels())
  }
}

extension SmallerTeam: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(agreedBy)
    bytes.put(reviewAt)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(agreedBy: try bytes.id(), reviewAt: try bytes.time())
  }
}

extension ActivityRoles: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(activity)
    bytes.put(accountable)
    bytes.put(responsible)
    bytes.put(consulted)
    bytes.put(informed)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      activity: try bytes.value(), accountable: try bytes.value(),
      responsible: try bytes.values(max: Bound.parties),
      consulted: try bytes.values(max: Bound.parties),
      informed: try bytes.values(max: Bound.parties))
  }
}

extension Party: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .role(let role):
      bytes.put(1 as UInt8)
      bytes.put(role)
    case .team(let id):
      bytes.put(2 as UInt8)
      bytes.put(id)
    case .person(let id):
      bytes.put(3 as UInt8)
      bytes.put(id)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1: self = .role(try bytes.value())
    case 2: self = .team(try bytes.id())
    case 3: self = .person(try bytes.id())
    case let tag: throw .unknown(what: "Party", value: UInt64(tag))
    }
  }
}

extension Stakeholder: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch who {
    case .party(let party):
      bytes.put(1 as UInt8)
      bytes.put(party)
    case .other(let name, let email):
      bytes.put(2 as UInt8)
      bytes.put(name)
      bytes.put(email)
    }
    bytes.put(least)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    let who: Who =
      switch try bytes.u8() {
      case 1: .party(try bytes.value())
      case 2:
        .other(
          name: try bytes.string(max: Bound.name), email: try bytes.string(max: Bound.email))
      case let tag: throw .unknown(what: "Stakeholder", value: UInt64(tag))
      }
    self.init(who: who, least: try bytes.value())
  }
}

extension Supplier: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(name)
    bytes.put(maybe: reference)
    bytes.put(maybe: outOfHours)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      name: try bytes.string(max: Bound.name),
      reference: try bytes.maybeText(max: Bound.reference),
      outOfHours: try bytes.maybeText(max: Bound.key))
  }
}

extension ByteWriter {
  mutating func put(_ channels: Channels) { put(channels.rawValue) }
}

extension ByteReader {
  /// Bits that have a name, and no others.
  mutating func channels() throws(MalformedBytes) -> Channels {
    let bits = try u8()
    guard bits & ~Channels.all.rawValue == 0 else {
      throw .unknown(what: "Channels", value: UInt64(bits))
    }
    return Channels(rawValue: bits)
  }
}

extension ManualConfirmation: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(by)
    bytes.put(at)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(by: try bytes.id(), at: try bytes.time())
  }
}

extension ArrangementChange: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(service)
    bytes.put(seen)
    bytes.put(profile)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(service: try bytes.id(), seen: try bytes.u64(), profile: try bytes.value())
  }
}

extension ManualReading: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(service)
    bytes.put(maybe: by)
    bytes.put(maybe: at)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(service: try bytes.id(), by: try bytes.maybeID(), at: try bytes.maybeTime())
  }
}

extension LiveChange: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(service)
    switch step {
    case .live: bytes.put(false)
    case .withdrawn(let reason):
      bytes.put(true)
      bytes.put(reason)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      service: try bytes.id(),
      step: try bytes.bool()
        ? .withdrawn(reason: try bytes.string(max: Bound.reason)) : .live)
  }
}
