internal import Bytes

extension DeniedAttempt: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(what)
    bytes.put(maybe: incident)
    bytes.put(at)
    bytes.put(count)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      what: try bytes.string(max: Bound.label), incident: try bytes.maybeID(), at: try bytes.time(),
      count: try bytes.u32())
  }
}

extension RestrictedRead: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(incident)
    bytes.put(person)
    bytes.put(credential)
    bytes.put(at)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      incident: try bytes.id(), person: try bytes.id(), credential: try bytes.id(),
      at: try bytes.time())
  }
}
