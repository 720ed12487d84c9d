import EventLoop
import Glibc
import Testing

@Suite("A loop")
struct EventLoopTests {
  @Test func `runs what is submitted on its own thread, in order`() async {
    let loop = EventLoop(name: "order")
    let seen = Lock<[Int]>([])
    for number in 0..<1_000 {
      loop.submit {
        #expect(loop.inLoop)
        seen.withLock { $0.append(number) }
      }
    }
    await loop.settle()
    #expect(!loop.inLoop)
    #expect(seen.withLock { $0 } == Array(0..<1_000))
  }

  @Test func `runs the code of its actor and of tasks that prefer it`() async {
    let loop = EventLoop(name: "actor")
    let actor = Resident(loop)
    #expect(await actor.isAtHome)
    let preferring = await Task(executorPreference: loop) { loop.inLoop }.value
    #expect(preferring)
  }

  @Test func `lets a thread wait for all others until somebody waits for it`() async {
    let (idle, usual): (Int32, Int32) = (5, 0)
    @Sendable func policy() -> Int32 {
      var policy: Int32 = -1
      var none = sched_param()
      _ = unsafe pthread_getschedparam(pthread_self(), &policy, &none)
      return policy
    }
    let seen = await withCheckedContinuation { (done: CheckedContinuation<[Int32], Never>) in
      Threads.start(named: "yielding") {
        let thread = Threads.yieldToOthers()
        let before = policy()
        Threads.giveMemoryBack()
        let after = policy()
        thread.hurry()
        done.resume(returning: [before, after, policy()])
      }
    }
    // Linux lets not everybody take a turn again who has given it up.
    let mayReturn = await withCheckedContinuation { (done: CheckedContinuation<Bool, Never>) in
      Threads.start(named: "trying") {
        var none = sched_param()
        _ = unsafe pthread_setschedparam(pthread_self(), idle, &none)
        done.resume(returning: unsafe pthread_setschedparam(pthread_self(), usual, &none) == 0)
      }
    }
    #expect(seen == [idle, idle, mayReturn ? usual : idle])
  }

  @Test func `loses no work of many threads that submit at once`() async {
    let loop = EventLoop(name: "storm")
    let threads = 8
    let each = 5_000
    let count = Lock(0)
    await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
      for thread in 0..<threads {
        Threads.start(named: "storm \(thread)") {
          for _ in 0..<each {
            loop.submit {
              let all = count.withLock { count in
                count += 1
                return count
              }
              if all == threads * each { done.resume() }
            }
          }
        }
      }
    }
    #expect(count.withLock { $0 } == threads * each)
  }

  @Test func `runs the end of a turn after everything else of the turn`() async {
    let loop = EventLoop(name: "turn")
    let seen = Lock<[String]>([])
    await loop.run {
      loop.atEndOfTurn { seen.withLock { $0.append("end") } }
      loop.submit { seen.withLock { $0.append("work") } }
      seen.withLock { $0.append("first") }
    }
    await loop.settle()
    #expect(seen.withLock { $0 } == ["first", "work", "end"])
  }

  @Test func `runs timers by deadline, equal ones in order of making, and no cancelled ones`() async
  {
    let loop = EventLoop(name: "timers")
    let seen = Lock<[Int]>([])
    await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
      loop.submit {
        let start = Clock.monotonic()
        for (place, delay) in [30, 10, 20, 10, 0].enumerated() {
          _ = loop.schedule(at: start + Int64(delay) * 1_000_000) {
            seen.withLock { $0.append(place) }
          }
        }
        let cancelled = loop.schedule(at: start) { seen.withLock { $0.append(-1) } }
        loop.cancel(cancelled)
        loop.cancel(cancelled)
        _ = loop.schedule(after: .milliseconds(40)) { done.resume() }
      }
    }
    #expect(seen.withLock { $0 } == [4, 1, 3, 2, 0])
  }

  @Test func `forgets cancelled timers long before their time`() async {
    let loop = EventLoop(name: "cancelling")
    let fired = Lock(0)
    await loop.run {
      // Every one far away: kept until due, they would fill memory for an hour.
      for _ in 0..<100_000 {
        let token = loop.schedule(after: .seconds(3_600)) { fired.withLock { $0 += 1 } }
        loop.cancel(token)
      }
      _ = loop.schedule(after: .milliseconds(1)) { fired.withLock { $0 += 1 } }
    }
    await loop.sleep(for: .milliseconds(10))
    #expect(fired.withLock { $0 } == 1)
  }

  @Test func `sleeps at least as long as it is asked to`() async {
    let loop = EventLoop(name: "sleep")
    let start = Clock.monotonic()
    await loop.sleep(for: .milliseconds(20))
    #expect(Clock.monotonic() - start >= 20_000_000)
  }

  @Test func `lets timers run among jobs that make jobs without end`() async {
    let loop = EventLoop(name: "busy")
    let isOver = Lock(false)
    loop.submit { _ = loop.schedule(after: .milliseconds(5)) { isOver.withLock { $0 = true } } }
    await Task(executorPreference: loop) {
      while !isOver.withLock({ $0 }) { await Task.yield() }
    }.value
    #expect(isOver.withLock { $0 })
  }
}

@Suite("A descriptor on a loop")
struct ReadinessTests {
  @Test func `is told once per change`() async throws {
    let loop = EventLoop(name: "edges")
    let (near, far) = try pair()
    let watcher = Watcher()
    await loop.run {
      #expect(throws: Never.self) { try loop.add(near, watcher) }
    }
    await loop.sleep(for: .milliseconds(5))
    #expect(watcher.events.withLock { $0 } == [.writable])
    send(far, to: "x")
    await loop.sleep(for: .milliseconds(5))
    #expect(watcher.events.withLock { $0 } == [.writable, [.readable, .writable]])
    // Nothing was read, nothing changed, nothing is told.
    await loop.sleep(for: .milliseconds(5))
    #expect(watcher.events.withLock { $0.count } == 2)
    await loop.run { loop.remove(near) }
    close(near)
    close(far)
  }

  @Test func `hears nothing meant for an earlier owner of its number`() async throws {
    let loop = EventLoop(name: "stale")
    let (first, firstFar) = try pair()
    let (second, secondFar) = try pair()
    let heir = Watcher()
    let replaced = Lock(false)
    // Both become readable in one turn. Whoever is told first closes the other and gives its number
    // to an heir, for whom the other's event, already taken from the kernel, is none.
    await loop.run {
      let takeOver: (Int32) -> Void = { victim in
        guard !replaced.withLock({ $0 }) else { return }
        replaced.withLock { $0 = true }
        loop.remove(victim)
        let idle = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        dup2(idle, victim)
        close(idle)
        #expect(throws: Never.self) { try loop.add(victim, heir) }
      }
      #expect(throws: Never.self) {
        try loop.add(first, Reaction { if $0.contains(.readable) { takeOver(second) } })
        try loop.add(second, Reaction { if $0.contains(.readable) { takeOver(first) } })
      }
    }
    await loop.settle()
    await loop.run {
      send(firstFar, to: "x")
      send(secondFar, to: "x")
    }
    await loop.sleep(for: .milliseconds(10))
    #expect(replaced.withLock { $0 })
    #expect(heir.events.withLock { $0 }.allSatisfy { !$0.contains(.readable) })
    for descriptor in [first, second, firstFar, secondFar] { close(descriptor) }
  }

  @Test func `that is none is refused with the system's reason`() async {
    let loop = EventLoop(name: "refusal")
    await loop.run {
      #expect(throws: SystemError(EBADF)) { try loop.add(1_000_000 - 1, Watcher()) }
    }
  }

  private func pair() throws -> (Int32, Int32) {
    var ends: [Int32] = [0, 0]
    let failed = unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
    try #require(failed == 0)
    return (ends[0], ends[1])
  }
}

@Suite("A thread for code that blocks")
struct ThreadExecutorTests {
  @Test func `runs closures, actors and tasks on its thread, in order`() async {
    let thread = ThreadExecutor(name: "blocking")
    let seen = Lock<[Int]>([])
    for number in 0..<100 {
      thread.submit {
        #expect(thread.inThread)
        seen.withLock { $0.append(number) }
      }
    }
    let actor = Guest(thread)
    #expect(await actor.isAtHome)
    #expect(await Task(executorPreference: thread) { thread.inThread }.value)
    #expect(!thread.inThread)
    #expect(seen.withLock { $0 } == Array(0..<100))
  }
}

private actor Resident {
  let loop: EventLoop
  init(_ loop: EventLoop) { self.loop = loop }
  nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }
  var isAtHome: Bool { loop.inLoop }
}

private actor Guest {
  let thread: ThreadExecutor
  init(_ thread: ThreadExecutor) { self.thread = thread }
  nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }
  var isAtHome: Bool { thread.inThread }
}

private final class Watcher: ReadyHandler, Sendable {
  let events = Lock<[Readiness]>([])
  func ready(_ events: Readiness) { self.events.withLock { $0.append(events) } }
}

private final class Reaction: ReadyHandler {
  private let body: (Readiness) -> Void
  init(_ body: @escaping (Readiness) -> Void) { self.body = body }
  func ready(_ events: Readiness) { body(events) }
}

private func send(_ descriptor: Int32, to text: String) {
  let bytes = Array(text.utf8)
  #expect(unsafe write(descriptor, bytes, bytes.count) == bytes.count)
}

extension EventLoop {
  /// Runs `body` on the loop and returns when it has.
  fileprivate func run(_ body: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
      submit {
        body()
        done.resume()
      }
    }
  }

  /// Returns when what was submitted before has run, and the turn has ended.
  fileprivate func settle() async {
    await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
      submit { self.atEndOfTurn { done.resume() } }
    }
  }
}
