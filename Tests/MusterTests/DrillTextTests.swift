import JSON
import Testing

@testable import muster

/// What a terminal shows of an exercise.
@Suite("The text of an exercise")
struct DrillTextTests {
  @Test func `begins with what it is, in every list`() throws {
    let drill = #"{"reference":"INC-AAAAA-BBBBB","title":"Nobody can pay","exercise":true}"#
    let real = #"{"reference":"INC-AAAAA-CCCCC","title":"Nobody can pay","exercise":false}"#
    func reply(_ items: [String]) throws -> Reply {
      let text = #"{"items":[\#(items.joined(separator: ","))],"next":null}"#
      return Reply(bytes: Array(text.utf8), value: try JSONValue(parsing: Array(text.utf8)))
    }
    let incidents = try reply([drill, real])
    let about = try reply([drill, real].map { #"{"text":"Say it.","incident":\#($0)}"# })
    for (text, what) in [
      (IncidentText.table(incidents), "Nobody can pay"),
      (IncidentText.backlog(incidents), "Nobody can pay"),
      (DutyVerbs.text(ofPages: about), "Nobody can pay"),
      (DutyVerbs.text(ofDuties: about), "Say it."),
    ] {
      let lines = text.split(separator: "\n").dropFirst()
      #expect(lines.first?.contains("EXERCISE: \(what)") == true, "\(text)")
      #expect(lines.last?.contains("EXERCISE") == false, "\(text)")
    }
    let page = IncidentText.page(try JSONValue(parsing: Array(drill.utf8)))
    #expect(page.contains("EXERCISE: Nobody can pay"))
  }
}
