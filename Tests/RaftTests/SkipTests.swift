import Raft
import Testing

/// Entries that the operator refused.
@Suite struct `A skip` {
  private static let timing = Timing(heartbeat: 5, election: 20)
  private let wider = Configuration(voters: [1, 2, 3])

  private func skips(_ indexes: LogIndex...) -> Configuration {
    Configuration(members: wider.members, skips: indexes)
  }

  private func configured(_ index: UInt64, _ configuration: Configuration) -> Entry {
    Entry(
      position: at(1, index), stamp: 0, kind: .configuration, payload: configuration.encoded())
  }

  @Test func `is open until it is committed, and then for good`() {
    var node = Subject(2, terms: [1, 1])
    #expect(node.core.fate(of: 2) == .apply)
    node.settle(
      .received(append(1, after: at(1, 2), [configured(3, skips(2))], commit: 2), from: 1))
    #expect(node.core.fate(of: 2) == .open)
    #expect(node.core.firstOpen(after: 1) == 2)
    node.settle(.received(heartbeat(1, commit: 3), from: 1))
    #expect(node.core.fate(of: 2) == .skip)
    #expect(node.core.firstOpen(after: 1) == nil)
    #expect(node.core.fate(of: 1) == .apply)
  }

  @Test func `is no more once its entry is truncated`() {
    var node = Subject(2, terms: [1, 1])
    node.settle(
      .received(append(1, after: at(1, 2), [configured(3, skips(2))], commit: 2), from: 1))
    node.settle(.received(append(2, after: at(1, 2), [entry(2, 3)]), from: 3))
    #expect(node.core.fate(of: 2) == .apply)
  }

  @Test func `is told with each commit, so that a newcomer waits for it`() {
    var node = Subject(2, terms: [])
    let told = AppendEntries(
      term: 1, previous: .start, entries: entries(terms: [1, 1]), commit: 2, round: 0, heirs: [],
      skips: [2])
    node.settle(.received(.append(told), from: 1))
    #expect(node.core.commit == 2)
    #expect(node.core.fate(of: 2) == .open)
    let rest = AppendEntries(
      term: 1, previous: at(1, 2), entries: [configured(3, skips(2))], commit: 3, round: 0,
      heirs: [], skips: [2])
    node.settle(.received(.append(rest), from: 1))
    #expect(node.core.fate(of: 2) == .skip)
  }

  @Test func `is said by a leader in all that it sends`() {
    var node = Subject(timing: Self.timing)
    node.lead(by: 2)
    node.settle(.received(matched(1, 1), from: 2), .received(matched(1, 1), from: 3))
    let output = node.take(.change(ProposalID(rawValue: 9), .skip(1), now: 0))
    #expect(output.proposals.first?.1 == .appended(at(1, 2)))
    for outbound in output.messages {
      guard case .append(let append) = outbound.message else { continue }
      #expect(append.skips == [1])
    }
    let again = node.take(.change(ProposalID(rawValue: 10), .skip(1), now: 0))
    #expect(again.proposals.first?.1 == .refused(.underWay(2)))
  }

  @Test func `stays through other changes, and in the binary form`() throws {
    let member = Configuration.Member(id: 4, incarnation: 7, peer: "n4:1")
    let after = try skips(5, 2).after(.add(member)).after(.promote(4)).after(.remove(1))
    #expect(after.skips == [2, 5])
    #expect(try Configuration(decoding: after.encoded()) == after)
    #expect(throws: ChangeRefusal.alreadySkipped(5)) { try after.after(.skip(5)) }
  }

  @Test func `is not in the form of a configuration without any`() {
    #expect(wider.encoded().first == 1)
    #expect(skips(2).encoded().first == 2)
  }
}
