internal import Bytes

extension ErasedContacts: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(version)
    bytes.put(name)
    bytes.put(isAdministrator)
    bytes.put(isAuditor)
    bytes.put(maybe: founding)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      version: try bytes.u64(), name: try bytes.string(max: Bound.name),
      isAdministrator: try bytes.bool(), isAuditor: try bytes.bool(),
      founding: try bytes.maybe())
  }
}
