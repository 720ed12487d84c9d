import Bytes
import Crypto
import EventLoop
import Glibc
import Incidents
import Store
import Testing

@testable import muster

/// A record whose second row is vouched for, from the node's key to the verdict.
@Suite("A head that a node signed")
struct HeadProofTests {
  private static let cluster = ID(high: 9, low: 9)
  private static let now: Int64 = 1_795_424_400_000
  private static let rows: [[UInt8]] = (1...3).map { [UInt8](repeating: $0, count: SHA256.size) }

  private static func authority() throws -> CertificateAuthority {
    try CertificateAuthority(commonName: "peers", at: now, days: 30)
  }

  /// The head of row 2 by node 3, signed with a certificate of `authority`.
  private static func head(
    of authority: borrowing CertificateAuthority, cluster: ID = HeadProofTests.cluster
  ) throws -> SignedHead {
    let subject = CertificateSubject.node(
      3, cluster: cluster.description, dnsNames: [], addresses: ["127.0.0.1"])
    let issued = try authority.issue(to: subject, at: now, days: 20)
    var head = SignedHead(
      position: 2, hash: rows[1], node: 3, at: now, certificate: issued.certificate.pem)
    head.signature = try PrivateKey(pem: issued.keyPEM)
      .signature(of: head.message(in: Self.cluster))
    return head
  }

  private func fault(_ head: SignedHead, _ authority: Certificate?) -> HeadProof.Fault? {
    var proof = HeadProof(authority: authority)
    for row in Self.rows { proof.follow(row) }
    do throws(HeadProof.Fault) {
      try proof.take(head, in: Self.cluster)
      return nil
    } catch {
      return error
    }
  }

  @Test func `vouches for the rows before it`() throws {
    let authority = try Self.authority()
    var proof = HeadProof(authority: authority.certificate)
    for row in Self.rows { proof.follow(row) }
    try proof.take(try Self.head(of: authority), in: Self.cluster)
    #expect(proof.position == 2 && proof.count == 1 && proof.signers.map(\.node) == [3])
    #expect(proof.at == Self.now)
  }

  @Test func `is worth nothing once anything of it is another`() throws {
    let authority = try Self.authority()
    let good = try Self.head(of: authority)
    #expect(fault(good, authority.certificate) == nil)
    var other = good
    other.hash = Self.rows[0]
    #expect(fault(other, nil) == .anotherRow)
    for position: UInt64 in [0, 1, 3, 4, .max] {
      other = good
      other.position = position
      #expect(fault(other, nil) == .anotherRow)
    }
    other = good
    other.node = 2
    #expect(fault(other, nil) == .badCertificate)
    other = good
    other.at += 21 * Span.day
    #expect(fault(other, nil) == .badCertificate)
    other = good
    other.at += 1
    #expect(fault(other, nil) == .badSignature)
    for place in good.signature.indices {
      other = good
      other.signature[place] ^= 1
      #expect(fault(other, nil) == .badSignature, "byte \(place)")
    }
  }

  @Test func `is of this cluster, by its own authority`() throws {
    let own = try Self.authority().certificate
    let foreign = try Self.authority()
    #expect(fault(try Self.head(of: foreign), own) == .foreignAuthority)
    // Without the authority that cannot be told, and the verdict says so.
    #expect(fault(try Self.head(of: foreign), nil) == nil)
    let elsewhere = try Self.head(of: foreign, cluster: ID(high: 9, low: 8))
    #expect(fault(elsewhere, nil) == .badCertificate)
  }

  /// What node 3 signs at `instant` with papers of its folder: a certificate of `named` node for 20
  /// days, and that certificate's key or another.
  private func signed(
    at instant: Int64, named node: UInt64 = 3, isHalfCopied: Bool = false
  ) throws -> SignedHead? {
    let folder = try Folder()
    let subject = CertificateSubject.node(
      node, cluster: Self.cluster.description, dnsNames: [], addresses: ["127.0.0.1"])
    let authority = try Self.authority()
    let issued = try authority.issue(to: subject, at: Self.now, days: 20)
    let former = try authority.issue(to: subject, at: Self.now, days: 20)
    try folder.write(issued.certificate.pem, to: "peer.crt")
    try folder.write(isHalfCopied ? former.keyPEM : issued.keyPEM, to: "peer.key")
    return HeadSigner(
      cluster: Self.cluster, node: 3, certificate: "\(folder.path)/peer.crt",
      key: "\(folder.path)/peer.key"
    ).head(upTo: 2, hash: Self.rows[1], at: instant)
  }

  @Test func `is signed with papers that prove it`() throws {
    let head = try #require(try signed(at: Self.now))
    #expect(fault(head, nil) == nil)
  }

  // The record is for good: one such head, and no export of it would ever be proved again.
  @Test func `is not signed with papers that are half renewed, over, not yet valid or of another`()
    throws
  {
    #expect(try signed(at: Self.now, isHalfCopied: true) == nil)
    #expect(try signed(at: Self.now + 21 * Span.day) == nil)
    #expect(try signed(at: Self.now - Span.day) == nil)
    #expect(try signed(at: Self.now, named: 2) == nil)
  }
}

/// A folder for one test.
private struct Folder: ~Copyable {
  let path: String

  init() throws {
    var name = Array("/tmp/muster-papers-XXXXXX".utf8CString)
    try #require(unsafe mkdtemp(&name) != nil, "No folder could be made.")
    path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    // /tmp is cleaned anyway.
    for name in (try? Files.list(path)) ?? [] { unsafe unlink("\(path)/\(name)") }
    unsafe rmdir(path)
  }

  func write(_ text: String, to name: String) throws {
    try Files.write(Array(text.utf8), at: 0, to: "\(path)/\(name)", mode: 0o600)
  }
}
