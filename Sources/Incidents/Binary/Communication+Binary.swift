package import Bytes

extension Communication: BinaryForm {
  /// Its binary form, version 1.
  package func encoded() -> [UInt8] { versioned(reserving: 512 + text.body.utf8.count) }
  /// The communication in `bytes`.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) { try self.init(versioned: bytes) }

  func write(to bytes: inout ByteWriter) {
    bytes.put(id)
    bytes.put(version)
    bytes.put(incident)
    bytes.put(draft)
    bytes.put(text)
    bytes.put(author)
    bytes.put(draftedAt)
    bytes.put(maybe: approval)
    bytes.put(state)
    bytes.put(maybe: ending)
    bytes.put(maybe: reason)
    bytes.put(deliveries)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      id: try bytes.id(), version: try bytes.u64(), incident: try bytes.id(),
      draft: try bytes.value(), text: try bytes.value(), author: try bytes.id(),
      draftedAt: try bytes.time(), approval: try bytes.maybe(), state: try bytes.value(),
      ending: try bytes.maybe(), reason: try bytes.maybeText(max: Bound.reason),
      deliveries: try bytes.values(max: Bound.list))
  }
}

extension Communication.Delivery: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(group)
    bytes.put(outcome)
    bytes.put(at)
    bytes.put(maybe: detail)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      group: try bytes.string(max: Bound.name), outcome: try bytes.value(), at: try bytes.time(),
      detail: try bytes.maybeText(max: Bound.reason))
  }
}

extension Incident.Mark: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(person)
    bytes.put(at)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(person: try bytes.id(), at: try bytes.time())
  }
}

extension CommunicationDraft: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(id)
    bytes.put(audience)
    bytes.put(language)
    bytes.put(what)
    bytes.put(maybe: affected)
    bytes.put(maybe: meanwhile)
    bytes.put(maybe: nextUpdateAt)
    bytes.put(maybe: text)
    bytes.put(maybe: approver)
    bytes.put(maybe: delayReason)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      id: try bytes.id(), audience: try bytes.value(),
      language: try bytes.string(max: Bound.language), what: try bytes.string(max: Bound.text),
      affected: try bytes.maybeText(max: Bound.reason),
      meanwhile: try bytes.maybeText(max: Bound.reason), nextUpdateAt: try bytes.maybeTime(),
      text: try bytes.maybeText(max: Bound.text), approver: try bytes.maybeID(),
      delayReason: try bytes.maybeText(max: Bound.reason))
  }
}

extension CommunicationText: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(subject)
    bytes.put(body)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      subject: try bytes.string(max: Bound.told), body: try bytes.string(max: Bound.told))
  }
}

extension CommunicationStep: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(communication)
    switch step {
    case .approve: bytes.put(1 as UInt8)
    case .send(let reason):
      bytes.put(2 as UInt8)
      bytes.put(maybe: reason)
    case .withdraw(let reason):
      bytes.put(3 as UInt8)
      bytes.put(maybe: reason)
    case .record(let delivery):
      bytes.put(4 as UInt8)
      bytes.put(delivery)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    let communication = try bytes.id()
    let step: Step =
      switch try bytes.u8() {
      case 1: .approve
      case 2: .send(overrideReason: try bytes.maybeText(max: Bound.reason))
      case 3: .withdraw(reason: try bytes.maybeText(max: Bound.reason))
      case 4: .record(try bytes.value())
      case let tag: throw .unknown(what: "CommunicationStep.Step", value: UInt64(tag))
      }
    self.init(communication: communication, step: step)
  }
}

extension CommunicationDrafted: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(draft)
    bytes.put(text)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(draft: try bytes.value(), text: try bytes.value())
  }
}

extension CommunicationMoved: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(communication)
    bytes.put(audience)
    switch step {
    case .approved: bytes.put(1 as UInt8)
    case .sent(let sent):
      bytes.put(2 as UInt8)
      bytes.put(sent)
    case .withdrawn(let reason):
      bytes.put(3 as UInt8)
      bytes.put(maybe: reason)
    case .delivered(let delivery):
      bytes.put(4 as UInt8)
      bytes.put(delivery)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    let (communication, audience) = (
      try bytes.id(), try bytes.value() as CommunicationUpdate.Audience
    )
    let step: Step =
      switch try bytes.u8() {
      case 1: .approved
      case 2: .sent(try bytes.value())
      case 3: .withdrawn(reason: try bytes.maybeText(max: Bound.reason))
      case 4: .delivered(try bytes.value())
      case let tag: throw .unknown(what: "CommunicationMoved.Step", value: UInt64(tag))
      }
    self.init(communication: communication, audience: audience, step: step)
  }
}

extension CommunicationMoved.Sent: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(what)
    bytes.put(maybe: nextUpdateAt)
    bytes.put(maybe: delayReason)
    bytes.put(maybe: overrideReason)
    bytes.put(approves)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      what: try bytes.string(max: Bound.text), nextUpdateAt: try bytes.maybeTime(),
      delayReason: try bytes.maybeText(max: Bound.reason),
      overrideReason: try bytes.maybeText(max: Bound.reason), approves: try bytes.bool())
  }
}

extension CommunicationUpdate.Extras: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(maybe: affected)
    bytes.put(maybe: meanwhile)
    bytes.put(maybe: delayReason)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      affected: try bytes.maybeText(max: Bound.reason),
      meanwhile: try bytes.maybeText(max: Bound.reason),
      delayReason: try bytes.maybeText(max: Bound.reason))
  }
}

extension CommunicationTemplate: BinaryForm {
  /// Its binary form, version 1.
  package func encoded() -> [UInt8] { versioned(reserving: 64 + text.body.utf8.count) }
  /// The template in `bytes`.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) { try self.init(versioned: bytes) }

  func write(to bytes: inout ByteWriter) {
    bytes.put(key)
    bytes.put(version)
    bytes.put(text)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(key: try bytes.value(), version: try bytes.u64(), text: try bytes.value())
  }
}

extension CommunicationTemplate.Key: BinaryForm {
  /// What a store finds it by.
  package func encoded() -> [UInt8] { versioned(reserving: 16) }

  func write(to bytes: inout ByteWriter) {
    bytes.put(audience)
    bytes.put(maybe: priority)
    bytes.put(language)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      audience: try bytes.value(), priority: try bytes.maybe(),
      language: try bytes.string(max: Bound.language))
  }
}

extension TemplateChange: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(key)
    bytes.put(maybe: text)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(key: try bytes.value(), text: try bytes.maybe())
  }
}
