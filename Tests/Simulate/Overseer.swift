import Simulation

/// Has workers run seeds, adds up what they say, and looks closer at the first that goes wrong.
struct Overseer {
  private static let mostShrinkRuns = 80
  private static let mostShrinkSeconds: Int64 = 90
  private static let transcriptLines = 120

  private struct Worker {
    let child: Child
    /// The seed that it is at, or begins with.
    var at: UInt64
    var isOver = false
  }

  private struct Wrong {
    let seed: UInt64
    var text: String
  }

  private let wish: Wish
  private var workers: [Worker] = []
  private var runs = 0
  private var faults = 0
  private var operations = 0
  private var steps = 0
  private var wrong: Wrong?
  private var words: [String] = []

  init(_ wish: Wish) { self.wish = wish }

  /// True if every seed went well.
  mutating func run() -> Bool {
    let began = seconds()
    startWorkers()
    while workers.contains(where: { !$0.isOver }), wrong == nil { listen() }
    let time = max(1, seconds() - began)
    let next = workers.map(\.at).min() ?? wish.trial.seed
    say(
      "\(runs) seeds of \(wish.trial.seconds) simulated seconds in \(time) s: \(faults) faults, "
        + "\(operations) operations checked, \(steps) steps; the next seed is \(next)")
    guard let wrong else { return true }
    lookCloser(wrong)
    return false
  }

  private mutating func startWorkers() {
    let count = min(wish.workers, wish.seeds)
    for place in 0..<count {
      let seed = wish.trial.seed + place
      var words = arguments(seed: seed) + ["--worker", "--stride", "\(count)"]
      words += ["--seeds", "\((wish.seeds - place + count - 1) / count)"]
      if let minutes = wish.minutes { words += ["--minutes", "\(minutes)"] }
      guard let child = Child(words) else { continue }
      workers.append(Worker(child: child, at: seed))
    }
  }

  private func arguments(seed: UInt64) -> [String] {
    var words = unsparing(seed: seed)
    if !wish.trial.spared.isEmpty { words += ["--spare", Self.list(wish.trial.spared)] }
    return words
  }

  private func unsparing(seed: UInt64) -> [String] {
    var words = ["--from", "\(seed)", "--seconds", "\(wish.trial.seconds)"]
    if wish.trial.hasFiles { words.append("--files") }
    if let fault = wish.trial.sabotage { words += ["--sabotage", fault.rawValue] }
    return words
  }

  private static func list(_ spared: Set<Int>) -> String {
    spared.sorted().map { "\($0)" }.joined(separator: ",")
  }

  private mutating func listen() {
    let ready = Child.waiting(workers.filter { !$0.isOver }.map(\.child))
    for place in workers.indices
    where !workers[place].isOver && ready.contains(where: { $0 === workers[place].child }) {
      if let lines = workers[place].child.lines() {
        for line in lines { take(line, from: place) }
      } else {
        workers[place].isOver = true
        if !workers[place].child.finish(), wrong == nil {
          let text = words.last ?? "it ended without a word"
          wrong = Wrong(seed: workers[place].at, text: text)
        }
      }
    }
  }

  private mutating func take(_ line: String, from place: Int) {
    let parts = line.split(separator: " ")
    let numbers = parts.dropFirst().compactMap { UInt64($0) }
    switch parts.first {
    case "begin" where !numbers.isEmpty:
      workers[place].at = numbers[0]
    case "end" where numbers.count == 6:
      runs += 1
      faults += Int(numbers[1])
      operations += Int(numbers[2])
      steps += Int(numbers[3])
      workers[place].at = numbers[0] + min(wish.workers, wish.seeds)
      if wish.seeds == 1 { say("seed \(numbers[0]), trace \(numbers[5])") }
      if runs % 100 == 0 { say("\(runs) seeds, up to \(numbers[0])") }
    case "wrong" where !numbers.isEmpty:
      let text = parts.dropFirst(3).joined(separator: " ")
      wrong = Wrong(seed: numbers[0], text: text)
    default:
      words.append(line)
    }
  }

  // MARK: - What went wrong

  private func lookCloser(_ wrong: Wrong) {
    say("WRONG with seed \(wrong.seed): \(wrong.text)")
    var trial = wish.trial
    trial.seed = wrong.seed
    let spared = shrink(wrong.seed, count: World(trial).scheduled)
    var words = unsparing(seed: wrong.seed)
    if !spared.isEmpty { words += ["--spare", Self.list(spared)] }
    say("Again: simulate \(words.joined(separator: " ")) --told")
    guard let child = Child(words + ["--told"]) else { return }
    var lines: [String] = []
    while let more = child.lines() {
      lines += more
      if lines.count > 4 * Self.transcriptLines { lines.removeFirst(2 * Self.transcriptLines) }
    }
    _ = child.finish()
    for line in lines.suffix(Self.transcriptLines) { say(line) }
  }

  /// Leaves out faults, half of them at a time and then fewer, while it still goes wrong.
  private func shrink(_ seed: UInt64, count: Int) -> Set<Int> {
    let began = seconds()
    var kept = Array(0..<count).filter { !wish.trial.spared.contains($0) }
    var runs = 0
    var size = max(1, kept.count / 2)
    func isOver() -> Bool {
      runs >= Self.mostShrinkRuns || seconds() - began > Self.mostShrinkSeconds
    }
    while !isOver(), !kept.isEmpty {
      // From the end, where most have not happened yet.
      var end = kept.count
      while end > 0, !isOver() {
        let start = max(0, end - size)
        let fewer = Array(kept[..<start] + kept[end...])
        runs += 1
        if goesWrong(seed, with: fewer, of: count) { kept = fewer }
        end = start
      }
      if size == 1 { break }
      size = max(1, size / 2)
    }
    say("\(kept.count) of its \(count) faults are enough, by \(runs) more runs")
    return Set(0..<count).subtracting(kept)
  }

  private func goesWrong(_ seed: UInt64, with kept: [Int], of count: Int) -> Bool {
    let spared = Set(0..<count).subtracting(kept)
    var words = unsparing(seed: seed) + ["--worker"]
    if !spared.isEmpty { words += ["--spare", Self.list(spared)] }
    guard let child = Child(words) else { return false }
    while child.lines() != nil {}
    return !child.finish()
  }
}
