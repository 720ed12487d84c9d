import Crypto
import EventLoop
import Testing

@testable import muster

/// A record that two nodes signed, as the example of `Cluster/up` and the end of its leader leave it.
@Suite("A record that nodes signed")
struct SignedRecordTests {
  private let lines: [[UInt8]]
  private let other: [[UInt8]]
  private let authority: Certificate

  init() throws {
    let folder = "/" + "\(#filePath)".split(separator: "/").dropLast().joined(separator: "/")
    func read(_ name: String) throws -> [[UInt8]] {
      try Files.read("\(folder)/Golden/\(name)", atMost: 1 << 20)
        .split(separator: UInt8(ascii: "\n")).map(Array.init)
    }
    lines = try read("record-signed.jsonl")
    other = try read("record-1.jsonl")
    authority = try Certificate(
      pem: String(
        decoding: try Files.read("\(folder)/Golden/record-signed.crt", atMost: 1 << 16),
        as: UTF8.self))
  }

  private func verdict(
    _ lines: [[UInt8]], by authority: Certificate?
  ) throws(AuditProof.Fault) -> String {
    var proof = AuditProof(authority: authority)
    for (place, line) in lines.enumerated() { try proof.take(line, number: place + 1) }
    try proof.finish()
    return AuditText.verdict(proof)
  }

  private func fault(_ lines: [[UInt8]], by authority: Certificate?) -> AuditProof.Fault? {
    do throws(AuditProof.Fault) {
      _ = try verdict(lines, by: authority)
      return nil
    } catch {
      return error
    }
  }

  /// The record with a row sealed, as for somebody who may not know of it.
  private func sealing(_ place: Int) throws -> [[UInt8]] {
    var sealed = lines
    let text = String(decoding: lines[place], as: UTF8.self)
    let end = try #require(text.firstRange(of: ",\"at\":"))
    sealed[place] = Array((text[..<end.lowerBound] + ",\"sealed\":true}").utf8)
    return sealed
  }

  @Test func `is vouched for, as far as the last of them signed`() throws {
    #expect(
      try verdict(lines, by: authority) == """
        The 45 rows of cluster 01a213e6-ea89-7637-89f0-b4df93d46ce2 hold together.
        Signed heads: 2, by n1, n3. The last, on 25 November 2026 at 6:10pm GMT, vouches for it up \
        to row 42; nobody does yet for the 3 rows after it.
        The last has the hash 9e2e6c43d867810c5f3984f56b529b936aaf6651db056d5686f70da3fd38251d.

        """)
  }

  @Test func `says whose certificates they are where nobody can tell who issued them`() throws {
    #expect(
      try verdict(lines, by: nil).contains(
        """
        Who issued their certificates was not checked: give --authority. They are
          n1  2a49752f3b0913652b6b2410477a6bee7236bac8e367a05faf88c23986bc6991
          n3  8cd03a8792f4fa1ef54e4d6495e3b85bae567a332942a86a80bf5de62f09bd1c

        """))
  }

  @Test func `names the first head by a foreign authority`() throws {
    let foreign = try CertificateAuthority(commonName: "peers", at: 1_795_424_400_000, days: 30)
    #expect(
      fault(lines, by: foreign.certificate)
        == .head(position: 40, HeadProof.Fault.foreignAuthority.rawValue))
  }

  // In the line that begins the export the cluster is named, which no row is chained to.
  @Test func `is of no other cluster`() {
    var renamed = lines
    renamed[0] = other[0]
    #expect(
      fault(renamed, by: nil) == .head(position: 40, HeadProof.Fault.badCertificate.rawValue))
  }

  @Test func `lets no byte of a signed head be another`() {
    for place in [40, 43] {
      // Every 7th, so that each field is hit.
      for byte in stride(from: 0, to: lines[place].count, by: 7) {
        var bent = lines
        bent[place][byte] ^= 1
        #expect(fault(bent, by: authority) != nil, "line \(place + 1), byte \(byte)")
      }
    }
  }

  // The hash of a sealed row is all there is of it, so nothing shows what it followed.
  @Test func `does not pass for proved before a row that is sealed`() throws {
    let sealed = try sealing(11)
    let told = """
      1 of them are sealed: what they say was not shown to whoever exported it, and no row before \
      one is tied to those after it.
      """
    let reach = "Of those 42 rows the signatures prove 31; the other 11 stand before a sealed row"
    var text = try verdict(sealed, by: authority)
    #expect(text.contains(told) && text.contains(reach))
    let spliced = Array(sealed[..<1] + other[1..<11] + sealed[11...])
    text = try verdict(spliced, by: authority)
    #expect(text.contains(told) && text.contains(reach))
  }
}
