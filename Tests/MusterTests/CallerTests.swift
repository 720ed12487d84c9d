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
}
