import Replication
import Testing

@Suite("The node's log")
struct NodeLogTests {
  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"),
      (-1, "1969-12-31T23:59:59.999Z"),
      (951_782_400_000, "2000-02-29T00:00:00.000Z"),
      (1_795_424_645_678, "2026-11-23T09:04:05.678Z"),
      (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
      (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
    ] as [(Int64, String)])
  func `tells the time in UTC`(now: Int64, text: String) {
    #expect(NodeLog.timestamp(now) == text)
  }
}

@Suite("The watchdog")
struct WatchdogTests {
  private let second: Int64 = 1_000_000_000

  @Test func `is content while batches come back`() {
    var watchdog = Watchdog(election: 2 * second)
    watchdog.sent(1, at: 0)
    watchdog.sent(2, at: second / 2)
    #expect(watchdog.persisted(through: 1, at: second) == second)
    #expect(watchdog.persisted(through: 1, at: second) == nil)
    #expect(watchdog.verdict(at: second + second / 4) == .well)
  }

  @Test func `tells of a stall once each time its patience is over`() {
    var watchdog = Watchdog(election: 2 * second)
    watchdog.sent(1, at: 0)
    #expect(watchdog.verdict(at: second) == .well)
    #expect(watchdog.verdict(at: second + 1) == .stalled)
    #expect(watchdog.verdict(at: second + 2) == .well)
    #expect(watchdog.verdict(at: 2 * second + 2) == .stalled)
    for tick in 5...60 as ClosedRange<Int64> {
      #expect(watchdog.verdict(at: tick * second / 2) != .hopeless)
    }
    #expect(watchdog.verdict(at: 30 * second + 1) == .hopeless)
  }

  @Test func `does not take a process that stood still for a disk that does`() {
    var watchdog = Watchdog(election: 2 * second)
    #expect(watchdog.verdict(at: 0) == .well)
    watchdog.sent(1, at: second / 4)
    // Frozen for a minute, and woken.
    #expect(watchdog.verdict(at: 60 * second) == .well)
    #expect(watchdog.verdict(at: 60 * second + second / 2) == .well)
    #expect(watchdog.verdict(at: 61 * second + second / 2) == .stalled)
    #expect(watchdog.persisted(through: 1, at: 61 * second + second / 2) == second + second / 4)
  }

  @Test func `gives a fast cluster's disk half a second`() {
    var watchdog = Watchdog(election: second / 10)
    watchdog.sent(1, at: 0)
    #expect(watchdog.verdict(at: second / 2) == .well)
    #expect(watchdog.verdict(at: second / 2 + 1) == .stalled)
  }
}

@Suite("The timings of writes")
struct WriteTimingsTests {
  private func write(_ scale: Int64) -> WriteTimings.Write {
    WriteTimings.Write(
      brought: 0, taken: scale, committed: 3 * scale, applied: 6 * scale, answered: 10 * scale)
  }

  @Test func `are the middle of each hop`() throws {
    var timings = WriteTimings()
    #expect(timings.medians == nil)
    for scale in [1, 100, 10] as [Int64] { timings.record(write(scale)) }
    timings.recordDisk(7)
    let medians = try #require(timings.medians)
    #expect(medians.queue == 10 && medians.replication == 20 && medians.disk == 7)
    #expect(medians.apply == 30 && medians.answer == 40)
  }

  @Test func `forget what is older than their window`() {
    var timings = WriteTimings()
    for _ in 0..<WriteTimings.window { timings.record(write(1)) }
    for _ in 0..<WriteTimings.window { timings.record(write(5)) }
    #expect(timings.medians?.queue == 5)
  }
}
