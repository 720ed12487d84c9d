import EventLoop
import Raft
import Store
import TLS

/// One state on its way to one peer. On the bulk loop's thread.
final class SnapshotSender: @unchecked Sendable {
  private static let deadline: Duration = .seconds(5)

  let peer: NodeID
  private let endpoint: Endpoint
  private let snapshot: StateSnapshot
  private let setting: BulkLane.Setting
  private let loop: EventLoop
  private var onEnd: ((SnapshotSender, Bool) -> Void)?
  private var link: PeerLink?
  private var isGreeted = false
  /// The next byte to send, and what the receiver has on its disk.
  private var next: UInt64 = 0
  private var held: UInt64 = 0
  private var isBegun = false
  private var lastMoved = Clock.monotonic()

  init(
    to peer: NodeID, at endpoint: Endpoint, _ snapshot: StateSnapshot, setting: BulkLane.Setting,
    loop: EventLoop, onEnd: @escaping (SnapshotSender, Bool) -> Void
  ) {
    self.peer = peer
    self.endpoint = endpoint
    self.snapshot = snapshot
    self.setting = setting
    self.loop = loop
    self.onEnd = onEnd
  }

  func start() {
    // A name may take the system's resolver seconds; this thread has them.
    let addresses: [SocketAddress]
    do throws(SocketError) {
      addresses = try endpoint.resolved()
    } catch {
      return finish("\(error)")
    }
    guard let address = addresses.first else { return finish("\(endpoint) has no address") }
    Dial.connect(to: address, on: loop, within: Self.deadline) { result in
      switch consume result {
      case .success(let socket): self.greet(socket)
      case .failure(let error): self.finish("\(error)")
      }
    }
    watch()
  }

  func close() {
    link?.close()
    finish(nil)
  }

  private func greet(_ socket: consuming Descriptor) {
    do throws(TLSError) {
      let link = try PeerLink(
        socket, context: setting.client.current, side: .client(host: nil), loop: loop,
        largestFrame: PeerFrame.largest)
      self.link = link
      link.start(
        onFrame: { self.hear($0) }, onClose: { error in self.finish(error.map { "\($0)" }) })
      var hello = setting.own
      hello.isBulk = true
      link.send(PeerFrame.hello(hello).encoded())
    } catch {
      finish("\(error)")
    }
  }

  private func hear(_ bytes: [UInt8]) {
    lastMoved = Clock.monotonic()
    let frame: PeerFrame
    do {
      frame = try PeerFrame(decoding: bytes)
    } catch {
      return finish("\(peer) sent what is no frame: \(error)")
    }
    switch frame {
    case .hello(let hello) where hello.node == peer && !isGreeted:
      isGreeted = true
      send(.offer(snapshot.meta))
    case .snapshot(.wanted(let offset))
    where isGreeted && held <= offset && offset <= snapshot.meta.bytes:
      held = offset
      if !isBegun { next = offset }
      isBegun = true
      sendPieces()
    case .snapshot(.complete):
      setting.log.write("sent its state at \(snapshot.meta.base.position.index) to \(peer)")
      finish(nil, hasArrived: true)
    case .snapshot(.refused(let why)):
      finish("\(peer) does not take the state: \(why)")
    default:
      finish("\(peer) sent what does not belong on a bulk connection")
    }
  }

  /// Sends pieces until enough of them are on their way.
  private func sendPieces() {
    let most = UInt64(PeerFrame.largestChunk)
    while next < snapshot.meta.bytes, next < held + BulkLane.mostAhead * most {
      do throws(StoreError) {
        let piece = try snapshot.chunk(at: next)
        guard !piece.isEmpty else { return finish("the copy of the state ends too early") }
        send(.chunk(at: next, piece))
        next += UInt64(piece.count)
      } catch {
        return finish("\(error)")
      }
    }
  }

  private func send(_ frame: SnapshotFrame) {
    link?.send(PeerFrame.snapshot(frame).encoded())
  }

  private func watch() {
    _ = loop.schedule(after: .seconds(5)) {
      guard self.onEnd != nil else { return }
      if Clock.monotonic() - self.lastMoved > BulkLane.longestSilence.nanoseconds {
        self.finish("nothing moves any more")
      } else {
        self.watch()
      }
    }
  }

  private func finish(_ trouble: String?, hasArrived: Bool = false) {
    guard let onEnd else { return }
    self.onEnd = nil
    if let trouble { setting.log.write("cannot send its state to \(peer): \(trouble)") }
    link?.close()
    link = nil
    onEnd(self, hasArrived)
  }
}
