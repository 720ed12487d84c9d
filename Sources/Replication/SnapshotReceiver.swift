import EventLoop
import Raft
import Store
import TLS

/// One state that a peer offers, until it lies verified in the data folder. On the bulk loop's thread.
final class SnapshotReceiver: @unchecked Sendable {
  private let link: PeerLink
  private let peer: NodeID
  private let setting: BulkLane.Setting
  private var incoming: IncomingSnapshot?
  private var isOver = false

  init(_ link: PeerLink, from peer: NodeID, setting: BulkLane.Setting) {
    self.link = link
    self.peer = peer
    self.setting = setting
  }

  /// Answers the dialler's hello.
  func greet() {
    var hello = setting.own
    hello.isBulk = true
    link.send(PeerFrame.hello(hello).encoded())
  }

  func close() {
    end()
    link.close()
  }

  /// The connection is over. What came so far stays on the disk.
  func end() {
    isOver = true
    incoming = nil
  }

  func hear(_ bytes: [UInt8]) {
    guard !isOver else { return }
    do {
      switch try PeerFrame(decoding: bytes) {
      case .snapshot(.offer(let meta)): try begin(meta)
      case .snapshot(.chunk(let offset, let piece)): try take(piece, at: offset)
      default: close()
      }
    } catch {
      setting.log.write("cannot take the state of \(peer): \(error)")
      send(.refused("\(error)"))
      close()
    }
  }

  private func begin(_ meta: SnapshotMeta) throws(SnapshotError) {
    let fresh = try IncomingSnapshot.begin(meta, in: setting.folder)
    setting.log.write(
      "takes the state of \(peer) at \(meta.base.position.index), \(meta.bytes) bytes"
        + (fresh.offset > 0 ? ", from \(fresh.offset) on" : ""))
    incoming = fresh
    try goOn()
  }

  private func take(_ piece: [UInt8], at offset: UInt64) throws(SnapshotError) {
    try incoming?.append(piece, at: offset)
    try goOn()
  }

  /// Asks for more, or holds what is there to what was announced.
  private func goOn() throws(SnapshotError) {
    guard let incoming else { return }
    guard incoming.isComplete else { return send(.wanted(from: incoming.offset)) }
    self.incoming = nil
    let generation = try incoming.finish(
      for: setting.own.cluster, above: setting.stateFile())
    let head: StateFileHead
    do throws(StoreError) {
      head = try StateFileHead.read(
        "\(setting.folder)/\(StateStore.fileName(generation: generation))")
    } catch {
      throw .store(error)
    }
    setting.inbox.bring(
      .input(.snapshotReceived(head.base, generation: generation, stamp: head.stamp)))
    send(.complete)
  }

  private func send(_ frame: SnapshotFrame) {
    link.send(PeerFrame.snapshot(frame).encoded())
  }
}
