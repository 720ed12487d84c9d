package import Bytes
package import Raft
package import Store
import TLS

/// What a node must be told before it can start: who it is, where its files are, who the others are.
package struct NodeConfiguration: Sendable {
  /// The cluster that this node belongs to. Every peer must name the same one.
  package var cluster: ID
  package var node: NodeID
  /// For the node's own log lines: "n1".
  package var name: String
  /// Holds `raft.db` and the state file. Made, with mode 0700, if it is not there.
  package var dataFolder: String
  package var peer: PeerEndpoint
  /// This node and others, as many as are known. In a cluster that is new they are its founders, and
  /// all are the same everywhere; later the log says who is a member, and these only where to ask.
  package var members: [Member]
  /// The node has empty files and was added to a cluster that is there: it founds nothing, and waits
  /// to be sent the state.
  package var isJoining = false
  /// The epoch of the cluster that a node with empty files joins; 1 unless it was recovered.
  package var epoch: UInt64 = 1
  /// The newest behaviour level that the cluster may be raised to while this node is a member.
  package var newestLevel = StateStore.newestLevel
  /// An operator has looked at this node's clock: it is right, even if it is far from the last stamp
  /// and from the others'.
  package var trustsClock = false
  /// How fast the ledger is read through for flipped bits.
  package var scrub = ScrubPace()
  /// How fast the search index follows the ledger.
  package var search = SearchPace()
  /// How much of the log stays after it is applied.
  package var retention = Retention()
  package var timing: Timing
  /// The encoded command that founds the department, or `nil`. The first leader of a cluster
  /// whose state is not founded submits it, and again until it was applied or refused.
  package var foundingCommand: [UInt8]?
  /// What a leader looks for once a second in a state that holds all that was committed before it
  /// led: the encoded command that is due at a time (in milliseconds since 1970), if any. Called on
  /// a reader thread. A command may be submitted more than once; it must not matter.
  package var dueCommand: (@Sendable (StateReader, Int64) throws -> [UInt8]?)?

  /// A configuration with the default timing and nothing to found.
  package init(
    cluster: ID, node: NodeID, name: String, dataFolder: String, peer: PeerEndpoint,
    members: [Member], timing: Timing = Timing(), foundingCommand: [UInt8]? = nil
  ) {
    self.cluster = cluster
    self.node = node
    self.name = name
    self.dataFolder = dataFolder
    self.peer = peer
    self.members = members
    self.timing = timing
    self.foundingCommand = foundingCommand
  }

  /// A node of the cluster and where it is to be found.
  package struct Member: Hashable, Sendable {
    package var node: NodeID
    /// Where its peers reach it: an address or name, and a port.
    package var peerHost: String
    package var peerPort: UInt16
    /// What its clients are told, such as "https://n1.example:8441".
    package var clientURL: String

    package init(node: NodeID, peerHost: String, peerPort: UInt16, clientURL: String) {
      self.node = node
      self.peerHost = peerHost
      self.peerPort = peerPort
      self.clientURL = clientURL
    }
  }

  /// What this node says of itself, from files of this incarnation.
  func own(incarnation: UInt64) -> Configuration.Member {
    configuration(of: members.first { $0.node == node }, incarnation: incarnation)
  }

  /// Who is a member before the log says so.
  var founders: Configuration {
    isJoining
      ? Configuration(voters: []) : Configuration(members: members.map { configuration(of: $0) })
  }

  private func configuration(of member: Member?, incarnation: UInt64 = 0) -> Configuration.Member {
    Configuration.Member(
      id: member?.node ?? node, incarnation: incarnation,
      peer: member.map { "\(Endpoint(host: $0.peerHost, port: $0.peerPort))" } ?? "",
      client: member?.clientURL ?? "")
  }

  /// Where this node listens for its peers, and the files that prove who it is to them.
  package struct PeerEndpoint: Hashable, Sendable {
    package var address: String
    package var port: UInt16
    /// PEM files: the certificate chain, its key, and the authority that signs every peer.
    package var certificate: String
    package var key: String
    package var authority: String

    package init(
      address: String, port: UInt16, certificate: String, key: String, authority: String
    ) {
      self.address = address
      self.port = port
      self.certificate = certificate
      self.key = key
      self.authority = authority
    }
  }

  /// How fast the cluster notices that its leader is gone. The same on every node.
  package struct Timing: Hashable, Sendable {
    /// A multiple of 10, at least 10.
    package var heartbeatMilliseconds: Int
    /// A multiple of 10, at least three heartbeats.
    package var electionMilliseconds: Int

    package init(heartbeatMilliseconds: Int = 50, electionMilliseconds: Int = 1_000) {
      self.heartbeatMilliseconds = heartbeatMilliseconds
      self.electionMilliseconds = electionMilliseconds
    }
  }
}

/// Why a node could not start. Each says what to do about it.
package enum NodeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The configuration contradicts itself.
  case configuration(String)
  /// The files in the data folder cannot be used.
  case store(String)
  /// Certificates or the listening address cannot be used.
  case network(String)

  package var description: String {
    switch self {
    case .configuration(let why), .store(let why), .network(let why): why
    }
  }
}
