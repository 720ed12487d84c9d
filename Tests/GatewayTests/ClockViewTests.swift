import Bytes
import Gateway
import Incidents
import JSON
import Testing

@Suite("The clocks of an incident, as the interface shows them")
struct ClockViewTests {
  private static let began: Int64 = 1_795_424_400_000
  private static let (person, credential) = (ID(high: 1, low: 1), ID(high: 1, low: 2))
  private static let (team, incident) = (ID(high: 1, low: 3), ID(high: 1, low: 4))

  private func apply(
    _ action: Action, to department: inout Department, after passed: Int64 = 0,
    by actor: Actor = .credential(id: credential, person: person)
  ) throws(Refusal) {
    let command = Command(
      actor: actor, receivedAt: 0, salt: [UInt8](repeating: 0, count: Bound.salt), action: action)
    try department.apply(command, at: Self.began + passed)
  }

  @Test func `say that one was missed before another took its place`() throws {
    var department = Department()
    try apply(
      .found(
        Founding(
          person: Self.person, name: "Ana", email: "ana@example.org",
          credential: Self.credential, tokenHash: [UInt8](repeating: 1, count: Bound.hash),
          team: Self.team)),
      to: &department, by: .system)
    try apply(
      .declare(Declaration(id: Self.incident, title: "x", choice: .level(.p2))), to: &department)
    for (level, passed) in [(Priority.p2, Span.minute), (.p1, 5 * Span.hour)] {
      let change = PriorityChange(choice: .level(level), confirm: true)
      try apply(
        .incident(Self.incident, .setPriority(change)), to: &department, after: passed)
    }
    let incident = try #require(department.incident(Self.incident))
    var json = JSONWriter()
    IncidentView(names: NameBook(department), now: Self.began + 5 * Span.hour)
      .writeSummary(incident, to: &json)
    let text = String(decoding: json.bytes, as: UTF8.self)
    let clocks = text.split(separator: #"{"name":""#).dropFirst().map { clock in
      let name = clock.prefix { $0 != "\"" }
      let state = clock.split(separator: #""state":""#).last?.prefix { $0 != "\"" } ?? ""
      return "\(name) \(state)" + (clock.contains(#""superseded":true"#) ? ", superseded" : "")
    }
    #expect(
      clocks.filter { $0.hasPrefix("resolution") } == [
        "resolution on time", "resolution missed, superseded",
      ])
  }
}
