package import Bytes
package import Raft

/// Whose files these are. Written when they are made, and compared at each start.
package struct NodeIdentity: Hashable, Sendable {
  /// The cluster.
  package let cluster: ID
  /// The node.
  package let node: NodeID
  /// Who voted when the cluster began. Only read when the files are made.
  package let founding: Configuration

  /// An identity.
  package init(cluster: ID, node: NodeID, founding: Configuration) {
    self.cluster = cluster
    self.node = node
    self.founding = founding
  }
}

extension Configuration {
  /// More members than any cluster has; a hostile count must not reserve memory.
  private static let mostMembers = 64

  /// Its binary form: version 1, the voters, the learners. What a log entry of kind
  /// `configuration` carries.
  package func encoded() -> [UInt8] {
    var writer = ByteWriter(reserving: 9 + 8 * (voters.count + learners.count))
    writer.put(1 as UInt8)
    writer.put(each: voters) { $0.put($1.rawValue) }
    writer.put(each: learners) { $0.put($1.rawValue) }
    return writer.bytes
  }

  /// The configuration in `bytes`.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) {
    var reader = ByteReader(bytes)
    let version = try reader.u8()
    guard version == 1 else { throw .unknown(what: "Configuration", value: UInt64(version)) }
    func nodes(_ reader: inout ByteReader) throws(MalformedBytes) -> [NodeID] {
      try reader.array(max: Self.mostMembers) { reader throws(MalformedBytes) in
        NodeID(rawValue: try reader.u64())
      }
    }
    let voters = try nodes(&reader)
    let learners = try nodes(&reader)
    try reader.finish()
    self.init(voters: voters, learners: learners)
  }
}
