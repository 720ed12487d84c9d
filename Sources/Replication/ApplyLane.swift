import EventLoop
import Glibc
import Raft
import Store

/// The thread of the state file's only writing connection.
final class ApplyLane: @unchecked Sendable {
  /// How long a full disk is waited for before the same transaction is tried again.
  private static let fullDiskPause: UInt32 = 200_000
  /// How many of those pauses lie between two log lines about it: 10 s.
  private static let pausesPerLine = 50

  private let thread = ThreadExecutor(name: "apply")
  private let log: NodeLog
  private let inbox: CoreInbox
  // Touched on the thread only.
  private var store: StateStore?

  init(_ store: consuming StateStore, inbox: CoreInbox, log: NodeLog) {
    self.store = consume store
    self.log = log
    self.inbox = inbox
  }

  /// Applies entries as one transaction and reports it. From any thread.
  func apply(_ entries: [Entry]) {
    thread.submit { self.work(entries) }
  }

  /// Closes the file once all that was given is applied.
  func close(done: @escaping @Sendable () -> Void) {
    thread.submit {
      self.store = nil
      done()
    }
  }

  private func work(_ entries: [Entry]) {
    guard let last = entries.last else { return }
    var pauses = 0
    while true {
      do throws(StoreError) {
        let results = try store?.apply(entries) ?? []
        inbox.bring(.applied(results, through: last.position.index, ended: Clock.monotonic()))
        return
      } catch .diskFull {
        // Nothing was changed, and what is committed must be applied: it only has to wait.
        if pauses % Self.pausesPerLine == 0 {
          log.write("\(StoreError.diskFull)")
        }
        pauses += 1
        usleep(Self.fullDiskPause)
      } catch {
        // A state that missed an entry would answer wrongly for ever.
        log.end("applying \(last.position): \(error)")
      }
    }
  }
}
