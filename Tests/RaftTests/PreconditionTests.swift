import Raft
import Testing

@Suite struct `The core would rather stop than` {
  @Test func `overwrite a committed entry`() async {
    await #expect(processExitsWith: .failure) {
      var node = Subject(2, term: 1, terms: [1, 1], applied: 2)
      node.settle(.received(append(2, after: at(1, 1), [entry(2, 2)]), from: 1))
    }
  }

  @Test func `accept a contradiction of what is committed`() async {
    await #expect(processExitsWith: .failure) {
      var node = Subject(2, term: 1, terms: [1, 1], applied: 2)
      node.settle(.received(append(3, after: at(2, 2)), from: 1))
    }
  }

  @Test func `follow two leaders in one term`() async {
    await #expect(processExitsWith: .failure) {
      var node = Subject(2, term: 1)
      node.settle(.received(heartbeat(1), from: 1), .received(heartbeat(1), from: 3))
    }
  }

  @Test func `lead beside another in its own term`() async {
    await #expect(processExitsWith: .failure) {
      var node = Subject()
      node.lead(by: 2)
      node.settle(.received(heartbeat(1), from: 3))
    }
  }

  @Test func `start without entries that were applied`() async {
    await #expect(processExitsWith: .failure) {
      _ = Subject(terms: [1], applied: 2)
    }
  }

  @Test func `start with a term that is older than its log`() async {
    await #expect(processExitsWith: .failure) {
      _ = RaftCore(
        id: 1, configuration: Configuration(voters: [1]), hardState: .initial,
        log: LogRecovery(entries: [entry(1, 1)]), applied: 0, seed: 1)
    }
  }

  @Test func `count an acknowledgement of what it never had`() async {
    await #expect(processExitsWith: .failure) {
      var node = Subject()
      node.lead(by: 2)
      node.settle(.received(matched(1, 2), from: 3))
    }
  }

  @Test func `append with a gap`() async {
    await #expect(processExitsWith: .failure) {
      var node = Subject(2, term: 1)
      node.settle(.received(append(1, after: .start, [entry(1, 2)]), from: 1))
    }
  }

  @Test func `believe in a batch that it never handed out`() async {
    await #expect(processExitsWith: .failure) {
      var node = Subject()
      node.settle(.persisted(batch: 1))
    }
  }

  @Test func `send from the disk what contradicts its commits`() async {
    await #expect(processExitsWith: .failure) {
      let whole = LogRecovery(entries: entries(terms: [1, 1]))
      var node = Subject(
        applied: 2,
        log: LogRecovery(
          first: whole.first, last: whole.last, terms: whole.terms, tail: [], lastStamp: 0))
      node.lead(by: 2)
      node.settle(.received(refused(2, 2, hint: .start), from: 3))
      node.settle(.received(matched(2, 0), from: 3))
      node.settle(.loaded([entry(9, 1)], for: 3))
    }
  }

  @Test func `take a payload that no append could carry`() async {
    await #expect(processExitsWith: .failure) {
      var node = Subject()
      node.lead(by: 2)
      let payload = [UInt8](repeating: 0, count: RaftCore.largestPayload + 1)
      node.settle(.propose(ProposalID(rawValue: 1), payload: payload, now: 0))
    }
  }

  @Test func `be told of something applied that it never released`() async {
    await #expect(processExitsWith: .failure) {
      var node = Subject(terms: [1])
      node.settle(.applied(1))
    }
  }
}
