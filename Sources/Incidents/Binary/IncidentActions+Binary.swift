internal import Bytes

extension PriorityChoice: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .matrix(let impact, let urgency):
      bytes.put(1 as UInt8)
      bytes.put(impact)
      bytes.put(urgency)
    case .level(let priority):
      bytes.put(2 as UInt8)
      bytes.put(priority)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1: self = .matrix(impact: try bytes.value(), urgency: try bytes.value())
    case 2: self = .level(try bytes.value())
    case let tag: throw .unknown(what: "PriorityChoice", value: UInt64(tag))
    }
  }
}

extension Declaration: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(id)
    bytes.put(title)
    bytes.put(description)
    bytes.put(maybe: service)
    bytes.put(maybe: choice)
    bytes.put(source)
    bytes.put(maybe: reference)
    bytes.put(maybe: happenedAt)
    bytes.put(isExercise)
    bytes.put(atEnd: extras, unless: Extras())
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      id: try bytes.id(), title: try bytes.string(max: Bound.title),
      description: try bytes.string(max: Bound.description), service: try bytes.maybeID(),
      choice: try bytes.maybe(), source: try bytes.value(),
      reference: try bytes.maybeText(max: Bound.reference), happenedAt: try bytes.maybeTime(),
      isExercise: try bytes.bool(), extras: try bytes.atEnd(unless: Extras()))
  }
}

extension Source: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(kind)
    bytes.put(maybe: reference)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(kind: try bytes.value(), reference: try bytes.maybeText(max: Bound.reference))
  }
}

extension PriorityChange: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(choice)
    bytes.put(confirm)
    bytes.put(maybe: reason)
    bytes.put(atEnd: triage, unless: Triage())
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      choice: try bytes.value(), confirm: try bytes.bool(),
      reason: try bytes.maybeText(max: Bound.reason), triage: try bytes.atEnd(unless: Triage()))
  }
}

extension RoleChange: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(role)
    switch step {
    case .give(let person):
      bytes.put(1 as UInt8)
      bytes.put(person)
    case .accept: bytes.put(2 as UInt8)
    case .decline: bytes.put(3 as UInt8)
    case .take: bytes.put(4 as UInt8)
    case .leave: bytes.put(5 as UInt8)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    let role: Role = try bytes.value()
    let step: Step =
      switch try bytes.u8() {
      case 1: .give(to: try bytes.id())
      case 2: .accept
      case 3: .decline
      case 4: .take
      case 5: .leave
      case let tag: throw .unknown(what: "RoleChange.Step", value: UInt64(tag))
      }
    self.init(role: role, step: step)
  }
}

extension Note: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(kind)
    bytes.put(text)
    bytes.put(maybe: happenedAt)
    bytes.put(maybe: onBehalfOf)
    bytes.put(maybe: corrects)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      kind: try bytes.value(), text: try bytes.string(max: Bound.text),
      happenedAt: try bytes.maybeTime(), onBehalfOf: try bytes.maybeID(),
      corrects: try bytes.maybeNumber())
  }
}

extension CommunicationUpdate: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(audience)
    bytes.put(text)
    bytes.put(maybe: nextUpdateAt)
    bytes.put(atEnd: extras, unless: Extras())
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      audience: try bytes.value(), text: try bytes.string(max: Bound.text),
      nextUpdateAt: try bytes.maybeTime(), extras: try bytes.atEnd(unless: Extras()))
  }
}

extension StatusChange: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(to)
    bytes.put(maybe: note)
    bytes.put(atEnd: place, unless: BacklogPlace())
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      to: try bytes.value(), note: try bytes.maybeText(max: Bound.reason),
      place: try bytes.atEnd(unless: BacklogPlace()))
  }
}

extension HandOver: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(to)
    bytes.put(maybe: reason)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(to: try bytes.value(), reason: try bytes.maybeText(max: Bound.reason))
  }
}

extension Resolution: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(fix)
    bytes.put(maybe: cause)
    bytes.put(maybe: happenedAt)
    bytes.put(takesLead)
    bytes.put(maybe: leadAgreedByPhone)
    bytes.put(maybe: ticketUpdatedAt)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      fix: try bytes.string(max: Bound.text), cause: try bytes.maybeText(max: Bound.text),
      happenedAt: try bytes.maybeTime(), takesLead: try bytes.bool(),
      leadAgreedByPhone: try bytes.maybeText(max: Bound.name),
      ticketUpdatedAt: try bytes.maybeTime())
  }
}

extension Review: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(summary)
    bytes.put(impact)
    bytes.put(maybe: beganAt)
    bytes.put(maybe: detectedAt)
    bytes.put(maybe: mitigatedAt)
    switch cause {
    case .established(let text):
      bytes.put(1 as UInt8)
      bytes.put(text)
    case .notEstablished(let because):
      bytes.put(2 as UInt8)
      bytes.put(because)
    }
    bytes.put(contributingFactors)
    bytes.put(wentWell)
    bytes.put(wentBadly)
    switch actions {
    case .some(let actions):
      bytes.put(1 as UInt8)
      bytes.put(actions)
    case .none(let because):
      bytes.put(2 as UInt8)
      bytes.put(because)
    }
    bytes.put(attendees)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      summary: try bytes.string(max: Bound.text), impact: try bytes.string(max: Bound.text),
      beganAt: try bytes.maybeTime(), detectedAt: try bytes.maybeTime(),
      mitigatedAt: try bytes.maybeTime(), cause: try Self.cause(&bytes),
      contributingFactors: try bytes.texts(max: Bound.list, each: Bound.reason),
      wentWell: try bytes.texts(max: Bound.list, each: Bound.reason),
      wentBadly: try bytes.texts(max: Bound.list, each: Bound.reason),
      actions: try Self.actions(&bytes), attendees: try bytes.ids(max: Bound.list))
  }

  private static func cause(_ bytes: inout ByteReader) throws(MalformedBytes) -> Finding {
    switch try bytes.u8() {
    case 1: .established(try bytes.string(max: Bound.text))
    case 2: .notEstablished(because: try bytes.string(max: Bound.text))
    case let tag: throw .unknown(what: "Review.Finding", value: UInt64(tag))
    }
  }

  private static func actions(_ bytes: inout ByteReader) throws(MalformedBytes) -> Actions {
    switch try bytes.u8() {
    case 1: .some(try bytes.values(max: Bound.list))
    case 2: .none(because: try bytes.string(max: Bound.text))
    case let tag: throw .unknown(what: "Review.Actions", value: UInt64(tag))
    }
  }
}

extension ReviewAction: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(what)
    bytes.put(owner)
    bytes.put(due)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      what: try bytes.string(max: Bound.reason), owner: try bytes.id(), due: try bytes.time())
  }
}

extension FlagRaising: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(flag)
    bytes.put(maybe: awareAt)
    bytes.put(maybe: note)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      flag: try bytes.value(), awareAt: try bytes.maybeTime(),
      note: try bytes.maybeText(max: Bound.reason))
  }
}

extension FlagReport: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(flag)
    bytes.put(reportedAt)
    bytes.put(by)
    bytes.put(maybe: reference)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      flag: try bytes.value(), reportedAt: try bytes.time(),
      by: try bytes.string(max: Bound.name),
      reference: try bytes.maybeText(max: Bound.reference))
  }
}
