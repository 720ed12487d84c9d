import Gateway
import Testing

@Suite("A bucket of look-ups")
struct TokenBucketTests {
  private let second: Int64 = 1_000_000_000

  private func take(_ count: Int, of bucket: inout TokenBucket, at now: Int64) -> [Bool] {
    var taken: [Bool] = []
    for _ in 0..<count { taken.append(bucket.take(at: now)) }
    return taken
  }

  @Test func `gives what it holds, and then what comes back`() {
    var bucket = TokenBucket(capacity: 3, perSecond: 2, at: 0)
    #expect(take(4, of: &bucket, at: 0) == [true, true, true, false])
    #expect(take(1, of: &bucket, at: second / 2 - 1) == [false])
    #expect(take(2, of: &bucket, at: second / 2) == [true, false])
  }

  @Test func `holds no more after a rest, and minds no clock that stands`() {
    var bucket = TokenBucket(capacity: 2, perSecond: 1, at: 0)
    #expect(take(3, of: &bucket, at: .max / 2) == [true, true, false])
    #expect(take(1, of: &bucket, at: 0) == [false])
  }
}
