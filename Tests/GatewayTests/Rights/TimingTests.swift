import Access
import EventLoop
import Gateway
import HTTP
import Testing

/// That something is hidden cannot be told by how long it takes to say that it is not there.
@ClientLoop @Suite("The time of an answer", .serialized)
struct TimingTests {
  private static let requests = 1_000
  /// The distance that two samples of one distribution exceed once in a hundred times
  /// (Kolmogorov and Smirnov, two-sided): 1.63 · √(2/n).
  private static let critical = 1.63 * (2 / Double(requests)).squareRoot()

  /// The greatest distance between the distributions of two samples.
  private func distance(_ left: [Int64], _ right: [Int64]) -> Double {
    let (left, right) = (left.sorted(), right.sorted())
    var (i, j, greatest) = (0, 0, 0.0)
    while i < left.count, j < right.count {
      let value = min(left[i], right[j])
      while i < left.count, left[i] <= value { i += 1 }
      while j < right.count, right[j] <= value { j += 1 }
      let gap = Double(i) / Double(left.count) - Double(j) / Double(right.count)
      greatest = max(greatest, abs(gap))
    }
    return greatest
  }

  /// Times requests for `paths`, in an order that chance gives, so that whatever else the machine does
  /// falls on each alike.
  private func times(_ paths: [String], by token: Token, _ town: Town) async -> [[Int64]] {
    var times = [[Int64]](repeating: [], count: paths.count)
    let turns = (0..<paths.count * Self.requests).map { $0 % paths.count }.shuffled()
    for turn in turns {
      let began = Clock.monotonic()
      let reply = await town.ask(.get, paths[turn], token: token)
      times[turn].append(Clock.monotonic() - began)
      if reply.status != 404 { Issue.record("It is there: \(reply.text)") }
    }
    return times
  }

  @Test func `tells nothing of what is hidden`() async throws {
    let cast = try await Cast()
    let hidden = await cast.incident(Plot.all[0], .restricted)
    let absent = "/v1/incidents/01a21353-ffd6-73c7-b5af-"
    let paths = [hidden, absent + "d1855ea41429", absent + "9b1d2ce3f405"]
    var told: [Double] = []
    // By chance alone it fails once in a hundred times, so it must fail three times in a row.
    for _ in 1...3 {
      let times = await times(paths, by: cast[.outsider], cast.town)
      told.append(distance(times[0], times[1]))
      if told[told.count - 1] <= Self.critical { return }
    }
    Issue.record("Hidden and absent differ by \(told), and \(Self.critical) is to be expected.")
  }

  @Test func `is told by the measure, where there is something to tell`() {
    let (short, long) = ((0..<1_000).map { Int64($0) }, (0..<1_000).map { Int64($0 + 100) })
    #expect(distance(short, short) == 0)
    #expect(abs(distance(short, long) - 0.1) < 0.000_1)
    #expect(distance(short, long) > Self.critical)
  }
}
