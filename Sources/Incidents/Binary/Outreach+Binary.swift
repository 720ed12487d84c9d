internal import Bytes

extension Incident.Outreach: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(stakeholders)
    bytes.put(maybe: affectsAll)
    bytes.put(maybe: allStaffNotNeeded)
    bytes.put(maybe: allStaffToldAt)
    bytes.put(approvers)
    bytes.put(maybe: unexplained)
    bytes.put(maybe: explainedDue)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    stakeholders = try bytes.values(max: Bound.list)
    affectsAll = try bytes.maybe()
    allStaffNotNeeded = try bytes.maybe()
    allStaffToldAt = try bytes.maybeTime()
    approvers = try bytes.ids(max: Bound.list)
    unexplained = try bytes.maybe()
    explainedDue = try bytes.maybeTime()
  }
}

extension Incident.Reach: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(isDepartment)
    bytes.put(mark)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(isDepartment: try bytes.bool(), mark: try bytes.value())
  }
}

extension Incident.Statement: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(text)
    bytes.put(mark)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(text: try bytes.string(max: Bound.reason), mark: try bytes.value())
  }
}

extension Incident.Delay: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(dueAt)
    bytes.put(sentAt)
    bytes.put(reasonDueAt)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      dueAt: try bytes.time(), sentAt: try bytes.time(), reasonDueAt: try bytes.time())
  }
}

extension InformedParty: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .person(let id):
      bytes.put(1 as UInt8)
      bytes.put(id)
    case .team(let id):
      bytes.put(2 as UInt8)
      bytes.put(id)
    case .address(let address):
      bytes.put(3 as UInt8)
      bytes.put(address)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1: self = .person(try bytes.id())
    case 2: self = .team(try bytes.id())
    case 3: self = .address(try bytes.string(max: Bound.email))
    case let tag: throw .unknown(what: "InformedParty", value: UInt64(tag))
    }
  }
}

extension StakeholderChange: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(stakeholder)
    bytes.put(isAdded)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(try bytes.value(), isAdded: try bytes.bool())
  }
}

extension ReachStatement: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .department(let isAll):
      bytes.put(1 as UInt8)
      bytes.put(isAll)
    case .allStaffNotNeeded(let because):
      bytes.put(2 as UInt8)
      bytes.put(because)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1: self = .department(try bytes.bool())
    case 2: self = .allStaffNotNeeded(because: try bytes.string(max: Bound.reason))
    case let tag: throw .unknown(what: "ReachStatement", value: UInt64(tag))
    }
  }
}

extension Contact: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(recipient)
    bytes.put(maybe: procedure)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      recipient: try bytes.value(), procedure: try bytes.maybeText(max: Bound.reason))
  }
}

extension SpecialContacts: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(maybe: cyber)
    bytes.put(maybe: data)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(cyber: try bytes.maybe(), data: try bytes.maybe())
  }
}
