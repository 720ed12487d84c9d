import TLS
import Testing

@testable import muster

@Suite("The command line")
struct CommandLineTests {
  private func request(_ line: String) throws(Failure) -> CommandTable.Request {
    try Muster.table.request(line.split(separator: " ").map(String.init))
  }

  private func invocation(_ line: String) throws -> Invocation {
    guard case .run(_, let invocation) = try request(line) else {
      throw Failure(.usage, "That asked for help.")
    }
    return invocation
  }

  @Test func `has every command that was promised`() {
    let all = Set(Muster.table.verbs.map { $0.words.joined(separator: " ") })
    let promised = [
      "node", "authority init", "authority issue", "token new", "local up", "local status",
      "local down", "local kill", "local start", "local wipe",
      "incident declare", "incident list", "incident show", "incident acknowledge",
      "incident priority", "incident role", "incident note", "incident update",
      "incident resolve", "incident review", "incident close", "incident report", "oncall",
      "incident ticket", "incident flag", "incident flag-report", "incident flag-clear",
      "incident duplicate", "incident reopen", "incident cancel", "incident hand-over",
      "service list", "service show", "service ingest-key", "service ingest-keys", "team list",
      "team show", "team member", "person list",
      "directory export", "directory import",
      "person show", "person token", "person tokens", "person revoke", "cluster status",
      "duty mine", "page list", "page answer", "incident assess", "incident review-date",
      "incident action-done", "incident escalate", "cluster add", "cluster replace",
      "cluster remove", "cluster join", "cluster tokens", "completions", "login", "logout",
      "profile list", "profile use", "profile remove",
    ]
    #expect(Set(promised).subtracting(all) == [])
    #expect(all.count == Muster.table.verbs.count)
  }

  @Test func `has a page of help for each, no wider than a terminal`() throws {
    for verb in Muster.table.verbs {
      for line in [verb.words + ["--help"], ["help"] + verb.words] {
        guard case .help(let page) = try Muster.table.request(line) else {
          Issue.record("\(line) is no help")
          continue
        }
        #expect(page.hasPrefix("usage: muster \(verb.words.joined(separator: " "))"))
        #expect(page.split(separator: "\n").allSatisfy { $0.count <= 80 || $0.hasPrefix("usage") })
        for option in verb.options { #expect(page.contains("--\(option.name)")) }
        for argument in verb.arguments { #expect(page.contains(argument.name)) }
      }
    }
    guard case .help(let page) = try request("") else { return }
    for code in ExitCode.allCases { #expect(page.contains(code.meaning.prefix(20))) }
  }

  @Test(arguments: [
    ("nonsense", "There is no command \"nonsense\""),
    ("incident vanish", "There is no command \"incident vanish\""),
    ("incident show", "is missing"), ("incident show a b", "\"b\" is one too many."),
    ("incident declare", "--title is missing"), ("incident declare --title", "needs a value"),
    ("incident declare --titel x", "There is no option --titel. Did you mean --title?"),
    ("incident declare --xyzzyx x", "There is no option --xyzzyx. Known are --title"),
    ("incident declare --title x --title y", "--title is given twice."),
    ("incident declare --title x --priority P7", "is one of P1, P2, P3, P4, P5, P6, not \"P7\""),
    ("incident role INC-1 grab lead", "ACTION is one of give, accept, decline, take, leave, not"),
    ("incident hand-over INC-1 fourth", "LINE is one of first, second, third, not \"fourth\"."),
    ("completions tcsh", "SHELL is one of bash, zsh, fish"),
    ("incident list --json=yes", "--json takes no value."),
    ("incident show INC-1 --csv", "There is no option --csv."),
    ("authority init", "--folder is missing"),
    ("authority issue --folder a --cluster b --node 1", "--to is missing"),
    ("token new x", "is one too many"),
    ("incident ticket INC-1", "REFERENCE is missing"), ("incident flag INC-1", "FLAG is missing"),
    ("incident flag-report INC-1 data", "--by is missing"),
    ("incident flag-clear INC-1 data", "--reason is missing"),
    ("incident duplicate INC-1", "OTHER is missing"),
    ("incident reopen INC-1", "--reason is missing"),
    ("incident cancel INC-1", "--reason is missing"),
    ("incident hand-over INC-1", "LINE is missing"), ("service show", "is missing"),
    ("service ingest-key", "SERVICE is missing"), ("team show", "TEAM is missing"),
    ("person show", "PERSON is missing"),
    ("cluster add 4 --peer a:1", "--client is missing"),
    ("cluster join --token-file x", "--folder is missing"),
    // What stands in a command line stands in the list of processes.
    ("cluster join --token x --folder y", "There is no option --token. Known are --token-file"),
    ("person tokens", "PERSON is missing"), ("person revoke", "TOKEN-ID is missing"),
  ])
  func `says what is wrong and what to try`(line: String, expected: String) {
    let failure = #expect(throws: Failure.self) { try request(line) }
    #expect(failure?.code == .usage)
    #expect(failure?.message.contains(expected) == true)
    #expect(failure?.message.contains("Try: muster") == true)
  }

  @Test func `takes options in either spelling, and anything behind two dashes`() throws {
    let line = try invocation("incident declare --title=a --service b")
    #expect(line["title"] == "a")
    #expect(line["service"] == "b")
    #expect(!line.flag("json"))
    let words = ["incident", "show", "--", "--json"]
    guard case .run(_, let shown) = try Muster.table.request(words) else { return }
    #expect(!shown.flag("json"))
  }
}

@Suite("What a terminal shows")
struct TerminalTests {
  @Test func `cannot be steered by what others wrote`() {
    let hostile = "a\u{1B}]0;owned\u{7}\u{9B}31mb\r\nc\td\u{0}"
    #expect(Terminal.harmless(hostile) == "a]0;owned31mb\nc d")
    #expect(Terminal.harmless(hostile, keepingLines: false) == "a]0;owned31mb c d")
  }

  @Test func `is not reordered by what others wrote`() {
    let hostile = "a\u{202E}b\u{2066}c\u{2069}d\u{200F}e\u{FEFF}f\u{2028}g\u{061C}h"
    #expect(Terminal.harmless(hostile) == "abcdefgh")
    #expect(Terminal.harmless("नि\u{200D}न") == "नि\u{200D}न")
  }

  @Test func `is one problem for a program, whoever refused`() {
    let told = Failure(.refused, "No.", problem: Array(#"{"title":"No"}"#.utf8))
    #expect(ProblemText.document(told) == Array(#"{"title":"No"}"#.utf8))
    let own = String(
      decoding: ProblemText.document(Failure(.unavailable, "Nobody.")), as: UTF8.self)
    #expect(own.hasPrefix(#"{"type":"/problem/command-unavailable","title":"no node could"#))
    #expect(own.hasSuffix(#""detail":"Nobody."}"#))
  }

  @Test func `is a table with aligned columns`() {
    var table = TextTable("NAME", "WHAT")
    #expect(table.text(orElse: "Nothing.") == "Nothing.\n")
    table.add("a\u{1B}[2J", "x")
    table.add("longer", "")
    #expect(table.text(orElse: "") == "NAME    WHAT\na[2J    x\nlonger\n")
    var wide = TextTable("A")
    wide.add(String(repeating: "é", count: 100))
    let whole = String(repeating: "é", count: 100)
    #expect(wide.text(orElse: "", isCut: true).contains(whole.prefix(59) + "…\n"))
    #expect(wide.text(orElse: "", isCut: false) == "A\n\(whole)\n")
  }
}

@Suite("A list of endpoints")
struct EndpointListTests {
  @Test(arguments: [
    ("127.0.0.1:8441", "127.0.0.1:8441"), ("https://n1.example:8441/", "n1.example:8441"),
    (" n1:1 , n2:2 ", "n1:1|n2:2"), ("[::1]:8441", "[::1]:8441"),
  ])
  func `is read`(text: String, expected: String) throws {
    let found = try EndpointList.parse(text)
    #expect(found.map(\.description).joined(separator: "|") == expected)
  }

  @Test(arguments: ["", "n1", "n1:", "n1:0", "n1:99999", "http://n1:8441", "n1:1,", "n1:1/x"])
  func `is refused`(text: String) {
    let failure = #expect(throws: Failure.self) { try EndpointList.parse(text) }
    #expect(failure?.code == .usage)
  }
}
