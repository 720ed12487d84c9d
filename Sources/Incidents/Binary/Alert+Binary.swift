package import Bytes

extension AlertNotification: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(incident)
    bytes.put(group)
    bytes.put(source)
    bytes.put(receiver)
    bytes.put(groupKey)
    bytes.put(groupLabels)
    bytes.put(maybe: service)
    bytes.put(members)
    bytes.put(truncated)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      incident: try bytes.id(), group: try bytes.id(), source: try bytes.string(max: Bound.key),
      receiver: try bytes.string(max: Bound.name),
      groupKey: try bytes.string(max: Bound.groupKey),
      groupLabels: try bytes.string(max: Bound.groupKey),
      service: try bytes.maybeText(max: Bound.key),
      members: try bytes.values(max: Bound.notifiedAlerts), truncated: try bytes.u32())
  }
}

extension AlertMember: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(fingerprint)
    bytes.put(status)
    bytes.put(startsAt)
    bytes.put(maybe: endsAt)
    bytes.put(name)
    bytes.put(severity)
    bytes.put(summary)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      fingerprint: try bytes.string(max: Bound.fingerprint), status: try bytes.value(),
      startsAt: try bytes.time(), endsAt: try bytes.maybeTime(),
      name: try bytes.string(max: Bound.title), severity: try bytes.string(max: Bound.key),
      summary: try bytes.string(max: Bound.title))
  }
}

extension AlertGroupKey: BinaryForm {
  /// The most bytes of a group part made of receiver and labels.
  static let longest = Bound.name + 1 + Bound.groupKey

  /// Its bytes, equal exactly when the keys are.
  package func encoded() -> [UInt8] { versioned(reserving: 256) }

  func write(to bytes: inout ByteWriter) {
    bytes.put(source)
    bytes.put(group)
    bytes.put(service)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      source: try bytes.string(max: Bound.key), group: try bytes.string(max: Self.longest),
      service: try bytes.string(max: Bound.key))
  }
}

extension AlertGroup: BinaryForm {
  /// Its binary form, version 1.
  package func encoded() -> [UInt8] { versioned(reserving: 1_024) }
  /// The record in `bytes`.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) { try self.init(versioned: bytes) }

  func write(to bytes: inout ByteWriter) {
    bytes.put(id)
    bytes.put(version)
    bytes.put(key)
    bytes.put(incident)
    bytes.put(members)
    bytes.put(repeats)
    bytes.put(flaps)
    bytes.put(isTruncated)
    bytes.put(hasForgotten)
    bytes.put(maybe: clearedAt)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      id: try bytes.id(), version: try bytes.u64(), key: try bytes.value(),
      incident: try bytes.id(), members: try bytes.values(max: Bound.groupMembers),
      repeats: try bytes.u64(), flaps: try bytes.u32(), isTruncated: try bytes.bool(),
      hasForgotten: try bytes.bool(), clearedAt: try bytes.maybeTime())
  }
}

extension ClearedIncident: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(incident)
    bytes.put(clearedAt)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(incident: try bytes.id(), clearedAt: try bytes.time())
  }
}
