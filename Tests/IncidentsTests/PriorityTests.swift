import Incidents
import Testing

@Suite("The priority matrix")
struct PriorityMatrixTests {
  @Test(arguments: [
    (Level.high, Level.high, Priority.p1), (.high, .medium, .p1), (.high, .low, .p2),
    (.medium, .high, .p2), (.medium, .medium, .p3), (.medium, .low, .p4),
    (.low, .high, .p3), (.low, .medium, .p4), (.low, .low, .p5),
  ])
  func `is the one of guidance 2.3`(impact: Level, urgency: Level, expected: Priority) {
    #expect(PriorityMatrix.standard.priority(impact: impact, urgency: urgency) == expected)
  }

  @Test func `never makes a P6`() {
    for impact in Level.allCases {
      for urgency in Level.allCases {
        #expect(PriorityMatrix.standard.priority(impact: impact, urgency: urgency) != .p6)
      }
    }
  }

  @Test func `is read from text in either case`() {
    #expect(Priority("p1") == .p1)
    #expect(Priority("P6") == .p6)
    #expect(Priority("P7") == nil)
    #expect(Priority("") == nil)
  }
}
