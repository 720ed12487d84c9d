import Bytes
import Crypto
import Incidents

/// Holds the heads that nodes signed to the rows of an export and to each other.
struct HeadProof {
  /// Who issued the certificates of nodes, if whoever verifies has it.
  let authority: Certificate?
  /// The hash of each row so far, one behind the other: 32 MB for a million rows.
  private var hashes: [UInt8] = []
  /// Which rows are sealed, in ascending order.
  private var sealed: [UInt64] = []
  /// The rows that are vouched for.
  private(set) var position: UInt64 = 0
  /// How many of them a signature reaches: a sealed row shows a hash, and not what it followed, so
  /// nothing before one is proved by what is signed after it.
  private(set) var reached: UInt64 = 0
  /// How many heads there were.
  private(set) var count = 0
  /// When the last was signed.
  private(set) var at: Int64 = 0
  /// Which nodes signed, in ascending order, each with the fingerprint of its newest certificate.
  private(set) var signers: [(node: UInt64, fingerprint: [UInt8])] = []

  init(authority: Certificate?) { self.authority = authority }

  /// What is wrong with a signed head.
  enum Fault: String, Error, Hashable, Sendable {
    case anotherRow = "vouches for a row that has another hash, or is not before it"
    case badCertificate =
      "has a certificate that is not that of its node in this cluster, or was over"
    case foreignAuthority = "has a certificate that the cluster's authority did not issue"
    case badSignature = "has a signature that its certificate's key did not make"
  }

  /// Takes the next row's hash.
  mutating func follow(_ hash: [UInt8], isSealed: Bool = false) {
    hashes += hash
    if isSealed { sealed.append(UInt64(hashes.count / SHA256.size)) }
  }

  /// Takes a head, which stands in a row after those that were followed.
  mutating func take(_ head: SignedHead, in cluster: ID) throws(Fault) {
    let start = Int(clamping: head.position &- 1).multipliedReportingOverflow(by: SHA256.size)
    guard head.position > 0, !start.overflow, start.partialValue + SHA256.size <= hashes.count,
      hashes[start.partialValue..<start.partialValue + SHA256.size].elementsEqual(head.hash)
    else { throw .anotherRow }
    let certificate = try Self.signer(of: head, in: cluster)
    if let authority {
      guard (try? certificate.isIssued(by: authority)) == true else { throw .foreignAuthority }
    }
    signers.removeAll { $0.node == head.node }
    signers.append((head.node, certificate.fingerprint))
    signers.sort { $0.node < $1.node }
    if head.position > position {
      let gap = sealed.last { $0 <= head.position } ?? 0
      reached += head.position - max(position, gap)
      position = head.position
    }
    at = max(at, head.at)
    count += 1
  }

  /// The certificate of the node that signed a head: it is that node's, held then, and its key made
  /// the signature. Who issued it is another question.
  static func signer(of head: SignedHead, in cluster: ID) throws(Fault) -> Certificate {
    guard let certificate = try? Certificate(pem: head.certificate),
      certificate.uris.contains(
        CertificateSubject.nodeURI(cluster: cluster.description, node: head.node)),
      certificate.notBefore <= head.at, head.at <= certificate.notAfter
    else { throw .badCertificate }
    guard (try? certificate.isSigner(of: head.message(in: cluster), head.signature)) == true else {
      throw .badSignature
    }
    return certificate
  }
}
