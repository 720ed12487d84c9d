import EventLoop
import Glibc
import Store

/// Says what applying one command costs, by its kind.
///
///     cost [--incidents 100000] [--folder FOLDER] [--only WORD]
///
/// So many incidents are taken through a whole life, one kind of command after the other, in batches
/// of 64 as a busy cluster applies them: decided, evolved, written to the ledger and the records of a
/// real state file, and committed. Each incident comes once in each kind, so it is read from the file
/// and not from the cache. Shown are the median and the worst of a hundred over the batches.
@main
enum Cost {
  static func main() {
    do {
      let wish = try Wish(CommandLine.arguments.dropFirst())
      let bench = try Bench(folder: wish.folder)
      defer { bench.remove() }
      try bench.prepare()
      print("kind                              median µs   p99 µs   bytes of state each")
      for step in Life.steps(of: wish.incidents) {
        let figures = try bench.run(step)
        print(step.label.padded(to: 34) + figures.line)
      }
    } catch {
      print("cost: \(error)")
      exit(1)
    }
  }
}

/// What is asked for.
struct Wish {
  var folder: String
  var incidents = 100_000

  init(_ arguments: ArraySlice<String>) throws {
    folder = "/tmp/muster-cost-\(getpid())"
    var rest = arguments
    while let word = rest.popFirst() {
      guard let value = rest.popFirst() else { throw Trouble("\(word) needs a value.") }
      switch (word, Int(value)) {
      case ("--folder", _): folder = value
      case ("--incidents", let number?): incidents = number
      default: throw Trouble("cost [--incidents N] [--folder FOLDER]")
      }
    }
  }
}

/// Why nothing was measured.
struct Trouble: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

extension String {
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(1, width - count))
  }
}
