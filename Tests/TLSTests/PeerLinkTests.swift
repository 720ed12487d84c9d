import EventLoop
import Glibc
import TLS
import Testing

@Suite("A peer link")
struct PeerLinkTests {
  let papers: Papers
  init() throws { papers = try Papers() }

  @Test func `carries frames of every size, whole and in order, both ways`() async throws {
    let authority = try papers.authority()
    let pair = try await Pair(
      server: try authority.node(1), client: try authority.node(2), authority.path)
    let sizes = [0, 1, 3, 16_379, 16_380, 16_381, 65_536, 1_000_000, Pair.largestFrame, 5]
    let frames = sizes.map { [UInt8](repeating: UInt8(truncatingIfNeeded: $0), count: $0) }
    await pair.loop.run {
      for frame in frames {
        pair.client.send(frame)
        pair.server.withLock { $0 }?.send(frame)
      }
    }
    #expect(await eventually { pair.atServer.frames.count == frames.count })
    #expect(await eventually { pair.atClient.frames.count == frames.count })
    #expect(pair.atServer.frames == frames)
    #expect(pair.atClient.frames == frames)
    #expect(await pair.loop.run { pair.client.peerURIs } == ["muster://c/node/1"])
    #expect(
      await pair.loop.run { pair.server.withLock { $0 }?.peerURIs } == ["muster://c/node/2"])

    await pair.loop.run { pair.client.close() }
    #expect(await eventually { pair.atServer.ends == [nil] })
    #expect(pair.atClient.ends == [nil])
    await pair.close()
  }

  @Test func `goes over to another loop between two frames`() async throws {
    let authority = try papers.authority()
    let pair = try await Pair(
      server: try authority.node(1), client: try authority.node(2), authority.path)
    let other = EventLoop(name: "other")
    let moved = Lock<[[UInt8]]>([])
    let ends = Lock<[TLSError?]>([])
    pair.atServer.whenHeard { link in
      link.move(
        to: other,
        onFrame: { bytes in
          precondition(other.inLoop, "A moved link calls back on its loop.")
          moved.withLock { $0.append(bytes) }
          link.send(bytes)
        }, onClose: { error in ends.withLock { $0.append(error) } })
    }
    let frames = (0..<50).map { [UInt8](repeating: $0, count: 20_000 * Int($0 % 7)) }
    await pair.loop.run { for frame in frames { pair.client.send(frame) } }
    #expect(await eventually { pair.atClient.frames.count == frames.count - 1 })
    #expect(pair.atServer.frames == [frames[0]])
    #expect(moved.withLock { $0 } == Array(frames.dropFirst()))
    #expect(pair.atClient.frames == Array(frames.dropFirst()))
    await pair.loop.run { pair.client.close() }
    #expect(await eventually { ends.withLock { $0 } == [nil] })
    await pair.close()
  }

  @Test func `ends at a frame over the bound`() async throws {
    let authority = try papers.authority()
    let pair = try await Pair(
      server: try authority.node(1), client: try authority.node(2), authority.path,
      clientLargest: Pair.largestFrame + 1)
    await pair.loop.run {
      pair.client.send([1])
      pair.client.send([UInt8](repeating: 0, count: Pair.largestFrame + 1))
    }
    let reason = TLSError.frameTooLong(found: Pair.largestFrame + 1, limit: Pair.largestFrame)
    #expect(await eventually { pair.atServer.ends == [reason] })
    #expect(pair.atServer.frames == [[1]])
    #expect(await eventually { pair.atClient.ends.count == 1 })
    await pair.close()
  }

  @Test func `ends when too much waits for a peer that takes nothing`() async throws {
    let authority = try papers.authority()
    let pair = try await Pair(
      server: try authority.node(1), client: try authority.node(2), authority.path)
    await pair.loop.run {
      let chunk = [UInt8](repeating: 0, count: Pair.largestFrame)
      // In one turn, so that the peer has no time to take any.
      for _ in 0...(PeerLink.mostWaiting / chunk.count) { pair.client.send(chunk) }
    }
    #expect(
      await eventually { pair.atClient.ends == [.tooMuchWaiting(limit: PeerLink.mostWaiting)] })
    await pair.close()
  }

  @Test func `is refused to who has no certificate, or one of another authority`() async throws {
    let authority = try papers.authority()
    let other = try papers.authority("another")
    let nobody = try await Pair(server: try authority.node(1), client: nil, authority.path)
    #expect(await eventually { nobody.atServer.ends == [.noCertificate] })
    #expect(
      await eventually {
        if case .refusedByPeer? = nobody.atClient.ends.first ?? nil { true } else { false }
      })
    await nobody.close()

    let stranger = try await Pair(
      server: try authority.node(1), client: try other.node(2), authority.path)
    #expect(
      await eventually {
        if case .unknownAuthority? = stranger.atServer.ends.first ?? nil { true } else { false }
      })
    #expect(stranger.atServer.frames.isEmpty)
    await stranger.close()
  }

  @Test func `closes a handshake that takes too long`() async throws {
    let authority = try papers.authority()
    let listener = try Listener(loopback)
    let pair = try await Pair(
      dialling: listener.address, client: try authority.node(2), authority.path,
      limit: .milliseconds(30))
    #expect(await eventually { pair.atClient.ends == [.timedOut] })
    await pair.close()
  }

  @Test func `that is lost is told, and a new dial that is refused too`() async throws {
    let authority = try papers.authority()
    let pair = try await Pair(
      server: try authority.node(1), client: try authority.node(2), authority.path)
    await pair.loop.run { pair.client.send([1]) }
    #expect(await eventually { pair.atServer.frames.count == 1 })
    let address = pair.address
    await pair.loop.run {
      pair.listener?.close()
      pair.server.withLock { $0 }?.close()
    }
    #expect(await eventually { pair.atClient.ends.count == 1 })
    let refusal = Lock<SocketError?>(nil)
    await pair.loop.run {
      Dial.connect(to: address, on: pair.loop, within: .seconds(1)) { result in
        if case .failure(let error) = consume result { refusal.withLock { $0 = error } }
      }
    }
    #expect(await eventually { refusal.withLock { $0 } == .refused(address) })
  }
}

/// What one end of a link was told.
private final class Told: Sendable {
  private let told = Lock<(frames: [[UInt8]], ends: [TLSError?])>(([], []))
  var frames: [[UInt8]] { told.withLock { $0.frames } }
  var ends: [TLSError?] { told.withLock { $0.ends } }

  private let onFrame = Lock<(@Sendable (PeerLink) -> Void)?>(nil)

  /// Does this after each frame that is heard here.
  func whenHeard(_ work: @escaping @Sendable (PeerLink) -> Void) { onFrame.withLock { $0 = work } }

  func listen(to link: PeerLink) {
    link.start(
      onFrame: { frame in
        self.told.withLock { $0.frames.append(frame) }
        self.onFrame.withLock { $0 }?(link)
      },
      onClose: { error in self.told.withLock { $0.ends.append(error) } })
  }
}

/// Two ends of a link on one loop.
private final class Pair: @unchecked Sendable {
  // Its links and its listener guard themselves; the rest is constant.
  static let largestFrame = 4 * 1_024 * 1_024

  let loop = EventLoop(name: "pair")
  let listener: Listener?
  let address: SocketAddress
  let client: PeerLink
  let server = Lock<PeerLink?>(nil)
  let atClient = Told()
  let atServer = Told()

  convenience init(
    server: TLSIdentity, client: TLSIdentity?, _ authority: String,
    clientLargest: Int = Pair.largestFrame
  ) async throws {
    let listener = try Listener(loopback)
    try await self.init(
      dialling: listener.address, listener, client: client, authority, largest: clientLargest)
    let context = try TLSContext.server(server, clients: .issued(by: authority))
    await loop.run {
      try! listener.start(on: self.loop) { socket, _ in
        let link = try! PeerLink(
          socket, context: context, side: .server, loop: self.loop,
          largestFrame: Pair.largestFrame)
        self.server.withLock { $0 = link }
        self.atServer.listen(to: link)
      }
    }
    _ = await eventually { self.server.withLock { $0 } != nil }
  }

  init(
    dialling address: SocketAddress, _ listener: Listener? = nil, client: TLSIdentity?,
    _ authority: String, largest: Int = Pair.largestFrame, limit: Duration = .seconds(5)
  ) async throws {
    self.address = address
    self.listener = listener
    // An own client trusts the server's authority, even when its own identity is of another.
    let context = try TLSContext.client(authority: authority, identity: client)
    let loop = loop
    let number: Int32 = await withCheckedContinuation { found in
      loop.submit {
        Dial.connect(to: address, on: loop, within: .seconds(1)) { result in
          switch consume result {
          case .success(let socket): found.resume(returning: socket.release())
          case .failure: found.resume(returning: -1)
          }
        }
      }
    }
    self.client = try PeerLink(
      Descriptor(owning: number), context: context, side: .client(host: nil), loop: loop,
      largestFrame: largest, handshakeLimit: limit)
    await loop.run { self.atClient.listen(to: self.client) }
  }

  func close() async {
    await loop.run {
      self.listener?.close()
      self.client.close()
      self.server.withLock { $0 }?.close()
    }
  }
}
