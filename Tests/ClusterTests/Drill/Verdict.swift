import JSON
import Simulation

/// What the clients of a drill were told, held to what the cluster has in the end.
struct Verdict {
  /// Each thing that is wrong, in a sentence.
  private(set) var wrong: [String] = []
  private(set) var operations = 0
  private(set) var acknowledged = 0
  private(set) var refused = 0
  private(set) var unknown = 0

  /// - Parameter effects: How often a value was written into a register, as its timeline says.
  init(_ stories: [Registers.Story], effects: (String) throws -> [UInt64: Int]) rethrows {
    for story in stories {
      operations += story.operations.count + story.refused.count
      acknowledged += story.acknowledged.count
      refused += story.refused.count
      unknown += story.unknown.count
      judge(story, try effects(story.incident))
    }
  }

  private mutating func judge(_ story: Registers.Story, _ effects: [UInt64: Int]) {
    let name = story.incident
    for value in story.acknowledged.sorted() where effects[value] != 1 {
      wrong.append("\(name): \(value) was acknowledged and is there \(effects[value] ?? 0) times.")
    }
    for value in story.refused.sorted() where effects[value] != nil || story.read.contains(value) {
      wrong.append("\(name): \(value) was refused and left a trace.")
    }
    for value in story.unknown.sorted() where effects[value, default: 0] > 1 {
      wrong.append("\(name): \(value) is there more than once.")
    }
    let told = story.acknowledged.union(story.unknown)
    for value in effects.keys.sorted() where !told.contains(value) && !story.refused.contains(value)
    {
      wrong.append("\(name): \(value) is there, and nobody wrote it.")
    }
    // What never took effect explains nothing, and only makes the search longer.
    let history = story.operations.filter { operation in
      guard case .unknown = operation.result else { return true }
      return switch operation.action {
      case .read: false
      case .write(let value), .swap(_, let value): effects[value] != nil
      }
    }
    switch Linearizability.verdict(of: history.sorted { $0.invoked < $1.invoked }) {
    case .linearizable: break
    case .undecided: wrong.append("\(name): its history is too tangled to judge.")
    case .contradiction(let operation):
      wrong.append("\(name): no order explains its history, near \(operation).")
    }
  }
}
