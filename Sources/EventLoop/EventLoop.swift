import CLinux
import Glibc
import Synchronization

/// A thread that waits for sockets and timers with epoll, and runs what became possible.
///
/// It is an executor for both actors and tasks. An actor names it in `unownedExecutor`, a task
/// prefers it by `Task(executorPreference:)`; only with both does a continuation cost one job (see
/// ``jobsRun``). Callback code uses ``submit(_:)``, timers and ``add(_:_:)`` directly.
///
/// A turn of the loop: descriptors that became ready, timers that are due, submitted work and jobs,
/// then what asked for the end of the turn by ``atEndOfTurn(_:)``, then the next wait.
///
/// A loop lives as long as the process: executors are held without being owned.
package final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
  /// Work from other threads, in order of arrival.
  private struct Inbox {
    var jobs: [UnownedJob] = []
    var closures: [@Sendable () -> Void] = []
  }

  private struct Registration {
    var handler: (any ReadyHandler)?
    var generation: UInt32
  }

  /// So many rounds of jobs that make new jobs before sockets and timers get their turn.
  private static let roundsPerTurn = 16
  /// So many events are taken from the kernel at once.
  private static let eventsPerTurn: Int32 = 256

  /// The loop's name, which its thread has too.
  package let name: String

  // Fixed from init on.
  private let epoll: Descriptor
  private let bell: Descriptor

  // Touched by the loop's thread only.
  private var table: [Registration] = []
  /// Whether the kernel waits to the nanosecond rather than to the millisecond.
  private var isExact = true
  private var timers = Timers()
  private var localJobs: [UnownedJob] = []
  private var runningJobs: [UnownedJob] = []
  private var localClosures: [() -> Void] = []
  private var endOfTurn: [() -> Void] = []

  // Shared: by their own means.
  private let inbox = Lock(Inbox())
  private let awake = Atomic<Bool>(false)
  private let thread = Atomic<UInt>(0)
  private let counter = Atomic<Int>(0)

  /// Starts the loop's thread.
  package init(name: String) {
    self.name = name
    let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    precondition(epoll >= 0, "Loop \(name) has no epoll descriptor: \(SystemError.last).")
    self.epoll = Descriptor(owning: epoll)
    let bell = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    precondition(bell >= 0, "Loop \(name) has no event descriptor: \(SystemError.last).")
    self.bell = Descriptor(owning: bell)
    // The bell is never read: each ring is a new edge.
    var event = unsafe epoll_event(
      events: EPOLLIN.rawValue | EPOLLET.rawValue, data: epoll_data_t(u64: .max))
    unsafe epoll_ctl(epoll, EPOLL_CTL_ADD, bell, &event)
    Threads.start(named: name) { self.run() }
  }

  /// Whether the caller is on the loop's thread.
  package var inLoop: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

  /// How many jobs of tasks and actors have run: a test holds the number per request near one.
  package var jobsRun: Int { counter.load(ordering: .relaxed) }

  // MARK: Work

  /// Runs `work` on the loop, soon and in the order of submitting. From any thread; a burst of
  /// submits wakes the loop once.
  package func submit(_ work: @escaping @Sendable () -> Void) {
    if inLoop {
      localClosures.append(work)
    } else {
      inbox.withLock { $0.closures.append(work) }
      wake()
    }
  }

  /// Runs `work` when everything of this turn has run, just before the loop waits again: the place
  /// to send in one piece what a turn has gathered. On the loop only.
  package func atEndOfTurn(_ work: @escaping () -> Void) {
    precondition(inLoop, "Only the loop knows its turns.")
    endOfTurn.append(work)
  }

  /// Suspends the caller for `duration`, measured by this loop.
  package func sleep(for duration: Duration) async {
    unsafe await withUnsafeContinuation { (waiter: UnsafeContinuation<Void, Never>) in
      submit { _ = self.schedule(after: duration) { unsafe waiter.resume() } }
    }
  }

  // MARK: Timers

  /// Runs `work` once, `delay` from now, to the millisecond. On the loop only.
  package func schedule(after delay: Duration, _ work: @escaping () -> Void) -> TimerToken {
    schedule(at: Clock.monotonic() + max(0, delay.nanoseconds), work)
  }

  /// Runs `work` once, at `deadline` in nanoseconds of ``Clock/monotonic()``. On the loop only.
  package func schedule(at deadline: Int64, _ work: @escaping () -> Void) -> TimerToken {
    precondition(inLoop, "Timers belong to the loop's thread.")
    return timers.add(at: deadline, work)
  }

  /// Forgets a timer. One that has run or was forgotten already is no mistake. On the loop only.
  package func cancel(_ token: TimerToken) {
    precondition(inLoop, "Timers belong to the loop's thread.")
    timers.cancel(token)
  }

  // MARK: Descriptors

  /// Tells `handler` about every change of `descriptor`, until ``remove(_:)``. On the loop only; the
  /// loop keeps the handler alive. The first call comes in the next turn and tells what holds now.
  package func add(_ descriptor: Int32, _ handler: any ReadyHandler) throws(SystemError) {
    precondition(inLoop, "Descriptors belong to the loop's thread.")
    let index = Int(descriptor)
    while table.count <= index { table.append(Registration(handler: nil, generation: 0)) }
    precondition(table[index].handler == nil, "Descriptor \(descriptor) is here already.")
    // What is still on its way for an earlier owner of the number carries the older generation.
    table[index].generation &+= 1
    var event = unsafe epoll_event(
      events: EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue,
      data: epoll_data_t(u64: UInt64(table[index].generation) << 32 | UInt64(index)))
    guard unsafe epoll_ctl(epoll.number, EPOLL_CTL_ADD, descriptor, &event) == 0 else {
      throw .last
    }
    table[index].handler = handler
  }

  /// Forgets `descriptor`; no event reaches its handler any more. Call it *before* closing. On the
  /// loop only.
  package func remove(_ descriptor: Int32) {
    precondition(inLoop, "Descriptors belong to the loop's thread.")
    let index = Int(descriptor)
    guard index < table.count, table[index].handler != nil else { return }
    table[index].handler = nil
    var unused = unsafe epoll_event()
    unsafe epoll_ctl(epoll.number, EPOLL_CTL_DEL, descriptor, &unused)
  }

  // MARK: Executor

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if inLoop {
      localJobs.append(job)
    } else {
      inbox.withLock { $0.jobs.append(job) }
      wake()
    }
  }

  package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
    unsafe UnownedSerialExecutor(ordinary: self)
  }

  package func checkIsolated() {
    precondition(inLoop, "This belongs to the thread of loop \(name).")
  }

  package func isIsolatingCurrentContext() -> Bool? { inLoop }

  // MARK: The thread

  private func wake() {
    if !awake.exchange(true, ordering: .acquiringAndReleasing) {
      eventfd_write(bell.number, 1)
    }
  }

  private func run() {
    thread.store(UInt(pthread_self()), ordering: .relaxed)
    let capacity = Int(EventLoop.eventsPerTurn)
    let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: capacity)
    while true {
      let count = unsafe wait(events)
      for index in 0..<Int(max(0, count)) { unsafe dispatch(events[index]) }
      runTimers()
      runWork()
      while !endOfTurn.isEmpty {
        let gathered = endOfTurn
        endOfTurn.removeAll(keepingCapacity: true)
        for work in gathered { work() }
      }
    }
  }

  /// Waits for something to happen, and answers how much did.
  private func wait(_ events: UnsafeMutablePointer<epoll_event>) -> Int32 {
    guard let patience = patience() else {
      return unsafe epoll_wait(epoll.number, events, EventLoop.eventsPerTurn, -1)
    }
    if patience > 0, isExact {
      var time = timespec(
        tv_sec: Int(patience / 1_000_000_000), tv_nsec: Int(patience % 1_000_000_000))
      let count = unsafe epoll_pwait2(epoll.number, events, EventLoop.eventsPerTurn, &time, nil)
      guard count < 0, errno != EINTR else { return count }
      // A kernel before 5.11, or a container that does not let it be asked.
      isExact = false
    }
    // Rounded up: to wake too early would be to spin for the rest of the millisecond.
    let milliseconds = Int32(clamping: (patience + 999_999) / 1_000_000)
    return unsafe epoll_wait(epoll.number, events, EventLoop.eventsPerTurn, milliseconds)
  }

  /// How long to wait, in nanoseconds: not at all with work left, for ever (`nil`) without timers.
  private func patience() -> Int64? {
    if !localJobs.isEmpty || !localClosures.isEmpty { return 0 }
    return timers.next().map { max(0, $0 - Clock.monotonic()) }
  }

  private func dispatch(_ event: epoll_event) {
    let tag = unsafe event.data.u64
    guard tag != .max else { return }
    let registration = table[Int(truncatingIfNeeded: tag & 0xFFFF_FFFF)]
    guard registration.generation == UInt32(truncatingIfNeeded: tag >> 32) else { return }
    unsafe registration.handler?.ready(Readiness(rawValue: event.events))
  }

  private func runTimers() {
    guard timers.count > 0 else { return }
    let now = Clock.monotonic()
    while let work = timers.takeDue(at: now) { work() }
  }

  private func runWork() {
    let serial = unsafe asUnownedSerialExecutor()
    let task = unsafe asUnownedTaskExecutor()
    for _ in 0..<EventLoop.roundsPerTurn {
      takeInbox()
      guard !localJobs.isEmpty || !localClosures.isEmpty else { return }
      if !localClosures.isEmpty {
        let closures = localClosures
        localClosures = []
        for work in closures { work() }
      }
      swap(&localJobs, &runningJobs)
      for job in runningJobs {
        unsafe job.runSynchronously(isolatedTo: serial, taskExecutor: task)
      }
      counter.store(
        counter.load(ordering: .relaxed) + runningJobs.count, ordering: .relaxed)
      runningJobs.removeAll(keepingCapacity: true)
    }
  }

  private func takeInbox() {
    guard awake.load(ordering: .relaxed) else { return }
    // Cleared before the inbox is emptied: what comes in between rings again, and none is missed.
    awake.store(false, ordering: .sequentiallyConsistent)
    inbox.withLock { inbox in
      localJobs += inbox.jobs
      inbox.jobs.removeAll(keepingCapacity: true)
      for work in inbox.closures { localClosures.append(work) }
      inbox.closures.removeAll(keepingCapacity: true)
    }
  }
}
