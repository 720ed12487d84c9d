internal import Bytes

extension RetentionPeriods: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(ordinary)
    bytes.put(serious)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(ordinary: try bytes.u32(), serious: try bytes.u32())
  }
}

extension LegalHold: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(by)
    bytes.put(at)
    bytes.put(reason)
    bytes.put(reviewAt)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      by: try bytes.id(), at: try bytes.time(), reason: try bytes.string(max: Bound.reason),
      reviewAt: try bytes.time())
  }
}

extension HoldChange: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(incident)
    bytes.put(reason)
    bytes.put(maybe: reviewAt)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      incident: try bytes.id(), reason: try bytes.string(max: Bound.reason),
      reviewAt: try bytes.maybeTime())
  }
}

extension Purge: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(rows)
    bytes.put(groups)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(rows: try bytes.u64(), groups: try bytes.ids(max: Bound.tracedGroups))
  }
}

extension AlertsRestated: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(groups)
    bytes.put(firing)
    bytes.put(maybe: clearedAt)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      groups: try bytes.values(max: Bound.tracedGroups), firing: try bytes.ids(max: Bound.list),
      clearedAt: try bytes.maybeTime())
  }
}
