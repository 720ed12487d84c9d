import Access
import Crypto
import EventLoop
import Incidents
import Store

/// What the gateway notes by itself: when credentials were used, and that a session goes on.
@ClientLoop extension API {
  /// How often uses are noted.
  package static let usesInterval = Duration.seconds(20)

  /// Waits on the client loop.
  func pause(_ duration: Duration) async {
    await withCheckedContinuation { waiter in
      _ = ClientLoop.loop.schedule(after: duration) { waiter.resume() }
    }
  }

  /// Somebody was let in.
  func welcome(_ principal: Principal, _ proof: Proof, at now: Int64) {
    uses.note(principal.credential, isSession: proof.isSession, at: now)
    guard principal.isToBeExtended, extending.insert(principal.credential).inserted else { return }
    Task(name: "extension", executorPreference: ClientLoop.loop) {
      await self.extend(principal, at: now)
    }
  }

  /// Has a session go on. Not done now, it is asked for again by its next request.
  private func extend(_ principal: Principal, at now: Int64) async {
    let command = Command(
      actor: principal.actor, receivedAt: now, salt: secureRandom(Bound.salt),
      action: .extendSession)
    _ = await cluster.submit(command.encoded(), within: Deadline.answer)
    extending.remove(principal.credential)
  }

  /// Puts into the state and the record what the node noted since. To be called every
  /// ``usesInterval``.
  package func note() async {
    if let line = unknown.line() { site.log(line) }
    await noteUses()
    await noteAttempts()
    await noteKeptReads()
  }

  /// Notes what is worth it. To be called every ``usesInterval``.
  package func noteUses() async {
    let reader = self.reader
    let level = try? reader.read { reader throws(StoreError) in reader.level }
    guard let level, level >= 2 else { return }
    let due = try? reader.read { reader throws(StoreError) in
      self.uses.due { reader.lastUse(of: $0) }
    }
    guard let due, !due.isEmpty else { return }
    let command = Command(
      actor: .system, receivedAt: Wall.now(), salt: secureRandom(Bound.salt),
      action: .noteUses(due))
    // Lost, a use is noted with the next one.
    _ = await cluster.submit(command.encoded(), within: Deadline.answer)
  }
}
