import Simulation

/// Runs simulated clusters, each from its seed, until one goes wrong.
///
///     simulate --seed 17                one run, with its conversation if it goes wrong
///     simulate --seeds 400 --from 1     so many runs
///     simulate --minutes 60 --from 401  as many as there is time for
@main
enum Simulate {
  static func main() {
    guard let wish = Wish(CommandLine.arguments.dropFirst()) else {
      print(Wish.usage)
      exitWith(64)
    }
    switch wish.part {
    case .overseer:
      var overseer = Overseer(wish)
      exitWith(overseer.run() ? 0 : 1)
    case .saboteur: exitWith(Saboteur(wish).run() ? 0 : 1)
    case .worker: work(wish)
    case .teller: tellAloud(wish)
    }
  }

  /// Runs every n-th seed and says, a line each, what came of them.
  private static func work(_ wish: Wish) {
    let began = seconds()
    var trial = wish.trial
    for number in 0..<wish.seeds {
      if let minutes = wish.minutes, seconds() - began > 60 * minutes { break }
      trial.seed = wish.trial.seed + number * wish.stride
      say("begin \(trial.seed)")
      let world = World(trial)
      let report = world.run()
      guard let wrong = report.failure else {
        say(
          "end \(trial.seed) \(report.faults) \(report.operations) \(report.steps) "
            + "\(report.scheduled) \(report.fingerprint)")
        continue
      }
      say("wrong \(trial.seed) \(report.scheduled) \(wrong)")
      exitWith(1)
    }
  }

  private static func tellAloud(_ wish: Wish) {
    var trial = wish.trial
    trial.isToldAloud = true
    let report = World(trial).run()
    print(report.failure.map { "wrong: \($0)" } ?? "nothing is wrong with seed \(trial.seed)")
    if report.failure != nil { exitWith(1) }
  }
}

/// What the command line asks for.
struct Wish {
  enum Part {
    case overseer
    case saboteur
    case worker
    case teller
  }

  static let usage = """
    simulate [--seed N | --seeds N | --minutes M] [--from SEED] [--seconds S] [--workers N]
             [--files] [--sabotage FAULT] [--spare 3,5,8] [--told]

      --seconds   How long each run lasts in the cluster's own time (60).
      --files     Real files in SQLite, on a disk that forgets, fails and flips bits.
      --sabotage  Do this wrong, to see that it is found; "all" tries all, one after another.
      --spare     Leave out these faults of the schedule.
      --told      Print the whole conversation of one seed.
    """

  var trial = World.Trial(seed: 1)
  var seeds: UInt64 = 1
  var minutes: Int64?
  var stride: UInt64 = 1
  var workers: UInt64 = 2
  var part = Part.overseer

  init?(_ arguments: ArraySlice<String>) {
    var rest = arguments
    var isCounted = false
    while let word = rest.popFirst() {
      if word == "--worker" || word == "--told" {
        part = word == "--told" ? .teller : .worker
        continue
      }
      if word == "--files" {
        trial.hasFiles = true
        continue
      }
      guard let value = rest.popFirst() else { return nil }
      if word == "--sabotage", value == "all" {
        part = .saboteur
        continue
      }
      if word == "--sabotage" {
        guard let fault = Sabotage(rawValue: value) else { return nil }
        trial.sabotage = fault
        continue
      }
      if word == "--spare" {
        trial.spared = Set(value.split(separator: ",").compactMap { Int($0) })
        continue
      }
      guard let number = UInt64(value) else { return nil }
      switch word {
      case "--seed", "--from": trial.seed = number
      case "--seeds":
        seeds = number
        isCounted = true
      case "--minutes": minutes = Int64(number)
      case "--seconds": trial.seconds = Int(number)
      case "--stride": stride = number
      case "--workers": workers = max(1, number)
      default: return nil
      }
    }
    if minutes != nil, !isCounted { seeds = 1_000_000 }
  }
}
