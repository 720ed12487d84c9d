import Bytes
import Incidents
import JSON

/// How a priority was found, what is asked and what was proposed, as the interface shows it.
extension JSONWriter {
  /// Writes what was triaged as the value of `member`; `null` where nothing was.
  mutating func triaged(_ member: StaticString, _ triaged: Triaged?) {
    guard let triaged else { return null(member) }
    let triage = triaged.triage
    object(member) { json in
      json.object("answers") { json in
        for factor in Triage.Factor.allCases {
          guard let answer = triage.answer(to: factor) else { continue }
          json.name(factor.slug)
          json.value(answer.slug)
        }
      }
      json.member("anchor", triage.anchor?.slug)
      json.suggestion(triaged.suggestion)
      json.member("chosen", triaged.chosen.spelling)
      json.array("doubts") { json in
        for (doubt, text) in zip(triaged.doubts, triaged.doubtSentences) {
          json.object { json in
            json.member("doubt", doubt.slug)
            json.member("text", text)
          }
        }
      }
      json.questions(triage.questions)
    }
  }

  private mutating func suggestion(_ suggestion: Suggestion) {
    object("suggestion") { json in
      json.member("priority", suggestion.priority.spelling)
      json.member("impact", suggestion.factors?.impact.spelling)
      json.member("urgency", suggestion.factors?.urgency.spelling)
      json.array("reasons") { json in
        for reason in suggestion.reasons { json.value(reason) }
      }
      json.array("unanswered") { json in
        for factor in suggestion.unanswered { json.value(factor.slug) }
      }
    }
  }

  /// Writes the flags that triage asks about.
  mutating func questions(_ flags: [Flag]) {
    array("questions") { json in
      for flag in flags {
        json.object { json in
          json.member("flag", flag.spelling)
          json.member("text", flag.question)
        }
      }
    }
  }

  /// Writes what an incident has of it, as members.
  mutating func deliberation(of incident: Incident, _ names: NameBook<some Facts>) {
    let deliberation = incident.deliberation
    triaged("triage", deliberation.triaged)
    member("doubtedChoices", Int(deliberation.doubtedChoices))
    questions(deliberation.questions)
    if let own = deliberation.matrix { matrix(own) }
    array("proposals") { json in
      for open in deliberation.proposals {
        json.object { json in
          json.member("proposal", Int(open.number))
          json.person("person", open.person, names)
          json.time("at", open.at)
          json.matter(open.proposal.matter, by: incident.matrix, names)
          json.member("text", open.proposal.matter.words)
          json.member("reason", open.proposal.reason)
        }
      }
    }
  }

  private mutating func matter(
    _ matter: Proposal.Matter, by matrix: PriorityMatrix, _ names: NameBook<some Facts>
  ) {
    switch matter {
    case .priority(let choice, let triage):
      let priority = choice.priority(by: matrix)
      member("action", "priority")
      member("priority", priority.spelling)
      if !triage.isEmpty { triaged("triage", Triaged(triage, by: matrix, chosen: priority)) }
    case .cancel: member("action", "cancel")
    case .duplicate(let survivor):
      member("action", "duplicate")
      member("of", names.sees(survivor) ? survivor.description : nil)
    }
  }

  /// Writes a matrix of impact and urgency.
  mutating func matrix(_ matrix: PriorityMatrix) {
    array("matrix") { json in
      for impact in Level.allCases.reversed() {
        for urgency in Level.allCases.reversed() {
          json.object { json in
            json.member("impact", impact.spelling)
            json.member("urgency", urgency.spelling)
            json.member(
              "priority", matrix.priority(impact: impact, urgency: urgency).spelling)
          }
        }
      }
    }
  }
}
