import EventLoop
import Glibc
import HTTP
import Testing

@testable import muster

@Suite("Profiles")
struct ProfileTests {
  private static let live = Profile(
    endpoint: "n1.example:8441,n2.example:8441", authority: "/etc/muster/ca.crt", token: "a secret")

  private func withFolder(_ body: (ProfileFolder) throws -> Void) throws {
    let path = "/tmp/muster-profiles-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    defer {
      for name in (try? Files.list(path)) ?? [] { unsafe unlink("\(path)/\(name)") }
      unsafe rmdir(path)
    }
    try body(ProfileFolder(path: path))
  }

  private func mode(_ path: String) -> UInt32 {
    var state = stat()
    #expect(unsafe stat(path, &state) == 0)
    return state.st_mode & 0o777
  }

  @Test func `are kept in files that only their owner may read`() throws {
    try withFolder { folder in
      try folder.keep(Self.live, as: "live")
      #expect(try folder.profile("live") == Self.live)
      #expect(mode(try folder.file("live")) == 0o600)
      #expect(mode(folder.path) == 0o700)
    }
  }

  @Test func `are refused once others may read them, without a word of the token`() throws {
    try withFolder { folder in
      try folder.keep(Self.live, as: "live")
      let file = try folder.file("live")
      unsafe chmod(file, 0o640)
      let failure = #expect(throws: Failure.self) { _ = try folder.profile("live") }
      #expect(failure?.code == .usage)
      #expect(failure?.message.contains("chmod 600 \(file)") == true)
      #expect(failure?.message.contains("a secret") == false)
    }
  }

  @Test func `are listed, used and removed by name`() throws {
    try withFolder { folder in
      #expect(try folder.names() == [])
      try folder.keep(Self.live, as: "live")
      try folder.keep(Self.live, as: "drill")
      #expect(try folder.names() == ["drill", "live"])
      #expect(folder.current == nil)
      try folder.use("live")
      #expect(folder.current == "live")
      try folder.remove("live")
      #expect(folder.current == nil)
      #expect(try folder.names() == ["drill"])
      #expect(throws: Failure.self) { try folder.use("live") }
    }
  }

  @Test(arguments: ["", "../x", "a/b", "Live", "a.json", String(repeating: "a", count: 33)])
  func `have names that lead nowhere else`(name: String) {
    #expect(throws: Failure.self) { try ProfileFolder(path: "/tmp").file(name) }
  }

  @Test func `are used whole, and only where nothing else says which cluster is meant`() throws {
    func choice(
      _ option: String? = nil, others: [String] = [], variable: String? = nil,
      isElsewhere: Bool = false
    ) throws -> String? {
      try ProfileFolder.choice(
        option: option, others: others, variable: variable, isElsewhere: isElsewhere,
        current: "current")
    }
    #expect(try choice() == "current")
    #expect(try choice(isElsewhere: true) == nil)
    #expect(try choice(variable: "v", isElsewhere: true) == "v")
    #expect(try choice("o", variable: "v", isElsewhere: true) == "o")
    #expect(try choice(others: ["--endpoint"], variable: "v") == nil)
    #expect(throws: Failure.usage("A profile is used whole: leave out --endpoint.")) {
      try choice("o", others: ["--endpoint"])
    }
  }

  @Test func `keeps a session beside what it takes to sign in again`() throws {
    try withFolder { folder in
      var profile = Profile(endpoint: "n1.example:8441", authority: "/ca.crt", token: nil)
      profile.session = "secret"
      profile.sessionEnd = "2026-11-26T21:00:00Z"
      profile.account = "ana@example.org"
      profile.device = "mark"
      try folder.keep(profile, as: "live")
      let kept = try folder.profile("live")
      #expect(kept == profile)
      #expect(kept.credential == .session("secret"))
      var out = kept
      out.signOut()
      #expect(out.credential == nil && out.account == "ana@example.org")
      #expect(out.standing(named: "live") == nil)
    }
  }

  @Test func `shows each node a token in one field and a session in another`() {
    let kinds: [(Credential, String?, String?)] = [
      (.token("t"), "Bearer t", nil), (.session("s"), nil, "__Host-muster=s"),
      (.stranger(device: "d"), nil, "__Host-muster-device=d"), (.stranger(device: nil), nil, nil),
    ]
    for (credential, authorization, cookie) in kinds {
      var fields = Fields()
      credential.add(to: &fields)
      #expect(fields["Authorization"] == authorization)
      #expect(fields["Cookie"] == cookie)
    }
  }

  @Test func `says how to sign in again where the cluster does not know who asks`() {
    let problem = Array(
      #"{"type":"/problem/unauthenticated","title":"A valid token is needed"}"#.utf8)
    let failure = ProblemText.failure(401, problem, renewal: "Sign in again: muster login")
    #expect(failure == Failure(.unauthorised, "Sign in again: muster login", problem: problem))
  }
}
