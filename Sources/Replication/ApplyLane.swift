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

  /// How long a reader that holds the write-ahead log is waited for, and how often: 3 s, more than
  /// a reader may take.
  private static let readerPause: UInt32 = 50_000
  private static let mostPauses = 60

  private let thread = ThreadExecutor(name: "apply")
  private let log: NodeLog
  private let inbox: CoreInbox
  private let state: CurrentState
  private let open: @Sendable (LogBase, UInt64) throws(StoreError) -> StateStore
  // Touched on the thread only.
  private var store: StateStore?
  private let mark: ApplyMark
  /// What the core was last told to be durable.
  private var toldDurable = LogIndex.zero
  /// The last purge that it was told of.
  private var toldPurged = LogIndex.zero
  /// The last index whose digest it was told.
  private var toldDigest = LogIndex.zero

  /// - Parameter open: Opens the received state of a generation, which the log says is the one.
  init(
    _ store: consuming StateStore, mark: ApplyMark, state: CurrentState, inbox: CoreInbox,
    log: NodeLog,
    open: @escaping @Sendable (LogBase, UInt64) throws(StoreError) -> StateStore
  ) {
    self.store = consume store
    self.mark = mark
    self.state = state
    self.open = open
    self.log = log
    self.inbox = inbox
  }

  /// Applies entries as one transaction, some of them as nothing, and reports it. From any thread.
  func apply(_ entries: [Entry], skipping skips: [LogIndex]) {
    for index in skips { log.write("skips the entry at \(index), as it was told") }
    thread.submit { self.work(entries, skips) }
  }

  /// Begins to tell what is durable.
  func start() {
    thread.submit {
      self.tellDurable()
      self.tellPurged()
    }
  }

  /// Goes over to a received state. From any thread.
  func use(generation: UInt64, base: LogBase) {
    thread.submit {
      // Closed first: of each file there is one writing connection at most.
      self.store = nil
      do throws(StoreError) {
        self.store = try self.open(base, generation)
      } catch {
        self.log.end("the state that was received cannot be opened: \(error)")
      }
      self.toldDigest = .zero
      let former = self.state.file
      self.state.use(StateStore.fileName(generation: generation))
      self.remove(former)
      self.log.write("goes on with the state received, at \(base.position.index)")
      self.inbox.bring(.input(.switched(generation: generation)))
      self.tellDurable()
    }
  }

  private func remove(_ former: String) {
    do throws(StoreError) {
      try StoreFolder.remove(stateFile: former, in: state.folder)
    } catch {
      // It is removed at the next start.
      log.write("cannot remove its former state: \(error)")
    }
  }

  /// Closes the file once all that was given is applied.
  func close(done: @escaping @Sendable () -> Void) {
    thread.submit {
      self.store = nil
      done()
    }
  }

  private func work(_ entries: [Entry], _ skips: [LogIndex]) {
    guard let first = entries.first, let last = entries.last else { return }
    var pauses = 0
    while true {
      do throws(StoreError) {
        mark.begin(first.position.index, through: last.position.index)
        let results = try store?.apply(entries, skipping: skips) ?? []
        mark.end()
        inbox.bring(.applied(results, through: last.position.index, ended: Clock.monotonic()))
        tellDurable()
        tellDigest()
        tellPurged()
        holdBack()
        return
      } catch .diskFull {
        // Nothing was changed, and what is committed must be applied: it only has to wait. To be
        // stopped meanwhile is no death by the entry.
        mark.end()
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

  /// Tells how far a power cut can no longer reach, when that has changed: the log may be trimmed.
  private func tellDurable() {
    guard let durable = store?.durable, durable > toldDurable else { return }
    toldDurable = durable
    inbox.bring(.input(.stateDurable(through: durable)))
  }

  /// Tells of a purge, once.
  private func tellPurged() {
    guard let purged = store?.purged, purged > toldPurged else { return }
    toldPurged = purged
    inbox.bring(.input(.purged(purged)))
  }

  /// Tells what the state came to at the last index at which every node says so.
  private func tellDigest() {
    guard let digest = store?.newestDigest, digest.index > toldDigest else { return }
    toldDigest = digest.index
    inbox.bring(.input(.digested(digest)))
  }

  /// Waits while readers hold the write-ahead log over its bound: it would grow for as long as they
  /// read. Each is stopped at its deadline, so this ends.
  private func holdBack() {
    var pauses = 0
    while store?.isBackedUp == true, pauses < Self.mostPauses {
      usleep(Self.readerPause)
      pauses += 1
      do throws(StoreError) {
        try store?.checkpointPassively()
      } catch {
        log.end("copying the state's log: \(error)")
      }
    }
  }
}
