import EventLoop
import Simulation
import Testing

/// One after the other: each takes a whole core, and other rooms' tests have deadlines. A few seeds of each
/// sort of world; `Cluster/simulate` goes through many, and does everything wrong that can be done.
@Suite("A simulated cluster", .serialized)
struct SimulationTests {
  /// Runs a trial on a thread of its own: it takes seconds, and the tests of other rooms share the
  /// few threads that tasks have.
  private func run(_ trial: World.Trial) async -> (report: Report, transcript: [String]) {
    await withCheckedContinuation { waiter in
      Threads.start(named: "world") {
        let world = World(trial)
        let report = world.run()
        waiter.resume(returning: (report, world.transcript))
      }
    }
  }

  private func trial(_ seed: UInt64, seconds: Int = 5) -> World.Trial {
    var trial = World.Trial(seed: seed)
    trial.seconds = seconds
    return trial
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func `keeps every promise, whatever goes wrong`(seed: UInt64) async {
    let (report, transcript) = await run(trial(seed))
    #expect(report.failure == nil, "Seed \(seed): \(transcript.joined(separator: "\n"))")
    #expect(report.operations > 10 && report.faults > 0)
  }

  @Test func `does the same again with the same seed`() async {
    let first = await run(trial(11)).report
    #expect(await run(trial(11)).report == first)
    #expect(await run(trial(12)).report.fingerprint != first.fingerprint)
  }

  @Test(arguments: 2...3 as ClosedRange<UInt64>)
  func `keeps every promise with real files on a disk that forgets and fails`(
    seed: UInt64
  ) async {
    var trial = trial(seed, seconds: 8)
    trial.hasFiles = true
    let (report, transcript) = await run(trial)
    #expect(report.failure == nil, "Seed \(seed): \(transcript.joined(separator: "\n"))")
    #expect(report.operations > 10 && report.faults > 0)
    #expect(await run(trial).report == report)
  }

  @Test(arguments: 21...22 as ClosedRange<UInt64>)
  func `has what comes due happen once, whoever leads, and all of it once it is healed`(
    seed: UInt64
  ) async {
    var trial = trial(seed, seconds: 12)
    trial.hasFiles = true
    trial.hasDues = true
    let (report, transcript) = await run(trial)
    #expect(report.failure == nil, "Seed \(seed): \(transcript.joined(separator: "\n"))")
    #expect(report.operations > 10 && report.faults > 0)
  }

  @Test(arguments: 1...2 as ClosedRange<UInt64>)
  func `posts everything at least once, and says what may be a repeat`(seed: UInt64) async {
    var trial = trial(seed, seconds: 15)
    trial.hasFiles = true
    trial.hasDues = true
    trial.hasPosts = true
    let (report, transcript) = await run(trial)
    #expect(report.failure == nil, "Seed \(seed): \(transcript.joined(separator: "\n"))")
    #expect(report.faults > 0)
  }

  @Test(arguments: [Sabotage.voteNotWritten, .sentUnclaimed])
  func `is caught doing wrong to its files`(sabotage: Sabotage) async {
    for seed in 1...10 as ClosedRange<UInt64> {
      var trial = trial(seed, seconds: 20)
      trial.hasFiles = true
      trial.sabotage = sabotage
      if await run(trial).report.failure != nil { return }
    }
    Issue.record("Not caught with ten seeds.")
  }

  @Test func `does something else without one of its faults`() async {
    var other = trial(13)
    other.spared = [0, 1]
    let reports = (await run(trial(13)).report, await run(other).report)
    #expect(reports.0.faults == reports.1.faults + 2)
    #expect(reports.0.fingerprint != reports.1.fingerprint)
  }

  /// Those that any run brings to light; the others take the longer runs of the command.
  @Test(arguments: [
    Sabotage.toldBeforeSync, .syncForgotten, .voteNotWritten, .keysForgotten,
    .refusalChangesState, .readsOwnStateAtOnce,
  ])
  func `is caught doing wrong`(sabotage: Sabotage) async {
    for seed in 1...10 as ClosedRange<UInt64> {
      var trial = trial(seed)
      trial.sabotage = sabotage
      if await run(trial).report.failure != nil { return }
    }
    Issue.record("Not caught with ten seeds.")
  }

  @Test func `can do enough wrong for its tests to mean something`() {
    #expect(Sabotage.possible.count >= 16)
  }

  @Test func `tells what went wrong as a conversation`() async throws {
    var trial = trial(1)
    trial.sabotage = .voteNotWritten
    let (report, transcript) = await run(trial)
    let failure = try #require(report.failure)
    #expect(failure.contains("vote") && failure.contains("disk"))
    #expect(transcript.contains { $0.hasSuffix("WRONG: \(failure)") })
    #expect(transcript.contains { $0.contains("would you vote (preVote) for me") })
  }
}
