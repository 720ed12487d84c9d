import Access
import EventLoop
import Glibc
import JSON
import Setup
import TLS

/// How a node joins a local cluster that runs, as one on a machine of its own would; and how one
/// leaves it.
struct LocalMembership {
  private let cluster: LocalCluster
  private var folder: LocalFolder { cluster.folder }

  /// A state of some megabytes is there in a second; a large one takes its time.
  private static let patience = Duration.seconds(300)
  private static let look = useconds_t(20_000)

  init(_ cluster: LocalCluster) { self.cluster = cluster }

  /// Adds the next node, starts it, and waits until it votes.
  func join() throws(Failure) -> ExitCode {
    guard let last = cluster.nodes.last, last.number < LocalFolder.most else {
      throw Failure(.refused, "A local cluster has nodes up to n\(LocalFolder.most).")
    }
    let node = folder.node(last.number + 1)
    let begun = Clock.monotonic()
    try enrol(node)
    let joined = Clock.monotonic()
    try cluster.start(node)
    try LocalStart(cluster).waitUntilServing([node])
    try waitForMembers { members in
      members.contains { $0["node"]?.integer == node.number && $0["votes"]?.isTrue == true }
    }
    try tellShells()
    Terminal.print(
      "\(node.name) joined in \(Self.seconds(joined - begun)) and votes after "
        + "\(Self.seconds(Clock.monotonic() - begun)), at https://\(try endpoint(of: node)).\n")
    return .done
  }

  /// Removes a node from the cluster, stops it, and takes its files away, which are of no use.
  func leave(_ node: LocalFolder.Node) throws(Failure) -> ExitCode {
    var client = try client()
    _ = try client.write("/v1/cluster/members/\(node.number)/removal")
    try waitForMembers { members in !members.contains { $0["node"]?.integer == node.number } }
    if let process = cluster.process(of: node) {
      process.signal(SIGTERM)
      if !process.isGone(within: LocalVerbs.goodbye) {
        process.signal(SIGKILL)
        _ = process.isGone(within: LocalVerbs.death)
      }
    }
    do throws(FileError) {
      try FolderRemoval.remove(node.path)
    } catch {
      throw Failure(.refused, "\(node.name) has left, and its files are still there. \(error)")
    }
    try tellShells()
    Terminal.print("\(node.name) has left, and its files are gone.\n")
    return .done
  }

  /// Both sides of a token at once: the keeper's door on a thread, the new machine here.
  private func enrol(_ node: LocalFolder.Node) throws(Failure) {
    /// Both sides are here; nobody has to carry the token.
    let seconds = 60
    let ports = try cluster.ports()
    let here = { (port: Int) in Endpoint(host: "127.0.0.1", port: UInt16(port)) }
    let member = NewMember(
      node: node.number, peer: here(ports.peer(node.number)),
      client: "https://\(here(ports.client(node.number)))")
    let invitation = try Invitation(
      member, authority: folder.path, at: here(0), for: seconds,
      by: { [self] () throws(Failure) in try client() })
    Threads.start(named: "door") {
      // The one who is refused is told why, and it is the one who waits.
      try? invitation.wait()
    }
    do throws(NewNode.Trouble) {
      try NewNode(folder: node.path).join(with: invitation.token, at: Clock.now())
    } catch {
      throw Failure(.refused, "\(node.name) could not join. \(error)")
    }
  }

  private func client() throws(Failure) -> Client {
    let running = cluster.running
    var endpoints: [Endpoint] = []
    for node in running { endpoints.append(try endpoint(of: node)) }
    guard !endpoints.isEmpty else {
      throw Failure(.unavailable, "The cluster does not run. To start it: ./Cluster/up")
    }
    return try Client(
      endpoints, authority: folder.authority,
      credential: .token(try ClientOptions.token(in: folder.token(of: "admin"))),
      timeout: .seconds(15))
  }

  private func endpoint(of node: LocalFolder.Node) throws(Failure) -> Endpoint {
    let address = try NodeFile(at: node.configuration).client.address
    return Endpoint(host: address.host, port: address.port)
  }

  /// Waits until the members are as `isSo` says.
  private func waitForMembers(_ isSo: ([JSONValue]) -> Bool) throws(Failure) {
    let deadline = Clock.monotonic() + Self.patience.nanoseconds
    var client = try client()
    while !isSo(try client.read("/v1/cluster").value["members"]?.elements ?? []) {
      guard Clock.monotonic() < deadline else {
        throw Failure(.unavailable, "The membership is not so yet. See muster cluster members.")
      }
      usleep(Self.look)
    }
  }

  private func tellShells() throws(Failure) {
    do {
      try cluster.writeEnvironment()
    } catch {
      throw Failure(.usage, "\(error)")
    }
  }

  private static func seconds(_ nanoseconds: Int64) -> String {
    let hundredths = (nanoseconds + 5_000_000) / 10_000_000
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) s"
  }
}
