internal import Bytes

extension Watch: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(version)
    bytes.put(maybe: changedAt)
    bytes.put(maybe: lastEntryAt)
    bytes.put(marks)
    bytes.put(paging)
    bytes.put(maybe: escalatedFor)
    bytes.put(maybe: gapUntil)
    bytes.put(maybe: assessed)
    bytes.put(maybe: reviewPlan)
    bytes.put(actions)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    version = try bytes.u32()
    changedAt = try bytes.maybeTime()
    lastEntryAt = try bytes.maybeTime()
    marks = try bytes.values(max: Bound.marks + Bound.list)
    paging = try bytes.value()
    escalatedFor = try bytes.maybeTime()
    gapUntil = try bytes.maybeTime()
    assessed = try bytes.maybe()
    reviewPlan = try bytes.maybe()
    actions = try bytes.values(max: Bound.list)
  }
}

extension ReminderMark: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(kind)
    bytes.put(number)
    bytes.put(dueAt)
    bytes.put(through)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      kind: try bytes.value(), number: try bytes.u32(), dueAt: try bytes.time(),
      through: try bytes.time())
  }
}

extension Reminder: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(kind)
    bytes.put(number)
    bytes.put(dueAt)
    bytes.put(at)
    bytes.put(to)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      kind: try bytes.value(), number: try bytes.u32(), dueAt: try bytes.time(),
      at: try bytes.time(), to: try bytes.value())
  }
}

extension Reminder.Addressee: BinaryForm {
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
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1: self = .person(try bytes.id())
    case 2: self = .team(try bytes.id())
    case 3: self = .leads(of: try bytes.id())
    case let tag: throw .unknown(what: "Reminder.Addressee", value: UInt64(tag))
    }
  }
}

extension ReviewPlan: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(at)
    bytes.put(attendees)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(at: try bytes.time(), attendees: try bytes.ids(max: Bound.list))
  }
}

extension TrackedAction: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(number)
    bytes.put(action)
    bytes.put(since)
    bytes.put(maybe: done)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      number: try bytes.u32(), action: try bytes.value(), since: try bytes.time(),
      done: try bytes.maybe())
  }
}

extension Assessment: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(what)
    bytes.put(affected)
    bytes.put(next)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      what: try bytes.string(max: Bound.reason), affected: try bytes.string(max: Bound.reason),
      next: try bytes.string(max: Bound.reason))
  }
}

extension Due: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(incident)
    bytes.put(version)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(incident: try bytes.id(), version: try bytes.u32())
  }
}

extension ClusterGap: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(from)
    bytes.put(until)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(from: try bytes.time(), until: try bytes.time())
  }
}
