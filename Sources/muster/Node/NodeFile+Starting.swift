import Bytes
import Crypto
import EventLoop
import Gateway
import Incidents
import Notifier
import OpenID
import Raft
import Replication
import Setup
import TLS

/// What the rooms of the house are told, each in its own words.
extension NodeFile {
  /// What replication needs.
  func replication(now: Int64) -> NodeConfiguration {
    var configuration = NodeConfiguration(
      cluster: cluster, node: NodeID(rawValue: UInt64(node)), name: name, dataFolder: dataFolder,
      peer: NodeConfiguration.PeerEndpoint(
        address: peer.address.host, port: peer.address.port, certificate: peer.certificate,
        key: peer.key, authority: peerAuthority),
      members: members.map { member in
        NodeConfiguration.Member(
          node: NodeID(rawValue: UInt64(member.node)), peerHost: member.peer.host,
          peerPort: member.peer.port, clientURL: member.client)
      },
      timing: NodeConfiguration.Timing(
        heartbeatMilliseconds: heartbeatMilliseconds, electionMilliseconds: electionMilliseconds),
      foundingCommand: founding.map { Self.command(founding: $0, now: now) })
    let signer = HeadSigner(
      cluster: cluster, node: UInt64(node), certificate: peer.certificate, key: peer.key)
    let scan = RetentionScan()
    configuration.dueCommand = { reader, now in
      try DueCommand.encoded(from: reader, signer: signer, scan: scan, at: now)
    }
    configuration.isJoining = isJoining
    configuration.epoch = UInt64(epoch)
    if let newestLevel { configuration.newestLevel = newestLevel }
    configuration.retention.entries = UInt64(keptEntries)
    return configuration
  }

  /// What the gateway needs.
  func gateway() throws(TLSError) -> GatewayConfiguration {
    var site = API.Site(
      cluster: cluster, name: name, addresses: members.map { (UInt64($0.node), $0.client) })
    site.log = { [name] in NodeLog(name: name).write($0) }
    site.readJournal = "\(dataFolder)/reads"
    if let provider {
      site.provider = IdentityProvider(
        provider, door: try WebDoor(authority: provider.authority))
    }
    var configuration = GatewayConfiguration(
      listen: client.address, machines: machines, identity: identity, site: site,
      mostConnections: mostConnections)
    configuration.quotas = quotas
    return configuration
  }

  /// What takes posts to webhooks to their receivers.
  func carrier() throws(TLSError) -> Carrier { try Carrier(authority: webhookAuthority) }

  /// What posts say of this node.
  var notifierSite: Notifier.Site {
    let others = members.filter { $0.node != node }.map(\.client)
    let own = members.filter { $0.node == node }.map(\.client)
    return Notifier.Site(
      cluster: cluster, node: UInt64(node), addresses: own + others,
      log: { [name] in NodeLog(name: name).write($0) })
  }

  /// What clients are shown.
  var identity: TLSIdentity { TLSIdentity(certificate: client.certificate, key: client.key) }

  /// The command that founds the department. Every node may propose its own: the first one wins, and
  /// the others are refused.
  private static func command(founding founder: Founder, now: Int64) -> [UInt8] {
    let id = { ID(version7At: now, random: randomUInt64Pair()) }
    let founding = Founding(
      person: id(), name: founder.name, email: founder.email, credential: id(),
      tokenHash: founder.tokenHash, team: id(), teamName: founder.team)
    return Command(
      actor: .system, receivedAt: now, salt: secureRandom(Bound.salt), action: .found(founding)
    ).encoded()
  }
}
