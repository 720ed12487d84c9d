/// Where the parts of a local cluster lie: `.muster` beside the sources, or elsewhere by
/// `--folder`.
package struct LocalFolder: Hashable, Sendable {
  /// How many nodes a local cluster begins with.
  package static let founders = 3
  /// How many it may have: as many as there are ports between those for clients and for peers.
  package static let most = 7
  /// Nobody else may look in.
  package static let folderMode: UInt32 = 0o700
  /// Keys and tokens are for their owner only.
  package static let secretMode: UInt32 = 0o600
  /// Certificates are public.
  package static let publicMode: UInt32 = 0o644

  /// The folder's absolute path.
  package let path: String

  /// The parts of the folder at an absolute path.
  package init(_ path: String) { self.path = path }

  /// The authority that clients and nodes trust.
  package var authority: String { "\(path)/ca.crt" }
  /// Its key, with which nodes are added.
  package var authorityKey: String { "\(path)/ca.key" }
  /// Set in a shell by `. .muster/environment`, so that `muster` finds the cluster.
  package var environment: String { "\(path)/environment" }
  /// There from when the example department is begun.
  package var exampleBegun: String { "\(path)/example-begun" }
  /// There when the example department is complete.
  package var example: String { "\(path)/example" }

  /// The token of somebody of the example, such as `admin` or `on-call-lead`.
  package func token(of who: String) -> String { "\(path)/\(who).token" }

  /// The parts of node `number`, from 1.
  package func node(_ number: Int) -> Node { Node(number: number, path: "\(path)/n\(number)") }

  /// The nodes that it begins with, in order.
  package var founders: [Node] { (1...Self.founders).map(node) }
  /// Every node that there may be, in order.
  package var all: [Node] { (1...Self.most).map(node) }

  /// The files of one node.
  package struct Node: Hashable, Sendable {
    /// From 1.
    package let number: Int
    /// Its folder.
    package let path: String

    /// What people call it: n1, n2, n3 and so on.
    package var name: String { "n\(number)" }
    /// What `muster node` reads.
    package var configuration: String { "\(path)/node.json" }
    /// The node's own state.
    package var data: String { "\(path)/data" }
    /// What it wrote to its standard output and error.
    package var log: String { "\(path)/log" }
    /// The running process, and when it started.
    package var process: String { "\(path)/pid" }
    /// What it shows to people's clients.
    package var clientCertificate: String { "\(path)/client.crt" }
    /// The key of that.
    package var clientKey: String { "\(path)/client.key" }
    /// What it shows to the other nodes.
    package var peerCertificate: String { "\(path)/peer.crt" }
    /// The key of that.
    package var peerKey: String { "\(path)/peer.key" }
  }
}

/// Which ports a local cluster uses: from a base for clients, from ten above it for peers, and from
/// twenty above it for services' own systems.
package struct LocalPorts: Hashable, Sendable {
  /// Unless MUSTER_LOCAL_PORT says otherwise.
  package static let usual = 8441
  /// Peers listen this far above the clients.
  package static let peerDistance = 10
  /// And this far is where services' own systems come that show a certificate.
  package static let machinesDistance = 20

  /// The port of n1 for clients.
  package let base: Int

  /// Ports from `base`; `nil` unless all of them are ports that need no privilege.
  package init?(base: Int) {
    guard (1024...(65_535 - Self.machinesDistance - LocalFolder.most)).contains(base) else {
      return nil
    }
    self.base = base
  }

  /// The port of a node for clients.
  package func client(_ node: Int) -> Int { base + node - 1 }
  /// The port of a node for those who show a certificate.
  package func machines(_ node: Int) -> Int { base + Self.machinesDistance + node - 1 }
  /// The port of a node for its peers.
  package func peer(_ node: Int) -> Int { base + Self.peerDistance + node - 1 }
}
