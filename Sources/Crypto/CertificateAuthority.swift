internal import COpenSSL
internal import Glibc

/// Who a certificate is for and what it may be used for.
package struct CertificateSubject: Hashable, Sendable {
  /// What a TLS library lets the holder be.
  package enum Use: Hashable, Sendable {
    /// One side of a connection between nodes: server and client alike.
    case peer
    /// A server that people and programs connect to.
    case server

    var extendedKeyUsage: String {
      switch self {
      case .peer: "serverAuth,clientAuth"
      case .server: "serverAuth"
      }
    }
  }

  /// The name that people read; at most 64 bytes (RFC 5280, ub-common-name).
  package var commonName: String
  /// DNS names, such as `localhost`.
  package var dnsNames: [String]
  /// IPv4 or IPv6 addresses in their usual text form.
  package var addresses: [String]
  /// A URI that names a node, if it is one.
  package var uri: String?
  /// What it may be used for.
  package var use: Use

  /// A node of a cluster as the other nodes see it: `muster://<cluster>/node/<id>`.
  ///
  /// - Parameter cluster: The cluster's UUID in its 8-4-4-4-12 form.
  package static func node(
    _ node: UInt64, cluster: String, dnsNames: [String], addresses: [String]
  ) -> CertificateSubject {
    CertificateSubject(
      commonName: "Muster node \(node)", dnsNames: dnsNames, addresses: addresses,
      uri: nodeURI(cluster: cluster, node: node), use: .peer)
  }

  /// A node as people and programs reach it.
  package static func server(
    _ commonName: String, dnsNames: [String], addresses: [String]
  ) -> CertificateSubject {
    CertificateSubject(
      commonName: commonName, dnsNames: dnsNames, addresses: addresses, uri: nil, use: .server)
  }

  /// The URI by which a node's peer certificate names it.
  package static func nodeURI(cluster: String, node: UInt64) -> String {
    "muster://\(cluster)/node/\(node)"
  }
}

/// A certificate together with its private key, both as PEM text.
package struct IssuedIdentity: Sendable {
  /// The certificate.
  package let certificate: Certificate
  /// Its private key as PEM text: keep it in a file of mode 0600.
  package let keyPEM: String
}

/// The authority whose signature makes a certificate one of this cluster's.
///
/// Its key is a file of mode 0600 on the machine where nodes are added; it is never replicated.
@safe
package struct CertificateAuthority: ~Copyable {
  /// The authority's own certificate: what nodes and clients are given to trust.
  package let certificate: Certificate
  private let issuer: X509
  private let key: PrivateKey

  /// Certificates hold from so long before they are made, for machines whose clocks are behind.
  static let leeway: Int64 = 5 * 60 * 1000
  private static let millisecondsPerDay: Int64 = 86_400_000

  /// A new authority with a key of its own.
  ///
  /// - Parameters:
  ///   - commonName: The name that people read, at most 64 bytes.
  ///   - now: Milliseconds since 1970-01-01T00:00:00Z.
  ///   - days: For how many days from `now` it holds.
  package init(commonName: String, at now: Int64, days: Int64) throws(CryptoError) {
    let key = try PrivateKey()
    let draft = try CertificateDraft(key: key, commonName: commonName)
    try draft.holds(from: now - Self.leeway, to: now + days * Self.millisecondsPerDay)
    try draft.isIssued(by: draft.certificate)
    // It signs nodes, and no authority below itself.
    try draft.add(NID_basic_constraints, "critical,CA:TRUE,pathlen:0", issuer: draft.certificate)
    try draft.add(NID_key_usage, "critical,keyCertSign,cRLSign", issuer: draft.certificate)
    try draft.add(NID_subject_key_identifier, "hash", issuer: draft.certificate)
    try draft.sign(with: key)
    certificate = try Certificate(draft.certificate)
    issuer = draft.take()
    self.key = key
  }

  /// The authority that two PEM texts hold.
  package init(certificatePEM: String, keyPEM: String) throws(CryptoError) {
    let issuer = try X509(pem: certificatePEM)
    let key = try PrivateKey(pem: keyPEM)
    let certificate = try Certificate(issuer)
    guard unsafe X509_check_private_key(issuer.pointer, key.pointer) == 1 else {
      ERR_clear_error()
      throw .keyDoesNotMatch
    }
    self.certificate = certificate
    self.issuer = issuer
    self.key = key
  }

  /// The authority's private key as PEM text: keep it in a file of mode 0600.
  package func keyPEM() throws(CryptoError) -> String { try key.pem() }

  /// Makes a key and a certificate for `subject`. Costs about 0.2 ms.
  ///
  /// - Parameters:
  ///   - now: Milliseconds since 1970-01-01T00:00:00Z.
  ///   - days: For how many days from `now` it holds.
  package func issue(
    to subject: CertificateSubject, at now: Int64, days: Int64
  ) throws(CryptoError) -> IssuedIdentity {
    let key = try PrivateKey()
    let draft = try CertificateDraft(key: key, commonName: subject.commonName)
    let certificate = try sign(draft, for: subject, at: now, days: days)
    return IssuedIdentity(certificate: certificate, keyPEM: try key.pem())
  }

  /// Makes a certificate of `subject` for the key of a request: the private key stays where it is.
  ///
  /// - Parameters:
  ///   - request: Gives the key. Who its certificate names is `subject` alone.
  ///   - now: Milliseconds since 1970-01-01T00:00:00Z.
  ///   - days: For how many days from `now` it holds.
  package func certify(
    _ request: borrowing CertificateRequest, as subject: CertificateSubject, at now: Int64,
    days: Int64
  ) throws(CryptoError) -> Certificate {
    let draft = try CertificateDraft(request: request, commonName: subject.commonName)
    return try sign(draft, for: subject, at: now, days: days)
  }

  private func sign(
    _ draft: borrowing CertificateDraft, for subject: CertificateSubject, at now: Int64, days: Int64
  ) throws(CryptoError) -> Certificate {
    try draft.holds(from: now - Self.leeway, to: now + days * Self.millisecondsPerDay)
    try draft.isIssued(by: issuer)
    try draft.add(NID_basic_constraints, "critical,CA:FALSE", issuer: issuer)
    try draft.add(NID_key_usage, "critical,digitalSignature", issuer: issuer)
    try draft.add(NID_ext_key_usage, subject.use.extendedKeyUsage, issuer: issuer)
    try draft.add(NID_subject_key_identifier, "hash", issuer: issuer)
    try draft.add(NID_authority_key_identifier, "keyid:always", issuer: issuer)
    try draft.add(subject)
    try draft.sign(with: key)
    return try Certificate(draft.certificate)
  }
}
