import Bytes
import Crypto
import EventLoop
import HTTP
package import Incidents
import JSON
import Store

/// A major incident is resolved, and with it those that belong to it, if that is asked for.
@ClientLoop extension Exchange {
  /// `POST /v1/incidents/{incident}/resolution`.
  ///
  /// Each child is resolved by a command of its own, under the rules for resolving it alone, once its
  /// parent is resolved: what is refused of one keeps no other. A repeat of the request has the same
  /// outcomes, as each has a key that is made of the request's.
  func resolve(_ name: IncidentName) async throws(Problem) -> Response {
    var wish = ResolutionWish()
    let done = try await submit { asker, clerk throws(Problem) in
      let incident = try asker.sight.incident(name)
      wish = try self.read(clerk) { clerk, body throws(Problem) in try clerk.resolution(&body) }
      return .incident(incident.id, .resolve(wish.resolution))
    }
    guard wish.resolvesChildren else { return done.response }
    let outcomes = try await resolveChildren(of: done.outcome.subject.id, wish.resolution)
    return done.answer { json in
      json.array("children") { json in
        for outcome in outcomes { json.write(outcome) }
      }
    }
  }

  private func resolveChildren(
    of parent: ID, _ resolution: Resolution
  ) async throws(Problem) -> [ChildOutcome] {
    let key = try idempotencyKey()
    let prepared = try await prepare { asker, clerk throws(Problem) in
      let children = clerk.facts.incident(parent)?.around.children ?? []
      var commands: [Command] = []
      for id in children {
        do throws(Problem) {
          _ = try asker.sight.incident(.id(id))
        } catch  where error.status == .notFound {
          // One that the asker may not know of is passed over like one that is not there.
          continue
        }
        var own = key
        own.text = Self.key(of: id, below: key)
        commands.append(asker.command(.incident(id, .resolve(resolution)), key: own))
      }
      return commands
    }
    var outcomes: [ChildOutcome] = []
    for command in prepared.value {
      guard case .incident(let id, _) = command.action else { continue }
      do throws(Problem) {
        _ = try await submit(command, foreseen: .proceed)
        outcomes.append(ChildOutcome(incident: id, problem: nil))
      } catch {
        outcomes.append(ChildOutcome(incident: id, problem: error))
      }
    }
    return outcomes
  }

  /// The key of what a request does to a child.
  private nonisolated static func key(of child: ID, below key: IdempotencyKey) -> String {
    Hex.encode(SHA256.hash(Array(key.text.utf8) + child.bytes))
  }
}

/// How an incident is to be resolved, and whether those that belong to it are too.
package struct ResolutionWish: Sendable {
  /// How.
  package var resolution = Resolution(fix: "")
  /// Whether those that belong to it are resolved as well.
  package var resolvesChildren = false
}

/// What became of one child.
private struct ChildOutcome {
  let incident: ID
  let problem: Problem?
}

extension JSONWriter {
  fileprivate mutating func write(_ outcome: ChildOutcome) {
    object { json in
      json.member("id", outcome.incident.description)
      json.member("reference", Reference(outcome.incident).text)
      json.member("resolved", outcome.problem == nil)
      if let problem = outcome.problem {
        json.member("title", problem.title)
        json.member("detail", problem.detail)
      }
    }
  }
}
