package import Access
package import Bytes
import Crypto
import EventLoop
package import TLS

/// The door for one new node, on the machine where the authority's key lies.
///
/// The key that makes nodes is a file there and is never replicated, so no node of the cluster can
/// sign. That leaves three ways. A certificate that is issued beforehand needs a private key that
/// travels. A request that waits in the cluster until the keeper's machine comes round to sign it
/// makes the replicated state a mailbox, and whoever can write there an asker. We take the third:
/// `muster cluster add` itself listens until its one node has come, and nothing of the exchange is
/// kept but the token's hash and that it was used. The price is that the new machine must reach the
/// keeper's; where it cannot, `muster authority issue` makes the files by hand.
///
/// The new machine sends a proof, never the secret, and only to a server whose certificate comes from
/// the authority that the token names. So may a node's be; it learns nothing but two public keys.
package struct Enrolment: Sendable {
  /// The token that is taken here.
  package let token: JoinToken
  /// The new node as it will be a member.
  package let member: JoinAnswer.Member
  /// The cluster's id.
  package let cluster: ID
  /// The cluster's epoch.
  package let epoch: Int
  /// The folder with the authority's ca.crt and ca.key.
  package let folder: String
  /// Has the cluster note that the token is used: the second time it refuses.
  package let spend: @Sendable () throws(JoinRefusal) -> Void
  /// Has the cluster take the new member, and tells all members.
  package let admit: @Sendable () throws(JoinRefusal) -> [JoinAnswer.Member]

  /// For how many days the new node's certificates hold.
  static let days: Int64 = 365
  /// How long nothing is heard before it is looked whether the time is over.
  private static let look = Duration.seconds(1)
  private static let ownDays: Int64 = 8

  /// A door for one node.
  package init(
    token: JoinToken, member: JoinAnswer.Member, cluster: ID, epoch: Int, folder: String,
    spend: @escaping @Sendable () throws(JoinRefusal) -> Void,
    admit: @escaping @Sendable () throws(JoinRefusal) -> [JoinAnswer.Member]
  ) {
    self.token = token
    self.member = member
    self.cluster = cluster
    self.epoch = epoch
    self.folder = folder
    self.spend = spend
    self.admit = admit
  }

  /// Takes connections, one after the other, until the node is let in.
  ///
  /// - Returns: Whether it came in time.
  /// - Throws: Why it cannot come in any more: its token is spent. A stranger is refused and the door
  ///   stays open for the one who is awaited.
  package func serve(_ listener: Listener) throws -> Bool {
    let context = try context()
    while Clock.now() < token.expiresAt {
      guard let socket = listener.next(within: Self.look) else { continue }
      do {
        // Whoever only looks at the certificate is gone after that.
        var connection = try BlockingClient(
          accepted: socket, context: context, within: JoinWire.patience)
        let request = try JoinWire.receive(atMost: JoinRequest.largest, on: &connection)
        let answer = answer(to: request, at: Clock.now())
        try JoinWire.send(answer.encoded, on: &connection)
        connection.close()
        switch answer {
        case .welcome: return true
        case .refused(let refusal) where refusal.isLast: throw refusal
        case .refused(let refusal): Terminal.note("Somebody was refused: \(refusal)")
        }
      } catch is TLSError {
        // A stranger, or one who only looked. The token is as good as before.
        continue
      }
    }
    return false
  }

  /// What a request comes to.
  package func answer(to bytes: [UInt8], at now: Int64) -> JoinAnswer {
    do throws(JoinRefusal) {
      return .welcome(try welcome(bytes, at: now))
    } catch {
      return .refused(error)
    }
  }

  private func welcome(
    _ bytes: [UInt8], at now: Int64
  ) throws(JoinRefusal) -> JoinAnswer.Welcome {
    guard let request = try? JoinRequest(decoding: bytes) else { throw .malformed }
    guard request.id == token.id else { throw .foreign }
    guard request.isProven(by: token) else { throw .notProven }
    guard now < token.expiresAt else { throw .expired }
    let papers: (peer: Certificate, client: Certificate)
    do {
      papers = try certify(request, at: now)
    } catch let error as CryptoError where error == .malformedRequest {
      throw .malformed
    } catch {
      throw .notAdmitted("\(error)")
    }
    // Only now, and before anything is handed out.
    try spend()
    return JoinAnswer.Welcome(
      cluster: cluster, epoch: epoch, node: member.node, peerCertificate: papers.peer.pem,
      clientCertificate: papers.client.pem, members: try admit())
  }

  /// Who the certificates name was said to `muster cluster add`, and is not the asker's to choose.
  private func certify(
    _ request: JoinRequest, at now: Int64
  ) throws -> (peer: Certificate, client: Certificate) {
    let authority = try AuthorityVerbs.authority(in: folder)
    let names = SubjectNames([member.peer, String(member.client.trimmingPrefix("https://"))])
    let peer = try authority.certify(
      try CertificateRequest(pem: request.peerRequest),
      as: .node(
        UInt64(member.node), cluster: cluster.description, dnsNames: names.dns,
        addresses: names.addresses), at: now, days: Self.days)
    let client = try authority.certify(
      try CertificateRequest(pem: request.clientRequest),
      as: .server(
        "Muster node \(member.node)", dnsNames: names.dns, addresses: names.addresses), at: now,
      days: Self.days)
    return (peer, client)
  }

  /// What is shown here: a certificate for this hour, with the authority's own behind it.
  private func context() throws -> TLSContext {
    let authority = try AuthorityVerbs.authority(in: folder)
    let names = SubjectNames([token.address])
    let own = try authority.issue(
      to: .server("Muster enrolment", dnsNames: names.dns, addresses: names.addresses),
      at: Clock.now(), days: Self.ownDays)
    // OpenSSL reads files. They are gone once it has.
    let place = "\(folder)/enrolment-\(token.id)"
    let files = TLSIdentity(certificate: "\(place).crt", key: "\(place).key")
    defer {
      // The key is of a certificate that nobody trusts with more than this door.
      try? Files.remove(files.certificate)
      try? Files.remove(files.key)
    }
    let chain = own.certificate.pem + authority.certificate.pem
    try Files.write(Array(own.keyPEM.utf8), to: files.key, mode: LocalFolder.secretMode)
    try Files.write(Array(chain.utf8), to: files.certificate, mode: LocalFolder.secretMode)
    return try TLSContext.server(files)
  }
}

extension JoinRefusal {
  /// Whether the token is of no more use to anybody.
  fileprivate var isLast: Bool {
    switch self {
    case .expired, .spent, .notAdmitted: true
    case .malformed, .foreign, .notProven, .unavailable: false
    }
  }
}

/// The names and addresses in a certificate, from hosts with ports.
struct SubjectNames {
  private(set) var dns: [String] = []
  private(set) var addresses: [String] = []

  init(_ endpoints: [String]) {
    for endpoint in endpoints {
      guard let host = Endpoint(endpoint)?.host else { continue }
      if SocketAddress(host: host, port: 0) == nil {
        if !dns.contains(host) { dns.append(host) }
      } else if !addresses.contains(host) {
        addresses.append(host)
      }
    }
  }
}
