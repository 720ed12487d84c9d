import Simulation

@main
enum Simulate {
  static func main() {
    var trial = World.Trial(seed: 1)
    var arguments = CommandLine.arguments.dropFirst()
    var count: UInt64 = 1
    while let word = arguments.popFirst() {
      if word == "--sabotage" {
        trial.sabotage = arguments.popFirst().flatMap { Sabotage(rawValue: $0) }
        continue
      }
      let value = arguments.popFirst().flatMap { UInt64($0) } ?? 0
      switch word {
      case "--seed": trial.seed = value
      case "--seeds": count = value
      default: break
      }
    }
    for seed in trial.seed..<(trial.seed + count) {
      trial.seed = seed
      let world = World(trial)
      let report = world.run()
      print(report)
      if report.failure != nil {
        for line in world.transcript { print(line) }
        return
      }
    }
  }
}
