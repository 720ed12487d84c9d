import Bytes
import Crypto
import EventLoop
import Incidents
import Store

/// Signs the record with this node's own key, once whoever leads finds that it is time.
struct HeadSigner: Sendable {
  /// Whose record it is.
  let cluster: ID
  /// This node's number.
  let node: UInt64
  /// The files of its certificate and key for peers. Read anew each time: they may have been renewed.
  let certificate: String
  let key: String

  private static let largestPaper = 1 << 16

  /// The head to sign at `now`, if there is anything to vouch for: rows beyond the last head and its own
  /// row, after ``SignedHead/interval`` or by another node than the last.
  func due(from reader: StateReader, at now: Int64) throws(StoreError) -> SignedHead? {
    guard reader.level >= 2 else { return nil }
    let end = try reader.stateHead()
    if let last = reader.lastHead() {
      let isTime = now - last.at >= SignedHead.interval || last.node != node
      guard isTime, end.ledgerPosition > last.position + 1 else { return nil }
    }
    return head(upTo: end.ledgerPosition, hash: end.ledgerHash, at: now)
  }

  /// Vouches for the rows up to `position`, if this node's papers allow it.
  ///
  /// A head stands in the record for good, and one that does not hold would spoil every proof of it
  /// from then on. So it is held to what a proof asks: papers may lie here half renewed, or be over.
  func head(upTo position: UInt64, hash: [UInt8], at now: Int64) -> SignedHead? {
    // A node whose papers cannot be used says so elsewhere; another signs when it leads.
    guard let head = try? sign(position, hash, at: now),
      head.certificate.utf8.count <= SignedHead.longestCertificate,
      (try? HeadProof.signer(of: head, in: cluster)) != nil
    else { return nil }
    return head
  }

  private func sign(_ position: UInt64, _ hash: [UInt8], at now: Int64) throws -> SignedHead {
    let text = { (path: String) in
      String(decoding: try Files.read(path, atMost: Self.largestPaper), as: UTF8.self)
    }
    var head = SignedHead(
      position: position, hash: hash, node: node, at: now,
      certificate: try Certificate(pem: try text(certificate)).pem)
    head.signature = try PrivateKey(pem: try text(key)).signature(of: head.message(in: cluster))
    return head
  }
}
