import JSON
import Testing

@testable import muster

@Suite("What a command prints")
struct FormTests {
  private static let answer = """
    {"items":[{"id":"a","service":{"key":"pay","name":"=Pay"},"tags":["x","y"],"held":true,"lead":null,
    "note":"one\\ntwo\\tthree \\\\ four","roles":[{"role":"lead","person":{"name":"Ana"}}]},
    {"id":"b","rank":7,"note":"\\u001b[31mred, \\"quoted\\""}],"next":"c1","whole":false}
    """

  private func answer(_ text: String = Self.answer) throws -> JSONValue {
    try JSONValue(parsing: Array(text.utf8))
  }

  @Test func `is a fact per line, and a paragraph for each element of a list`() throws {
    #expect(
      PlainText.facts(ofList: "items", in: try answer()) == """
        id\ta
        service.key\tpay
        service.name\t=Pay
        tags\tx
        tags\ty
        held\ttrue
        lead\t
        note\tone\\ntwo\\tthree \\\\ four
        roles.1.role\tlead
        roles.1.person.name\tAna

        id\tb
        rank\t7
        note\t[31mred, "quoted"

        next\tc1
        whole\tfalse

        """)
  }

  @Test func `is facts of one thing, and nothing of an empty list`() throws {
    #expect(
      PlainText.facts(["a": ["b": 1], "list": [2, 3], "none": []]) == "a.b\t1\nlist\t2\nlist\t3\n")
    #expect(PlainText.facts(ofList: "items", in: ["items": []]) == "")
    #expect(
      PlainText.facts(ofList: "items", in: ["items": ["x", "y"]]) == "items\tx\n\nitems\ty\n")
    #expect(
      PlainText.facts(ofList: "items", in: ["service": ["key": "pay"]]) == "service.key\tpay\n")
  }

  @Test func `is rows of one width for a spreadsheet, none of whose fields is a formula`() throws {
    let rows = [
      "id,service.key,service.name,tags,held,lead,note,roles,rank",
      "a,pay,'=Pay,x; y,true,,\"one\ntwo three \\ four\","
        + "\"[{\"\"role\"\":\"\"lead\"\",\"\"person\"\":{\"\"name\"\":\"\"Ana\"\"}}]\",",
      "b,,,,,,\"[31mred, \"\"quoted\"\"\",,7",
    ]
    #expect(
      SheetText.rows(ofList: "items", in: try answer()) == rows.map { $0 + "\r\n" }.joined())
    #expect(SheetText.rows(ofList: "items", in: ["items": []]) == "")
    #expect(
      SheetText.rows(ofList: "items", in: ["items": [["lead": nil], ["lead": ["name": "Ana"]]]])
        == "lead.name\r\n\r\nAna\r\n")
    #expect(
      SheetText.rows(ofList: "items", in: ["service": ["key": "-1"]]) == "service.key\r\n'-1\r\n")
  }

  @Test func `is in one form`() throws {
    let verb = try #require(Muster.table.verbs.first { $0.words == ["incident", "list"] })
    #expect(try Form(Invocation(verb, [])) == .words)
    for form in Form.allCases where form != .words {
      #expect(try Form(Invocation(verb, ["--\(form.rawValue)"])) == form)
    }
    #expect(
      throws: Failure.usage(
        "--json and --plain are forms of one answer: leave all but one out.")
    ) { try Form(Invocation(verb, ["--plain", "--json"])) }
  }

  @Test func `has no colour and no character that steers a terminal, in any form`() throws {
    for form in Form.allCases {
      let text = Output.list(of: "items").text(
        of: try answer(), words: "", as: form)
      #expect(!text.unicodeScalars.contains("\u{1B}"), "\(form)")
    }
  }

  /// What says what it did on this machine, and asks no cluster.
  private static let deeds: Set = [
    "node", "authority issue", "cluster recover", "cluster join", "local up", "local down",
    "local kill", "local start", "local join", "local leave", "local wipe", "local healthy",
    "local start-node", "login", "logout", "profile use", "profile remove",
  ]

  /// What prints a text of a form of its own.
  private static let texts: Set = [
    "directory export", "service reporting-paragraph", "api description", "api metrics",
    "api get", "completions", "local leader", "local pids",
  ]

  @Test func `can be had in each form that fits, from every command`() {
    var deeds: Set<String> = []
    var texts: Set<String> = []
    for verb in Muster.table.verbs {
      let command = verb.words.joined(separator: " ")
      let taken = Form.allCases.filter { form in
        verb.options.contains { $0.name == form.rawValue && $0.value == nil }
      }
      switch verb.prints {
      case .list: #expect(taken == [.json, .csv, .plain], "\(command)")
      case .thing: #expect(taken == [.json, .plain], "\(command)")
      case .text: texts.insert(command)
      case .deed:
        deeds.insert(command)
        #expect(taken == [], "\(command)")
      }
    }
    #expect(deeds == Self.deeds)
    #expect(texts == Self.texts)
  }

  @Test func `is a list wherever it can be had in pieces`() {
    for verb in Muster.table.verbs where verb.options.contains(where: { $0.name == "after" }) {
      let command = verb.words.joined(separator: " ")
      guard command != "watch" else { continue }
      #expect(verb.prints == .list(of: "items"), "\(command)")
    }
  }
}
