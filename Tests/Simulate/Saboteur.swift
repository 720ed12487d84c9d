import Simulation

/// Does everything wrong that this build can, one thing at a time, and says whether it was found.
struct Saboteur {
  private static let fewest = 16

  private let wish: Wish

  init(_ wish: Wish) { self.wish = wish }

  /// True if every fault is found within so many seeds.
  func run() -> Bool {
    let began = seconds()
    var waiting = Sabotage.possible
    // What is due takes real files.
    waiting = waiting.filter {
      wish.trial.hasFiles
        ? Sabotage.ofFiles.contains($0) : $0 != .versionUnchecked && $0 != .sentUnclaimed
    }
    var running: [(fault: Sabotage, child: Child, words: [String])] = []
    var missed: [Sabotage] = []
    guard waiting.count >= (wish.trial.hasFiles ? Sabotage.ofFiles.count : Self.fewest) else {
      say("This build can do only \(waiting.count) things wrong: build it with -DSABOTAGE.")
      return false
    }
    let count = waiting.count
    while !waiting.isEmpty || !running.isEmpty {
      while !waiting.isEmpty, running.count < Int(wish.workers) {
        let fault = waiting.removeFirst()
        guard let child = start(fault) else { return false }
        running.append((fault, child, []))
      }
      let ready = Child.waiting(running.map(\.child))
      for place in running.indices.reversed()
      where ready.contains(where: { $0 === running[place].child }) {
        if let lines = running[place].child.lines() {
          running[place].words += lines
        } else {
          let (fault, child, words) = running.remove(at: place)
          if child.finish() { missed.append(fault) }
          say(Self.verdict(fault, words))
        }
      }
    }
    say(
      "\(count - missed.count) of \(count) deliberate faults are found, in "
        + "\(seconds() - began) s")
    return missed.isEmpty
  }

  private func start(_ fault: Sabotage) -> Child? {
    Child(
      (wish.trial.hasFiles ? ["--files"] : []) + [
        "--worker", "--sabotage", fault.rawValue, "--seeds", "\(wish.seeds)", "--from",
        "\(wish.trial.seed)", "--seconds", "\(wish.trial.seconds)",
      ])
  }

  private static func verdict(_ fault: Sabotage, _ words: [String]) -> String {
    let tried = words.count { $0.hasPrefix("begin ") }
    guard let last = words.last(where: { !$0.hasPrefix("begin ") && !$0.hasPrefix("end ") }) else {
      return "\(fault.rawValue): NOT FOUND in \(tried) seeds"
    }
    return "\(fault.rawValue): found by seed \(tried): \(last.prefix(160))"
  }
}
