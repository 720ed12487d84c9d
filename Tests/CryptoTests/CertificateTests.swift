import Crypto
import Glibc
import Testing

@Suite("A certificate authority")
struct CertificateAuthorityTests {
  static let cluster = "0191a7c0-0000-7000-8000-000000000001"
  /// 2026-11-23T09:04:00Z.
  static let now: Int64 = 1_795_424_640_000

  @Test func `issues a node's certificate with its identity, names and span`() throws {
    let authority = try CertificateAuthority(commonName: "Test authority", at: Self.now, days: 30)
    let issued = try authority.issue(
      to: .node(2, cluster: Self.cluster, dnsNames: ["localhost"], addresses: ["127.0.0.1"]),
      at: Self.now, days: 7)
    let read = try Certificate(pem: issued.certificate.pem)
    #expect(read == issued.certificate)
    #expect(read.commonName == "Muster node 2")
    #expect(read.uris == ["muster://\(Self.cluster)/node/2"])
    #expect(read.dnsNames == ["localhost"])
    #expect(read.notBefore == Self.now - 300_000)
    #expect(read.notAfter == Self.now + 7 * 86_400_000)
  }

  @Test func `is the same after a trip through its files' text`() throws {
    let authority = try CertificateAuthority(commonName: "Test authority", at: Self.now, days: 30)
    let again = try CertificateAuthority(
      certificatePEM: authority.certificate.pem, keyPEM: try authority.keyPEM())
    #expect(again.certificate == authority.certificate)
    let issued = try again.issue(
      to: .server("n1", dnsNames: ["localhost"], addresses: ["127.0.0.1", "::1"]), at: Self.now,
      days: 7)
    #expect(issued.certificate.uris == [])
  }

  @Test func `certifies the key of a request, under the names that it is told`() throws {
    let authority = try CertificateAuthority(commonName: "Test authority", at: Self.now, days: 30)
    let key = try PrivateKey()
    let pem = try CertificateRequest.pem(for: key)
    let certificate = try authority.certify(
      try CertificateRequest(pem: pem),
      as: .node(4, cluster: Self.cluster, dnsNames: ["n4.example"], addresses: []), at: Self.now,
      days: 7)
    #expect(certificate.uris == ["muster://\(Self.cluster)/node/4"])
    #expect(certificate.dnsNames == ["n4.example"])
    #expect(certificate.fingerprint.count == SHA256.size)
    #expect(try Certificate(pem: certificate.pem).fingerprint == certificate.fingerprint)
    #expect(certificate.fingerprint != authority.certificate.fingerprint)
    // The certificate is of that key, and of no other: such a pair is no authority's.
    _ = try CertificateAuthority(certificatePEM: certificate.pem, keyPEM: try key.pem())
    #expect(throws: CryptoError.keyDoesNotMatch) {
      _ = try CertificateAuthority(
        certificatePEM: certificate.pem, keyPEM: try PrivateKey().pem())
    }
  }

  @Test func `refuses a request that its key did not sign`() throws {
    let pem = try CertificateRequest.pem(for: try PrivateKey())
    var lines = pem.split(separator: "\n").map(String.init)
    // The signature stands at the end.
    let place = lines.count - 3
    let middle = lines[place].index(lines[place].startIndex, offsetBy: 30)
    let old = lines[place][middle]
    lines[place].replaceSubrange(middle...middle, with: old == "A" ? "B" : "A")
    for wrong in [lines.joined(separator: "\n"), "nothing", ""] {
      #expect(throws: CryptoError.malformedRequest) { _ = try CertificateRequest(pem: wrong) }
    }
  }

  @Test func `refuses a key that is another's, and text that is none`() throws {
    let one = try CertificateAuthority(commonName: "One", at: Self.now, days: 1)
    let two = try CertificateAuthority(commonName: "Two", at: Self.now, days: 1)
    #expect(throws: CryptoError.keyDoesNotMatch) {
      _ = try CertificateAuthority(
        certificatePEM: one.certificate.pem, keyPEM: try two.keyPEM())
    }
    #expect(throws: CryptoError.malformedKey) {
      _ = try CertificateAuthority(certificatePEM: one.certificate.pem, keyPEM: "nothing")
    }
    #expect(throws: CryptoError.malformedCertificate) { try Certificate(pem: "nothing") }
  }

  @Test(arguments: [
    CertificateSubject.server("", dnsNames: [], addresses: []),
    .server(String(repeating: "n", count: 65), dnsNames: [], addresses: []),
  ])
  func `refuses a common name that is empty or too long`(subject: CertificateSubject) throws {
    let authority = try CertificateAuthority(commonName: "Test authority", at: Self.now, days: 1)
    #expect(throws: CryptoError.badName(subject.commonName)) {
      try authority.issue(to: subject, at: Self.now, days: 1)
    }
  }

  @Test(arguments: [
    "", "a,IP:10.0.0.1", "@section", "-a", "a-", "a..b", "a.*", "naïve", "under_score",
    String(repeating: "a", count: 64),
  ])
  func `refuses what is no DNS name`(name: String) throws {
    let authority = try CertificateAuthority(commonName: "Test authority", at: Self.now, days: 1)
    #expect(throws: CryptoError.badName(name)) {
      try authority.issue(
        to: .server("n1", dnsNames: [name], addresses: []), at: Self.now, days: 1)
    }
  }

  @Test(arguments: ["", "localhost", "127.0.0", "127.0.0.1,DNS:x", "::g"])
  func `refuses what is no address`(address: String) throws {
    let authority = try CertificateAuthority(commonName: "Test authority", at: Self.now, days: 1)
    #expect(throws: CryptoError.badName(address)) {
      try authority.issue(
        to: .server("n1", dnsNames: [], addresses: [address]), at: Self.now, days: 1)
    }
  }

  @Test(
    .enabled(if: succeeds("command -v openssl")),
    arguments: ["sslserver", "sslclient"])
  func `signs what another program verifies`(purpose: String) throws {
    let folder = "/tmp/muster-crypto-\(getpid())-\(purpose)"
    #expect(unsafe mkdir(folder, 0o700) == 0)
    defer { _ = succeeds("rm -r \(folder)") }
    let now = Int64(time(nil)) * 1000
    let authority = try CertificateAuthority(commonName: "Test authority", at: now, days: 1)
    let issued = try authority.issue(
      to: .node(1, cluster: Self.cluster, dnsNames: ["localhost"], addresses: ["127.0.0.1"]),
      at: now, days: 1)
    write(authority.certificate.pem, to: "\(folder)/ca.crt")
    write(issued.certificate.pem, to: "\(folder)/node.crt")
    #expect(
      succeeds(
        "openssl verify -x509_strict -purpose \(purpose) -verify_hostname localhost"
          + " -CAfile \(folder)/ca.crt \(folder)/node.crt"))
  }

  private func write(_ text: String, to path: String) {
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    let bytes = Array(text.utf8)
    #expect(unsafe Glibc.write(file, bytes, bytes.count) == bytes.count)
    close(file)
  }
}

/// Whether the shell carries out `command` with success.
private func succeeds(_ command: String) -> Bool {
  unsafe system("\(command) >/dev/null 2>&1") == 0
}
