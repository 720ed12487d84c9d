import Access
import Bytes
import EventLoop
import Glibc
import Incidents
import Testing

/// The examples of the page "Sign a webhook", run as they stand there.
@Suite("The page \u{201C}Sign a webhook\u{201D}")
struct SignatureExampleTests {
  private static let page =
    "/" + "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")
    + "/Sources/Notifier/Notifier.docc/Sign-a-webhook.md"
  private static let secret = WebhookSecret(
    of: ID(high: 1, low: 2), generation: 1, from: [UInt8](repeating: 7, count: 32))
  private static let body = #"{"id":"1","text":"Nobody can pay \u2013 at all"}"#
  private static let time: Int64 = 1_795_424_400

  private static func has(_ program: String) -> Bool {
    unsafe system("command -v \(program) >/dev/null 2>&1") == 0
  }

  /// The first block of code in a language.
  private static func example(_ language: String) throws -> String {
    let text = String(decoding: try Files.read(page, atMost: 1 << 16), as: UTF8.self)
    let parts = text.split(separator: "```\(language)\n", maxSplits: 1)
    return String(try #require(parts.last).split(separator: "```", maxSplits: 1)[0])
  }

  /// What a program prints, in a folder that has the body in it.
  private static func run(_ script: String, with program: String) throws -> String {
    let folder = "/tmp/muster-example-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    try Files.makeFolder(folder, mode: 0o700)
    defer {
      for name in ["body", "script", "out"] { unsafe unlink("\(folder)/\(name)") }
      unsafe rmdir(folder)
    }
    try Files.write(Array(body.utf8), to: "\(folder)/body", mode: 0o600)
    try Files.write(Array(script.utf8), to: "\(folder)/script", mode: 0o600)
    let code = unsafe system("cd '\(folder)' && \(program) script > out 2>&1")
    let out = String(
      decoding: try Files.read("\(folder)/out", atMost: 1 << 16), as: UTF8.self)
    #expect(code == 0, "\(out)")
    return out
  }

  @Test(.enabled(if: has("openssl")))
  func `gives the code by hand`() throws {
    let script = "timestamp=\(Self.time)\nsecret=\(Self.secret.spelling)\n"
    let out = try Self.run(script + Self.example("sh"), with: "sh")
    #expect(out.hasPrefix(Self.secret.code(at: Self.time, of: Array(Self.body.utf8))))
  }

  @Test(.enabled(if: has("python3")))
  func `tells what is genuine from what is not`() throws {
    let code = Self.secret.code(at: Self.time, of: Array(Self.body.utf8))
    let check = """

      body = open("body", "rb").read()
      secret, time, code = "\(Self.secret.spelling)", "\(Self.time)", "v1=\(code)"
      print(
          is_genuine(secret, time, code, body, \(Self.time) + 10),
          is_genuine(secret, time, "v1=00," + code, body, \(Self.time)),
          is_genuine(secret, time, code, body + b" ", \(Self.time)),
          is_genuine(secret + "x", time, code, body, \(Self.time)),
          is_genuine(secret, str(\(Self.time) + 1), code, body, \(Self.time)),
          is_genuine(secret, time, code, body, \(Self.time) + 301),
          is_genuine(secret, "x", code, body, \(Self.time)),
          is_genuine(secret, time, "", body, \(Self.time)),
      )

      """
    let out = try Self.run(try Self.example("python") + check, with: "python3")
    #expect(out == "True True" + String(repeating: " False", count: 6) + "\n")
  }

  @Test func `shows the reference that an incident of this id has`() throws {
    // The first is that of what is told, the second that of its incident.
    let example = try Self.example("json")
    let ids = example.split(separator: #""id": ""#).dropFirst().map { String($0.prefix(36)) }
    let id = try #require(ids.dropFirst().first.flatMap { ID($0) })
    let reference = Reference(id).text
    #expect(example.contains(#""reference": "\#(reference)""#))
    #expect(example.contains("this page of \(reference) ("))
  }

  @Test func `has secrets that differ by webhook, generation and cluster, and never show`() {
    let (one, other) = (ID(high: 1, low: 2), ID(high: 1, low: 3))
    let key = [UInt8](repeating: 7, count: 32)
    let all = [
      WebhookSecret(of: one, generation: 1, from: key),
      WebhookSecret(of: other, generation: 1, from: key),
      WebhookSecret(of: one, generation: 2, from: key),
      WebhookSecret(of: one, generation: 1, from: [UInt8](repeating: 8, count: 32)),
    ]
    #expect(Set(all.map(\.spelling)).count == all.count)
    #expect(all.allSatisfy { $0.spelling.utf8.count == 47 })
    #expect("\(all[0])" == "msw_…" && Mirror(reflecting: all[0]).children.isEmpty)
  }
}
