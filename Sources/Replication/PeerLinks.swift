import EventLoop
import Raft
import TLS

/// The connections between this node and the others, on the core loop's thread.
///
/// Each node dials every other and sends on the connection that it dialled, so that each pair has
/// one connection for each direction: nobody has to agree on which of two crossing dials is kept,
/// and whoever starts again dials at once, whatever its number.
final class PeerLinks: @unchecked Sendable {
  // Everything is touched on the loop's thread only, after init.

  /// Connections from others at one time: two from each of the most members, and a few strangers
  /// that have not said who they are.
  private static let mostIncoming = 128
  /// Who connects says hello within this, or is a stranger.
  private static let helloDeadline: Duration = .seconds(5)
  /// A member speaks every second; one that is silent for so long is behind a dead wire.
  private static let longestSilence: Int64 = 5_000_000_000
  private static let silenceCheck: Duration = .seconds(1)
  /// How long a former member stays connected.
  private static let farewell: Duration = .seconds(5)
  /// Strangers at the door are told about at most this often, in nanoseconds.
  private static let refusalLogInterval: Int64 = 1_000_000_000

  private let own: Hello
  private let loop: EventLoop
  private let log: NodeLog
  private let server: LiveContext
  /// What this node shows when it dials.
  let client: LiveContext
  private let endpoint: NodeConfiguration.PeerEndpoint
  private let listener: Listener
  private var outgoing: [OutgoingLink]
  private var incoming: [Incoming] = []
  /// Who is a member, as this node knows it now.
  private var configuration: Configuration
  private var take: (ReplicaInput) -> Void = { _ in }
  private var bulk: (PeerLink, NodeID) -> Void = { _, _ in }
  private var isStarted = false
  private var isClosed = false
  private var nextRefusalLog: Int64 = 0

  // The last append and its bytes: in health all followers are sent the same.
  private var lastFrame: PeerFrame?
  private var lastBytes: [UInt8] = []

  /// A connection that another node dialled, or perhaps a stranger.
  private final class Incoming {
    let link: PeerLink
    /// Known once its hello was accepted.
    var node: NodeID?
    var lastHeard = Clock.monotonic()

    init(_ link: PeerLink) { self.link = link }
  }

  /// - Parameters:
  ///   - configuration: Who is a member by this node's log.
  ///   - members: Where the node's own file says that others are; what the log says comes first.
  init(
    own: Hello, configuration: Configuration, members: [NodeConfiguration.Member],
    endpoint: NodeConfiguration.PeerEndpoint, loop: EventLoop, log: NodeLog
  ) throws(NodeError) {
    self.own = own
    self.configuration = configuration
    self.loop = loop
    self.log = log
    self.endpoint = endpoint
    do throws(TLSError) {
      let contexts = try Self.contexts(endpoint)
      server = LiveContext(contexts.server)
      client = LiveContext(contexts.client)
    } catch {
      throw .network("\(error)")
    }
    guard let address = SocketAddress(host: endpoint.address, port: endpoint.port) else {
      throw .configuration("peer.listen: \(endpoint.address) is not an address of this machine.")
    }
    do throws(SocketError) {
      listener = try Listener(address)
    } catch {
      throw .network("\(error)")
    }
    outgoing = []
    for member in configuration.members {
      if let endpoint = Endpoint(member.peer) { open(member.id, at: endpoint) }
    }
    for member in members {
      open(member.node, at: Endpoint(host: member.peerHost, port: member.peerPort))
    }
  }

  /// Where a node is to be found, as far as this one knows.
  func endpoint(of node: NodeID) -> Endpoint? {
    outgoing.first { $0.node == node }?.endpoint
  }

  // MARK: - Members

  /// Follows the membership: dials who is new, and lets who left go after a while, so that it can
  /// hear that it left.
  func follow(_ configuration: Configuration) {
    self.configuration = configuration
    for member in configuration.members { meet(member) }
    _ = loop.schedule(after: Self.farewell) { self.dropFormer() }
  }

  /// A node says where it is, or the membership does.
  private func meet(_ member: Configuration.Member) {
    guard let endpoint = Endpoint(member.peer) else { return }
    if let link = outgoing.first(where: { $0.node == member.id }) {
      link.redirect(to: endpoint)
    } else {
      open(member.id, at: endpoint)
    }
  }

  private func open(_ node: NodeID, at endpoint: Endpoint) {
    guard node != own.node, !isClosed, !outgoing.contains(where: { $0.node == node }) else {
      return
    }
    let link = OutgoingLink(
      to: node, at: endpoint, own: own, context: client, loop: loop, log: log,
      configuration: { [unowned self] in self.configuration })
    outgoing.append(link)
    outgoing.sort { $0.node < $1.node }
    if isStarted { link.start(take) }
  }

  private func dropFormer() {
    for link in outgoing where isFormer(link.node) {
      link.close()
      take(.lost(link.node))
    }
    outgoing.removeAll { isFormer($0.node) }
    for peer in incoming where peer.node.map(isFormer) ?? false { peer.link.close() }
  }

  /// Whether this node knows of the membership, and that the other is none. One that knows nothing
  /// yet, or slept through changes, listens to everyone.
  private func isFormer(_ node: NodeID) -> Bool {
    configuration.member(own.node) != nil && configuration.member(node) == nil
      && configuration.retired.contains { $0.id == node }
  }

  /// Shows the certificate and trusts the authority that now lie in the files, from the next
  /// handshake on; connections that are open go on. From any thread.
  func reload() throws(TLSError) {
    let contexts = try Self.contexts(endpoint)
    server.replace(with: contexts.server)
    client.replace(with: contexts.client)
  }

  private static func contexts(
    _ endpoint: NodeConfiguration.PeerEndpoint
  ) throws(TLSError) -> (server: TLSContext, client: TLSContext) {
    let identity = TLSIdentity(certificate: endpoint.certificate, key: endpoint.key)
    return (
      server: try TLSContext.server(identity, clients: .issued(by: endpoint.authority)),
      client: try TLSContext.client(authority: endpoint.authority, identity: identity)
    )
  }

  /// Listens and dials from now on; what happens goes to `take`.
  ///
  /// - Parameter bulk: Takes a connection on which a peer offers a state, in the middle of a frame's
  ///   call; the connection is no longer this object's then.
  func start(
    _ take: @escaping (ReplicaInput) -> Void, bulk: @escaping (PeerLink, NodeID) -> Void
  ) {
    self.take = take
    self.bulk = bulk
    do throws(SystemError) {
      try listener.start(on: loop) { socket, remote in self.accept(socket, from: remote) }
    } catch {
      log.end("cannot listen for its peers: \(error)")
    }
    isStarted = true
    for link in outgoing { link.start(take) }
    checkSilence()
  }

  /// Sends frames in their order; one to a node that is not connected is dropped.
  func send(_ sends: [(to: NodeID, frame: PeerFrame)]) {
    for (to, frame) in sends {
      guard let link = outgoing.first(where: { $0.node == to }), link.isOpen else { continue }
      link.send(encoded(frame))
    }
    lastFrame = nil
  }

  /// Closes everything; nothing is given to `take` any more.
  func close() {
    isClosed = true
    take = { _ in }
    listener.close()
    for link in outgoing { link.close() }
    for peer in incoming { peer.link.close() }
    incoming = []
  }

  /// The bytes of a frame; those of an append are kept for the next follower that gets the same.
  /// To see that two are the same costs little, because they share their entries' memory.
  private func encoded(_ frame: PeerFrame) -> [UInt8] {
    guard case .message(.append(let append)) = frame, !append.entries.isEmpty else {
      return frame.encoded()
    }
    if frame == lastFrame { return lastBytes }
    lastBytes = frame.encoded()
    lastFrame = frame
    return lastBytes
  }

  // MARK: - Incoming

  private func accept(_ socket: consuming Descriptor, from remote: SocketAddress) {
    guard !isClosed, incoming.count < Self.mostIncoming else { return }
    let link: PeerLink
    do throws(TLSError) {
      link = try PeerLink(
        socket, context: server.current, side: .server, loop: loop, largestFrame: PeerFrame.largest)
    } catch {
      return refuse(remote, "\(error)")
    }
    let peer = Incoming(link)
    incoming.append(peer)
    link.start(
      onFrame: { bytes in self.hear(bytes, from: peer, at: remote) },
      onClose: { error in self.ended(peer, at: remote, error) })
    _ = loop.schedule(after: Self.helloDeadline) {
      if peer.node == nil { link.close() }
    }
  }

  private func hear(_ bytes: [UInt8], from peer: Incoming, at remote: SocketAddress) {
    peer.lastHeard = Clock.monotonic()
    let frame: PeerFrame
    do {
      frame = try PeerFrame(decoding: bytes)
    } catch {
      return drop(peer, at: remote, "it sent what is no frame: \(error)")
    }
    switch (peer.node, frame) {
    case (nil, .hello(let hello)):
      welcome(hello, from: peer, at: remote)
    case (nil, _):
      drop(peer, at: remote, "it did not begin with a hello")
    case (let node?, .clock):
      // An answer on the same connection tells its dialler that the wire is alive.
      peer.link.send(PeerFrame.clock(Clock.now()).encoded())
      take(.received(frame, from: node))
    case (let node?, _):
      take(.received(frame, from: node))
    }
  }

  private func welcome(_ hello: Hello, from peer: Incoming, at remote: SocketAddress) {
    let refusal = hello.refusal(
      names: peer.link.peerURIs, expected: nil, own: own, configuration: configuration)
    if let refusal { return drop(peer, at: remote, "\(refusal)") }
    guard !hello.isBulk else {
      // Known, so that the deadline of its hello does not reach for it on its other loop.
      peer.node = hello.node
      incoming.removeAll { $0 === peer }
      return bulk(peer.link, hello.node)
    }
    meet(hello.member)
    guard let way = outgoing.first(where: { $0.node == hello.node }) else {
      return drop(peer, at: remote, "\(hello.node) does not say where it is to be found")
    }
    // A node that starts anew may be back before the end of its last connection was seen.
    for old in incoming where old.node == hello.node && old !== peer { old.link.close() }
    peer.node = hello.node
    take(.heard(hello.member, level: hello.level))
    peer.link.send(PeerFrame.hello(own).encoded())
    way.dialNow()
  }

  private func drop(_ peer: Incoming, at remote: SocketAddress, _ why: String) {
    refuse(remote, why)
    peer.link.close()
  }

  private func ended(_ peer: Incoming, at remote: SocketAddress, _ error: TLSError?) {
    incoming.removeAll { $0 === peer }
    if let node = peer.node {
      take(.unheard(node))
    } else if let error {
      refuse(remote, "\(error)")
    }
  }

  private func refuse(_ remote: SocketAddress, _ why: String) {
    let now = Clock.monotonic()
    guard now >= nextRefusalLog else { return }
    nextRefusalLog = now + Self.refusalLogInterval
    log.write("refused a peer's connection from \(remote): \(why)")
  }

  // MARK: - Silence

  private func checkSilence() {
    _ = loop.schedule(after: Self.silenceCheck) {
      guard !self.isClosed else { return }
      let limit = Clock.monotonic() - Self.longestSilence
      for peer in self.incoming where peer.node != nil && peer.lastHeard < limit {
        peer.link.close()
      }
      for link in self.outgoing { link.closeIfSilent(since: limit) }
      self.checkSilence()
    }
  }
}
