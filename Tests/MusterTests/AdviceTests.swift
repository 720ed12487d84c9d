import EventLoop
import Glibc
import TestReceiver
import Testing

@testable import muster

/// Each error is had from the program as a person has it, and says what to do next.
@Suite("What to do next", .serialized)
struct AdviceTests {
  private struct Case {
    let name: String
    /// Behind `muster`, in a shell; $AT is a cluster that behaves as `behaviour` says.
    let line: String
    var behaviour: Receiver.Behaviour = .json("{}")
    let code: ExitCode
    let says: [String]
  }

  private static let token = "mst_" + String(repeating: "A", count: 43)
  private static let whole = "--endpoint $AT --ca $CA --token-file token"

  private static let cases = [
    Case(
      name: "an unknown command", line: "incidnt list", code: .usage,
      says: ["There is no command \"incidnt list\".", "Did you mean: muster incident list"]),
    Case(
      name: "an unknown command of a group", line: "incident vanish", code: .usage,
      says: ["Try: muster incident --help"]),
    Case(
      name: "an unknown command with arguments", line: "incident acknowlege INC-1", code: .usage,
      says: ["Did you mean: muster incident acknowledge INC-1"]),
    Case(
      name: "an unknown word", line: "xyzzy", code: .usage, says: ["Try: muster --help"]),
    Case(
      name: "a bad flag", line: "incident declare --titel x", code: .usage,
      says: ["Did you mean --title?", "Try: muster incident declare --help"]),
    Case(
      name: "a bad value", line: "incident list --timeout 7d \(whole)", code: .usage,
      says: ["--timeout is a whole number from 1 to 600", "Try: muster incident list --help"]),
    Case(
      name: "a bad time", line: "incident acknowledge INC-1 --happened-at +soon \(whole)",
      code: .usage, says: ["write 2026-", "Try: muster incident acknowledge --help"]),
    Case(
      name: "no token", line: "incident list --endpoint $AT --ca $CA", code: .unauthorised,
      says: ["Say who you are: muster login, --token-file FILE"]),
    Case(
      name: "no endpoint", line: "incident list --ca $CA --token-file token", code: .usage,
      says: ["Say where the nodes are: muster login, --endpoint"]),
    Case(
      name: "nobody to trust", line: "incident list --endpoint $AT --token-file token",
      code: .usage, says: ["Say whom to trust: muster login, --ca FILE"]),
    Case(
      name: "an endpoint without encryption",
      line: "incident list --endpoint http://a:1 --ca $CA --token-file token", code: .usage,
      says: ["an endpoint is HTTPS", "Try: muster incident list --help"]),
    Case(
      name: "no token file", line: "incident list --endpoint $AT --ca $CA --token-file none",
      code: .usage, says: ["Cannot open none", "--token-file or MUSTER_TOKEN_FILE", "muster login"]),
    Case(
      name: "a file that is no token",
      line: "incident list --endpoint $AT --ca $CA --token-file script", code: .usage,
      says: ["begins with mst_", "muster person token", "muster login --account"]),
    Case(
      name: "no authority's file",
      line: "incident list --endpoint $AT --ca none --token-file token", code: .usage,
      says: ["none", "Say another with --ca or MUSTER_CA", "muster authority init"]),
    Case(
      name: "another authority",
      line: "incident list --endpoint $AT --ca $OTHER --token-file token --timeout 60",
      code: .unavailable,
      says: [
        "from an authority not trusted here", "Look at --ca or MUSTER_CA", "the first attempt",
      ]),
    Case(
      name: "nobody there",
      line: "incident list --endpoint 127.0.0.1:1 --ca $CA --token-file token --timeout 1",
      code: .unavailable,
      says: ["nothing was done, after 1 s", "127.0.0.1:1: ", "Look at --endpoint"]),
    Case(
      name: "no leader", line: "incident list --timeout 3 \(whole)", behaviour: .status(503),
      code: .unavailable,
      says: ["there may be no leader", "muster cluster status --stale", "with --stale"]),
    Case(
      name: "a read without an answer", line: "incident list --timeout 3 \(whole)",
      behaviour: .hang, code: .unavailable,
      says: ["did not answer in time", "--timeout 60"]),
    Case(
      name: "an outcome that is not known",
      line: "incident agree INC-1 --key k1 --timeout 3 \(whole)",
      behaviour: .hang, code: .unknown,
      says: ["what became of it is not known", "Say the same again with --key k1"]),
    Case(
      name: "an answer that is none of a node's", line: "incident list \(whole)",
      behaviour: .status(200), code: .unknown, says: ["a proxy and no node: look at --endpoint"]),
    Case(
      name: "a refusal that is none of a node's", line: "incident list \(whole)",
      behaviour: .status(407), code: .refused, says: ["HTTP status 407", "look at --endpoint"]),
    Case(
      name: "a token that is not known", line: "incident list \(whole)",
      behaviour: .status(401), code: .unauthorised, says: ["look at --endpoint"]),
    Case(
      name: "a profile that there is not", line: "incident list --profile live", code: .usage,
      says: ["muster login --profile live"]),
    Case(
      name: "no profile in use", line: "logout", code: .usage, says: ["muster profile list"]),
    Case(
      name: "nothing typed",
      line: "login --endpoint $AT --ca $CA --account ana@example.org </dev/null", code: .usage,
      says: ["Nothing was typed", "Try: muster login --help"]),
    Case(
      name: "no consent", line: "webhook remove w \(whole) </dev/null", code: .refused,
      says: ["Nothing was changed. To do it, add --yes."]),
    Case(
      name: "no consent to wake people",
      line: "incident escalate INC-1 --reason x \(whole) </dev/null", code: .refused,
      says: ["Senior management is woken now for INC-1.", "To do it, add --yes."]),
    Case(
      name: "no consent to show it to all",
      line: "incident sight INC-1 widen --reason x \(whole) </dev/null",
      code: .refused, says: ["Everybody who signs in may read INC-1", "add --yes."]),
    Case(
      name: "no consent to publish", line: "incident face-approve INC-1 2 \(whole) </dev/null",
      code: .refused, says: ["Everybody who signs in reads text 2 of INC-1 at once.", "add --yes."]),
    Case(
      name: "several, of which one is not known",
      line: "incident assign INC-1 INC-2 --line third --key k7 \(whole)",
      behaviour: .json(
        #"{"result":{"items":[{"incident":"INC-1","outcome":"unknown","problem":{"detail":"x"}}]}}"#
      ),
      code: .unknown, says: ["Say the same again with --key k7"]),
    Case(
      name: "a resolution with a child that stays",
      line: "incident resolve INC-1 --fix x --resolve-children \(whole)",
      behaviour: .json(
        #"{"result":{"reference":"7K3QX9M2TD","children":[{"reference":"INC-B","resolved":false,"detail":"No."}]}}"#
      ),
      code: .refused, says: ["INC-7K3QX-9M2TD resolved.", "INC-B not resolved: No."]),
    Case(
      name: "a token in the command line", line: "cluster join --token x --folder y", code: .usage,
      says: ["There is no option --token. Known are --token-file"]),
    Case(
      name: "no token typed", line: "cluster join --token-file - --folder y </dev/null",
      code: .usage, says: ["Nothing was typed"]),
    Case(
      name: "a file that is there", line: "audit export --to token \(whole)", code: .refused,
      says: ["Name another file"]),
    Case(
      name: "two forms", line: "incident list --json --csv \(whole)", code: .usage,
      says: ["leave all but one out", "Try: muster incident list --help"]),
    Case(
      name: "a stream that nobody gives", line: "watch --timeout 1 \(whole)",
      behaviour: .status(503), code: .unavailable, says: ["muster cluster status --stale"]),
  ]

  @Test func `is said by each error`() throws {
    let receiver = try Receiver()
    let other = try Receiver()
    defer {
      receiver.close()
      other.close()
    }
    let folder = "/tmp/muster-advice-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    try Files.makeFolder(folder, mode: 0o700)
    defer { unsafe system("rm -rf '\(folder)'") }
    try Files.write(Array("\(Self.token)\n".utf8), to: "\(folder)/token", mode: 0o600)
    let program = Files.folder(of: try Launcher.thisProgram()) + "/muster"
    let endpoint = receiver.address.split(separator: "/")[1]
    for each in Self.cases {
      receiver.behave { _ in each.behaviour }
      let script = """
        unset ${!MUSTER_*} XDG_CONFIG_HOME; export HOME='\(folder)'; cd '\(folder)'
        AT='\(endpoint)' CA='\(receiver.authority)' OTHER='\(other.authority)'
        '\(program)' \(each.line) >output 2>said
        """
      try Files.write(Array(script.utf8), to: "\(folder)/script", mode: 0o600)
      let began = Clock.monotonic()
      let status = unsafe system("bash --norc '\(folder)/script'")
      let said = try Files.read("\(folder)/said", atMost: 1 << 16)
      let text = String(decoding: said, as: UTF8.self)
      #expect(status >> 8 == each.code.rawValue, "\(each.name): \(text)")
      for words in each.says { #expect(text.contains(words), "\(each.name): \(text)") }
      #expect(Clock.monotonic() - began < Duration.seconds(30).nanoseconds, "\(each.name)")
    }
  }

  @Test(arguments: [
    ("lst", "list"), ("lsit", "list"), ("incidents", "incident"), ("titel", "title"),
    ("lists", "list"),
  ])
  func `names the word that is most alike`(typed: String, meant: String) {
    let words = ["show", "list", "incident", "title", "counts"]
    #expect(Likeness.nearest(to: typed, among: words) == meant)
  }

  @Test(arguments: ["", "x", "vanish", "tilt"])
  func `names none that is not alike`(typed: String) {
    #expect(Likeness.nearest(to: typed, among: ["show", "list", "incident", "title"]) == nil)
  }
}
