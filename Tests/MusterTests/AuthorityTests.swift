import EventLoop
import Glibc
import Setup
import TLS
import Testing

@testable import muster

/// A folder for one test, with what a node's keeper makes in it.
private struct Desk: ~Copyable {
  let folder: String
  let cluster = "01a20e6c-edc7-7770-be3d-933d70c105e5"

  init() throws {
    var name = Array("/tmp/muster-authority-XXXXXX".utf8CString)
    try #require(unsafe mkdtemp(&name) != nil, "No folder could be made.")
    folder = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    // /tmp is cleaned anyway.
    for name in (try? Files.list(folder)) ?? [] { unsafe unlink("\(folder)/\(name)") }
    unsafe rmdir(folder)
  }

  @discardableResult
  func run(_ line: String) throws(Failure) -> ExitCode {
    let words = line.split(separator: " ").map(String.init) + ["--folder", folder]
    guard case .run(let verb, let invocation) = try Muster.table.request(words) else {
      throw .usage("That asked for help.")
    }
    return try verb.run(invocation)
  }

  func issue(_ node: Int, more: String = "") throws(Failure) {
    try run(
      "authority issue --cluster \(cluster) --node \(node) --dns n1.example --address 127.0.0.1"
        + " --to \(folder)" + more)
  }

  /// The configuration of node 1 with the papers of this folder.
  func file() throws -> NodeFile {
    let text = """
      {
        "cluster": "01a20e6c-edc7-7770-be3d-933d70c105e5", "node": 1, "name": "n1", "dataFolder": "data",
        "client": {
          "listen": "127.0.0.1:8441", "certificate": "\(folder)/client.crt", "key": "\(folder)/client.key" },
        "peer": {
          "listen": "127.0.0.1:8451", "certificate": "\(folder)/peer.crt", "key": "\(folder)/peer.key",
          "authority": "\(folder)/ca.crt" },
        "members": [{ "node": 1, "peer": "n1:8451", "client": "https://n1:8441" }]
      }
      """
    return try NodeFile(Array(text.utf8)) { _ in nil }
  }

  func mode(of name: String) -> UInt32 {
    var facts = stat()
    unsafe stat("\(folder)/\(name)", &facts)
    return facts.st_mode & 0o777
  }
}

@Suite("The authority of a cluster")
struct AuthorityTests {
  @Test func `issues what a node can start with, and keeps keys to their owner`() throws {
    let desk = try Desk()
    try desk.run("authority init")
    try desk.issue(1, more: " --replace")
    let file = try desk.file()
    try file.checkPapers()
    let now = Clock.now()
    #expect(file.papersToRenew(at: now) == [])
    let later = file.papersToRenew(at: now + 340 * 86_400_000)
    #expect(later.map { $0.prefix(18) } == ["client.certificate", "peer.certificate /"])
    #expect(later.allSatisfy { $0.contains("runs out in 24 days") })
    #expect(
      file.papersToRenew(at: now + 400 * 86_400_000).allSatisfy { $0.contains("has run out") })
    for name in ["ca.key", "peer.key", "client.key"] { #expect(desk.mode(of: name) == 0o600) }
  }

  @Test func `writes over nothing unless it is told to`() throws {
    let desk = try Desk()
    try desk.run("authority init")
    #expect(throws: Failure.self) { try desk.run("authority init") }
    // The authority's own certificate lies where a node's copy would.
    #expect(throws: Failure.self) { try desk.issue(1) }
    try desk.issue(1, more: " --replace")
  }

  @Test func `is told apart by a check: which key of the configuration is wrong`() throws {
    let desk = try Desk()
    try desk.run("authority init")
    try desk.issue(2, more: " --replace")
    func complaint() throws -> String {
      let file = try desk.file()
      let failure = #expect(throws: Failure.self) { try file.checkPapers() }
      return failure?.message ?? ""
    }
    #expect(try complaint().hasPrefix("\"peer.certificate\": "))
    #expect(try complaint().contains("/node/1 and names muster://\(desk.cluster)/node/2."))
    try Files.write(Array("no key".utf8), to: "\(desk.folder)/peer.key", mode: 0o600)
    #expect(try complaint().hasPrefix("\"peer.key\": "))
    try Files.remove("\(desk.folder)/client.crt")
    #expect(try complaint().hasPrefix("\"client.certificate\": "))
  }
}
