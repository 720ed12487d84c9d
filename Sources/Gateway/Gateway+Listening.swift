import EventLoop
package import Replication
package import Store
package import TLS

/// Where a gateway listens, as what, and for how many.
package struct GatewayConfiguration: Sendable {
  /// Where clients connect to.
  package var listen: SocketAddress
  /// The certificate that clients see, and its key.
  package var identity: TLSIdentity
  /// What the node tells about its surroundings.
  package var site: API.Site
  /// Connections served at once.
  package var mostConnections: Int
  /// How long things may take.
  package var bounds: Session.Bounds

  /// A configuration with the usual bounds.
  package init(
    listen: SocketAddress, identity: TLSIdentity, site: API.Site,
    mostConnections: Int = Gateway.usualConnections, bounds: Session.Bounds = Session.Bounds()
  ) {
    self.listen = listen
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
    let context: LiveContext
    do throws(TLSError) {
      context = LiveContext(try TLSContext.server(configuration.identity))
    } catch {
      throw .identity(error)
    }
    let listener: Listener
    do throws(SocketError) {
      listener = try Listener(configuration.listen)
    } catch {
      throw .address(error)
    }
    let gateway = Gateway(
      api: API(cluster: cluster, reader: reader, site: configuration.site),
      bounds: configuration.bounds, mostConnections: configuration.mostConnections)
    do throws(SystemError) {
      try gateway.listen(listener, context)
    } catch {
      throw .address(.cannotListen(configuration.listen, error))
    }
    return gateway
  }

  /// Stops listening, lets requests under way come to their answer, and returns when the last
  /// connection is gone. Let the gateway go afterwards, before the node stops: it holds a reader.
  package func stop() async {
    listener?.close()
    listener = nil
    await drain()
  }

  /// Where it listens, with the port that the system chose if 0 was asked for.
  package var address: SocketAddress? { listener?.address }

  /// Shows another certificate from the next connection on.
  package func replaceIdentity(with identity: TLSIdentity) throws(TLSError) {
    context?.replace(with: try TLSContext.server(identity))
  }

  private func listen(_ listener: Listener, _ context: LiveContext) throws(SystemError) {
    self.listener = listener
    self.context = context
    try listener.start(on: ClientLoop.loop) { descriptor, remote in
      // One too many is closed by letting its descriptor go.
      guard self.hasRoom else { return }
      let connection: Connection
      do throws(TLSError) {
        connection = try Connection(descriptor, remote: remote, context: context.current)
      } catch {
        return
      }
      self.greeting += 1
      Task(name: "client \(remote)", executorPreference: ClientLoop.loop) {
        await self.greet(connection)
      }
    }
  }

  /// Shakes hands and serves.
  private func greet(_ connection: Connection) async {
    do throws(TLSError) {
      try await connection.handshake()
    } catch {
      // A scanner, a client with another authority, or one too slow: nothing of ours is lost.
      greeting -= 1
      return connection.close()
    }
    greeting -= 1
    await serve(ClientWire(connection))
  }
}
