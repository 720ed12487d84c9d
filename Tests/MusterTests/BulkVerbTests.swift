import JSON
import Testing

@testable import muster

@Suite("Several incidents in one command")
struct BulkVerbTests {
  private func invocation(_ line: String) throws -> Invocation {
    guard
      case .run(_, let invocation) = try Muster.table.request(
        line.split(separator: " ").map(String.init))
    else { throw Failure(.usage, "That asked for help.") }
    return invocation
  }

  @Test func `are named one behind the other, options in between`() throws {
    let several = try invocation("incident assign INC-1 --line third INC-2 INC-3")
    #expect(several.all("INCIDENT") == ["INC-1", "INC-2", "INC-3"])
    #expect(several["line"] == "third")
    #expect(try invocation("incident acknowledge INC-1").all("INCIDENT") == ["INC-1"])
    #expect(throws: Failure.self) { try invocation("incident assign --line third") }
    // Where one is meant, a second is still one too many.
    let tooMany = #expect(throws: Failure.self) { try invocation("incident show INC-1 INC-2") }
    #expect(tooMany?.message.hasPrefix("\"INC-2\" is one too many.") == true)
  }

  @Test func `are told of one by one`() throws {
    let items = try JSONValue(
      parsing: Array(
        #"""
        [{"incident":"INC-A","outcome":"done","result":{"reference":"7K3QX9M2TD","version":2}},
         {"incident":"INC-B","outcome":"skipped","problem":{"detail":"It is a P1."}}]
        """#.utf8)
    ).elements
    #expect(
      IncidentBulkVerbs.text(of: items, "acknowledged") == """
        INC-7K3QX-9M2TD is acknowledged.
        INC-B is not acknowledged (skipped): It is a P1.

        """)
  }

  @Test func `name the key with which what is not known is asked again`() throws {
    func failure(_ outcome: String) throws -> Failure? {
      let body = Array(
        #"{"result":{"items":[{"incident":"INC-B","outcome":"\#(outcome)","problem":{"detail":"Why."}}]}}"#
          .utf8)
      let reply = Reply(bytes: body, value: try JSONValue(parsing: body))
      return #expect(throws: Failure.self) {
        try IncidentBulkVerbs.printed(reply, "assigned", key: "k-1")
      }
    }
    let unknown = try failure("unknown")
    #expect(unknown?.code == .unknown)
    #expect(
      unknown?.message == """
        INC-B is not assigned (unknown): Why.
        Of some it is not known. Say the same again with --key k-1: each is then done once.
        """)
    #expect(try failure("refused")?.message == "INC-B is not assigned (refused): Why.")
  }

  @Test func `end as the worst of them`() {
    #expect(IncidentBulkVerbs.code(of: ["done", "done"]) == nil)
    #expect(IncidentBulkVerbs.code(of: ["done", "skipped"]) == .refused)
    #expect(IncidentBulkVerbs.code(of: ["refused", "unknown", "done"]) == .unknown)
  }
}
