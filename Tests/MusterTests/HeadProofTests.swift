import Bytes
import Crypto
import EventLoop
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
}
