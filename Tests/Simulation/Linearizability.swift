/// What a client asked of a register, and what it was told: from when to when.
package struct Operation: Hashable, Sendable {
  /// What was asked.
  package enum Action: Hashable, Sendable {
    case read
    case write(UInt64)
    case swap(from: UInt64, to: UInt64)
  }

  /// What was told. `unknown` has no time of return: it may take effect at any time, or never.
  package enum Result: Hashable, Sendable {
    case value(UInt64)
    case done
    /// Not swapped: this is what the register held.
    case refused(UInt64)
    case unknown
  }

  package let action: Action
  package let result: Result
  package let invoked: Int64
  package let returned: Int64

  /// An operation. One whose result is unknown may be given a latest time all the same.
  package init(
    _ action: Action, _ result: Result, from invoked: Int64, to returned: Int64 = .max
  ) {
    self.action = action
    self.result = result
    self.invoked = invoked
    self.returned = returned
  }

  /// The register after this operation, or `nil` if its result contradicts what the register held.
  func after(_ held: UInt64) -> UInt64? {
    switch (action, result) {
    case (.read, .value(let told)): told == held ? held : nil
    case (.read, .unknown): held
    case (.write(let value), .done), (.write(let value), .unknown): value
    case (.swap(let old, let new), .done): held == old ? new : nil
    case (.swap(let old, _), .refused(let told)): told == held && held != old ? held : nil
    case (.swap(let old, let new), .unknown): held == old ? new : held
    case (.read, .done), (.read, .refused), (.write, .value), (.write, .refused),
      (.swap, .value):
      nil
    }
  }
}

/// Whether a history of one register could have happened one operation at a time, each at some
/// moment between its invocation and its return (Wing and Gong, with Lowe's memory of what was tried).
package struct Linearizability {
  /// More tries than any history of ours needs; a history that needs more is not judged.
  private static let mostTries = 5_000_000

  /// What is known of a history.
  package enum Verdict: Hashable, Sendable {
    case linearizable
    /// No order explains the first this many of its operations, by invocation.
    case contradiction(near: Operation)
    case undecided
  }

  private struct Tried: Hashable {
    let taken: [UInt64]
    let held: UInt64
  }

  /// A call or a return, in a list from which what is taken is unlinked.
  private struct Node {
    let operation: Int
    /// The place of the return in the list, if this is a call.
    let end: Int?
    var next: Int
    var previous: Int
  }

  private let operations: [Operation]
  private var nodes: [Node] = []

  /// Judges a history of a register that holds `initial` at first.
  package static func verdict(of operations: [Operation], initial: UInt64 = 0) -> Verdict {
    var search = Linearizability(operations)
    return search.run(initial)
  }

  private init(_ operations: [Operation]) {
    self.operations = operations
    var moments: [(time: Int64, isReturn: Bool, operation: Int)] = []
    for (number, operation) in operations.enumerated() {
      moments.append((operation.invoked, false, number))
      moments.append((operation.returned, true, number))
    }
    // At the same time a call comes first, so that the two count as concurrent.
    moments.sort {
      ($0.time, $0.isReturn ? 1 : 0, $0.operation) < ($1.time, $1.isReturn ? 1 : 0, $1.operation)
    }
    var ends = [Int](repeating: 0, count: operations.count)
    for (place, moment) in moments.enumerated() where moment.isReturn {
      ends[moment.operation] = place + 1
    }
    // Place 0 is the head.
    nodes.append(Node(operation: -1, end: nil, next: 1, previous: 0))
    for (place, moment) in moments.enumerated() {
      nodes.append(
        Node(
          operation: moment.operation, end: moment.isReturn ? nil : ends[moment.operation],
          next: place + 2, previous: place))
    }
  }

  private mutating func run(_ initial: UInt64) -> Verdict {
    var held = initial
    var taken = [UInt64](repeating: 0, count: operations.count / 64 + 1)
    var path: [(place: Int, before: UInt64)] = []
    var tried: Set<Tried> = []
    var tries = 0
    var farthest = 0
    var place = nodes[0].next
    while nodes[0].next < nodes.count {
      tries += 1
      if tries > Self.mostTries { return .undecided }
      if place < nodes.count, let end = nodes[place].end {
        let number = nodes[place].operation
        if let after = operations[number].after(held) {
          taken[number / 64] |= 1 << UInt64(number % 64)
          if tried.insert(Tried(taken: taken, held: after)).inserted {
            path.append((place, held))
            held = after
            unlink(place)
            unlink(end)
            place = nodes[0].next
            continue
          }
          taken[number / 64] &= ~(1 << UInt64(number % 64))
        }
        place = nodes[place].next
      } else {
        // A return whose call could not be taken: something before it was taken wrongly.
        if place < nodes.count { farthest = max(farthest, nodes[place].operation) }
        guard let last = path.popLast() else { return .contradiction(near: operations[farthest]) }
        held = last.before
        let number = nodes[last.place].operation
        taken[number / 64] &= ~(1 << UInt64(number % 64))
        if let end = nodes[last.place].end { relink(end) }
        relink(last.place)
        place = nodes[last.place].next
      }
    }
    return .linearizable
  }

  private mutating func unlink(_ place: Int) {
    let (previous, next) = (nodes[place].previous, nodes[place].next)
    nodes[previous].next = next
    if next < nodes.count { nodes[next].previous = previous }
  }

  private mutating func relink(_ place: Int) {
    let (previous, next) = (nodes[place].previous, nodes[place].next)
    nodes[previous].next = place
    if next < nodes.count { nodes[next].previous = place }
  }
}
