package import FaultyDisk

/// Something that goes wrong, or that an operator does, at a moment of a run. Nodes are named by a
/// number: one of the higher ones is the leader, the others are taken modulo the nodes that there are.
package enum Fault: Hashable, Sendable {
  /// The process dies, and starts again after a while. What was written is still there.
  case kill(Int, down: Int64)
  /// The machine dies: what was not synced is gone, or not.
  case powerCut(Int, down: Int64)
  case powerCutOfAll(down: Int64)
  /// The node loses power as soon as it comes to this point.
  case powerCutAt(Int, Point, down: Int64)
  /// It stands still, and then goes on as if nothing had been.
  case pause(Int, Int64)
  case isolate(Int, Int64)
  /// Two nodes do not hear each other.
  case cut(Int, Int, Int64)
  /// The second does not hear the first.
  case deafen(Int, Int, Int64)
  /// Nobody of the first half hears anybody of the second, but for one that hears all.
  case bridge(Int, Int64)
  /// Two halves.
  case halve(Int, Int64)
  /// Cut and healed again and again.
  case flap(Int, Int, times: Int)
  /// A connection breaks and is made anew.
  case reset(Int, Int)
  case slowNetwork(Int64, Int64)
  case slowDisk(Int, each: Int64, Int64)
  case fullDisk(Int, Int64)
  case clockJump(Int, milliseconds: Int64)
  case transfer(Int)
  /// It is told to end, hands over, and starts again.
  case stop(Int, down: Int64)
  case add
  case remove(Int)
  case replace(Int)
  /// Its disk is lost and made anew: it must not be believed any more, and is replaced.
  case wipe(Int)
  /// So many writes at once, for whose answers nobody waits.
  case flood(Int, Int)
  /// The leader is left alone with so many writes, while the others go on without it.
  case strand(Int, Int64)
  /// With real files: after so many calls, one that writes or syncs fails.
  case failDisk(Int, after: Int, FaultyDisk.Fault)
  /// With real files: the process dies, and a bit of its log flips before it starts again.
  case flipBit(Int)
  /// With real files: the process dies, and its state comes to something else than those of others.
  case spoilState(Int)

  /// Where power is lost.
  package enum Point: Int, CaseIterable, Sendable {
    case beforeWrite
    case beforeSync
    case afterSync
    case beforeApply
    case afterApply
    case beforeSwitch
  }

  /// Numbers below this name any node, those from here on the leader.
  static let leaderFrom = 40

  /// What goes wrong in a run of this many microseconds, by time.
  static func schedule(
    through end: Int64, hasFiles: Bool, chance: inout Chance
  ) -> [(at: Int64, fault: Fault)] {
    var planned: [(at: Int64, fault: Fault)] = []
    let pace = chance.pick([150_000, 400_000, 400_000, 1_000_000, 2_500_000] as [Int64])
    var at: Int64 = 400_000
    while at < end {
      planned.append((at, hasFiles && chance.happens(15) ? ofFiles(&chance) : some(&chance)))
      at += 1_000 + chance.within(0...(2 * pace))
    }
    return planned
  }

  private static func ofFiles(_ chance: inout Chance) -> Fault {
    let node = chance.below(60)
    switch chance.below(5) {
    case 0: return .flipBit(node)
    case 4: return .spoilState(node)
    case 1: return .failDisk(node, after: chance.below(60), .full)
    case 2: return .failDisk(node, after: chance.below(60), .write)
    default: return .failDisk(node, after: chance.below(20), .sync)
    }
  }

  private static func some(_ chance: inout Chance) -> Fault {
    let (one, other) = (chance.below(60), chance.below(60))
    let short = chance.within(10_000...400_000)
    let long = chance.within(100_000...3_000_000)
    switch chance.below(37) {
    case 0: return .kill(one, down: chance.happens(50) ? short : long)
    case 1: return .powerCut(one, down: chance.happens(50) ? short : long)
    case 2: return chance.happens(25) ? .powerCutOfAll(down: short) : .powerCut(one, down: short)
    case 3, 4, 5, 6: return .powerCutAt(one, chance.pick(Point.allCases), down: short)
    case 7: return .pause(one, chance.happens(70) ? short : long)
    case 8, 9: return .isolate(one, long)
    case 10, 11: return .cut(one, other, long)
    case 12, 13: return .deafen(one, other, long)
    case 14: return .bridge(one, long)
    case 15: return .halve(one, long)
    case 16: return .flap(one, other, times: 2 + chance.below(8))
    case 17, 18, 19: return .reset(one, other)
    case 20: return .slowNetwork(chance.within(2_000...120_000), long)
    case 21, 22: return .slowDisk(one, each: chance.within(2_000...250_000), long)
    case 23: return .fullDisk(one, long)
    case 24: return .clockJump(one, milliseconds: chance.within(-3_600_000...3_600_000))
    case 25, 26: return .transfer(one)
    case 27: return .stop(one, down: short)
    case 28: return .add
    case 29: return .remove(one)
    case 30: return .replace(one)
    case 31: return .wipe(one)
    case 32, 33: return .strand(100 + chance.below(400), long)
    default: return .flood(one, 20 + chance.below(300))
    }
  }
}
