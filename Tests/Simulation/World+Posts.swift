import Bytes
import Incidents
import Raft
import Replication
import Store

// What is posted to a webhook in a world whose nodes have real files: whoever leads claims it, sends it
// once it sees its claim applied, and says what came of it. Nothing is lost, and what may come twice says
// so.
extension World {
  /// A post as its receiver sees it.
  struct Posted {
    let delivery: ID
    let claim: ID
    let mayRepeat: Bool
    /// What it was answered; the sender may not live to hear it.
    let answer: DeliveryAnswer
  }

  private static let hook = ID(high: 0x0190_0000_0000_7000, low: 0xA0)

  private static func test(_ number: Int) -> ID {
    ID(high: 0x0190_0000_0000_7000, low: 0xB000 + UInt64(number))
  }

  /// Begins to make deliveries and to send them.
  func beginPosts() {
    every(200_000) { [unowned self] in lookForPosts() }
    every(700_000) { [unowned self] in feedPosts() }
  }

  private func feedPosts() {
    guard let leader, isFounded, !isHealing || provesDues else { return }
    let machine = machine(leader)
    postsFed += 1
    let actions: [Action] = [
      .changeWebhook(
        WebhookChange(id: Self.hook, isNew: true, name: "Chat", address: "https://chat.example")),
      .postDelivery(.test(Self.test(postsFed)), to: Self.hook),
    ]
    for (place, action) in actions.enumerated() {
      let salt = 1 << 50 | UInt64(postsFed) << 1 | UInt64(place)
      submit(Department.command(action, salt: salt), to: machine)
    }
  }

  /// What each node that believes to lead finds due, it claims.
  private func lookForPosts() {
    guard !isHealing || provesDues else { return }
    for id in living {
      let machine = machine(id)
      guard machine.process?.replica.isLeader == true, let disk = machine.disk else { continue }
      let time = wallClock(of: machine)
      let due = try? disk.reading { reader throws(StoreError) in
        try reader.dueDeliveries(to: Self.hook, by: time, limit: 3)
      }
      for delivery in due ?? [] {
        claims += 1
        let claim = ID(high: 3, low: UInt64(claims))
        say([.claim(delivery.id, by: claim, node: id.rawValue)], through: machine)
        if trial.sabotage == .sentUnclaimed {
          send(delivery, claim, from: machine)
        } else {
          follow(claim, of: delivery.id, on: machine, since: now)
        }
      }
    }
  }

  /// Sends once this node sees that the claim is its own; not if that takes too long.
  private func follow(_ claim: ID, of delivery: ID, on machine: Machine, since began: Int64) {
    after(100_000, on: machine) { [unowned self] _ in
      guard now - began < 5_000_000, let disk = machine.disk else { return }
      let found = try? disk.reading { reader throws(StoreError) in reader.delivery(delivery) }
      guard let found = found ?? nil else { return }
      if case .claimed(let own) = found.state, own.id == claim {
        send(found, claim, from: machine)
      } else {
        follow(claim, of: delivery, on: machine, since: began)
      }
    }
  }

  private func send(_ delivery: WebhookDelivery, _ claim: ID, from machine: Machine) {
    let answer: DeliveryAnswer =
      provesDues || chance.happens(50)
      ? .status(200, retryAfter: nil)
      : chance.happens(50) ? .status(503, retryAfter: nil) : .timedOut
    let post = Posted(
      delivery: delivery.id, claim: claim, mayRepeat: delivery.mayRepeat, answer: answer)
    judge(post)
    posts.append(post)
    after(chance.within(1_000...3_000_000), on: machine) { [unowned self] _ in
      report(post, from: machine, since: now)
    }
  }

  /// Says what came of a post until the state has it, through whoever leads by then.
  private func report(_ post: Posted, from machine: Machine, since began: Int64) {
    guard now - began < 20_000_000 else { return }
    if let leader {
      say([.end(post.delivery, claim: post.claim, post.answer)], through: self.machine(leader))
    }
    after(1_000_000, on: machine) { [unowned self] _ in
      let found = try? machine.disk?.reading { reader throws(StoreError) in
        reader.delivery(post.delivery)
      }
      if case .claimed(let own)? = (found ?? nil)?.state, own.id == post.claim {
        report(post, from: machine, since: began)
      }
    }
  }

  private func say(_ steps: [DeliveryStep], through machine: Machine) {
    postsSaid += 1
    let salt = 1 << 51 | UInt64(postsSaid)
    submit(Department.command(.moveDeliveries(steps), by: .system, salt: salt), to: machine)
  }

  /// One claim sends once, and what may have arrived before is marked when it comes again.
  private func judge(_ post: Posted) {
    let before = posts.filter { $0.delivery == post.delivery }
    if before.contains(where: { $0.claim == post.claim }) {
      return fail("\(post.delivery) was posted twice by one claim.")
    }
    // Of 503 the receiver said itself that it has nothing.
    let isDoubtful = before.contains { $0.answer.kind == .taken || $0.answer == .timedOut }
    if isDoubtful, !post.mayRepeat {
      fail("\(post.delivery) was posted again, and not said to be a repeat.")
    }
  }

  /// With nothing wrong any more, whatever was to be posted is posted, or waits for its time.
  func provePosts() {
    guard trial.postsOutside, failure == nil else { return }
    run(until: now + 25_000_000)
    guard let leader, let disk = machine(leader).disk else {
      return fail("Nobody leads at the end.")
    }
    let time = wallClock(of: machine(leader))
    do throws(StoreError) {
      let late = try disk.reading { reader throws(StoreError) in
        try reader.dueDeliveries(to: Self.hook, by: time - 3_000, limit: 1)
      }
      if let late = late.first { return fail("\(late.id) was due and is not posted: \(late).") }
      var sent = 0
      for number in 1...max(1, postsFed) {
        let found = try disk.reading { reader throws(StoreError) in
          reader.delivery(Self.test(number))
        }
        guard let found, case .sent = found.state else { continue }
        sent += 1
        if !posts.contains(where: { $0.delivery == found.id && $0.answer.kind == .taken }) {
          return fail("\(found.id) is said to be sent, and nobody has it.")
        }
      }
      if sent == 0 { fail("Nothing was ever posted.") }
    } catch {
      fail("\(leader) cannot read what was posted: \(error)")
    }
  }
}
