import Bytes
import EventLoop
import Glibc
import Raft
import Store
import Synchronization

/// The thread that feeds the search index from the ledger, when nobody else has work to do.
///
/// It looks whether anything was applied, and never makes an apply wait for it. What fails here is told to
/// those who search and ends nothing.
final class SearchLane: @unchecked Sendable {
  /// Somebody who waits for an index.
  private struct Waiter {
    let index: LogIndex
    let end: Int64
    let resume: @Sendable (Bool) -> Void
  }

  private struct Shared {
    var figures = SearchFigures()
    var waiters: [Waiter] = []
    var isDamaged = false
    var isStopped = false
    var onClose: (@Sendable () -> Void)?
    var isClosed = false
    /// What the lane runs on, while it does.
    var thread: Threads.Yielding?
  }

  let folder: String
  private let cluster: ID
  private let state: CurrentState
  private let applied: @Sendable () -> LogIndex
  private let pace: SearchPace
  private let log: NodeLog
  private let shared = Lock(Shared())
  private let number = Atomic<Int>(0)
  // Touched on the thread only.
  private var store: SearchStore?
  private var reader: StateReader?
  private var stateVersion = 0
  private var seen = LogIndex.zero
  /// Whether it is far behind, and takes one batch after the other.
  private var isCatchingUp = false
  /// When what was purged may be taken out of the file.
  private var mergeAt: Int64?
  /// When the file is looked at next, and what of that is left.
  private var checkAt: Int64 = 0
  private var checks = SearchCheck.allCases[...]
  /// Why it was last begun anew, until it has gone on since.
  private var begunBecause: String?

  /// - Parameter applied: The last index that this node has applied. Cheap, from any thread.
  init(
    folder: String, cluster: ID, state: CurrentState, pace: SearchPace, log: NodeLog,
    applied: @escaping @Sendable () -> LogIndex
  ) {
    self.folder = folder
    self.cluster = cluster
    self.state = state
    self.pace = pace
    self.log = log
    self.applied = applied
  }

  var figures: SearchFigures { shared.withLock { $0.figures } }

  /// Rises whenever another file comes into use; 0 before there is one.
  var version: Int { number.load(ordering: .acquiring) }

  func start() {
    Threads.start(named: "search") {
      let thread = Threads.yieldToOthers()
      self.shared.withLock { $0.thread = thread }
      self.run()
    }
  }

  /// Ends the lane once what it does is done.
  func close(done: @escaping @Sendable () -> Void) {
    let isClosed = shared.withLock { shared in
      shared.isStopped = true
      shared.onClose = done
      // Whoever stops the node waits for it.
      shared.thread?.hurry()
      return shared.isClosed
    }
    if isClosed { done() }
  }

  /// A reader found the file of a ``version`` unsound: it is made anew, unless it was meanwhile.
  func reportDamage(of version: Int) {
    shared.withLock { shared in
      if version == self.version { shared.isDamaged = true }
    }
  }

  /// Waits until everything through `index` can be found; false if `limit` goes by first.
  func wait(for index: LogIndex, upTo limit: Duration) async -> Bool {
    await withCheckedContinuation { waiter in
      let isThere = shared.withLock { shared -> Bool? in
        if shared.figures.indexed >= index { return true }
        guard !shared.isStopped else { return false }
        shared.waiters.append(
          Waiter(index: index, end: Clock.monotonic() + limit.nanoseconds) {
            waiter.resume(returning: $0)
          })
        return nil
      }
      if let isThere { waiter.resume(returning: isThere) }
    }
  }

  // MARK: On the thread

  private func run() {
    while !shared.withLock({ $0.isStopped }) {
      let pause = step()
      answer(isLast: false)
      if pause > .zero { sleep(pause) }
    }
    store = nil
    reader = nil
    answer(isLast: true)
    let done = shared.withLock { shared in
      shared.isClosed = true
      shared.thread = nil
      return shared.onClose
    }
    done?()
  }

  /// Answers those whose index is there or whose time is over.
  private func answer(isLast: Bool) {
    let now = Clock.monotonic()
    let (ready, late) = shared.withLock { shared in
      let indexed = shared.figures.indexed
      let ready = shared.waiters.filter { $0.index <= indexed }
      let late = shared.waiters.filter { $0.index > indexed && (isLast || $0.end <= now) }
      shared.waiters.removeAll { $0.index <= indexed || isLast || $0.end <= now }
      return (ready, late)
    }
    for waiter in ready { waiter.resume(true) }
    for waiter in late { waiter.resume(false) }
  }

  private func sleep(_ duration: Duration) {
    let end = Clock.monotonic() + duration.nanoseconds
    while Clock.monotonic() < end {
      let left = max(1_000, (end - Clock.monotonic()) / 1_000)
      usleep(useconds_t(min(Int64(pace.look.nanoseconds / 1_000), left)))
      if shared.withLock({ $0.isStopped }) { return }
      answer(isLast: false)
    }
  }

  /// Does one thing, and says how long to wait before the next.
  private func step() -> Duration {
    do throws(StoreError) {
      let pause = try work()
      begunBecause = nil
      tell(trouble: nil)
      return pause
    } catch .corrupt(let what) {
      return beginAnew(because: what)
    } catch {
      // A file that failed is opened again; one that only has no room goes on.
      if error != .diskFull { store = nil }
      reader = nil
      seen = .zero
      tell(trouble: "\(error)")
      return pace.trouble
    }
  }

  private func work() throws(StoreError) -> Duration {
    if store == nil { try open() }
    if shared.withLock({ $0.isDamaged }) { throw .corrupt("the search index is not sound") }
    let now = applied()
    if stateVersion != state.version {
      reader = nil
      seen = .zero
    }
    guard now > seen else { return try tidy() }
    // Before it is opened: a change in between only means to open once more than needed.
    stateVersion = state.version
    if reader == nil { reader = try state.makeReader() }
    guard let reader else { return pace.look }
    let began = Clock.monotonic()
    switch try store?.goOn(reader, rows: pace.rows) {
    case .strange: throw .corrupt("the search index is of another ledger")
    case .indexed(let rows, let index, let isAtEnd):
      shared.withLock {
        $0.figures.indexed = index
        $0.figures.rows = store?.position ?? 0
      }
      if store?.owesMerge == true, rows > 0 {
        mergeAt = Clock.monotonic() + pace.settle.nanoseconds
      }
      guard isAtEnd else {
        isCatchingUp = true
        return .zero
      }
      seen = index
      if isCatchingUp { giveMemoryBack() }
      try checkIfDue()
      // Under load it waits until a batch is worth it, and takes a quarter of a core: each batch writes the
      // last chapter of an incident anew, however little was added to it.
      let spent = Duration.nanoseconds(Clock.monotonic() - began)
      return min(max(pace.look, spent * 3), pace.look * 10)
    case nil: return pace.look
    }
  }

  /// Gives back what many batches took: pages of both files, and what the allocator kept for more of them.
  private func giveMemoryBack() {
    isCatchingUp = false
    reader = nil
    store?.forgetPages()
    Threads.giveMemoryBack()
    // Whoever stops the node may have hurried it meanwhile.
    shared.withLock { if $0.isStopped { $0.thread?.hurry() } }
  }

  private func open() throws(StoreError) {
    let opened: SearchStore
    do throws(StoreError) {
      opened = try SearchStore.open(folder: folder, cluster: cluster)
    } catch {
      switch error {
      case .corrupt, .foreign, .newer: throw .corrupt("\(error)")
      default: throw error
      }
    }
    if opened.owesMerge { mergeAt = Clock.monotonic() + pace.settle.nanoseconds }
    store = consume opened
    seen = .zero
    checks = SearchCheck.allCases[...]
    checkAt = Clock.monotonic() + (pace.check / 24).nanoseconds
    shared.withLock { shared in
      // What was said of the file before is not said of this one.
      shared.isDamaged = false
      number.wrappingAdd(1, ordering: .releasing)
    }
  }

  /// Takes the words of what was purged out of the file, a little at a time, and looks at whether it holds
  /// what was written.
  private func tidy() throws(StoreError) -> Duration {
    try checkIfDue()
    guard let mergeAt, Clock.monotonic() >= mergeAt else { return pace.look }
    if try store?.merge() ?? true { self.mergeAt = nil }
    return .milliseconds(1)
  }

  /// Does the next part of a look at the file, once it is due. Whoever waits is answered meanwhile, and what
  /// was applied is taken between two parts; a lane that is to end does not wait for it.
  private func checkIfDue() throws(StoreError) {
    guard Clock.monotonic() >= checkAt, let next = checks.popFirst() else { return }
    do throws(StoreError) {
      try next.run(in: folder) {
        self.answer(isLast: false)
        return !self.shared.withLock { $0.isStopped }
      }
    } catch .tooSlow {
      return
    }
    guard checks.isEmpty else { return }
    checks = SearchCheck.allCases[...]
    checkAt = Clock.monotonic() + pace.check.nanoseconds
  }

  private func beginAnew(because what: String) -> Duration {
    store = nil
    reader = nil
    seen = .zero
    mergeAt = nil
    // On a disk that takes nothing it is tried again and again, and said once.
    if begunBecause != what { log.write("makes its search index anew: \(what)") }
    begunBecause = what
    shared.withLock {
      $0.isDamaged = false
      $0.figures = SearchFigures()
    }
    do throws(StoreError) {
      try SearchStore.remove(from: folder)
      return .zero
    } catch {
      tell(trouble: "\(error)")
      return pace.trouble
    }
  }

  /// Keeps what is the matter, and writes it into the node's log when that changes.
  private func tell(trouble: String?) {
    let before = shared.withLock { shared in
      defer { shared.figures.trouble = trouble }
      return shared.figures.trouble
    }
    guard trouble != before else { return }
    if let trouble {
      log.write("cannot go on with its search index: \(trouble)")
    } else {
      log.write("goes on with its search index")
    }
  }
}
