import Bytes
import Crypto
import EventLoop
import Setup
import TLS

/// The certificates that a configuration names: whether they can be used, and for how long.
extension NodeFile {
  /// A certificate is renewed in this time before it runs out; from then on the node says so.
  static let renewal: Int64 = 30 * 86_400_000
  private static let largestPaper = 1 << 20

  /// Opens every file that the configuration names.
  ///
  /// - Throws: Which key of the configuration is wrong, and why.
  func checkPapers() throws(Failure) {
    try check("client") { () throws(TLSError) in _ = try TLSContext.server(identity) }
    try check("peer") { () throws(TLSError) in
      let own = TLSIdentity(certificate: peer.certificate, key: peer.key)
      _ = try TLSContext.server(own, clients: .issued(by: peerAuthority))
    }
    let uri = CertificateSubject.nodeURI(cluster: cluster.description, node: UInt64(node))
    let found = try paper(at: peer.certificate, "peer.certificate").uris
    guard found.contains(uri) else {
      throw Failure(
        .usage,
        "\"peer.certificate\": \(peer.certificate) is not this node's. It must name \(uri)"
          + (found.first.map { " and names \($0)." } ?? " and names no node."))
    }
  }

  /// What runs out within ``renewal`` of `now` or has run out, as sentences.
  func papersToRenew(at now: Int64) -> [String] {
    [("client.certificate", client.certificate), ("peer.certificate", peer.certificate)].compactMap
    {
      key, path in
      // What cannot be read is told where it is used.
      guard let end = try? paper(at: path, key).notAfter, end - now < Self.renewal else {
        return nil
      }
      let days = (end - now) / 86_400_000
      return end < now
        ? "\(key) \(path) has run out: renew it now, then send SIGHUP."
        : "\(key) \(path) runs out in \(days) days: renew it, then send SIGHUP."
    }
  }

  /// When the first of the two certificates runs out, in milliseconds since 1970.
  var papersEnd: Int64? {
    // As above.
    [client.certificate, peer.certificate].compactMap { try? paper(at: $0, "").notAfter }.min()
  }

  private func paper(at path: String, _ key: String) throws(Failure) -> Certificate {
    do {
      let bytes = try Files.read(path, atMost: Self.largestPaper)
      return try Certificate(pem: String(decoding: bytes, as: UTF8.self))
    } catch {
      throw Failure(.usage, "\"\(key)\": \(error)")
    }
  }

  private func check(
    _ part: String, _ open: () throws(TLSError) -> Void
  ) throws(Failure) {
    do throws(TLSError) {
      try open()
    } catch {
      let key =
        switch error {
        case .certificateUnreadable: "\(part).certificate"
        case .keyUnreadable, .keyDoesNotMatch: "\(part).key"
        case .authorityUnreadable: "\(part).authority"
        default: part
        }
      throw Failure(.usage, "\"\(key)\": \(error)")
    }
  }
}
