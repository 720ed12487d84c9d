package import Bytes
package import Gateway
package import OpenID
package import TLS

/// What `node.json` tells a node: who it is, where its files are, who the others are.
package struct NodeFile: Hashable, Sendable {
  /// The cluster's id, the same on every node.
  package var cluster: ID
  /// The node's number, from 1; one of the members'.
  package var node: Int
  /// What people call it.
  package var name: String
  /// Where its state lies.
  package var dataFolder: String
  /// How people and programs reach it.
  package var client: Listening
  /// Where services' own systems reach it that show a certificate, as what clients are shown.
  package var machines: SocketAddress?
  /// The identity provider that people may sign in at.
  package var provider: ProviderConfiguration?
  /// The PEM file of the authority that receivers of webhooks have their certificates from; `nil` for any
  /// that this machine trusts.
  package var webhookAuthority: String?
  /// How the other nodes reach it.
  package var peer: Listening
  /// The PEM file of the authority that signs every peer.
  package var peerAuthority: String
  /// Every node of the cluster, this one among them, by ascending number.
  package var members: [Member]
  /// The node has empty files and joins a cluster that is there: it founds nothing.
  package var isJoining: Bool
  /// The epoch of the cluster that it joins; 1 unless the cluster was recovered.
  package var epoch: Int
  /// Applied entries that stay in the log, for members that are a little behind.
  package var keptEntries: Int
  /// Who may begin, in a cluster that is new.
  package var founding: Founder?
  /// How fast the others notice that a leader is gone.
  package var heartbeatMilliseconds: Int
  /// The newest behaviour level that the cluster may be raised to, to be able to go back to the
  /// version before for a while; `nil` for the newest that this version knows.
  package var newestLevel: UInt8?
  /// How long a leader may be silent.
  package var electionMilliseconds: Int
  /// Connections of clients that are served at once.
  package var mostConnections: Int
  /// What each credential may ask of this node.
  package var quotas: Quotas

  /// Descriptors that are kept for peers, files and logs, however many clients there are.
  package static let ownDescriptors = 256

  /// How many clients a process may serve that may have `descriptors` open: as many as were asked
  /// for, and never those that the node needs itself.
  package func connections(of descriptors: Int) -> Int {
    max(0, min(mostConnections, descriptors - Self.ownDescriptors))
  }

  /// An address to listen at, and what to show there.
  package struct Listening: Hashable, Sendable {
    /// The address and port.
    package var address: SocketAddress
    /// The PEM file of the certificate chain.
    package var certificate: String
    /// The PEM file of its key.
    package var key: String
  }

  /// A node of the cluster.
  package struct Member: Hashable, Sendable {
    /// Its number.
    package var node: Int
    /// Where its peers reach it.
    package var peer: Endpoint
    /// Where clients reach it: `https://…`.
    package var client: String
  }

  /// The first administrator of a new cluster. Only the hash of their token is ever in a file.
  package struct Founder: Hashable, Sendable {
    /// What they are called.
    package var name: String
    /// Their e-mail address.
    package var email: String
    /// SHA-256 of their token's 32 random bytes.
    package var tokenHash: [UInt8]
    /// The default 2nd line team, which is founded with them.
    package var team: String
  }
}
