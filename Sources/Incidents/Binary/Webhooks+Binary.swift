package import Bytes

extension Webhook: BinaryForm {
  /// Its binary form, version 1.
  package func encoded() -> [UInt8] { versioned(reserving: 256) }
  /// The webhook in `bytes`.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) { try self.init(versioned: bytes) }

  func write(to bytes: inout ByteWriter) {
    bytes.put(id)
    bytes.put(version)
    bytes.put(profile)
    bytes.put(generation)
    bytes.put(secretSince)
    bytes.put(createdAt)
    bytes.put(maybe: lastSentAt)
    bytes.put(maybe: failingSince)
    bytes.put(failures)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      id: try bytes.id(), version: try bytes.u64(), profile: try bytes.value(),
      generation: try bytes.u32(), secretSince: try bytes.time(), createdAt: try bytes.time(),
      lastSentAt: try bytes.maybeTime(), failingSince: try bytes.maybeTime(),
      failures: try bytes.u32())
  }
}

extension WebhookProfile: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(name)
    bytes.put(address)
    bytes.put(kinds.rawValue)
    bytes.put(teams)
    bytes.put(isEnabled)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      name: try bytes.string(max: Bound.name), address: try bytes.string(max: Bound.address),
      kinds: try bytes.webhookKinds(), teams: try bytes.ids(max: Bound.list),
      isEnabled: try bytes.bool())
  }
}

extension ByteReader {
  fileprivate mutating func webhookKinds() throws(MalformedBytes) -> WebhookKinds {
    let kinds = WebhookKinds(rawValue: try u8())
    guard WebhookKinds.all.isSuperset(of: kinds) else {
      throw .unknown(what: "WebhookKinds", value: UInt64(kinds.rawValue))
    }
    return kinds
  }
}

extension WebhookChange: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(id)
    bytes.put(isNew)
    bytes.put(maybe: name)
    bytes.put(maybe: address)
    bytes.put(kinds != nil)
    if let kinds { bytes.put(kinds.rawValue) }
    bytes.put(teams != nil)
    if let teams { bytes.put(teams) }
    bytes.put(maybe: isEnabled)
    bytes.put(rotates)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      id: try bytes.id(), isNew: try bytes.bool(),
      name: try bytes.maybeText(max: Bound.name),
      address: try bytes.maybeText(max: Bound.address),
      kinds: try bytes.bool() ? try bytes.webhookKinds() : nil,
      teams: try bytes.bool() ? try bytes.ids(max: Bound.list) : nil,
      isEnabled: try bytes.maybeTruth(), rotates: try bytes.bool())
  }
}

extension WebhookSet: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(profile)
    bytes.put(generation)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(profile: try bytes.value(), generation: try bytes.u32())
  }
}

extension DeliveryWish: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .test(let id):
      bytes.put(1 as UInt8)
      bytes.put(id)
    case .again(let id):
      bytes.put(2 as UInt8)
      bytes.put(id)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1: self = .test(try bytes.id())
    case 2: self = .again(try bytes.id())
    case let tag: throw .unknown(what: "DeliveryWish", value: UInt64(tag))
    }
  }
}

extension WebhookDelivery: BinaryForm {
  /// Its binary form, version 1.
  package func encoded() -> [UInt8] { versioned(reserving: 192) }
  /// The delivery in `bytes`.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) { try self.init(versioned: bytes) }

  func write(to bytes: inout ByteWriter) {
    bytes.put(id)
    bytes.put(webhook)
    bytes.put(about)
    bytes.put(maybe: incident)
    bytes.put(isExercise)
    bytes.put(at)
    bytes.put(state)
    bytes.put(attempts)
    bytes.put(mayRepeat)
    bytes.put(endsAt)
    bytes.put(maybe: lastAnswer)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      id: try bytes.id(), to: try bytes.id(), try bytes.value(), incident: try bytes.maybeID(),
      isExercise: try bytes.bool(), at: try bytes.time())
    state = try bytes.value()
    attempts = try bytes.u32()
    mayRepeat = try bytes.bool()
    endsAt = try bytes.time()
    lastAnswer = try bytes.maybe()
  }
}

extension WebhookDelivery.About: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .page(let people, let step, let cause):
      bytes.put(1 as UInt8)
      bytes.put(people)
      bytes.put(step)
      bytes.put(cause)
    case .escalation(let escalation):
      bytes.put(2 as UInt8)
      bytes.put(escalation)
    case .reminders(let reminders):
      bytes.put(3 as UInt8)
      bytes.put(reminders)
    case .message(let id):
      bytes.put(4 as UInt8)
      bytes.put(id)
    case .test(let person):
      bytes.put(5 as UInt8)
      bytes.put(person)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1:
      self = .page(
        people: try bytes.ids(max: Bound.pages), step: try bytes.value(),
        cause: try bytes.value())
    case 2: self = .escalation(try bytes.value())
    case 3: self = .reminders(try bytes.values(max: Bound.reminders))
    case 4: self = .message(try bytes.id())
    case 5: self = .test(by: try bytes.id())
    case let tag: throw .unknown(what: "WebhookDelivery.About", value: UInt64(tag))
    }
  }
}

extension WebhookDelivery.State: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .waiting(let time):
      bytes.put(1 as UInt8)
      bytes.put(time)
    case .claimed(let claim):
      bytes.put(2 as UInt8)
      bytes.put(claim)
    case .sent(let time):
      bytes.put(3 as UInt8)
      bytes.put(time)
    case .failed(let time):
      bytes.put(4 as UInt8)
      bytes.put(time)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1: self = .waiting(until: try bytes.time())
    case 2: self = .claimed(try bytes.value())
    case 3: self = .sent(at: try bytes.time())
    case 4: self = .failed(at: try bytes.time())
    case let tag: throw .unknown(what: "WebhookDelivery.State", value: UInt64(tag))
    }
  }
}

extension DeliveryClaim: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(id)
    bytes.put(node)
    bytes.put(until)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(id: try bytes.id(), node: try bytes.u64(), until: try bytes.time())
  }
}

extension DeliveryAnswer: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .status(let code, let retryAfter):
      bytes.put(1 as UInt8)
      bytes.put(UInt32(code))
      bytes.put(retryAfter != nil)
      if let retryAfter { bytes.put(retryAfter) }
    case .timedOut: bytes.put(2 as UInt8)
    case .unreachable(let why):
      bytes.put(3 as UInt8)
      bytes.put(why)
    case .unsendable(let why):
      bytes.put(4 as UInt8)
      bytes.put(why)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1:
      let code = try bytes.u32()
      guard let code = UInt16(exactly: code) else {
        throw .unknown(what: "status", value: UInt64(code))
      }
      self = .status(code, retryAfter: try bytes.bool() ? try bytes.u32() : nil)
    case 2: self = .timedOut
    case 3: self = .unreachable(try bytes.string(max: Bound.reference))
    case 4: self = .unsendable(try bytes.string(max: Bound.reference))
    case let tag: throw .unknown(what: "DeliveryAnswer", value: UInt64(tag))
    }
  }
}

extension DeliveryStep: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .claim(let delivery, let claim, let node):
      bytes.put(1 as UInt8)
      bytes.put(delivery)
      bytes.put(claim)
      bytes.put(node)
    case .end(let delivery, let claim, let answer):
      bytes.put(2 as UInt8)
      bytes.put(delivery)
      bytes.put(claim)
      bytes.put(answer)
    case .forget(let delivery):
      bytes.put(3 as UInt8)
      bytes.put(delivery)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1: self = .claim(try bytes.id(), by: try bytes.id(), node: try bytes.u64())
    case 2: self = .end(try bytes.id(), claim: try bytes.id(), try bytes.value())
    case 3: self = .forget(try bytes.id())
    case let tag: throw .unknown(what: "DeliveryStep", value: UInt64(tag))
    }
  }
}

extension DeliveryMove: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(delivery)
    bytes.put(webhook)
    switch what {
    case .claimed(let claim, let mayRepeat):
      bytes.put(1 as UInt8)
      bytes.put(claim)
      bytes.put(mayRepeat)
    case .sent(let answer):
      bytes.put(2 as UInt8)
      bytes.put(answer)
    case .putOff(let answer, let until):
      bytes.put(3 as UInt8)
      bytes.put(answer)
      bytes.put(until)
    case .failed(let answer):
      bytes.put(4 as UInt8)
      bytes.put(maybe: answer)
    case .forgotten: bytes.put(5 as UInt8)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    delivery = try bytes.id()
    webhook = try bytes.id()
    switch try bytes.u8() {
    case 1: what = .claimed(try bytes.value(), mayRepeat: try bytes.bool())
    case 2: what = .sent(try bytes.value())
    case 3: what = .putOff(try bytes.value(), until: try bytes.time())
    case 4: what = .failed(try bytes.maybe())
    case 5: what = .forgotten
    case let tag: throw .unknown(what: "DeliveryMove", value: UInt64(tag))
    }
  }
}

extension LinkAnswer: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(page.incident)
    bytes.put(page.person)
    bytes.put(page.at)
    bytes.put(answer)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      page: PagedPerson(
        incident: try bytes.id(), person: try bytes.id(), at: try bytes.time()),
      answer: try bytes.value())
  }
}
