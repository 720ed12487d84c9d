package import Bytes

extension Incident.Sensitive: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(maybe: cyberReportedBy)
    bytes.put(maybe: dataReportedBy)
    bytes.put(maybe: notification)
    bytes.put(maybe: widened)
    bytes.put(named)
    bytes.put(pruned)
    bytes.put(faces)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    cyberReportedBy = try bytes.maybeText(max: Bound.name)
    dataReportedBy = try bytes.maybeText(max: Bound.name)
    notification = try bytes.maybe()
    widened = try bytes.maybe()
    named = try bytes.ids(max: Bound.list)
    pruned = try bytes.ids(max: Bound.list)
    faces = try bytes.values(max: Bound.faces)
  }
}

extension Incident.NotificationDecision: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(choice)
    bytes.put(mark)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(choice: try bytes.value(), mark: try bytes.value())
  }
}

extension Incident.Face: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(text)
    bytes.put(author)
    bytes.put(maybe: approval)
    bytes.put(maybe: notice)
    bytes.put(maybe: withdrawal)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      text: try bytes.value(), author: try bytes.value(), approval: try bytes.maybe(),
      notice: try bytes.maybeID(), withdrawal: try bytes.maybe())
  }
}

extension NotificationChoice: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(isNotified)
    bytes.put(reason)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(isNotified: try bytes.bool(), reason: try bytes.string(max: Bound.reason))
  }
}

extension SightChange: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .widen(let reason):
      bytes.put(1 as UInt8)
      bytes.put(reason)
    case .narrow: bytes.put(2 as UInt8)
    case .add(let person):
      bytes.put(3 as UInt8)
      bytes.put(person)
    case .prune(let person):
      bytes.put(4 as UInt8)
      bytes.put(person)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1: self = .widen(reason: try bytes.string(max: Bound.reason))
    case 2: self = .narrow
    case 3: self = .add(try bytes.id())
    case 4: self = .prune(try bytes.id())
    case let tag: throw .unknown(what: "SightChange", value: UInt64(tag))
    }
  }
}

extension FaceStep: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .draft(let text):
      bytes.put(1 as UInt8)
      bytes.put(text)
    case .approve(let number, let notice):
      bytes.put(2 as UInt8)
      bytes.put(number)
      bytes.put(notice)
    case .withdraw(let number):
      bytes.put(3 as UInt8)
      bytes.put(number)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1: self = .draft(try bytes.value())
    case 2: self = .approve(number: try bytes.u32(), notice: try bytes.id())
    case 3: self = .withdraw(number: try bytes.u32())
    case let tag: throw .unknown(what: "FaceStep", value: UInt64(tag))
    }
  }
}

extension NoticeText: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(title)
    bytes.put(body)
    bytes.put(language)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      title: try bytes.string(max: Bound.title), body: try bytes.string(max: Bound.notice),
      language: try bytes.string(max: Bound.language))
  }
}

extension StaffNotice: BinaryForm {
  /// Its binary form, version 1.
  package func encoded() -> [UInt8] { versioned(reserving: 128 + text.body.utf8.count) }
  /// The notice in `bytes`.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) { try self.init(versioned: bytes) }

  func write(to bytes: inout ByteWriter) {
    bytes.put(id)
    bytes.put(text)
    bytes.put(publishedAt)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(id: try bytes.id(), text: try bytes.value(), publishedAt: try bytes.time())
  }
}

extension NoticeChange: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .published(let text):
      bytes.put(1 as UInt8)
      bytes.put(text)
    case .withdrawn: bytes.put(2 as UInt8)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1: self = .published(try bytes.value())
    case 2: self = .withdrawn
    case let tag: throw .unknown(what: "NoticeChange", value: UInt64(tag))
    }
  }
}
