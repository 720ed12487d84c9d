import Glibc
import JSON
import TLS

/// What the nodes of a local cluster say of themselves, each asked on its own.
struct LocalView {
  /// One node, as it answered; `nil` if it did not.
  struct Seen {
    let node: LocalFolder.Node
    let status: JSONValue?

    /// Whether it says that it leads.
    var leads: Bool { status?["role"]?.text == "leader" }
    /// The last entry that it applied.
    var applied: Int? { status?["indexes"]?["applied"]?.integer }
  }

  /// The nodes, in order.
  let nodes: [Seen]

  /// A node that does not answer within this is not well.
  private static let patience = Duration.milliseconds(700)
  /// Nodes that are so close together have all that anybody waits for.
  private static let closeTogether = 50

  /// Asks every node.
  init(_ cluster: LocalCluster) throws(Failure) {
    let token = try ClientOptions.token(in: cluster.folder.token(of: "admin"))
    let endpoints = try cluster.endpoints()
    var nodes: [Seen] = []
    for (node, endpoint) in zip(cluster.nodes, endpoints) {
      guard cluster.process(of: node) != nil else {
        nodes.append(Seen(node: node, status: nil))
        continue
      }
      var client = try Client(
        [endpoint], authority: cluster.folder.authority, credential: .token(token),
        timeout: Self.patience)
      // A node that does not answer has no status: that is what is to be shown.
      let reply = try? client.read("/v1/cluster")
      nodes.append(Seen(node: node, status: reply?.value))
    }
    self.nodes = nodes
  }

  /// The node that leads, if there is exactly one and it is heard of by most.
  var leader: LocalFolder.Node? {
    let leaders = nodes.filter(\.leads)
    // One that was cut off may still think that it leads: the later term counts.
    return leaders.max { term($0) < term($1) }?.node
  }

  /// Whether all nodes answer, one leads, and nobody is far behind.
  var isHealthy: Bool {
    let applied = nodes.compactMap(\.applied)
    guard applied.count == nodes.count, let least = applied.min(), let most = applied.max() else {
      return false
    }
    return nodes.filter(\.leads).count == 1 && most - least < Self.closeTogether
  }

  private func term(_ seen: Seen) -> Int { seen.status?["term"]?.integer ?? 0 }
}
