import Access
import Bytes
import Crypto
package import EventLoop
import Glibc
import Setup
package import TLS

/// Nodes on this machine, three to begin with: their keys, configurations and processes.
package struct LocalCluster: Sendable {
  /// Where everything lies.
  package let folder: LocalFolder

  /// For how many days the authority holds, and what it signs.
  private static let authorityDays: Int64 = 3_650
  private static let certificateDays: Int64 = 365

  /// The cluster whose parts lie in `folder`, which need not be there yet.
  package init(_ folder: LocalFolder) { self.folder = folder }

  /// The cluster in the folder at `path`, else in MUSTER_LOCAL_FOLDER, else in `.muster` here.
  package init(at path: String?) throws(Failure) {
    let path = path ?? Environment.value("MUSTER_LOCAL_FOLDER") ?? ".muster"
    self.init(LocalFolder(try Environment.absolute(path)))
  }

  /// The cluster that belongs to the current folder, if there is one.
  package static func here() -> LocalCluster? {
    // A folder that cannot be found holds no cluster.
    guard let cluster = try? LocalCluster(at: nil), cluster.exists else { return nil }
    return cluster
  }

  /// Whether the folder was made.
  package var exists: Bool { Files.exists(folder.authority) }

  // MARK: Making it

  /// Makes authority, certificates, token and configurations. Nothing is started.
  package func make(ports: LocalPorts, now: Int64) throws(Failure) {
    do {
      try makeFolder(folder.path)
      let cluster = ID(version7At: now, random: randomUInt64Pair())
      let authority = try CertificateAuthority(
        commonName: "Muster local authority", at: now, days: Self.authorityDays)
      let token = Token.make()
      for node in folder.founders {
        try makeFolder(node.path)
        try makeFolder(node.data)
        try issue(authority, to: node, of: cluster, now: now)
        let text = LocalText.configuration(
          of: node, in: folder, cluster: cluster, ports: ports, tokenHash: token.hash)
        try write(text, to: node.configuration, mode: LocalFolder.secretMode)
      }
      try write(token.spelling + "\n", to: folder.token(of: "admin"))
      try write(try authority.keyPEM(), to: folder.authorityKey)
      try writeEnvironment()
      // Last, for it is what says that the folder is whole.
      try write(
        authority.certificate.pem, to: folder.authority, mode: LocalFolder.publicMode)
    } catch {
      throw Failure(.usage, "The folder \(folder.path) cannot be made. \(error)")
    }
  }

  /// Writes what tells a shell where the nodes are, as they are now.
  func writeEnvironment() throws {
    let environment = LocalText.environment(folder, try endpoints())
    try write(environment, to: folder.environment, mode: LocalFolder.publicMode)
  }

  private func issue(
    _ authority: borrowing CertificateAuthority, to node: LocalFolder.Node, of cluster: ID,
    now: Int64
  ) throws {
    let peer = try authority.issue(
      to: .node(
        UInt64(node.number), cluster: cluster.description, dnsNames: ["localhost"],
        addresses: ["127.0.0.1"]),
      at: now, days: Self.certificateDays)
    let client = try authority.issue(
      to: .server(
        "Muster \(node.name)", dnsNames: ["localhost"], addresses: ["127.0.0.1"]),
      at: now, days: Self.certificateDays)
    try write(peer.keyPEM, to: node.peerKey)
    try write(client.keyPEM, to: node.clientKey)
    try write(peer.certificate.pem, to: node.peerCertificate, mode: LocalFolder.publicMode)
    try write(client.certificate.pem, to: node.clientCertificate, mode: LocalFolder.publicMode)
  }

  private func makeFolder(_ path: String) throws(FileError) {
    try Files.makeFolder(path, mode: LocalFolder.folderMode)
  }

  private func write(
    _ text: String, to path: String, mode: UInt32 = LocalFolder.secretMode
  ) throws(FileError) {
    try Files.write(Array(text.utf8), to: path, mode: mode)
  }

  /// Takes away what ``make(ports:now:)``, the nodes and the example left, and the folder if nothing
  /// else lies in it. Whatever is not ours stays.
  package func remove() throws(FileError) {
    let path = folder.path
    for node in folder.all where Files.exists(node.path) {
      try FolderRemoval.remove(node.path)
    }
    for name in try Files.list(path) where name.hasSuffix(".token") {
      try Files.remove("\(path)/\(name)")
    }
    for file in [
      folder.authority, folder.authorityKey, folder.environment, folder.exampleBegun,
      folder.example,
    ] {
      try Files.remove(file)
    }
    if try Files.list(path).isEmpty { try FolderRemoval.remove(path) }
  }

  // MARK: Its addresses

  /// The nodes that there are, in order.
  package var nodes: [LocalFolder.Node] {
    folder.all.filter { Files.exists($0.configuration) }
  }

  /// Where clients reach the nodes, in order.
  package func endpoints() throws(Failure) -> [Endpoint] {
    var endpoints: [Endpoint] = []
    for node in nodes {
      let address = try NodeFile(at: node.configuration).client.address
      endpoints.append(Endpoint(host: address.host, port: address.port))
    }
    return endpoints
  }

  /// Which ports it has, by those of its first node.
  func ports() throws(Failure) -> LocalPorts {
    guard let first = nodes.first, let endpoint = try endpoints().first,
      let ports = LocalPorts(base: Int(endpoint.port) - first.number + 1)
    else { throw Failure(.refused, "There is no node in \(folder.path).") }
    return ports
  }

  /// Says which ports of a new cluster somebody else listens at.
  package static func busyPorts(_ ports: LocalPorts) -> [Int] {
    let all = (1...LocalFolder.founders).flatMap {
      [ports.client($0), ports.peer($0), ports.machines($0)]
    }
    return all.filter(isBusy)
  }

  private static func isBusy(_ port: Int) -> Bool {
    guard let address = SocketAddress(host: "127.0.0.1", port: UInt16(port)) else { return true }
    // Whoever can listen there has found it free.
    guard let listener = try? Listener(address) else { return true }
    listener.close()
    return false
  }

  // MARK: Its processes

  /// The running process of a node, or `nil`.
  package func process(of node: LocalFolder.Node) -> RunningProcess? {
    RunningProcess(readFrom: node.process).flatMap { $0.isAlive ? $0 : nil }
  }

  /// The nodes that run.
  package var running: [LocalFolder.Node] { nodes.filter { process(of: $0) != nil } }

  /// Starts a node, unless it runs.
  package func start(_ node: LocalFolder.Node) throws(Failure) {
    guard process(of: node) == nil else { return }
    let started = try Launcher.start(
      try Launcher.thisProgram(), ["node", "--config", node.configuration], log: node.log)
    do throws(FileError) {
      try started.write(to: node.process)
    } catch {
      started.signal(SIGTERM)
      throw Failure(.usage, "\(error)")
    }
  }

  /// The last lines of a node's log, for whoever wonders why it ended.
  package func endOfLog(_ node: LocalFolder.Node) -> String {
    /// A log is bounded by what a node writes, not by us; what is larger is for an editor.
    let largest = 4 * 1024 * 1024
    /// Lines that fit beside the sentence that they explain.
    let most = 5
    // Without a log there is nothing to show.
    guard let bytes = try? Files.read(node.log, atMost: largest) else { return "" }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").suffix(most)
    return lines.map { "  " + Terminal.harmless(String($0)) + "\n" }.joined()
  }
}
