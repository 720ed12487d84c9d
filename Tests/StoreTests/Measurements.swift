import Glibc
import Incidents
import Raft
import Store
import Testing

/// What an apply costs. Not a promise: run by hand, in a release build, with `MUSTER_MEASURE=1`.
@Suite("Measured", .serialized, .enabled(if: isMeasuring))
struct Measurements {
  @Test(arguments: [1, 64])
  func `is the time to apply a declared incident`(batch: Int) throws {
    let folder = try Folder()
    var story = Story()
    let count: UInt64 = 20_000
    for number in 1...count {
      let key = Story.key("key \(number + 1_000_000)")
      story.declare(number, reference: "load-\(number)", key: key)
    }
    var state = try folder.state()
    _ = try state.apply([story.entries[0]])
    let start = microseconds()
    var place = 1
    while place < story.entries.count {
      let end = min(place + batch, story.entries.count)
      _ = try state.apply(Array(story.entries[place..<end]))
      place = end
    }
    let each = (microseconds() - start) / Double(count)
    print("apply: \(each) µs an incident in batches of \(batch)")
  }

  @Test(arguments: [1, 64])
  func `is the time to persist an entry`(batch: Int) throws {
    let folder = try Folder()
    var log = try LogStore.open(folder: folder.path, identity: .first)
    let payload = [UInt8](repeating: 7, count: 600)
    let count: UInt64 = 20_000
    let vote = HardState(term: Term(rawValue: 1), vote: nil)
    try log.persist([.of([.at(1)], hardState: vote)])
    let start = microseconds()
    var index: UInt64 = 2
    while index < count {
      try log.persist([.of((index..<index + UInt64(batch)).map { .at($0, payload: payload) })])
      index += UInt64(batch)
    }
    let each = (microseconds() - start) / Double(count)
    print("persist: \(each) µs an entry in batches of \(batch), on a disk that syncs for nothing")
  }
}

private let isMeasuring = unsafe getenv("MUSTER_MEASURE") != nil

/// Of this thread: other work of the machine does not count.
private func microseconds() -> Double {
  var now = timespec()
  unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
  return Double(now.tv_sec) * 1e6 + Double(now.tv_nsec) / 1e3
}
