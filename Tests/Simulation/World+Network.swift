import Bytes
import Raft
import Replication

// Connections, one each way, that keep their order, break, and are made anew.
extension World {
  private static let farewell: Int64 = 5_000_000

  func send(_ frame: PeerFrame, from: NodeID, to: NodeID) {
    let bytes = frame.encoded()
    fingerprint.add(bytes)
    guard links[Wire(from: from, to: to)] != nil else { return }
    // What arrives is what the codec makes of it.
    guard let decoded = try? PeerFrame(decoding: bytes) else {
      return fail("\(from) sent a frame that no node can read: \(frame).")
    }
    tell(.said(from, to, frame))
    carry(decoded, on: Wire(from: from, to: to))
    if case .message = frame, !isHealing, chance.happens(Self.doubled) {
      let again = chance.within(0...60_000)
      let number = links[Wire(from: from, to: to)]?.number
      after(again) { [unowned self] in
        guard links[Wire(from: from, to: to)]?.number == number else { return }
        carry(decoded, on: Wire(from: from, to: to))
      }
    }
  }

  private func carry(_ frame: PeerFrame, on wire: Wire) {
    guard let link = links[wire] else { return }
    guard blocked[wire, default: 0] == 0, link.stalled.isEmpty else {
      links[wire]?.stalled.append(frame)
      return
    }
    let due = max(link.lastDue, now + chance.within(80...700) + delay())
    links[wire]?.lastDue = due
    after(due - now) { [unowned self] in
      guard links[wire]?.number == link.number else { return }
      guard blocked[wire, default: 0] == 0, links[wire]?.stalled.isEmpty == true else {
        links[wire]?.stalled.append(frame)
        return
      }
      after(0, on: machine(wire.to), from: .peer(wire.from)) { [unowned self] _ in
        give(.received(frame, from: wire.from), to: machine(wire.to))
      }
    }
  }

  private func delay() -> Int64 { networkDelay == 0 ? 0 : chance.within(0...networkDelay) }

  // MARK: - Made and broken

  func connectAll() {
    for from in living {
      for to in living where to != from { connect(Wire(from: from, to: to)) }
    }
  }

  private func connect(_ wire: Wire) {
    guard links[wire] == nil, restingUntil[wire, default: 0] <= now,
      blocked[wire, default: 0] == 0,
      blocked[Wire(from: wire.to, to: wire.from), default: 0] == 0
    else { return }
    let (from, to) = (machine(wire.from), machine(wire.to))
    guard !from.isPaused, !to.isPaused, let caller = from.process, let called = to.process,
      caller.dials.contains(wire.to),
      accepts(to, from, caller), accepts(from, to, called)
    else { return }
    linksMade += 1
    links[wire] = Link(number: linksMade)
    called.dials.insert(wire.from)
    give(.connected(wire.to), to: from)
    give(.heard(to.member, level: to.level), to: from)
    give(.heard(from.member, level: from.level), to: to)
  }

  private func accepts(
    _ other: Machine, _ machine: Machine, _ process: Process
  ) -> Bool {
    let cluster = ID(high: 1, low: 1)
    let own = Hello(cluster: cluster, epoch: 0, member: machine.member)
    let hello = Hello(cluster: cluster, epoch: 0, member: other.member, level: other.level)
    return hello.refusal(
      names: ["muster://\(cluster)/node/\(other.id.rawValue)"], expected: nil, own: own,
      configuration: process.replica.core.membership) == nil
  }

  /// Dials who is new, and lets who left go after a while, so that it can hear that it left.
  func follow(_ configuration: Configuration, _ machine: Machine, _ process: Process) {
    process.dials.formUnion(configuration.members.map(\.id))
    after(Self.farewell, on: machine) { [unowned self] process in
      let now = process.replica.core.membership
      guard now.member(machine.id) != nil else { return }
      for former in now.retired.map(\.id) where now.member(former) == nil {
        guard process.dials.remove(former) != nil else { continue }
        breakLink(Wire(from: machine.id, to: former))
        breakLink(Wire(from: former, to: machine.id))
      }
    }
  }

  /// Both ends notice, each in its time, before the connection can be made anew.
  func breakLink(_ wire: Wire) {
    guard links.removeValue(forKey: wire) != nil else { return }
    restingUntil[wire] = now + 12_000
    after(chance.within(0...10_000), on: machine(wire.from)) { [unowned self] _ in
      give(.lost(wire.to), to: machine(wire.from))
      // One that stood still hears of the end and of the new beginning at once, in this order (seed
      // 10902).
      guard links[wire] != nil else { return }
      let to = machine(wire.to)
      give(.connected(wire.to), to: machine(wire.from))
      give(.heard(to.member, level: to.level), to: machine(wire.from))
    }
    after(chance.within(0...10_000), on: machine(wire.to), from: .peer(wire.from)) {
      [unowned self] _ in
      give(.unheard(wire.from), to: machine(wire.to))
      guard links[wire] != nil else { return }
      let from = machine(wire.from)
      give(.heard(from.member, level: from.level), to: machine(wire.to))
    }
  }

  func breakLinks(of id: NodeID) {
    for other in ids where other != id {
      breakLink(Wire(from: other, to: id))
      breakLink(Wire(from: id, to: other))
    }
  }

  /// Connecting again is refused: to those who hear it, the process is gone.
  func showGone(_ id: NodeID) {
    for other in ids where other != id {
      guard links[Wire(from: other, to: id)] != nil,
        blocked[Wire(from: id, to: other), default: 0] == 0
      else { continue }
      after(chance.within(10_000...12_000), on: machine(other)) { [unowned self] _ in
        guard machine(id).process == nil else { return }
        give(.gone(id), to: machine(other))
      }
    }
  }

  // MARK: - Cut and healed

  /// Nothing goes through for a while. The ends may notice at once, later, or never.
  func block(_ wire: Wire, for duration: Int64) {
    guard wire.from != wire.to else { return }
    blocked[wire, default: 0] += 1
    if chance.happens(40) {
      breakLink(wire)
    } else {
      let number = links[wire]?.number
      after(chance.within(500_000...3_000_000)) { [unowned self] in
        guard links[wire]?.number == number, blocked[wire, default: 0] > 0 else { return }
        breakLink(wire)
      }
    }
    after(duration) { [unowned self] in unblock(wire) }
  }

  func unblock(_ wire: Wire) {
    guard let count = blocked[wire], count > 0 else { return }
    blocked[wire] = count - 1
    if count == 1 { release(wire) }
  }

  func release(_ wire: Wire) {
    guard var link = links[wire] else { return }
    let stalled = link.stalled
    link.stalled = []
    links[wire] = link
    for frame in stalled { carry(frame, on: wire) }
  }

  func blockBoth(_ one: NodeID, _ other: NodeID, for duration: Int64) {
    block(Wire(from: one, to: other), for: duration)
    block(Wire(from: other, to: one), for: duration)
  }
}
