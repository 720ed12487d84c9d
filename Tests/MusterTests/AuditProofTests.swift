import EventLoop
import Store
import Testing

@testable import muster

/// A record of format 1, as the example of `Cluster/up` leaves it.
@Suite("A record of format 1")
struct AuditProofTests {
  private let lines: [[UInt8]]

  init() throws {
    let folder = "/" + "\(#filePath)".split(separator: "/").dropLast().joined(separator: "/")
    let bytes = try Files.read("\(folder)/Golden/record-1.jsonl", atMost: 1 << 20)
    lines = bytes.split(separator: UInt8(ascii: "\n")).map(Array.init)
  }

  private func fault(_ lines: [[UInt8]]) -> AuditProof.Fault? {
    var proof = AuditProof()
    do throws(AuditProof.Fault) {
      for (place, line) in lines.enumerated() { try proof.take(line, number: place + 1) }
      try proof.finish()
      return nil
    } catch {
      return error
    }
  }

  @Test func `is proved`() throws {
    var proof = AuditProof()
    for (place, line) in lines.enumerated() { try proof.take(line, number: place + 1) }
    try proof.finish()
    let verdict = AuditText.verdict(proof)
    #expect(
      verdict == """
        The 38 rows of cluster 01a211a9-c6f3-7389-8fe9-b3c13c705799 hold together.
        No node has signed any of it.
        The last has the hash b1d2f0c415da8b40493375de89af302bd5dfebf2e50bf854ef7b6343f4005881.

        """)
  }

  @Test func `lets no byte of any row be another`() {
    for place in 1..<(lines.count - 1) {
      // Every 31st, so that each field of some row is hit.
      for byte in stride(from: place % 31, to: lines[place].count, by: 31) {
        var bent = lines
        bent[place][byte] = bent[place][byte] == UInt8(ascii: "1") ? 0x32 : 0x31
        guard bent[place] != lines[place] else { continue }
        #expect(fault(bent) != nil, "line \(place + 1), byte \(byte)")
      }
    }
  }

  // The chain does not need what a row says: without this, whoever holds an export could take it out.
  @Test func `says which row says nothing without a purge that explains it`() throws {
    var emptied = lines
    let line = String(decoding: lines[20], as: UTF8.self)
    let kept = try #require(line.split(separator: "\"salt\":", maxSplits: 1).first)
    emptied[20] = Array((kept + "\"purged\":true}").utf8)
    #expect(fault(emptied) == .unexplained(position: 20))
  }

  @Test func `says which row is missing, and that the end is`() {
    var fewer = lines
    fewer.remove(at: 4)
    #expect(fault(fewer) == .row(.init(position: 4, reason: .missing)))
    #expect(fault(lines.dropLast()) == .end)
    #expect(fault(Array(lines.dropLast(2) + lines.suffix(1))) == .end)
    #expect(fault(Array(lines.dropFirst())) == .heading)
    #expect(fault(lines + [lines[1]]) == .line(lines.count + 1))
  }
}
