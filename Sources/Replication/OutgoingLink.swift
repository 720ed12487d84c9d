import EventLoop
import Raft
import TLS

/// The connection that this node dials to one other, kept up: dialled, greeted, and dialled again.
/// On the core loop's thread.
final class OutgoingLink: @unchecked Sendable {
  // Everything is touched on the loop's thread only, after init.

  /// The pause before the second dial; it doubles up to the longest one.
  private static let firstPause: Duration = .milliseconds(20)
  private static let longestPause: Duration = .seconds(1)
  /// A dial, its handshake and the other's hello take at most this.
  private static let deadline: Duration = .seconds(2)
  /// Resolves names, which may take seconds. Addresses do not come here.
  private static let resolver = ThreadExecutor(name: "resolver")

  private enum State {
    case idle
    case pausing(TimerToken)
    case dialling
    /// Connected, with the handshake or the hello not done.
    case greeting(PeerLink)
    case open(PeerLink)
    case closed
  }

  let node: NodeID
  private(set) var endpoint: Endpoint
  /// Who is a member, as this node knows it now.
  private let configuration: () -> Configuration
  private let own: Hello
  private let context: LiveContext
  private let loop: EventLoop
  private let log: NodeLog
  private var take: (ReplicaInput) -> Void = { _ in }
  private var state = State.idle
  private var pause = OutgoingLink.firstPause
  private var lastHeard: Int64 = 0
  /// When an open connection closed, until it is open again or known why: a dial that is refused soon
  /// after says that the process is gone, not merely the connection.
  private var closedAt: Int64?
  /// How soon. A dial may come while the other's kernel still clears up, and be reset before the next
  /// is refused.
  private static let aftermath: Int64 = 1_000_000_000
  /// The last trouble told, so that each is told once and not every second.
  private var toldTrouble: String?
  /// Tells late news of an earlier connection from that of the present one.
  private var generation = 0

  init(
    to node: NodeID, at endpoint: Endpoint, own: Hello, context: LiveContext, loop: EventLoop,
    log: NodeLog, configuration: @escaping () -> Configuration
  ) {
    self.node = node
    self.endpoint = endpoint
    self.configuration = configuration
    self.own = own
    self.context = context
    self.loop = loop
    self.log = log
  }

  var isOpen: Bool {
    if case .open = state { true } else { false }
  }

  func start(_ take: @escaping (ReplicaInput) -> Void) {
    self.take = take
    dial()
  }

  func send(_ bytes: [UInt8]) {
    guard case .open(let link) = state else { return }
    link.send(bytes)
  }

  /// The other node has just dialled this one, so it is there: a pause is not waited out.
  func dialNow() {
    guard case .pausing(let timer) = state else { return }
    loop.cancel(timer)
    pause = Self.firstPause
    dial()
  }

  /// The other node is to be found elsewhere from now on. An open connection stays: it may well
  /// have moved only its name.
  func redirect(to endpoint: Endpoint) {
    guard endpoint != self.endpoint else { return }
    self.endpoint = endpoint
    dialNow()
  }

  /// Closes an open connection on which nothing came since `limit`, in monotonic nanoseconds.
  func closeIfSilent(since limit: Int64) {
    guard case .open(let link) = state, lastHeard < limit else { return }
    link.close()
  }

  func close() {
    let old = state
    state = .closed
    take = { _ in }
    generation += 1
    switch old {
    case .greeting(let link), .open(let link): link.close()
    case .pausing(let timer): loop.cancel(timer)
    case .idle, .dialling, .closed: break
    }
  }

  // MARK: - Dialling

  private func dial() {
    state = .dialling
    generation += 1
    let attempt = generation
    if let address = SocketAddress(host: endpoint.host, port: endpoint.port) {
      connect(to: address, attempt)
    } else {
      resolve(attempt)
    }
  }

  private func resolve(_ attempt: Int) {
    let endpoint = endpoint
    Self.resolver.submit {
      let found: Result<[SocketAddress], SocketError> = Result { () throws(SocketError) in
        try endpoint.resolved()
      }
      self.loop.submit {
        guard attempt == self.generation else { return }
        switch found {
        case .success(let addresses):
          // An endpoint resolves to at least one address; the first is the system's preference.
          if let first = addresses.first { self.connect(to: first, attempt) }
        case .failure(let error): self.failed("\(error)")
        }
      }
    }
  }

  private func connect(to address: SocketAddress, _ attempt: Int) {
    Dial.connect(to: address, on: loop, within: Self.deadline) { result in
      guard attempt == self.generation else { return }
      switch consume result {
      case .success(let socket): self.greet(socket, attempt)
      case .failure(let error):
        if case .refused = error { self.noteRefusal() }
        self.failed("\(error)")
      }
    }
  }

  private func greet(_ socket: consuming Descriptor, _ attempt: Int) {
    let link: PeerLink
    do throws(TLSError) {
      link = try PeerLink(
        socket, context: context.current, side: .client(host: nil), loop: loop,
        largestFrame: PeerFrame.largest)
    } catch {
      return failed("\(error)")
    }
    state = .greeting(link)
    link.start(
      onFrame: { bytes in
        if attempt == self.generation { self.hear(bytes, from: link) }
      },
      onClose: { error in
        if attempt == self.generation { self.ended(error) }
      })
    link.send(PeerFrame.hello(own).encoded())
    _ = loop.schedule(after: Self.deadline) {
      guard attempt == self.generation, case .greeting = self.state else { return }
      link.close()
    }
  }

  /// Only the hello, and the answers that show that the wire is alive, come by this connection.
  private func hear(_ bytes: [UInt8], from link: PeerLink) {
    lastHeard = Clock.monotonic()
    guard case .greeting = state else { return }
    let hello: Hello
    do {
      guard case .hello(let said) = try PeerFrame(decoding: bytes) else {
        throw HelloRefusal.notExpected(node)
      }
      hello = said
      let refusal = hello.refusal(
        names: link.peerURIs, expected: node, own: own, configuration: configuration())
      if let refusal { throw refusal }
    } catch {
      tell("\(error)")
      return link.close()
    }
    state = .open(link)
    pause = Self.firstPause
    closedAt = nil
    toldTrouble = nil
    log.write("reaches \(node)")
    take(.heard(hello.member, level: hello.level))
    take(.connected(node))
  }

  // MARK: - Ends

  private func ended(_ error: TLSError?) {
    guard isOpen else {
      // Closed by this node after it told why, or by the other, which did not like the hello.
      let why = error.map { "\($0)" } ?? "it closed the connection without a hello"
      return failed(toldTrouble ?? why)
    }
    state = .idle
    closedAt = Clock.monotonic()
    log.write("has lost \(node)\(error.map { ": \($0)" } ?? "")")
    take(.lost(node))
    // At once: whether this is refused decides how soon a leader is replaced.
    dial()
  }

  /// Nobody listens there.
  private func noteRefusal() {
    guard let closed = closedAt else { return }
    closedAt = nil
    if Clock.monotonic() - closed < Self.aftermath { take(.gone(node)) }
  }

  private func failed(_ why: String) {
    tell(why)
    generation += 1
    state = .pausing(
      loop.schedule(after: pause) {
        if case .pausing = self.state { self.dial() }
      })
    pause = min(pause * 2, Self.longestPause)
  }

  private func tell(_ trouble: String) {
    guard trouble != toldTrouble else { return }
    toldTrouble = trouble
    log.write("cannot reach \(node) at \(endpoint): \(trouble)")
  }
}
