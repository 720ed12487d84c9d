internal import Bytes

extension Declared: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(title)
    bytes.put(description)
    bytes.put(source)
    bytes.put(maybe: reference)
    bytes.put(maybe: service)
    bytes.put(maybe: unknownService)
    bytes.put(teams)
    bytes.put(classification)
    bytes.put(maybe: reporter)
    bytes.put(maybe: beganAt)
    bytes.put(maybe: recurrenceOf)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      title: try bytes.string(max: Bound.title),
      description: try bytes.string(max: Bound.description), source: try bytes.value(),
      reference: try bytes.maybeText(max: Bound.reference), service: try bytes.maybeID(),
      unknownService: try bytes.maybeText(max: Bound.key), teams: try bytes.value(),
      classification: try bytes.value(), reporter: try bytes.maybeID(),
      beganAt: try bytes.maybeTime(), recurrenceOf: try bytes.maybeID())
  }
}

extension PriorityChanged: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(before)
    bytes.put(after)
    bytes.put(move)
    bytes.put(maybe: reason)
    bytes.put(byAlert)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      before: try bytes.value(), after: try bytes.value(), move: try bytes.value(),
      reason: try bytes.maybeText(max: Bound.reason), byAlert: try bytes.bool())
  }
}

extension OwnerMoved: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(from)
    bytes.put(to)
    bytes.put(maybe: reason)
    bytes.put(isBounce)
    bytes.put(followsPriority)
    bytes.put(atEnd: extras)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      from: try bytes.value(), to: try bytes.value(),
      reason: try bytes.maybeText(max: Bound.reason), isBounce: try bytes.bool(),
      followsPriority: try bytes.bool(), extras: try bytes.atEnd())
  }
}

extension RoleTaken: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(role)
    bytes.put(person)
    bytes.put(maybe: previous)
    bytes.put(manner)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      role: try bytes.value(), person: try bytes.id(), previous: try bytes.maybeID(),
      manner: try bytes.value())
  }
}

extension StatusMoved: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(from)
    bytes.put(to)
    bytes.put(maybe: note)
    bytes.put(atEnd: place, unless: BacklogPlace())
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      from: try bytes.value(), to: try bytes.value(),
      note: try bytes.maybeText(max: Bound.reason), place: try bytes.atEnd(unless: BacklogPlace()))
  }
}

extension Inheritance: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(from)
    bytes.put(beganAt)
    bytes.put(maybe: cyber)
    bytes.put(maybe: data)
    bytes.put(owesReview)
    bytes.put(atEnd: extras)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      from: try bytes.id(), beganAt: try bytes.time(), cyber: try bytes.maybe(),
      data: try bytes.maybe(), owesReview: try bytes.bool(), extras: try bytes.atEnd())
  }
}

extension AlertReport: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(group)
    bytes.put(key)
    bytes.put(firing)
    bytes.put(resolved)
    bytes.put(repeats)
    bytes.put(late)
    bytes.put(truncated)
    bytes.put(isFlapping)
    bytes.put(proposesReopen)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      group: try bytes.id(), key: try bytes.value(),
      firing: try bytes.values(max: Bound.notifiedAlerts),
      resolved: try bytes.values(max: Bound.notifiedAlerts), repeats: try bytes.u32(),
      late: try bytes.u32(), truncated: try bytes.u32(), isFlapping: try bytes.bool(),
      proposesReopen: try bytes.bool())
  }
}

extension AlertClearing: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(group)
    bytes.put(key)
    bytes.put(wasTouched)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      group: try bytes.id(), key: try bytes.value(), wasTouched: try bytes.bool())
  }
}
