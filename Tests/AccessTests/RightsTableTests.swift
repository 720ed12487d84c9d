import Access
import EventLoop
import Incidents
import Testing

@Suite("The table of rights")
struct RightsTableTests {
  private func page() throws -> String {
    let root = "/" + "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")
    let bytes = try Files.read("\(root)/Sources/Access/Access.docc/Rights.md", atMost: 1 << 20)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func error(_ page: String) -> RightsTableError? {
    do throws(RightsTableError) {
      _ = try RightsTable(markdown: page)
      return nil
    } catch {
      return error
    }
  }

  @Test func `is compiled in as the documentation has it`() throws {
    let table = try RightsTable(markdown: page())
    for right in Right.allCases {
      for holder in Holder.allCases {
        #expect(table[right, holder] == RightsTable.standard[right, holder], "\(right), \(holder)")
      }
    }
    #expect(table == .standard)
  }

  @Test func `is whole in the documentation: every right has a row, every holder a column`() throws
  {
    let page = try page()
    for right in Right.allCases { #expect(page.contains("\n| \(right.rawValue) |")) }
    for holder in Holder.allCases { #expect(page.contains("| \(holder.rawValue) |")) }
    for limit in Allowance.Limit.allCases { #expect(page.contains("| \(limit.rawValue) |")) }
  }

  @Test func `denies what it does not say`() throws {
    let table = try RightsTable(
      markdown: "| | lead | auditor |\n|---|---|---|\n| send updates | yes | |")
    var expected = RightsTable()
    expected[.sendUpdates, .lead] = .granted
    #expect(table == expected)
    #expect(table[.sendUpdates, .commsLead] == .denied)
    #expect(table[.review, .lead] == .denied)
    #expect(RightsTable().holders(of: .contribute) == [])
  }

  @Test(arguments: [
    ("", RightsTableError.noTable), ("| a | lead |\n|---|---|", .noTable),
    ("| | lead |\n\n|---|---|", .noTable), ("| | lead |\n|---|", .noTable),
    ("| | boss |\n|---|---|", .badColumn("boss")),
    ("| | lead | lead |\n|---|---|---|", .badColumn("lead")),
    ("| | lead |\n|---|---|\n| fly | yes |", .badRow("fly")),
    (
      "| | lead |\n|---|---|\n| send updates | yes |\n| send updates | – |", .badRow("send updates")
    ),
    (
      "| | lead |\n|---|---|\n| send updates |",
      .cellCount(row: "send updates", found: 1, expected: 2)
    ),
    (
      "| | lead |\n|---|---|\n| send updates | perhaps |",
      .badCell(row: "send updates", words: "perhaps")
    ),
  ])
  func `is not guessed at`(page: String, expected: RightsTableError) {
    #expect(error(page) == expected)
  }

  /// Where an action stands for a whole row. The line that owns an incident is no column: it is what
  /// the rows' 1st line or responders are to an incident that was handed to them.
  @Test(arguments: [
    (IncidentAction.Kind.handOver, Right.acknowledge), (.setPriority, .confirmPriority),
    (.review, .review), (.clearFlag, .clearFlag),
  ])
  func `is what the decisions about incidents go by`(kind: IncidentAction.Kind, right: Right) {
    #expect(
      kind.allowed.subtracting(.owning) == RightsTable.standard.standing(for: right))
  }
}
