import TLS
import Testing
import muster

/// A way to the nodes that answers by a script, and keeps what it was asked.
private struct Script: Courier {
  var answers: [Delivery]
  var asked: [(node: String, ask: Ask)] = []
  var clock = Duration.zero

  mutating func deliver(_ ask: Ask, to node: Endpoint, within limit: Duration) -> Delivery {
    asked.append((node.description, ask))
    clock += .milliseconds(10)
    return answers.isEmpty ? .notSent(reason: "nobody is there") : answers.removeFirst()
  }

  func now() -> Duration { clock }
  mutating func pause(_ length: Duration) { clock += length }
}

/// A way to nodes of which some take what they are asked, and say nothing.
private struct Frozen: Courier {
  let silent: Set<String>
  var clock = Duration.zero

  mutating func deliver(_ ask: Ask, to node: Endpoint, within limit: Duration) -> Delivery {
    guard silent.contains(node.description) else { return .answered(Answer(status: 201)) }
    clock += limit
    return .lost(reason: "silence")
  }

  func now() -> Duration { clock }
  mutating func pause(_ length: Duration) { clock += length }
}

@Suite("A client of the cluster")
struct CallerTests {
  private func nodes() throws -> [Endpoint] { try EndpointList.parse("n1:1,n2:2,n3:3") }

  private func call(
    _ ask: Ask, _ answers: [Delivery]
  ) throws -> (Result<Answer, Failure>) {
    var caller = Caller(try nodes(), timeout: .seconds(10), courier: Script(answers: answers))
    do throws(Failure) {
      return .success(try caller.call(ask))
    } catch {
      return .failure(error)
    }
  }

  private let write = Ask.write("/v1/incidents", key: "k", body: [])

  @Test(arguments: [200, 201, 400, 401, 403, 404, 409, 412, 422])
  func `takes a final answer from whoever gives it`(status: Int) throws {
    let final = Delivery.answered(Answer(status: status))
    let found = try call(
      write, [.notSent(reason: "x"), .answered(Answer(status: 503)), final])
    #expect(try found.get().status == status)
  }

  @Test func `moves on from a node that is away, with the same key`() throws {
    let found = try call(
      write,
      [.lost(reason: "x"), .answered(Answer(status: 504)), .answered(Answer(status: 201))])
    #expect(try found.get().status == 201)
  }

  @Test(arguments: [3, 15, 60])
  func `asks every node while there is time, whichever say nothing`(seconds: Int) throws {
    let nodes = try nodes()
    var caller = Caller(
      nodes, timeout: .seconds(seconds),
      courier: Frozen(silent: Set(nodes.dropLast().map(\.description))))
    #expect(try caller.call(write).status == 201)
  }

  @Test func `says that nothing was done only if nothing was`() throws {
    #expect(throws: Failure.self) { try call(write, []).get() }
    for (answers, code) in [
      ([.notSent(reason: "x"), .answered(Answer(status: 503))], ExitCode.unavailable),
      ([.lost(reason: "x")], .unknown), ([.answered(Answer(status: 504))], .unknown),
    ] as [([Delivery], ExitCode)] {
      guard case .failure(let failure) = try call(write, answers) else {
        Issue.record("That was answered.")
        continue
      }
      #expect(failure.code == code)
      #expect((code == .unknown) == failure.message.contains("--key k"))
    }
    // A read that was lost changed nothing.
    guard case .failure(let failure) = try call(.read("/v1/incidents"), [.lost(reason: "x")])
    else { return }
    #expect(failure.code == .unavailable)
  }

  @Test func `does not wait for certificates that do not fit, unless another node may`() throws {
    let no = Delivery.distrusted(reason: "x")
    guard
      case .failure(let failure) = try call(write, [no, no, no, .answered(Answer(status: 201))])
    else {
      Issue.record("That was answered.")
      return
    }
    #expect(failure.code == .unavailable)
    #expect(failure.message.contains("Look at --ca or MUSTER_CA"))
    let found = try call(write, [no, .notSent(reason: "x"), no, .answered(Answer(status: 201))])
    #expect(try found.get().status == 201)
  }

  @Test func `says what the node says, and what to do`() throws {
    let body = Array(#"{"title":"This node has no state yet"}"#.utf8)
    let away = [Delivery](
      repeating: .answered(Answer(status: 503, body: body)), count: 2_000)
    guard case .failure(let failure) = try call(.read("/v1/incidents"), away) else {
      Issue.record("That was answered.")
      return
    }
    #expect(failure.message.contains("  n2:2: This node has no state yet\n"))
    #expect(failure.message.contains("muster cluster status --stale"))
  }

  @Test func `waits where it asked too much, a while, and asks the same node again`() throws {
    let tooMuch = Delivery.answered(Answer(status: 429, retryAfter: 2))
    let done = Delivery.answered(Answer(status: 201))
    func call(
      _ answers: [Delivery], timeout: Duration = .seconds(60)
    ) throws -> (status: Int, script: Script) {
      let way = Shared(Script(answers: answers))
      var caller = Caller(try nodes(), timeout: timeout, courier: way)
      return (try caller.call(write).status, way.script)
    }
    let (status, script) = try call([tooMuch, tooMuch, done])
    #expect(status == 201)
    #expect(script.asked.map(\.node) == ["n1:1", "n1:1", "n1:1"])
    #expect(script.asked.allSatisfy { $0.ask == write })
    #expect(script.clock == .milliseconds(4_030))
    // Not for ever, and not where it takes long: whoever asked is told.
    let (last, long) = try call(Array(repeating: tooMuch, count: 20))
    #expect(last == 429 && long.asked.count == 8 && long.clock < .seconds(15))
    let (later, once) = try call([.answered(Answer(status: 429, retryAfter: 60)), done])
    #expect(later == 429 && once.asked.count == 1)
    #expect(try call([tooMuch, done], timeout: .seconds(1)).status == 429)
    #expect(try call([.answered(Answer(status: 429)), done]).status == 429)
  }
}

/// A script that can be looked at afterwards.
private final class Shared: Courier {
  var script: Script

  init(_ script: Script) { self.script = script }

  func deliver(_ ask: Ask, to node: Endpoint, within limit: Duration) -> Delivery {
    script.deliver(ask, to: node, within: limit)
  }

  func now() -> Duration { script.now() }
  func pause(_ length: Duration) { script.pause(length) }
}
