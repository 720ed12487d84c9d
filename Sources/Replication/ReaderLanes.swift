import EventLoop
import Store
import Synchronization

/// A read's turn on the reader threads did not come within its time, or too many wait already.
package struct ReadersBusy: Error, Hashable, Sendable {
  package init() {}
}

/// The threads that read the state for requests whose reads may take long.
final class ReaderLanes: Sendable {
  /// Two cores serve two readers; more would only wait for each other.
  static let count = 2

  /// One thread and its own connection, opened when it is first needed.
  private final class Lane: @unchecked Sendable {
    let thread: ThreadExecutor
    private let state: CurrentState
    // Touched on the thread only.
    private var reader: StateReader?
    private var version = 0
    private var searcher: SearchReader?
    private var searchVersion = 0

    init(name: String, state: CurrentState) {
      thread = ThreadExecutor(name: name)
      self.state = state
    }

    func run<Value>(_ body: (StateReader) throws -> Value) throws -> Value {
      if version != state.version { reader = nil }
      // Before it is opened: a change in between only means to open once more than needed.
      version = state.version
      let reader = try self.reader ?? state.makeReader()
      self.reader = reader
      return try body(reader)
    }

    /// Runs `body` with a reader of the search index as well.
    func search<Value>(
      _ index: SearchLane, _ body: (StateReader, SearchReader) throws -> Value
    ) throws -> Value {
      if let why = index.figures.trouble { throw SearchUnavailable(why: why) }
      let version = index.version
      guard version > 0 else { throw SearchUnavailable(why: "it is being opened") }
      if searchVersion != version { searcher = nil }
      searchVersion = version
      let searcher = try self.searcher ?? makeSearcher(index)
      self.searcher = searcher
      defer { look(after: searcher, of: index) }
      return try run { reader in try body(reader, searcher) }
    }

    private func makeSearcher(_ index: SearchLane) throws(SearchUnavailable) -> SearchReader {
      do throws(StoreError) {
        return try SearchReader.open(folder: index.folder)
      } catch {
        if case .corrupt = error { index.reportDamage(of: searchVersion) }
        throw SearchUnavailable(why: "\(error)")
      }
    }

    /// Lets go of a reader that failed, and has an unsound file made anew.
    private func look(after searcher: SearchReader, of index: SearchLane) {
      guard let failure = searcher.failure else { return }
      self.searcher = nil
      if case .corrupt = failure { index.reportDamage(of: searchVersion) }
    }

    func close() {
      reader = nil
      searcher = nil
    }
  }

  /// Reads that may wait for one thread. Two seconds of the quickest lists are about as many.
  static let mostWaiting = 256

  private let lanes: [Lane]
  private let next = Atomic<Int>(0)
  private let waiting: [Waiting]

  /// How many reads a lane has that have not begun.
  private final class Waiting: Sendable {
    let count = Atomic<Int>(0)
  }

  init(_ state: CurrentState) {
    lanes = (1...Self.count).map { Lane(name: "reader\($0)", state: state) }
    waiting = lanes.map { _ in Waiting() }
  }

  /// Runs `body` on one of the threads, in turn, and tells it how much of `limit` is left.
  ///
  /// What has waited for longer is not run: nobody waits for its answer any more. As every read
  /// that was before it ends within a limit of its own, it learns so in time.
  func read<Value: Sendable>(
    within limit: Duration, _ body: @escaping @Sendable (StateReader, Duration) throws -> Value
  ) async throws -> Value {
    try await turn(within: limit) { lane, left in
      try lane.run { reader in try body(reader, left) }
    }
  }

  /// The same, with a reader of the search index.
  ///
  /// - Throws: ``SearchUnavailable`` if the index answers nothing now.
  func search<Value: Sendable>(
    _ index: SearchLane, within limit: Duration,
    _ body: @escaping @Sendable (StateReader, SearchReader, Duration) throws -> Value
  ) async throws -> Value {
    try await turn(within: limit) { lane, left in
      try lane.search(index) { reader, searcher in try body(reader, searcher, left) }
    }
  }

  private func turn<Value: Sendable>(
    within limit: Duration, _ body: @escaping @Sendable (Lane, Duration) throws -> Value
  ) async throws -> Value {
    let end = Clock.monotonic() + limit.nanoseconds
    let turn = next.wrappingAdd(1, ordering: .relaxed).newValue
    let place = Int(UInt(bitPattern: turn) % UInt(lanes.count))
    let (lane, queue) = (lanes[place], waiting[place])
    guard queue.count.wrappingAdd(1, ordering: .relaxed).newValue <= Self.mostWaiting else {
      queue.count.wrappingSubtract(1, ordering: .relaxed)
      throw ReadersBusy()
    }
    return try await withCheckedThrowingContinuation { waiter in
      lane.thread.submit {
        queue.count.wrappingSubtract(1, ordering: .relaxed)
        let left = end - Clock.monotonic()
        waiter.resume(
          with: Result {
            guard left > 0 else { throw ReadersBusy() }
            return try body(lane, .nanoseconds(left))
          })
      }
    }
  }

  /// Runs `body` on the first thread, in its turn, for the node itself, which asks rarely. `then` is
  /// called there with what it came to.
  func look<Value: Sendable>(
    _ body: @escaping @Sendable (StateReader) throws -> Value,
    then: @escaping @Sendable (Result<Value, any Error>) -> Void
  ) {
    let lane = lanes[0]
    lane.thread.submit { then(Result { try lane.run(body) }) }
  }

  /// Closes every connection, after what was asked before.
  func close() async {
    for lane in lanes {
      await withCheckedContinuation { waiter in
        lane.thread.submit {
          lane.close()
          waiter.resume()
        }
      }
    }
  }
}
