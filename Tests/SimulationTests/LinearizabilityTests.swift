import Simulation
import Testing

@Suite("A history of a register")
struct LinearizabilityTests {
  /// A history, and whether one order explains it.
  struct History: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let operations: [Operation]
    let isLinearizable: Bool

    init(_ name: String, _ isLinearizable: Bool, _ operations: Operation...) {
      testDescription = name
      self.operations = operations
      self.isLinearizable = isLinearizable
    }
  }

  static let histories = [
    History("nothing happened", true),
    History("a first read sees the first value", true, Operation(.read, .value(0), from: 0, to: 1)),
    History(
      "a read sees what nobody wrote", false, Operation(.read, .value(7), from: 0, to: 1)),
    History(
      "a read after a write sees it", true,
      Operation(.write(1), .done, from: 0, to: 1), Operation(.read, .value(1), from: 2, to: 3)),
    History(
      "a read after a write does not see it", false,
      Operation(.write(1), .done, from: 0, to: 1), Operation(.read, .value(0), from: 2, to: 3)),
    History(
      "a read during a write sees the old value", true,
      Operation(.write(1), .done, from: 0, to: 10), Operation(.read, .value(0), from: 2, to: 3)),
    History(
      "a read during a write sees the new value", true,
      Operation(.write(1), .done, from: 0, to: 10), Operation(.read, .value(1), from: 2, to: 3)),
    History(
      "during a write the new value is seen, and then the old one", false,
      Operation(.write(1), .done, from: 0, to: 10), Operation(.read, .value(1), from: 2, to: 3),
      Operation(.read, .value(0), from: 4, to: 5)),
    History(
      "two reads at once see a write in the making, one each way", true,
      Operation(.write(1), .done, from: 0, to: 10), Operation(.read, .value(1), from: 2, to: 6),
      Operation(.read, .value(0), from: 3, to: 5)),
    History(
      "two readers disagree about the order of two writes", false,
      Operation(.write(1), .done, from: 0, to: 10), Operation(.write(2), .done, from: 0, to: 10),
      Operation(.read, .value(1), from: 11, to: 12), Operation(.read, .value(2), from: 13, to: 14),
      Operation(.read, .value(1), from: 15, to: 16)),
    History(
      "a later write was overtaken by an earlier one", false,
      Operation(.write(1), .done, from: 0, to: 1), Operation(.write(2), .done, from: 2, to: 3),
      Operation(.read, .value(1), from: 4, to: 5)),
    History(
      "a swap finds what it expects", true,
      Operation(.write(1), .done, from: 0, to: 1),
      Operation(.swap(from: 1, to: 2), .done, from: 2, to: 3),
      Operation(.read, .value(2), from: 4, to: 5)),
    History(
      "two swaps from one value both succeed", false,
      Operation(.swap(from: 0, to: 1), .done, from: 0, to: 9),
      Operation(.swap(from: 0, to: 2), .done, from: 0, to: 9)),
    History(
      "of two swaps from one value the second is told the first", true,
      Operation(.swap(from: 0, to: 1), .done, from: 0, to: 9),
      Operation(.swap(from: 0, to: 2), .refused(1), from: 0, to: 9)),
    History(
      "a swap is refused although it found what it expects", false,
      Operation(.swap(from: 0, to: 1), .refused(0), from: 0, to: 1)),
    History(
      "a write in doubt is seen much later", true,
      Operation(.write(1), .unknown, from: 0), Operation(.read, .value(0), from: 5, to: 6),
      Operation(.read, .value(1), from: 90, to: 91)),
    History(
      "a write in doubt is never seen", true,
      Operation(.write(1), .unknown, from: 0), Operation(.read, .value(0), from: 5, to: 6)),
    History(
      "a write in doubt is seen, and then not any more", false,
      Operation(.write(1), .unknown, from: 0), Operation(.read, .value(1), from: 5, to: 6),
      Operation(.read, .value(0), from: 7, to: 8)),
    History(
      "a write in doubt is seen before it was asked for", false,
      Operation(.read, .value(1), from: 0, to: 1), Operation(.write(1), .unknown, from: 2)),
    History(
      "a swap in doubt explains what a later one found", true,
      Operation(.swap(from: 0, to: 1), .unknown, from: 0),
      Operation(.swap(from: 1, to: 2), .done, from: 3, to: 4),
      Operation(.read, .value(2), from: 5, to: 6)),
    History(
      "a write in doubt came too late to be seen by its latest time", false,
      Operation(.write(1), .unknown, from: 0, to: 2), Operation(.read, .value(0), from: 3, to: 4),
      Operation(.read, .value(1), from: 5, to: 6)),
  ]

  @Test(arguments: histories)
  func `is explained by an order, or by none`(history: History) {
    let verdict = Linearizability.verdict(of: history.operations)
    if history.isLinearizable {
      #expect(verdict == .linearizable)
    } else {
      guard case .contradiction = verdict else {
        Issue.record("It was judged \(verdict).")
        return
      }
    }
  }

  /// Reads by five clients of a register that one value after another is written to.
  @Test func `is judged quickly when it is long`() {
    var operations: [Operation] = []
    for value in 1...2_000 as ClosedRange<UInt64> {
      let time = Int64(value) * 10
      operations.append(Operation(.write(value), .done, from: time, to: time + 8))
      for client in 0..<4 as Range<Int64> {
        let seen = client < 2 ? value - 1 : value
        operations.append(Operation(.read, .value(seen), from: time + client, to: time + 7))
      }
    }
    #expect(Linearizability.verdict(of: operations) == .linearizable)
  }
}
