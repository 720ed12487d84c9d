import EventLoop
import Glibc
import JSON
import TLS
import muster

/// How processes become members, as two people on two machines would have it.
extension RealCluster {
  /// A command of the client, as the administrator, to the nodes that a test begins with.
  func administer(_ words: [String]) -> [String] {
    let nodes = Self.nodes.map { "127.0.0.1:\(ports.client($0))" }.joined(separator: ",")
    return words + [
      "--endpoint", nodes, "--ca", local.folder.authority, "--token-file",
      local.folder.token(of: "admin"),
    ]
  }

  /// Where a node is, as commands are told.
  func addresses(of node: Int) -> [String] {
    ["--peer", "127.0.0.1:\(ports.peer(node))", "--client", "127.0.0.1:\(ports.client(node))"]
  }

  /// Lets a node join with a token, as two people on two machines would, and starts it.
  ///
  /// - Parameter replacing: Whom it replaces.
  func join(_ node: Int, replacing old: Int? = nil) throws {
    let token = "\(local.folder.path)/n\(node).join"
    let words =
      old.map { ["cluster", "replace", "\($0)", "--with", "\(node)", "--yes"] }
      ?? ["cluster", "add", "\(node)"]
    let door = try begin(
      administer(
        words + addresses(of: node) + [
          "--authority", local.folder.path, "--at", "127.0.0.1:0", "--token-to", token,
        ]))
    try wait("a token") { Files.exists(token) }
    let parts = local.folder.node(node)
    try tell(["cluster", "join", "--token-file", token, "--folder", parts.path])
    _ = try door.end()
    try Files.remove(token)
    try liftQuotas(of: node)
    try start(node)
  }

  /// Gives a node that joined the limits of those that began: its file has the usual ones, and here
  /// one token asks for everything.
  private func liftQuotas(of node: Int) throws {
    let path = local.folder.node(node).configuration
    let text = String(decoding: try Files.read(path, atMost: 1 << 20), as: UTF8.self)
    let limits =
      "{\"limits\":{\"person\":{\"perSecond\":1000000},\"urgent\":{\"perSecond\":1000000}},"
    try Files.write(Array((limits + text.dropFirst()).utf8), to: path, mode: 0o600)
  }

  /// Waits until the members are as `isSo` says, by `node`'s own word.
  func waitForMembers(on node: Int, _ isSo: ([JSONValue]) -> Bool) throws {
    var line = line(to: node)
    try wait("the membership") {
      isSo(line.get("/v1/cluster", within: .seconds(1)).json?["members"]?.elements ?? [])
    }
  }

  /// Waits until a node says that it has this role.
  func waitForRole(of node: Int, _ role: String) throws {
    var line = line(to: node)
    try wait("\(node) to be \(role)") {
      line.get("/v1/cluster", within: .seconds(1)).json?["role"]?.text == role
    }
  }

  /// Waits until one of the nodes has written these words into its log.
  func waitForLog(of nodes: [Int], _ words: String) throws {
    try wait("\"\(words)\" in a log") {
      nodes.contains { node in
        // A log that is not there says nothing.
        let log = try? Files.read(local.folder.node(node).log, atMost: 16 << 20)
        return String(decoding: log ?? [], as: UTF8.self).contains(words)
      }
    }
  }

  /// Takes all away that a node which does not run had in its data folder.
  func losesDisk(_ node: Int) throws {
    let folder = try dataFolder(node)
    for name in try Files.list(folder) { try Files.remove("\(folder)/\(name)") }
  }

  func wait(_ what: String, until isSo: () -> Bool) throws {
    let deadline = Clock.monotonic() + Duration.seconds(15).nanoseconds
    while !isSo() {
      guard Clock.monotonic() < deadline else { throw Trouble("waited in vain for \(what)") }
      usleep(10_000)
    }
  }
}
