internal import Bytes

extension Paging: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(pages)
    bytes.put(step)
    bytes.put(maybe: nextAt)
    bytes.put(cause)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    pages = try bytes.values(max: Bound.pages)
    step = try bytes.value()
    nextAt = try bytes.maybeTime()
    cause = try bytes.value()
  }
}

extension PersonalPage: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(person)
    bytes.put(step)
    bytes.put(at)
    switch state {
    case .waiting: bytes.put(1 as UInt8)
    case .answered(let answer, let at):
      bytes.put(2 as UInt8)
      bytes.put(answer)
      bytes.put(at)
    case .superseded(let at):
      bytes.put(3 as UInt8)
      bytes.put(at)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    person = try bytes.id()
    step = try bytes.value()
    at = try bytes.time()
    switch try bytes.u8() {
    case 1: state = .waiting
    case 2: state = .answered(try bytes.value(), at: try bytes.time())
    case 3: state = .superseded(at: try bytes.time())
    case let tag: throw .unknown(what: "PersonalPage.State", value: UInt64(tag))
    }
  }
}

extension PageAnswer: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .onIt: bytes.put(1 as UInt8)
    case .cannotHelp: bytes.put(2 as UInt8)
    case .eta(let minutes):
      bytes.put(3 as UInt8)
      bytes.put(minutes)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1: self = .onIt
    case 2: self = .cannotHelp
    case 3: self = .eta(minutes: try bytes.u32())
    case let tag: throw .unknown(what: "PageAnswer", value: UInt64(tag))
    }
  }
}

extension Paged: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(step)
    bytes.put(woken)
    bytes.put(UInt8(skipped.count))
    for step in skipped { bytes.put(step) }
    bytes.put(cause)
    bytes.put(maybe: nextAt)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    step = try bytes.value()
    woken = try bytes.values(max: Bound.pages)
    let count = Int(try bytes.u8())
    guard count <= PageStep.allCases.count else {
      throw .overLimit(found: count, limit: PageStep.allCases.count)
    }
    skipped = []
    for _ in 0..<count { skipped.append(try bytes.value()) }
    cause = try bytes.value()
    nextAt = try bytes.maybeTime()
  }
}

extension Paged.Woken: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(person)
    bytes.put(step)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(try bytes.id(), as: try bytes.value())
  }
}

extension PageAnswered: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(person)
    bytes.put(answer)
    bytes.put(maybe: nextAt)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(person: try bytes.id(), answer: try bytes.value(), nextAt: try bytes.maybeTime())
  }
}

extension Escalation: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(maybe: to)
    bytes.put(maybe: missedLimit)
    bytes.put(maybe: reason)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      to: try bytes.maybeID(), missedLimit: try bytes.maybeTime(),
      reason: try bytes.maybeText(max: Bound.reason))
  }
}

extension EscalationWaits: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(p1)
    bytes.put(p2)
    bytes.put(again)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(p1: try bytes.u32(), p2: try bytes.u32(), again: try bytes.u32())
  }
}
