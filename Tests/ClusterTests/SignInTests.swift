import EventLoop
import Glibc
import JSON
import TLS
import Testing
import muster

/// A person who signs in from the command line, at three processes.
@Suite("Signing in from the command line", .serialized)
struct SignInTests {
  private static let password = "orbit kettle saffron 9"
  private static let account = "ana@example.org"

  let cluster: RealCluster
  let home: String

  init() throws {
    cluster = try RealCluster()
    home = cluster.local.folder.path + "-home"
  }

  /// What a command says on both outputs, and how it ends.
  private struct Said {
    let code: Int32
    let text: String
  }

  /// Runs the program as whoever lives in the home folder, with `typed` as what comes by a pipe.
  private func run(_ words: String, typed: String = "") throws -> Said {
    let program = Files.folder(of: try Launcher.thisProgram()) + "/muster"
    let output = "\(home)/output"
    var script = "unset ${!MUSTER_*} XDG_CONFIG_HOME; export HOME='\(home)'; cd '\(home)'\n"
    script += "printf '%s\\n' '\(typed)' | '\(program)' \(words) >'\(output)' 2>&1\n"
    try Files.write(Array(script.utf8), to: "\(home)/script", mode: 0o600)
    let status = unsafe system("bash --norc '\(home)/script'")
    let said = try Files.read(output, atMost: 1 << 20)
    return Said(code: status >> 8 & 0xFF, text: String(decoding: said, as: UTF8.self))
  }

  /// Makes the person, with a password, and gives them their printed codes.
  private func makePerson() throws -> [String] {
    try cluster.waitForLevel(2, on: RealCluster.nodes)
    var admin = cluster.line(to: 1)
    let made = admin.post(
      "/v1/people", key: "ana", #"{"name":"Ana","email":"\#(Self.account)"}"#)
    #expect(made.status == 201)
    let issued = admin.post("/v1/people/\(Self.account)/tokens", key: "ana-token", "{}")
    let token = try #require(issued.json?["result"]?["token"]?.text)
    var own = Line(
      to: cluster.endpoint(of: 1), try TLSContext.client(authority: cluster.local.folder.authority),
      token: token)
    let chosen = own.post("/v1/me/password", key: "password", #"{"password":"\#(Self.password)"}"#)
    #expect(chosen.status == 200, "\(chosen)")
    let codes = own.post("/v1/me/codes", key: "codes", "{}").json?["result"]?["codes"]
    return codes?.elements.compactMap(\.text) ?? []
  }

  private var profile: String { "\(home)/.config/muster/live.json" }

  @Test func `keeps a session, says when it is over, and ends it`() throws {
    try Files.makeFolder(home, mode: 0o700)
    defer { unsafe system("rm -rf '\(home)'") }
    try cluster.told {
      let codes = try makePerson()
      #expect(codes.count == 10)
      let nodes = RealCluster.nodes.map { cluster.endpoint(of: $0).description }
      let place =
        "--endpoint \(nodes.joined(separator: ",")) --ca '\(cluster.local.folder.authority)'"

      // A wrong password is no session, and nothing is kept.
      let wrong = try run(
        "login \(place) --profile live --account \(Self.account)", typed: "a wrong guess at it")
      #expect(wrong.code == ExitCode.unauthorised.rawValue, "\(wrong.text)")
      #expect(!Files.exists(profile))

      let login = try run(
        "login \(place) --profile live --account \(Self.account)", typed: Self.password)
      #expect(login.code == 0 && login.text.hasPrefix("You are Ana."), "\(login.text)")
      #expect(login.text.contains("Your session ends at "))
      var state = stat()
      unsafe stat(profile, &state)
      #expect(state.st_mode & 0o777 == 0o600)
      let kept = String(decoding: try Files.read(profile, atMost: 1 << 14), as: UTF8.self)
      #expect(!kept.contains(Self.password) && kept.contains(#""session":""#))

      // It reads, writes, and follows.
      let declared = try run("incident declare --title Hello --plain --profile live")
      #expect(
        declared.code == 0 && declared.text.contains("result.reference\t"), "\(declared.text)")
      let list = try run("incident list --csv")
      #expect(list.code == 0 && list.text.contains("Hello"), "\(list.text)")

      // An administrator ends the sessions of a lost machine.
      var admin = cluster.line(to: 2)
      let removal = admin.post("/v1/people/\(Self.account)/sign-in/removal", key: "lost", "{}")
      #expect(removal.status == 200)
      let over = try run("incident list")
      #expect(over.code == ExitCode.unauthorised.rawValue)
      #expect(
        over.text == """
          muster: Your session with the profile live is over.
          Sign in again: muster login --profile live

          """)
    }
  }

  @Test func `takes a printed code once, and its session ends with muster logout`() throws {
    try Files.makeFolder(home, mode: 0o700)
    defer { unsafe system("rm -rf '\(home)'") }
    try cluster.told {
      let code = try #require(try makePerson().first)
      let place =
        "--endpoint \(cluster.endpoint(of: 3)) --ca '\(cluster.local.folder.authority)'"
      let login = try run(
        "login \(place) --profile live --account \(Self.account) --code", typed: code)
      #expect(login.code == 0, "\(login.text)")
      let kept = try Files.read(profile, atMost: 1 << 14)

      let logout = try run("logout")
      #expect(logout.text == "Your session with live is over.\n")
      let out = try run("incident list")
      #expect(
        out.text == "muster: You are signed out of live. Sign in: muster login --profile live\n")
      // Whoever has the secret has nothing any more.
      try Files.write(kept, to: profile, mode: 0o600)
      #expect(try run("incident list").code == ExitCode.unauthorised.rawValue)

      // To sign in again the profile is enough; a code is not, twice.
      let twice = try run("login --profile live --code", typed: code)
      #expect(twice.code == ExitCode.unauthorised.rawValue, "\(twice.text)")
      let again = try run("login --profile live", typed: Self.password)
      #expect(again.code == 0, "\(again.text)")
    }
  }
}
