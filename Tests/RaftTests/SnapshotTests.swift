import Raft
import Testing

/// Paper, section 7.
@Suite struct `A log that does not reach back` {
  private func base(_ term: UInt64, _ index: UInt64, _ voters: [NodeID] = [1, 2, 3]) -> LogBase {
    LogBase(position: at(term, index), configuration: Configuration(voters: voters))
  }

  /// A leader of term 2 with entries 1 to 5, whose log begins after entry 4.
  private func leader() -> Subject {
    var node = Subject(terms: [1, 1, 1, 1])
    node.lead(by: 2)
    let commit = node.take(.received(matched(2, 5), from: 2))
    #expect(commit.applicable == 5)
    node.settle(.applied(5), .trim(through: 4))
    return node
  }

  @Test func `begins later with a batch of its own, and not beyond what is applied`() {
    var node = Subject(terms: [1, 1, 1], applied: 2)
    #expect(node.take(.trim(through: 3)).persist == nil)
    #expect(node.take(.trim(through: 2)).persist?.trim == base(1, 2))
    #expect(node.core.base == 2)
    #expect(node.take(.trim(through: 1)).persist == nil)
  }

  @Test func `makes its leader ask for a snapshot for who lacks more`() {
    var node = leader()
    let output = node.take(.received(refused(2, 4, hint: .start), from: 3))
    #expect(output.snapshots == [3])
    #expect(!output.messages.contains { $0.to == 3 })
    // Asked for once, and again only when it ended in vain.
    #expect(node.take(.tick, .received(refused(2, 4, hint: .start), from: 3)).snapshots == [])
    #expect(node.take(.snapshotEnded(3)).snapshots == [3])
  }

  @Test func `is sent on from where the snapshot ends`() {
    var node = leader()
    _ = node.take(.received(refused(2, 4, hint: .start), from: 3))
    let sent = node.settle(.received(matched(2, 4), from: 3))
    #expect(
      sent.contains {
        guard case .append(let append) = $0.message else { return false }
        return $0.to == 3 && append.previous == at(1, 4) && append.entries.count == 1
      })
  }

  @Test func `is replaced by an installed state, which is acknowledged once it is durable`() {
    var node = Subject(2, terms: [1])
    node.settle(.received(heartbeat(2), from: 1))
    let output = node.take(.snapshotReceived(base(2, 9, [1, 2, 4]), generation: 2))
    #expect(
      output.persist?.install
        == SnapshotInstall(base: base(2, 9, [1, 2, 4]), generation: 2, keepsEntries: false))
    #expect(output.persist?.messages == [to(1, matched(2, 9))])
    #expect(output.messages == [])
    #expect(node.core.configuration.voters == [1, 2, 4])
    let after = node.take(.persisted(batch: output.persist?.sequence ?? 0))
    #expect(after.applicable == nil)
    #expect(node.core.durable == 9)
    _ = node.take(.applied(9))
    #expect(node.core.applied == 9)
  }

  /// hashicorp/raft#697, openraft#1808: a suffix that contradicts the state goes, whole, and a
  /// configuration in it.
  @Test func `loses a suffix that contradicts the installed state`() {
    var node = Subject(2, terms: [1, 1])
    let phantom = Entry(
      position: at(1, 3), stamp: 0, kind: .configuration,
      payload: Configuration(voters: [2]).encoded())
    node.settle(.received(append(1, after: at(1, 2), [phantom, entry(1, 4)]), from: 1))
    node.settle(.received(heartbeat(3), from: 3))
    node.settle(.snapshotReceived(base(3, 3), generation: 2))
    #expect(node.core.last == at(3, 3))
    #expect(node.core.configuration == Configuration(voters: [1, 2, 3]))
  }

  @Test func `keeps what follows a state that it agrees with`() {
    var node = Subject(2, terms: [1, 1, 1, 1])
    node.settle(.received(heartbeat(1), from: 1))
    let output = node.take(.snapshotReceived(base(1, 3), generation: 2))
    #expect(output.persist?.install?.keepsEntries == true)
    #expect(node.core.last == at(1, 4))
    let after = node.take(
      .persisted(batch: output.persist?.sequence ?? 0), .applied(3),
      .received(append(1, after: at(1, 4), commit: 4), from: 1))
    #expect(after.applicable == 4)
  }

  @Test func `takes the term of the state, if it is a later one`() {
    var node = Subject(2, terms: [1])
    let output = node.take(.snapshotReceived(base(5, 9), generation: 2))
    #expect(output.persist?.hardState == HardState(term: 5, vote: nil))
    #expect(node.core.last == at(5, 9))
  }

  @Test func `would rather stop than be put back behind what is committed`() async {
    await #expect(processExitsWith: .failure) {
      var node = Subject(2, terms: [1, 1], applied: 2)
      node.settle(
        .snapshotReceived(
          LogBase(position: at(1, 2), configuration: Configuration(voters: [1])), generation: 2))
    }
  }
}
