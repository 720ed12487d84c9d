import Simulation
import Testing

@Suite("The verdict on a drill")
struct VerdictTests {
  private func story(
    _ operations: [Simulation.Operation] = [], acknowledged: Set<UInt64> = [],
    refused: Set<UInt64> = [], unknown: Set<UInt64> = [], read: Set<UInt64> = []
  ) -> Registers.Story {
    var story = Registers.Story(incident: "register")
    story.operations = operations
    story.acknowledged = acknowledged
    story.refused = refused
    story.unknown = unknown
    story.read = read
    return story
  }

  private func wrong(_ story: Registers.Story, _ effects: [UInt64: Int]) -> [String] {
    Verdict([story]) { _ in effects }.wrong
  }

  @Test func `is well with what was told and is so`() {
    let told = story(
      [
        Operation(.write(1), .done, from: 0, to: 10),
        Operation(.write(2), .unknown, from: 5),
        Operation(.read, .value(2), from: 20, to: 30),
        Operation(.swap(from: 2, to: 3), .done, from: 40, to: 50),
      ], acknowledged: [1, 3], refused: [4], unknown: [2, 5], read: [2])
    #expect(wrong(told, [1: 1, 2: 1, 3: 1]).isEmpty)
    let verdict = Verdict([told]) { _ in [1: 1, 2: 1, 3: 1] }
    #expect(verdict.operations == 5 && verdict.acknowledged == 2)
    #expect(verdict.refused == 1 && verdict.unknown == 2)
  }

  @Test func `finds what was acknowledged and is lost, or there twice`() {
    #expect(wrong(story(acknowledged: [1]), [:]).count == 1)
    #expect(wrong(story(acknowledged: [1]), [1: 2]).count == 1)
    #expect(wrong(story(unknown: [1]), [1: 2]).count == 1)
  }

  @Test func `finds what was refused and is there, or was seen`() {
    #expect(wrong(story(refused: [1]), [1: 1]).count == 1)
    #expect(wrong(story(refused: [1], read: [1]), [:]).count == 1)
  }

  @Test func `finds what nobody wrote`() {
    #expect(wrong(story(), [7: 1]).count == 1)
  }

  @Test func `finds a read of what was written over`() {
    let told = story(
      [
        Operation(.write(1), .done, from: 0, to: 10),
        Operation(.write(2), .done, from: 20, to: 30),
        Operation(.read, .value(1), from: 40, to: 50),
      ], acknowledged: [1, 2], read: [1])
    #expect(wrong(told, [1: 1, 2: 1]).count == 1)
  }

  @Test func `finds a read of an unknown write that never took effect`() {
    let told = story(
      [Operation(.write(1), .unknown, from: 0), Operation(.read, .value(1), from: 10, to: 20)],
      unknown: [1], read: [1])
    #expect(wrong(told, [:]).count == 1)
  }
}
