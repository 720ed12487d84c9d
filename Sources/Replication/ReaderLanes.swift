import EventLoop
import Store
import Synchronization

/// The threads that read the state for requests whose reads may take long.
final class ReaderLanes: Sendable {
  /// Two cores serve two readers; more would only wait for each other.
  static let count = 2

  /// One thread and its own connection, opened when it is first needed.
  private final class Lane: @unchecked Sendable {
    let thread: ThreadExecutor
    private let open: @Sendable () throws(StoreError) -> StateReader
    // Touched on the thread only.
    private var reader: StateReader?

    init(name: String, open: @escaping @Sendable () throws(StoreError) -> StateReader) {
      thread = ThreadExecutor(name: name)
      self.open = open
    }

    func run<Value>(_ body: (StateReader) throws -> Value) throws -> Value {
      let reader = try self.reader ?? open()
      self.reader = reader
      return try body(reader)
    }

    func close() { reader = nil }
  }

  private let lanes: [Lane]
  private let next = Atomic<Int>(0)

  init(open: @escaping @Sendable () throws(StoreError) -> StateReader) {
    lanes = (1...Self.count).map { Lane(name: "reader\($0)", open: open) }
  }

  /// Runs `body` on one of the threads, in turn.
  func read<Value: Sendable>(
    _ body: @escaping @Sendable (StateReader) throws -> Value
  ) async throws -> Value {
    let turn = next.wrappingAdd(1, ordering: .relaxed).newValue
    let lane = lanes[Int(UInt(bitPattern: turn) % UInt(lanes.count))]
    return try await withCheckedThrowingContinuation { waiter in
      lane.thread.submit {
        waiter.resume(with: Result { try lane.run(body) })
      }
    }
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
