import JSON
import Testing

@testable import muster

@Suite("What an import of the directory prints")
struct DirectoryTextTests {
  private func text(_ json: String) throws -> String {
    let bytes = Array(json.utf8)
    return DirectoryText.plan(Reply(bytes: bytes, value: try JSONValue(parsing: bytes)))
  }

  @Test func `is a table of what changes, and how much`() throws {
    let rows = """
      {"line":2,"action":"add","kind":"person","id":"P-1","name":"Al","changes":[]},
      {"line":3,"action":"change","kind":"service","id":"S-1","name":"Pay","changes":[
      {"field":"name","before":"Old","after":"Pay"},{"field":"owner","before":"P-2","after":null},
      {"field":"defaultPriority","before":null,"after":"P3"}]},
      {"line":null,"action":"remove","kind":"team","id":"T-1","name":"Ops","changes":[]}
      """
    #expect(
      try text(
        #"{"result":{"dryRun":true,"added":1,"changed":1,"removed":1,"rows":[\#(rows)]}}"#)
          == """
          LINE  ACTION  KIND     ID   NAME  WHAT CHANGES
          2     add     person   P-1  Al
          3     change  service  S-1  Pay   name: Old → Pay; owner: P-2 → nothing; defaultPriority: P3
          –     remove  team     T-1  Ops
          1 added, 1 changed, 1 removed: a dry run, nothing was done.

          """)
  }

  @Test func `says so when there is nothing to change`() throws {
    #expect(
      try text(#"{"result":{"added":0,"changed":0,"removed":0,"rows":[]}}"#)
        == "It is so already: nothing to change.\n")
  }

  @Test func `does not say of a repeat that nothing was done`() throws {
    #expect(
      try text(#"{"result":{"repeated":true,"added":0,"changed":0,"removed":0,"rows":[]}}"#)
        == "It was imported under this key before, and was done once.\n")
  }

  @Test func `names each mistake by its line`() throws {
    let problem = try JSONValue(
      parsing: Array(
        #"""
        {"title":"The directory was not imported","detail":"2 things in it are not right.",
        "mistakes":[{"line":3,"detail":"Give the name."},{"line":null,"detail":"Ops stays."}]}
        """#.utf8))
    #expect(
      ProblemText.sentences(problem, "The directory was not imported") == """
        The directory was not imported.
        2 things in it are not right.
        Line 3: Give the name.
        Not in the file: Ops stays.
        """)
  }
}
