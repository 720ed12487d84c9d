import EventLoop
import Raft
import Store
import TLS

/// The thread of states on their way between nodes: it makes them, sends and receives them, and may
/// wait for the disk, for nothing that hurries is on it.
///
/// A state goes over a connection of its own, so that a heartbeat never waits behind a mebibyte.
final class BulkLane: @unchecked Sendable {
  /// Pieces sent before the receiver has said that it has the first of them.
  static let mostAhead: UInt64 = 4
  /// A transfer on which nothing has moved for so long is given up; the next goes on where it ended.
  static let longestSilence: Duration = .seconds(30)

  /// What the lane is told once.
  struct Setting: Sendable {
    let folder: String
    let own: Hello
    let client: LiveContext
    let inbox: CoreInbox
    let log: NodeLog
    /// The name of the state file in use.
    let stateFile: @Sendable () -> String
  }

  let loop = EventLoop(name: "bulk")
  private let setting: Setting
  // Touched on the loop's thread only.
  private var senders: [SnapshotSender] = []
  private var receiver: SnapshotReceiver?
  /// The last state that was made, for a peer that asks again, or another that asks soon after.
  private var made: StateSnapshot?
  private var isClosed = false

  init(_ setting: Setting) { self.setting = setting }

  /// Sends `peer` the state, unless that is under way. From any thread.
  ///
  /// - Parameter base: Where the log begins: a state that ends before it is of no use.
  func send(to peer: NodeID, at endpoint: Endpoint, after base: LogIndex) {
    loop.submit {
      guard !self.isClosed, !self.senders.contains(where: { $0.peer == peer }) else { return }
      guard let snapshot = self.snapshot(after: base) else {
        return self.setting.inbox.bring(.input(.snapshotEnded(peer)))
      }
      let sender = SnapshotSender(
        to: peer, at: endpoint, snapshot, setting: self.setting, loop: self.loop
      ) { sender, hasArrived in
        self.senders.removeAll { $0 === sender }
        self.setting.inbox.bring(.input(.snapshotEnded(peer, hasArrived: hasArrived)))
      }
      self.senders.append(sender)
      sender.start()
    }
  }

  /// Takes a connection on which a peer offers a state. On the loop of `link`, in its `onFrame`.
  func receive(on link: PeerLink, from peer: NodeID) {
    let receiver = SnapshotReceiver(link, from: peer, setting: setting)
    link.move(
      to: loop,
      onFrame: { receiver.hear($0) },
      onClose: { _ in
        receiver.end()
        if self.receiver === receiver { self.receiver = nil }
      })
    // After the link's own turn to move: before it has arrived, it sends nothing.
    setting.inbox.loop.atEndOfTurn {
      self.loop.submit {
        // One at a time: the newer offer is the better one.
        self.receiver?.close()
        self.receiver = receiver
        receiver.greet()
      }
    }
  }

  /// Removes the file of a state that was received and is of no use.
  func discard(_ generation: UInt64) {
    loop.submit {
      do throws(StoreError) {
        try StoreFolder.remove(
          stateFile: StateStore.fileName(generation: generation), in: self.setting.folder)
      } catch {
        // It is removed at the next start.
        self.setting.log.write("cannot remove a state of no use: \(error)")
      }
    }
  }

  /// Ends everything; what was received so far stays for the next time.
  func close(done: @escaping @Sendable () -> Void) {
    loop.submit {
      self.isClosed = true
      for sender in self.senders { sender.close() }
      self.receiver?.close()
      self.forget()
      done()
    }
  }

  /// Removes the copy, which nobody reads any more.
  private func forget() {
    // A file that stays is removed at the next start.
    try? made?.remove()
    made = nil
  }

  private func snapshot(after base: LogIndex) -> StateSnapshot? {
    if let made, made.meta.base.position.index >= base { return made }
    if senders.isEmpty { forget() }
    do throws(StoreError) {
      let start = Clock.monotonic()
      let snapshot = try StateSnapshot.make(
        folder: setting.folder, stateFile: setting.stateFile())
      let took = (Clock.monotonic() - start) / 1_000_000
      setting.log.write(
        "made a copy of its state at \(snapshot.meta.base.position.index): "
          + "\(snapshot.meta.bytes) bytes in \(took) ms")
      made = snapshot
      return snapshot
    } catch {
      setting.log.write("cannot make a copy of its state: \(error)")
      return nil
    }
  }
}
