package import Bytes
import Crypto
package import EventLoop
import HTTP
import Incidents
import Replication
import Store

/// Sends what is posted to webhooks: claims it, takes it there, and says what came of it.
///
/// It stays on the client loop; posts go out on threads of their own. Only a leader claims. What was
/// claimed is sent within a part of the claim's time, and what came of it is said through whoever leads
/// by then.
@ClientLoop package final class Notifier {
  /// Where a node's posts say that they come from.
  package struct Site: Sendable {
    /// The cluster's id.
    package var cluster: ID
    /// The node's number.
    package var node: UInt64
    /// Where clients reach the nodes, this one first.
    package var addresses: [String]
    /// Writes a line into the node's own log.
    package var log: @Sendable (String) -> Void

    /// A site.
    package init(
      cluster: ID, node: UInt64, addresses: [String],
      log: @escaping @Sendable (String) -> Void = { _ in }
    ) {
      self.cluster = cluster
      self.node = node
      self.addresses = addresses
      self.log = log
    }

    /// What links begin with.
    var base: String { addresses.first ?? "" }
  }

  /// Posts under way at once to one webhook: a receiver that hangs holds up its own.
  package nonisolated static let mostToOne = 2
  /// The same to all of them.
  package nonisolated static let mostInAll = 16
  /// Between two looks for what is due.
  private static let interval = Duration.milliseconds(200)
  /// After its claim was asked for, a post begins within this, or not at all: then a second sender could
  /// have it already.
  private static let freshness = Duration.seconds(5)
  /// How long a stopping notifier waits for posts under way.
  private static let goodbye = Duration.seconds(2)

  private let cluster: any NotifierCluster
  private let carrier: Carrier
  private let site: Site
  private var threads: [ThreadExecutor] = []
  private var idle: [Int] = []
  private var underWay: [ID: Int] = [:]
  /// What came of posts, until it is in the record.
  private var ended: [DeliveryStep] = []
  /// By which it finds what is due, in milliseconds since 1970. A test that does not wait sets it ahead.
  package var clock: @Sendable () -> Int64 = { Clock.now() }
  private var isStarted = false
  private var isLooking = false
  private var isStopping = false
  /// At which webhook the next look begins: each is first in its turn.
  private var turn = 0

  /// A notifier that sends by `carrier`.
  package nonisolated init(cluster: any NotifierCluster, carrier: Carrier, site: Site) {
    self.cluster = cluster
    self.carrier = carrier
    self.site = site
  }

  /// How many posts are under way.
  package var posts: Int { underWay.values.reduce(0, +) }

  /// Begins to look.
  package func start() {
    isStarted = true
    scheduleLook()
  }

  private func scheduleLook() {
    guard !isStopping else { return }
    _ = ClientLoop.loop.schedule(after: Self.interval) { [weak self] in
      guard let self, !self.isStopping else { return }
      Task(name: "notifier", executorPreference: ClientLoop.loop) { await self.look() }
      self.scheduleLook()
    }
  }

  /// Claims nothing more, lets posts under way come to their end, and says what came of them. Before the
  /// node stops.
  package func stop() async {
    isStopping = true
    let deadline = Clock.monotonic() + Self.goodbye.nanoseconds
    while posts > 0 || isLooking, Clock.monotonic() < deadline { await pause() }
    if !ended.isEmpty { _ = await say(ended) }
  }

  private func pause() async {
    await withCheckedContinuation { waiter in
      _ = ClientLoop.loop.schedule(after: .milliseconds(20)) { waiter.resume() }
    }
  }

  /// One round: says what came of posts, claims what is due, and sends what was claimed.
  package func look() async {
    guard !isLooking else { return }
    isLooking = true
    defer { isLooking = false }
    let leads = cluster.status.role == .leader && !isStopping
    guard leads || !ended.isEmpty else { return }
    let claim = ID(version7At: Clock.now(), random: randomUInt64Pair())
    let due = leads ? await findDue() : []
    var steps = Array(ended.prefix(Bound.deliveries - Self.mostInAll))
    let said = steps.count
    for id in due { steps.append(.claim(id, by: claim, node: site.node)) }
    guard !steps.isEmpty else { return }
    let began = Clock.monotonic()
    guard await say(steps) else { return }
    ended.removeFirst(said)
    guard !due.isEmpty else { return }
    await send(due, claimedBy: claim, began: began)
  }

  /// What may be claimed now.
  private func findDue() async -> [ID] {
    let (underWay, turn) = (underWay, turn)
    self.turn &+= 1
    let now = clock()
    return await reading { reader throws(StoreError) in
      try reader.read { reader throws(StoreError) in
        guard reader.level >= 2, reader.secret() != nil else { return [] }
        let hooks = reader.webhooks().filter(\.profile.isEnabled)
        var room = Self.mostInAll - underWay.values.reduce(0, +)
        var due: [ID] = []
        for place in hooks.indices where room > 0 {
          let hook = hooks[(place + turn) % hooks.count]
          let free = min(room, Self.mostToOne - underWay[hook.id, default: 0])
          guard free > 0 else { continue }
          let found = try reader.dueDeliveries(to: hook.id, by: now, limit: free)
          room -= found.count
          due += found.map(\.id)
        }
        return due
      }
    } ?? []
  }

  /// Has the record say what becomes of deliveries. False where nobody knows whether it does.
  private func say(_ steps: [DeliveryStep]) async -> Bool {
    let command = Command(
      actor: .system, receivedAt: Clock.now(), salt: secureRandom(Bound.salt),
      action: .moveDeliveries(steps))
    switch await cluster.propose(command.encoded()) {
    case .outcome(let entry):
      if case .refused(let refusal) = entry.result {
        site.log("what became of posts to webhooks was refused: \(refusal.detail)")
      }
      return true
    // What came of a post is said again: a second time it changes nothing.
    case .notAccepted, .unknown: return false
    }
  }

  /// Sends what this claim has got.
  private func send(_ due: [ID], claimedBy claim: ID, began: Int64) async {
    let site = site
    let now = Clock.now()
    let posts: [Post] =
      await reading { reader throws(StoreError) in
        try reader.read { reader throws(StoreError) in
          guard let secret = reader.secret() else { return [] }
          let hooks = reader.webhooks()
          var posts: [Post] = []
          for id in due {
            guard let delivery = reader.delivery(id), case .claimed(let own) = delivery.state,
              own.id == claim, let hook = hooks.first(where: { $0.id == delivery.webhook })
            else { continue }
            posts.append(
              Post(delivery, to: hook, from: reader, secret: secret, site: site, at: now))
          }
          return posts
        }
      } ?? []
    guard Clock.monotonic() - began < Self.freshness.nanoseconds else {
      return site.log("\(posts.count) posts to webhooks were claimed too slowly: they wait")
    }
    for post in posts {
      underWay[post.delivery.webhook, default: 0] += 1
      Task(name: "post", executorPreference: ClientLoop.loop) {
        await self.send(post, claimedBy: claim)
      }
    }
  }

  private func send(_ post: Post, claimedBy claim: ID) async {
    let answer = await deliver(post)
    let webhook = post.delivery.webhook
    underWay[webhook, default: 1] -= 1
    if underWay[webhook] == 0 { underWay[webhook] = nil }
    ended.append(.end(post.delivery.id, claim: claim, answer))
    // Its place is free, and others may wait for it.
    if isStarted { await look() }
  }

  private func deliver(_ post: Post) async -> DeliveryAnswer {
    guard let address = post.address else {
      return .unsendable("its address is not one that may be posted to")
    }
    let place = takeThread()
    defer { idle.append(place) }
    let (carrier, thread) = (carrier, threads[place])
    return await withCheckedContinuation { waiter in
      thread.submit {
        waiter.resume(
          returning: carrier.take(post.request(to: address, at: Clock.now()), to: address))
      }
    }
  }

  /// A thread that has nothing to do. There are never more than ``mostInAll``.
  private func takeThread() -> Int {
    if let place = idle.popLast() { return place }
    threads.append(ThreadExecutor(name: "post \(threads.count)"))
    return threads.count - 1
  }

  private func reading<Value: Sendable>(
    _ body: @escaping @Sendable (StateReader) throws(StoreError) -> Value
  ) async -> Value? {
    do {
      return try await cluster.look { reader in try body(reader) }
    } catch {
      // Busy readers have time for it at the next look.
      return nil
    }
  }
}
