import Access
import Bytes
import Crypto
import EventLoop
import HTTP
import Incidents
import JSON
import Store

/// How a priority is found: the questions, what answers to them suggest, and what is stated by them.
@ClientLoop extension Exchange {
  /// `GET /v1/triage`: the questions with their answers, and the definitions, all in words.
  func showTriage() async throws(Problem) -> Response {
    let service = request.query["service"]
    return try await point { desk throws(Problem) in
      let service = try service.map { name throws(Problem) in try desk.reader.service(name) }
      return Content.json { json in
        json.object { json in
          json.array("questions") { json in
            for factor in Triage.Factor.allCases { json.question(factor) }
          }
          json.array("anchors") { json in
            for anchor in Anchor.allCases {
              json.object { json in
                json.member("anchor", anchor.slug)
                json.member("priority", anchor.priority.spelling)
                json.member("text", anchor.words)
              }
            }
          }
          json.matrix(desk.reader.matrix(of: service?.id))
        }
      }
    }
  }

  /// `POST /v1/triage/suggestion`: what answers suggest, and whether a choice fits. Changes nothing.
  func suggest() async throws(Problem) -> Response {
    try await point { desk throws(Problem) in
      let clerk = Clerk(facts: desk.reader, now: desk.now, random: randomUInt64Pair)
      let asked = try self.read(clerk) { clerk, body throws(Problem) in try clerk.triage(&body) }
      let matrix = desk.reader.matrix(of: asked.service)
      let choice = asked.choice ?? asked.triage.choice
      guard !asked.triage.isEmpty, let choice else {
        throw .invalid("Answer at least one question, or choose a definition.", member: "/triage")
      }
      let triaged = Triaged(asked.triage, by: matrix, chosen: choice.priority(by: matrix))
      return Content.json { json in
        json.object { json in json.triaged("triage", triaged) }
      }
    }
  }

  /// `POST /v1/incidents`.
  func declare() async throws(Problem) -> Response {
    var triaged: Triaged?
    let done = try await submit { _, clerk throws(Problem) in
      let new = try self.read(clerk) { clerk, body throws(Problem) in
        try clerk.declaration(&body)
      }
      triaged = new.triaged(in: clerk.facts)
      return .declare(new)
    }
    return answer(done, triaged)
  }

  /// `POST /v1/incidents/{incident}/priority`.
  func statePriority(of name: IncidentName) async throws(Problem) -> Response {
    var triaged: Triaged?
    let done = try await submit { asker, clerk throws(Problem) in
      let incident = try asker.sight.incident(name)
      let change = try self.read(clerk) { clerk, body throws(Problem) in
        try clerk.priority(&body)
      }
      if !change.triage.isEmpty {
        triaged = Triaged(
          change.triage, by: incident.matrix, chosen: change.choice.priority(by: incident.matrix))
      }
      return .incident(incident.id, .setPriority(change))
    }
    return answer(done, triaged)
  }

  /// What came of a write, with what its triage suggested beside what was chosen.
  private func answer(_ done: Done, _ triaged: Triaged?) -> Response {
    done.answer { json in
      if let triaged { json.triaged("triage", triaged) }
    }
  }
}

extension JSONWriter {
  fileprivate mutating func question(_ factor: Triage.Factor) {
    object { json in
      json.member("factor", factor.slug)
      json.member("of", factor.isOfImpact ? "impact" : "urgency")
      json.member("question", factor.question)
      json.array("answers") { json in
        for answer in factor.answers {
          json.object { json in
            json.member("answer", answer.slug)
            json.member("text", answer.words)
          }
        }
      }
    }
  }
}
