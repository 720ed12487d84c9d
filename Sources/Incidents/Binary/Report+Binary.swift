internal import Bytes

extension WaiverReason: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .neverMajor: bytes.put(1 as UInt8)
    case .falseAlarm: bytes.put(2 as UInt8)
    case .covered(let other):
      bytes.put(3 as UInt8)
      bytes.put(other)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1: self = .neverMajor
    case 2: self = .falseAlarm
    case 3: self = .covered(by: try bytes.id())
    case let tag: throw .unknown(what: "WaiverReason", value: UInt64(tag))
    }
  }
}

extension ReviewWaiver: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(reason)
    bytes.put(by)
    bytes.put(at)
    bytes.put(reopenings)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      reason: try bytes.value(), by: try bytes.id(), at: try bytes.time(),
      reopenings: try bytes.u32())
  }
}

extension ReportMarks: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(maybe: mitigatedAt)
    bytes.put(overrides)
    bytes.put(waivers)
    bytes.put(maybe: waiver)
    bytes.put(kept)
    bytes.put(redacted)
    bytes.put(maybe: resolvedSaidAt)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    mitigatedAt = try bytes.maybeTime()
    overrides = try bytes.u32()
    waivers = try bytes.u32()
    waiver = try bytes.maybe()
    kept = try bytes.u32()
    redacted = try bytes.u32()
    resolvedSaidAt = try bytes.maybeTime()
  }
}

extension KeptReport: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch name {
    case .reviewed(let version):
      bytes.put(1 as UInt8)
      bytes.put(version)
    case .redacted(let number):
      bytes.put(2 as UInt8)
      bytes.put(number)
    }
    bytes.put(format)
    bytes.put(asOf)
    bytes.putRaw(hash)
    bytes.put(size)
    bytes.put(redactions)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    let name: Name =
      switch try bytes.u8() {
      case 1: .reviewed(try bytes.u32())
      case 2: .redacted(try bytes.u32())
      case let tag: throw .unknown(what: "KeptReport.Name", value: UInt64(tag))
      }
    self.init(
      name: name, format: try bytes.value(), asOf: try bytes.u64(), hash: try bytes.hash(),
      size: try bytes.u32(), redactions: try bytes.values(max: Bound.list))
  }
}

extension KeptReport.Redaction: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(choice)
    bytes.put(maybe: place)
    bytes.put(reason)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      choice: try bytes.value(), place: try bytes.maybeText(max: Bound.key),
      reason: try bytes.string(max: Bound.reference))
  }
}

extension WrittenReport: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(report)
    bytes.put(self.bytes)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(report: try bytes.value(), bytes: try bytes.blob(max: Bound.report))
  }
}

extension ReportTemplate: BinaryForm {
  func write(to bytes: inout ByteWriter) { bytes.put(parts) }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(parts: try bytes.values(max: ReportSection.allCases.count))
  }
}

extension ReportTemplate.Part: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(section)
    bytes.put(maybe: title)
    bytes.put(maybe: help)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      try bytes.value(), title: try bytes.maybeText(max: Bound.title),
      help: try bytes.maybeText(max: Bound.reason))
  }
}
