internal import Bytes

extension Proposal: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch matter {
    case .priority(let choice, let triage):
      bytes.put(1 as UInt8)
      bytes.put(choice)
      bytes.put(triage)
    case .cancel: bytes.put(2 as UInt8)
    case .duplicate(let survivor):
      bytes.put(3 as UInt8)
      bytes.put(survivor)
    }
    bytes.put(maybe: reason)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    let matter: Matter =
      switch try bytes.u8() {
      case 1: .priority(try bytes.value(), try bytes.value())
      case 2: .cancel
      case 3: .duplicate(of: try bytes.id())
      case let tag: throw .unknown(what: "Proposal.Matter", value: UInt64(tag))
      }
    self.init(matter, reason: try bytes.maybeText(max: Bound.reason))
  }
}

extension ProposalDecision: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(number ?? 0)
    bytes.put(accepts)
    bytes.put(maybe: reason)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    // They count from 1.
    let number = try bytes.u32()
    self.init(
      number: number == 0 ? nil : number, accepts: try bytes.bool(),
      reason: try bytes.maybeText(max: Bound.reason))
  }
}

extension PriorityMatrix: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    for priority in priorities { bytes.put(priority) }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    var cells: [Priority] = []
    for _ in 0..<Self.size { cells.append(try bytes.value()) }
    guard let matrix = Self(cells) else {
      throw .unknown(what: "PriorityMatrix", value: UInt64(cells[0].rawValue))
    }
    self = matrix
  }
}

extension Incident.OpenProposal: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(number)
    bytes.put(person)
    bytes.put(at)
    bytes.put(proposal)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      number: try bytes.u32(), person: try bytes.id(), at: try bytes.time(),
      proposal: try bytes.value())
  }
}

extension Incident.Deliberation: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(maybe: triaged)
    bytes.put(doubtedChoices)
    bytes.put(UInt8(questions.count))
    for flag in questions { bytes.put(flag) }
    bytes.put(maybe: matrix)
    bytes.put(proposals)
    bytes.put(proposed)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    triaged = try bytes.maybe()
    doubtedChoices = try bytes.u32()
    let count = Int(try bytes.u8())
    guard count <= Flag.allCases.count else {
      throw .overLimit(found: count, limit: Flag.allCases.count)
    }
    for _ in 0..<count { questions.append(try bytes.value()) }
    matrix = try bytes.maybe()
    proposals = try bytes.values(max: Bound.proposals)
    proposed = try bytes.u32()
  }
}
