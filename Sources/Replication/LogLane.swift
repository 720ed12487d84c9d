import EventLoop
import Glibc
import Raft
import Store

/// The thread of raft.db, which only it touches.
///
/// Whatever waits when it is free goes to the disk as one transaction with one sync, so the longer
/// a sync takes the more shares the next one.
final class LogLane: @unchecked Sendable {
  private struct Queue {
    var batches: [PersistBatch] = []
    var loads: [LogLoad] = []
    /// The thread has been told that there is something.
    var isRung = false
  }

  /// How long a full disk is waited for before the same batches are tried again.
  private static let fullDiskPause: UInt32 = 1_000_000
  /// Bytes of one answer to a load: one append, or one transaction.
  private static let largestLoad = RaftCore.largestAppend

  private let thread = ThreadExecutor(name: "log")
  private let queue = Lock(Queue())
  private let log: NodeLog
  private let inbox: CoreInbox
  // Touched on the thread only.
  private var store: LogStore?

  private let folder: String

  /// - Parameter folder: The data folder that the store was opened in.
  init(_ store: consuming LogStore, in folder: String, inbox: CoreInbox, log: NodeLog) {
    self.folder = folder
    self.store = consume store
    self.log = log
    self.inbox = inbox
  }

  /// Has batches made durable, in order, and then entries read. From any thread.
  func take(_ batches: [PersistBatch], loads: [LogLoad]) {
    let mustRing = queue.withLock { queue in
      queue.batches += batches
      queue.loads += loads
      defer { queue.isRung = true }
      return !queue.isRung
    }
    if mustRing { thread.submit { self.work() } }
  }

  /// Has what the log no longer holds taken off the disk, once all that was taken is done.
  func scrub() {
    thread.submit {
      self.work()
      do throws(StoreError) {
        try self.store?.scrub(in: self.folder)
      } catch .diskFull {
        // The rows go with the next batches, and later ones are written over the rest.
        self.log.write("\(StoreError.diskFull)")
      } catch {
        self.log.end("raft.db: \(error)")
      }
    }
  }

  /// Closes the file once all that was taken is done.
  func close(done: @escaping @Sendable () -> Void) {
    thread.submit {
      self.store = nil
      done()
    }
  }

  private func work() {
    while let (batches, loads) = takeQueued() {
      persist(batches)
      for load in loads { read(load) }
    }
  }

  /// Everything that waits, or `nil` if nothing does; then the next to bring something rings.
  private func takeQueued() -> (batches: [PersistBatch], loads: [LogLoad])? {
    queue.withLock { queue in
      guard !queue.batches.isEmpty || !queue.loads.isEmpty else {
        queue.isRung = false
        return nil
      }
      let taken = (queue.batches, queue.loads)
      queue.batches = []
      queue.loads = []
      return taken
    }
  }

  private func persist(_ batches: [PersistBatch]) {
    guard let last = batches.last else { return }
    while true {
      do throws(StoreError) {
        try store?.persist(batches)
        inbox.bring(.persisted(through: last.sequence))
        return
      } catch .diskFull {
        // Nothing was stored, so nothing is in doubt. Meanwhile the watchdog gives leadership up.
        log.write("\(StoreError.diskFull)")
        usleep(Self.fullDiskPause)
      } catch {
        // After a failed write or sync nobody knows what the disk holds; to go on would be to
        // promise what may not be there.
        log.end("raft.db: \(error)")
      }
    }
  }

  private func read(_ load: LogLoad) {
    do throws(StoreError) {
      let entries = try store?.entries(
        from: load.from, through: load.through, maxBytes: Self.largestLoad)
      inbox.bring(.loaded(entries ?? [], for: load.purpose))
    } catch {
      log.end("raft.db: \(error)")
    }
  }
}
