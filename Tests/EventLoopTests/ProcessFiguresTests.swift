import EventLoop
import Testing

@Suite("The figures of this process")
struct ProcessFiguresTests {
  @Test func `are those of a process that runs`() throws {
    let now = Clock.now()
    let first = try #require(ProcessFigures.now())
    #expect(first.residentBytes > 1 << 20 && first.virtualBytes >= first.residentBytes)
    #expect(first.openFiles >= 3 && first.mostFiles >= first.openFiles)
    #expect(first.startedAt <= now && first.startedAt > now - 86_400_000)
    var work: UInt64 = 1
    while try #require(ProcessFigures.now()).processorMicroseconds == first.processorMicroseconds {
      for number in 0..<10_000 as Range<UInt64> { work = work &* 31 &+ number }
    }
    #expect(work != 0)
    #expect(try #require(ProcessFigures.now()).startedAt == first.startedAt)
  }
}
