package import Bytes

/// A node vouches for the record up to a row: it signed that row's hash, which stands for all before it.
package struct SignedHead: Hashable, Sendable {
  /// A new head is signed so many milliseconds after the last one, if there is anything new: ten minutes.
  package static let interval = 10 * Span.minute
  /// The most bytes of a signature.
  package static let longestSignature = 128
  /// The most bytes of a certificate.
  package static let longestCertificate = 4_096

  /// The row.
  package var position: UInt64
  /// Its hash, 32 bytes.
  package var hash: [UInt8]
  /// The number of the node.
  package var node: UInt64
  /// When, by that node's clock.
  package var at: Int64
  /// The signature of `message(in:)` by the node's key: ECDSA on P-256 with SHA-256, in DER.
  package var signature: [UInt8]
  /// The node's certificate, as PEM text.
  package var certificate: String

  /// A head.
  package init(
    position: UInt64, hash: [UInt8], node: UInt64, at: Int64, signature: [UInt8] = [],
    certificate: String
  ) {
    self.position = position
    self.hash = hash
    self.node = node
    self.at = at
    self.signature = signature
    self.certificate = certificate
  }

  /// What is signed of it: the words "muster head 1", then cluster, position, hash, node and time as the
  /// binary forms have them.
  package func message(in cluster: ID) -> [UInt8] {
    var bytes = ByteWriter(reserving: 96)
    bytes.put("muster head 1")
    bytes.put(cluster)
    bytes.put(position)
    bytes.putRaw(hash)
    bytes.put(node)
    bytes.put(at)
    return bytes.bytes
  }
}
