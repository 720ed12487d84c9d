/// What is still to happen, by its time in microseconds; at the same time, in the order of planning.
struct Agenda<Item> {
  private struct Entry {
    let due: Int64
    let number: Int
    let item: Item

    static func < (left: Entry, right: Entry) -> Bool {
      (left.due, left.number) < (right.due, right.number)
    }
  }

  private var heap: [Entry] = []
  private var planned = 0

  mutating func plan(_ item: Item, at due: Int64) {
    heap.append(Entry(due: due, number: planned, item: item))
    planned += 1
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child] < heap[parent] else { break }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  /// Takes what is next, if that is not after `limit`.
  mutating func next(until limit: Int64) -> (due: Int64, item: Item)? {
    guard let first = heap.first, first.due <= limit else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      let left = 2 * parent + 1
      guard left < heap.count else { break }
      let right = left + 1
      let child = right < heap.count && heap[right] < heap[left] ? right : left
      guard heap[child] < heap[parent] else { break }
      heap.swapAt(child, parent)
      parent = child
    }
    return (first.due, first.item)
  }
}
