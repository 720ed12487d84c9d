import JSON
import Testing

@testable import muster

@Suite("The start page")
struct HomeTests {
  /// An answer for each part: one list holds something.
  private func replies() throws -> [Reply] {
    let empty = #"{"items":[],"next":null}"#
    let broken = #"{"items":[{"by":{"name":"Ana"},"reason":"Nobody answers."}],"next":null}"#
    return try [empty, empty, empty, empty, empty, broken].map { text in
      Reply(bytes: Array(text.utf8), value: try JSONValue(parsing: Array(text.utf8)))
    }
  }

  @Test func `begins with what is most pressing, and says where there is nothing`() throws {
    let lines = HomeVerb.text(try replies()).split(separator: "\n")
    #expect(lines.first == "Pages that wait for your answer")
    #expect(lines.dropFirst().first == "No pages.")
    #expect(lines.contains("No incidents.") && lines.contains("Nothing is owed."))
    #expect(lines.last?.hasPrefix("Ana") == true)
    #expect(lines.last?.hasSuffix("Nobody answers.") == true)
  }

  @Test func `is one document for a program`() throws {
    let document = try JSONValue(parsing: Array(HomeVerb.document(try replies()).utf8))
    for name in ["pages", "incidents", "duties", "notices", "messages"] {
      #expect(document[name]?["items"]?.elements.isEmpty == true, "\(name)")
    }
    #expect(
      document["brokenGlass"]?["items"]?.elements.first?["by"]?["name"]?.text == "Ana")
  }
}
