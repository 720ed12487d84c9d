import Simulation
import Testing

@Suite("A history of a register")
struct LinearizabilityTests {
  @Test func `that is empty is linearizable`() {
    #expect(Linearizability.verdict(of: []) == .linearizable)
  }
}
