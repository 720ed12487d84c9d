import Raft
import Store
import Testing

@Suite("What a log may lose")
struct TrimmingTests {
  /// A case of the table: what is known, and through where the log may be trimmed.
  struct Case: Sendable {
    let durable: UInt64
    var first: UInt64 = 1
    let last: UInt64
    /// Large enough that the number of entries decides.
    var bytesPerEntry: UInt64 = 1 << 20
    var needed: UInt64?
    let target: UInt64?
  }

  @Test(arguments: [
    // Nothing that the state could lose.
    Case(durable: 0, last: 100_000, target: nil),
    Case(durable: 30_000, last: 100_000, target: 30_000),
    // Nothing of the newest 10,000.
    Case(durable: 100_000, last: 100_000, target: 90_000),
    Case(durable: 10_000, last: 10_000, target: nil),
    // Nothing of the newest 64 MiB: of 1 KiB each they are 65,536, of no bytes as many as there are.
    Case(durable: 100_000, last: 100_000, bytesPerEntry: 1_024, target: 34_464),
    Case(durable: 100_000, last: 100_000, bytesPerEntry: 0, target: nil),
    // Not for a few entries.
    Case(durable: 100_000, first: 89_002, last: 100_000, target: nil),
    Case(durable: 100_000, first: 89_001, last: 100_000, target: 90_000),
    // What a peer needs stays, to four times what is kept.
    Case(durable: 100_000, last: 100_000, needed: 70_001, target: 70_000),
    Case(durable: 100_000, last: 100_000, needed: 99_000, target: 90_000),
    Case(durable: 100_000, last: 100_000, needed: 5, target: 60_000),
    Case(durable: 20_000, last: 100_000, needed: 5, target: 20_000),
    Case(durable: 100_000, last: 30_000, needed: 0, target: nil),
  ])
  func `is neither what peers need nor what the state could lose`(_ row: Case) {
    let target = Trimming.target(
      durable: LogIndex(rawValue: row.durable), first: LogIndex(rawValue: row.first),
      last: LogIndex(rawValue: row.last), bytesPerEntry: row.bytesPerEntry,
      needed: row.needed.map(LogIndex.init))
    #expect(target?.rawValue == row.target, "\(row)")
  }

  @Test func `is found where two states parted`() {
    func digests(_ pairs: [(UInt64, UInt8)]) -> [StateDigest] {
      pairs.map { StateDigest(index: LogIndex(rawValue: $0.0), digest: [$0.1]) }
    }
    let left = digests([(256, 1), (512, 2), (768, 3), (1_024, 4)])
    #expect(StateDigest.firstDifference(left, left) == nil)
    #expect(
      StateDigest.firstDifference(left, digests([(512, 2), (768, 9), (1_024, 9)]))?.rawValue == 768)
    #expect(StateDigest.firstDifference(digests([(256, 9)]), left)?.rawValue == 256)
    // Only where both are known: a state that was installed knows no digests of before.
    #expect(StateDigest.firstDifference(left, digests([(300, 9), (1_280, 9)])) == nil)
    #expect(StateDigest.firstDifference([], left) == nil)
  }
}
