/// What ``EventLoop/schedule(after:_:)`` answers, to cancel the timer by.
package struct TimerToken: Hashable, Sendable {
  fileprivate let id: UInt64
}

/// The timers of a loop: a heap of deadlines, the earliest on top, equal ones in order of making.
struct Timers {
  private struct Entry {
    let deadline: Int64
    let id: UInt64

    func isBefore(_ other: Entry) -> Bool { (deadline, id) < (other.deadline, other.id) }
  }

  /// A cancelled timer stays in the heap until its time comes or until so many are more than half.
  private static let deadWeight = 64

  private var heap: [Entry] = []
  private var work: [UInt64: () -> Void] = [:]
  private var made: UInt64 = 0

  /// How many timers wait.
  var count: Int { work.count }

  /// Adds a timer for `deadline`, in nanoseconds of the monotonic clock.
  mutating func add(at deadline: Int64, _ body: @escaping () -> Void) -> TimerToken {
    made += 1
    work[made] = body
    heap.append(Entry(deadline: deadline, id: made))
    rise(from: heap.count - 1)
    return TimerToken(id: made)
  }

  /// Forgets a timer. One that has run or was forgotten already is no mistake.
  mutating func cancel(_ token: TimerToken) {
    guard work.removeValue(forKey: token.id) != nil else { return }
    guard heap.count > 2 * work.count + Timers.deadWeight else { return }
    heap = heap.filter { work[$0.id] != nil }.sorted { $0.isBefore($1) }
  }

  /// When the earliest timer is due, in nanoseconds of the monotonic clock.
  mutating func next() -> Int64? {
    while let first = heap.first {
      if work[first.id] != nil { return first.deadline }
      removeFirst()
    }
    return nil
  }

  /// Takes out the earliest timer that is due at `now`.
  mutating func takeDue(at now: Int64) -> (() -> Void)? {
    guard let deadline = next(), deadline <= now, let first = heap.first else { return nil }
    removeFirst()
    return work.removeValue(forKey: first.id)
  }

  private mutating func removeFirst() {
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    sink()
  }

  private mutating func rise(from start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child].isBefore(heap[parent]) else { return }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < heap.count && heap[child].isBefore(heap[least]) {
        least = child
      }
      guard least != parent else { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}
