import EventLoop
package import Replication
package import Store
package import TLS

/// Where a gateway listens, as what, and for how many.
package struct GatewayConfiguration: Sendable {
  /// Where clients connect to.
  package var listen: SocketAddress
  /// Where services' own systems connect to that show a certificate; `nil` for nowhere. A door of its
  /// own, since a browser that is asked for one asks its person.
  package var machines: SocketAddress?
  /// The certificate that clients see, and its key.
  package var identity: TLSIdentity
  /// What the node tells about its surroundings.
  package var site: API.Site
  /// Connections served at once.
  package var mostConnections: Int
  /// What each credential may ask of this node.
  package var quotas = Quotas()
  /// How long things may take.
  package var bounds: Session.Bounds

  /// A configuration with the usual bounds.
  package init(
    listen: SocketAddress, machines: SocketAddress? = nil, identity: TLSIdentity, site: API.Site,
    mostConnections: Int = Gateway.usualConnections, bounds: Session.Bounds = Session.Bounds()
  ) {
    self.listen = listen
    self.machines = machines
    self.identity = identity
    self.site = site
    self.mostConnections = mostConnections
    self.bounds = bounds
  }
}

/// Why a gateway cannot open its doors. Each says what to do about it.
package enum GatewayError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The address cannot be listened at.
  case address(SocketError)
  /// Certificate or key cannot be used.
  case identity(TLSError)
  /// The state cannot be read.
  case state(StoreError)

  package var description: String {
    switch self {
    case .address(let error): error.description
    case .identity(let error): error.description
    case .state(let error): error.description
    }
  }
}

extension Gateway {
  /// Opens the doors of `node` to its clients.
  package static func start(
    _ configuration: GatewayConfiguration, node: Node
  ) async throws(GatewayError) -> Gateway {
    let reader: StateReader
    do throws(StoreError) {
      reader = try node.state.makeReader()
    } catch {
      throw .state(error)
    }
    return try start(configuration, cluster: node, reader: reader)
  }

  /// Opens the doors of `cluster`, whose state `reader` reads on the client loop.
  package static func start(
    _ configuration: GatewayConfiguration, cluster: any Cluster, reader: sending StateReader
  ) throws(GatewayError) -> Gateway {
    let gateway = Gateway(
      api: API(
        cluster: cluster, reader: reader, site: configuration.site, quotas: configuration.quotas),
      bounds: configuration.bounds, mostConnections: configuration.mostConnections)
    var doors: [(at: SocketAddress, clients: TLSContext.Clients)] = [
      (configuration.listen, .anybody)
    ]
    if let machines = configuration.machines { doors.append((machines, .knownByFingerprint)) }
    do throws(GatewayError) {
      for door in doors {
        try gateway.open(door.at, as: configuration.identity, to: door.clients)
      }
    } catch {
      gateway.closeDoors()
      throw error
    }
    return gateway
  }

  /// One of the addresses that it listens at.
  struct Door {
    let listener: Listener
    let context: LiveContext
    let clients: TLSContext.Clients
  }

  private func open(
    _ address: SocketAddress, as identity: TLSIdentity, to clients: TLSContext.Clients
  ) throws(GatewayError) {
    let context: LiveContext
    do throws(TLSError) {
      context = LiveContext(try TLSContext.server(identity, clients: clients))
    } catch {
      throw .identity(error)
    }
    let listener: Listener
    do throws(SocketError) {
      listener = try Listener(address)
    } catch {
      throw .address(error)
    }
    do throws(SystemError) {
      try listen(listener, context)
    } catch {
      throw .address(.cannotListen(address, error))
    }
    doors.append(Door(listener: listener, context: context, clients: clients))
  }

  private func closeDoors() {
    for door in doors { door.listener.close() }
    doors = []
  }

  /// Stops listening, lets requests under way come to their answer, and returns when the last
  /// connection is gone. Let the gateway go afterwards, before the node stops: it holds a reader.
  package func stop() async {
    closeDoors()
    await drain()
  }

  /// Where it listens, with the port that the system chose if 0 was asked for.
  package var address: SocketAddress? { doors.first?.listener.address }

  /// Where it listens for those who show a certificate, if it does.
  package var machinesAddress: SocketAddress? {
    doors.first { $0.clients == .knownByFingerprint }?.listener.address
  }

  /// Shows another certificate from the next connection on.
  package func replaceIdentity(with identity: TLSIdentity) throws(TLSError) {
    let contexts = try doors.map { door throws(TLSError) in
      try TLSContext.server(identity, clients: door.clients)
    }
    for (door, context) in zip(doors, contexts) { door.context.replace(with: context) }
  }

  private func listen(_ listener: Listener, _ context: LiveContext) throws(SystemError) {
    try listener.start(on: ClientLoop.loop) { descriptor, remote in
      // One that can be told nothing any more is closed by letting its descriptor go.
      let hasRoom = self.makeRoom()
      guard hasRoom || self.canTurnAway else { return }
      let connection: Connection
      do throws(TLSError) {
        connection = try Connection(descriptor, remote: remote, context: context.current)
      } catch {
        return
      }
      if hasRoom { self.take(connection) } else { self.turnAway(connection) }
    }
  }
}
