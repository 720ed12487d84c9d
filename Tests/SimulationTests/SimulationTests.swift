import Simulation
import Testing

@Suite("A simulated cluster")
struct SimulationTests {
  private func trial(_ seed: UInt64, seconds: Int = 5) -> World.Trial {
    var trial = World.Trial(seed: seed)
    trial.seconds = seconds
    return trial
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func `keeps every promise, whatever goes wrong`(seed: UInt64) {
    let world = World(trial(seed))
    let report = world.run()
    #expect(report.failure == nil, "Seed \(seed): \(world.transcript.joined(separator: "\n"))")
    #expect(report.operations > 10 && report.faults > 0)
  }

  @Test func `does the same again with the same seed`() {
    let first = World(trial(11)).run()
    #expect(first == World(trial(11)).run())
    #expect(first.fingerprint != World(trial(12)).run().fingerprint)
  }

  @Test func `does something else without one of its faults`() {
    var other = trial(13)
    other.spared = [0, 1]
    let reports = (World(trial(13)).run(), World(other).run())
    #expect(reports.0.faults == reports.1.faults + 2)
    #expect(reports.0.fingerprint != reports.1.fingerprint)
  }

  /// Those that any run brings to light; the others take the longer runs of the command.
  @Test(arguments: [
    Sabotage.toldBeforeSync, .syncForgotten, .voteNotWritten, .keysForgotten,
    .refusalChangesState, .readsOwnStateAtOnce,
  ])
  func `is caught doing wrong`(sabotage: Sabotage) {
    let isCaught = (1...10 as ClosedRange<UInt64>).contains { seed in
      var trial = trial(seed)
      trial.sabotage = sabotage
      return World(trial).run().failure != nil
    }
    #expect(isCaught)
  }

  @Test func `can do enough wrong for its tests to mean something`() {
    #expect(Sabotage.possible.count >= 16)
  }

  @Test func `tells what went wrong as a conversation`() {
    var trial = trial(1)
    trial.sabotage = .voteNotWritten
    let world = World(trial)
    let report = world.run()
    #expect(report.failure?.hasSuffix("takes its disk to hold term 1 and its vote there.") == true)
    #expect(world.transcript.last?.hasSuffix("WRONG: \(report.failure ?? "")") == true)
    #expect(world.transcript.contains { $0.contains("would you vote (preVote) for me") })
  }
}
