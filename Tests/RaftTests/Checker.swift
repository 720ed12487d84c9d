import Raft

/// Watches a whole cluster for what Raft promises (paper, figure 3), and keeps what it saw broken.
struct Checker {
  /// Sentences, one for each broken promise.
  private(set) var complaints: [String] = []
  /// What was applied anywhere, which all others must apply too.
  private(set) var committed: [Entry] = []
  private let voters: Int
  private var leaders: [Term: NodeID] = [:]
  private var floors: [ReadID: LogIndex] = [:]
  private(set) var readsConfirmed = 0
  private var highestCommit: LogIndex = 0

  init(voters: Int) { self.voters = voters }

  private mutating func complain(_ complaint: String) {
    if complaints.count < 5 { complaints.append(complaint) }
  }

  /// A core after a step: terms and commits never fall, and a commit is a promise to every reader.
  mutating func saw(_ node: Network.Node, after before: (term: Term, commit: LogIndex)) {
    guard let term = node.core?.term, let commit = node.core?.commit else { return }
    if term < before.term { complain("\(node.id) went back to \(term).") }
    if commit < before.commit {
      complain("\(node.id) took back commits to \(commit).")
    }
    highestCommit = max(highestCommit, commit)
  }

  /// The configuration in force is what the log says, also after truncation and installs.
  mutating func configured(_ node: Network.Node) {
    guard let commit = node.core?.commit else { return }
    let seen = node.seen
    if node.core?.configurations != seen.configurations {
      complain("\(node.id) runs by another configuration than its log says.")
    }
    if node.core?.configurations.filter({ $0.index > commit }).count ?? 0 > 1 {
      complain("\(node.id) has two uncommitted configurations.")
    }
  }

  /// Election safety and leader completeness.
  mutating func elected(_ node: Network.Node) {
    guard let term = node.core?.term else { return }
    if let other = leaders[term], other != node.id {
      complain("\(node.id) and \(other) both lead \(term).")
    }
    leaders[term] = node.id
    let seen = node.seen
    let base = Int(seen.base.position.index.rawValue)
    if base > 0, committed[base - 1].position != seen.base.position {
      complain("\(node.id) leads \(term) on a state that was never committed.")
    }
    if !seen.log.starts(with: committed.dropFirst(base)) {
      complain("\(node.id) leads \(term) without all that was committed.")
    }
  }

  /// State machine safety.
  mutating func applied(_ entries: [Entry], by id: NodeID) {
    for entry in entries {
      let place = Int(entry.position.index.rawValue) - 1
      if place < committed.count {
        if committed[place] != entry {
          complain("\(id) applies another entry at \(entry.position).")
        }
      } else {
        if place != committed.count {
          complain("\(id) applies \(entry.position) before what precedes it.")
        }
        committed.append(entry)
      }
    }
  }

  mutating func began(_ read: ReadID) { floors[read] = highestCommit }

  /// Linearizability: a read sees all that anyone had committed when it began.
  mutating func ended(_ read: ReadID, _ outcome: ReadOutcome) {
    let floor = floors.removeValue(forKey: read)
    if floor == nil { complain("\(read) was answered twice.") }
    guard case .ready(let index) = outcome, let floor else { return }
    readsConfirmed += 1
    if index < floor { complain("\(read) may see only \(index), but \(floor) was committed.") }
  }

  /// Log matching, over every pair of logs.
  mutating func compare(_ nodes: [Network.Node]) {
    let logs = nodes.map(\.seen.log)
    for (number, log) in logs.enumerated() {
      for other in logs[(number + 1)...] {
        let ours = log.filter { entry in
          other.contains { $0.position.index == entry.position.index }
        }
        let theirs = other.filter { entry in
          log.contains { $0.position.index == entry.position.index }
        }
        guard let agreed = ours.indices.last(where: { ours[$0].position == theirs[$0].position })
        else { continue }
        if ours[...agreed] != theirs[...agreed] {
          complain("Two logs agree at \(ours[agreed].position), but not before.")
        }
      }
    }
  }
}
