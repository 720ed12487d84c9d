package import Bytes

extension Message: BinaryForm {
  /// Its binary form, version 1.
  package func encoded() -> [UInt8] { versioned(reserving: 256) }
  /// The message in `bytes`.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) { try self.init(versioned: bytes) }

  func write(to bytes: inout ByteWriter) {
    bytes.put(id)
    bytes.put(recipient)
    bytes.put(about)
    bytes.put(maybe: incident)
    bytes.put(isExercise)
    bytes.put(at)
    bytes.put(state)
    bytes.put(acknowledgements)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    id = try bytes.id()
    recipient = try bytes.value()
    about = try bytes.value()
    incident = try bytes.maybeID()
    isExercise = try bytes.bool()
    at = try bytes.time()
    state = try bytes.value()
    acknowledgements = try bytes.values(max: Bound.members)
  }
}

extension Message.Recipient: BinaryForm {
  /// What a store finds the messages of a recipient by.
  package func encoded() -> [UInt8] { versioned(reserving: 32) }

  func write(to bytes: inout ByteWriter) {
    switch self {
    case .person(let id):
      bytes.put(1 as UInt8)
      bytes.put(id)
    case .team(let id):
      bytes.put(2 as UInt8)
      bytes.put(id)
    case .leads(let id):
      bytes.put(3 as UInt8)
      bytes.put(id)
    case .auditors: bytes.put(4 as UInt8)
    case .address(let address):
      bytes.put(5 as UInt8)
      bytes.put(address)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1: self = .person(try bytes.id())
    case 2: self = .team(try bytes.id())
    case 3: self = .leads(of: try bytes.id())
    case 4: self = .auditors
    case 5: self = .address(try bytes.string(max: Bound.email))
    case let tag: throw .unknown(what: "Message.Recipient", value: UInt64(tag))
    }
  }
}

extension Message.About: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .glassBroken(let asked, let person, let until):
      bytes.put(1 as UInt8)
      bytes.put(asked)
      bytes.put(person)
      bytes.put(until)
    case .roleOffered(let role, let person, let giver):
      bytes.put(2 as UInt8)
      bytes.put(role)
      bytes.put(person)
      bytes.put(giver)
    case .roleTaken(let role, let person, let previous):
      bytes.put(3 as UInt8)
      bytes.put(role)
      bytes.put(person)
      bytes.put(maybe: previous)
    case .flagSet(let flag, let person):
      bytes.put(4 as UInt8)
      bytes.put(flag)
      bytes.put(person)
    case .flagsStillOpen(let flags):
      bytes.put(5 as UInt8)
      bytes.put(UInt8(flags.count))
      for flag in flags { bytes.put(flag) }
    case .approvalAsked(let communication, let person):
      bytes.put(6 as UInt8)
      bytes.put(communication)
      bytes.put(person)
    case .sentWithoutApproval(let communication, let person, let reason):
      bytes.put(7 as UInt8)
      bytes.put(communication)
      bytes.put(person)
      bytes.put(reason)
    case .receipt(let declaredAt):
      bytes.put(8 as UInt8)
      bytes.put(declaredAt)
    case .takenUpInEmergency(let person):
      bytes.put(9 as UInt8)
      bytes.put(person)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1:
      self = .glassBroken(try bytes.value(), by: try bytes.id(), until: try bytes.time())
    case 2:
      self = .roleOffered(try bytes.value(), to: try bytes.id(), by: try bytes.id())
    case 3:
      self = .roleTaken(
        try bytes.value(), person: try bytes.id(), previous: try bytes.maybeID())
    case 4: self = .flagSet(try bytes.value(), by: try bytes.id())
    case 5:
      let count = Int(try bytes.u8())
      guard count <= Flag.allCases.count else {
        throw .overLimit(found: count, limit: Flag.allCases.count)
      }
      var flags: [Flag] = []
      for _ in 0..<count { flags.append(try bytes.value()) }
      self = .flagsStillOpen(flags)
    case 6: self = .approvalAsked(communication: try bytes.id(), by: try bytes.id())
    case 7:
      self = .sentWithoutApproval(
        communication: try bytes.id(), by: try bytes.id(),
        reason: try bytes.string(max: Bound.reason))
    case 8: self = .receipt(declaredAt: try bytes.time())
    case 9: self = .takenUpInEmergency(by: try bytes.id())
    case let tag: throw .unknown(what: "Message.About", value: UInt64(tag))
    }
  }
}
