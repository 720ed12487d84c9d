package import Bytes

extension SignedHead: BinaryForm {
  /// Its binary form, version 1.
  package func encoded() -> [UInt8] { versioned(reserving: 1_024) }
  /// The head in `bytes`.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) { try self.init(versioned: bytes) }

  func write(to bytes: inout ByteWriter) {
    bytes.put(position)
    bytes.putRaw(hash)
    bytes.put(node)
    bytes.put(at)
    bytes.put(signature)
    bytes.put(certificate)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      position: try bytes.u64(), hash: try bytes.hash(), node: try bytes.u64(),
      at: try bytes.time(), signature: try bytes.blob(max: Self.longestSignature),
      certificate: try bytes.string(max: Self.longestCertificate))
  }
}
