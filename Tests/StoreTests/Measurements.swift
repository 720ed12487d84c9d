import EventLoop
import Glibc
import Incidents
import Raft
import SQLite
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

extension Measurements {
  @Test(arguments: [100, 1_000])
  func `is the time to copy a state of megabytes, and what writers wait meanwhile`(
    megabytes: Int
  ) async throws {
    let folder = try Folder(on: "/var/tmp")
    var story = Story()
    var state = try folder.state()
    _ = try state.apply(story.entries)
    try fill(folder, megabytes: megabytes)
    try state.checkpoint()

    var waits = (quiet: [Double](), copying: [Double]())
    func declare() throws -> Double {
      let number = story.last + 1
      story.declare(number)
      let start = Clock.monotonic()
      _ = try state.apply([story.entries[story.entries.count - 1]])
      return Double(Clock.monotonic() - start) / 1_000
    }
    for _ in 0..<2_000 { waits.quiet.append(try declare()) }
    let path = folder.path
    let isDone = Lock(false)
    let copy = Task.detached {
      let start = Clock.monotonic()
      let snapshot = try StateSnapshot.make(folder: path, stateFile: "state-1.db")
      isDone.withLock { $0 = true }
      return (snapshot, Double(Clock.monotonic() - start) / 1e9)
    }
    while !isDone.withLock({ $0 }) {
      waits.copying.append(try declare())
      usleep(1_000)
    }
    let (snapshot, seconds) = try await copy.value

    let start = Clock.monotonic()
    let other = try Folder(on: "/var/tmp")
    var incoming = try IncomingSnapshot.begin(snapshot.meta, in: other.path)
    while !incoming.isComplete {
      try incoming.append(snapshot.chunk(at: incoming.offset), at: incoming.offset)
    }
    let received = Double(Clock.monotonic() - start) / 1e9
    _ = try incoming.finish(for: NodeIdentity.first.cluster, above: "state-1.db")
    let finished = Double(Clock.monotonic() - start) / 1e9 - received
    print(
      "snapshot of \(snapshot.meta.bytes >> 20) MiB: \(seconds) s to make; \(waits.copying.count) "
        + "writes meanwhile, median \(share(waits.copying, 0.5)) µs, 99 % "
        + "\(share(waits.copying, 0.99)) µs, worst \(share(waits.copying, 1)) µs (before: "
        + "\(share(waits.quiet, 0.5)), \(share(waits.quiet, 0.99)), \(share(waits.quiet, 1)) µs); "
        + "\(received) s to receive, \(finished) s to verify and name")
  }

  /// Adds rows of 1 KiB that differ, as a state has that is long in use.
  private func fill(_ folder: Folder, megabytes: Int) throws {
    let database = try Database(path: "\(folder.path)/state-1.db", access: .write)
    try database.execute(
      """
      PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(megabytes * 1_000))
      INSERT INTO event_body(position, salt, body)
      SELECT i + 1000000, zeroblob(16), randomblob(960) FROM n
      """)
    _ = try database.checkpoint(.truncate)
  }

  private func share(_ waits: [Double], _ part: Double) -> Int {
    Int(waits.sorted()[min(waits.count - 1, Int(Double(waits.count) * part))])
  }
}

private let isMeasuring = unsafe getenv("MUSTER_MEASURE") != nil

/// Of this thread: other work of the machine does not count.
private func microseconds() -> Double {
  var now = timespec()
  unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
  return Double(now.tv_sec) * 1e6 + Double(now.tv_nsec) / 1e3
}
