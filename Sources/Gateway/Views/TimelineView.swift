import Bytes
package import Incidents
package import JSON

/// Entries of a timeline as the interface shows them: what happened, when, and who says so.
package struct TimelineView<Book: Facts> {
  private let names: NameBook<Book>
  private let sentences: Names

  /// A view with these names.
  package init(names: NameBook<Book>) {
    self.names = names
    sentences = names.names
  }

  /// Writes an entry, as an object.
  package func write(_ entry: TimelineEntry, to json: inout JSONWriter) {
    json.object { json in
      json.member("position", Int(clamping: entry.position))
      writeMembers(of: entry, to: &json)
      if case .noted(let note) = entry.event.fact, let corrects = note.corrects {
        json.member("corrects", Int(clamping: corrects))
      }
    }
  }

  /// Writes all of an entry but where in the ledger it is, and where what it is about is.
  func writeMembers(of entry: TimelineEntry, to json: inout JSONWriter) {
    let event = entry.event
    json.time("at", entry.stamp)
    json.time("happenedAt", event.happenedAt)
    if let happened = event.happenedAt, entry.stamp - happened >= Span.minute {
      json.member("recordedLate", true)
    }
    json.member("kind", event.fact.spelling)
    json.person("actor", entry.actor.person, names)
    json.person("onBehalfOf", event.onBehalfOf, names)
    json.member("summary", event.sentence(by: entry.actor, names: sentences))
    details(event.fact, &json)
  }

  private func write(_ reminder: Reminder, _ json: inout JSONWriter) {
    json.object { json in
      json.member("duty", reminder.kind.slug)
      if reminder.number > 0 { json.member("number", Int(reminder.number)) }
      json.time("due", reminder.dueAt)
      json.time("at", reminder.at)
      json.member("overdue", reminder.isOverdue)
      json.name("fallsTo")
      DutyView(names: names, now: reminder.at).write(reminder.to, to: &json)
    }
  }

  /// What a program may want beside the sentence.
  private func details(_ fact: Fact, _ json: inout JSONWriter) {
    switch fact {
    case .noted(let note):
      json.member("text", note.text)
    case .updated(let update):
      json.member("audience", update.audience.spelling)
      json.member("text", update.text)
      json.time("nextUpdateAt", update.nextUpdateAt)
    case .communicationDrafted(let drafted):
      json.member("communication", drafted.draft.id.description)
      json.member("audience", drafted.draft.audience.spelling)
      json.member("text", drafted.draft.what)
    case .communicationMoved(let moved):
      json.member("communication", moved.communication.description)
      json.member("audience", moved.audience.spelling)
    case .statusMoved(let move):
      json.member("from", move.from.spelling)
      json.member("to", move.to.spelling)
    case .priorityChanged(let change):
      json.member("from", change.before.priority.spelling)
      json.member("to", change.after.priority.spelling)
      json.member("confirmed", change.after.isConfirmed)
    case .triaged(let triaged): json.triaged("triage", triaged)
    case .proposed(let proposal, _): json.member("text", proposal.matter.words)
    case .proposalAccepted(let number, _): json.member("proposal", Int(number))
    case .proposalDeclined(let number, _, _): json.member("proposal", Int(number))
    case .ownerMoved(let move):
      json.member("from", move.from.spelling)
      json.member("to", move.to.spelling)
      json.member("bounce", move.isBounce)
      if let lay = move.extras?.lay { json.member("laySeconds", Int(clamping: lay / Span.second)) }
    case .serviceAffected(let change):
      json.service("service", change.service, names)
      json.member("state", change.state?.spelling)
    case .roleTaken(let taken):
      json.member("role", taken.role.spelling)
      json.person("person", taken.person, names)
    case .reminded(let reminders):
      json.array("reminders") { json in
        for reminder in reminders { write(reminder, &json) }
      }
    case .paged(let paged):
      json.member("step", paged.step.spelling)
      json.array("people") { json in
        for woken in paged.woken {
          json.object { json in
            json.member("id", woken.person.description)
            json.member("name", names.person(woken.person))
            json.member("step", woken.step.spelling)
          }
        }
      }
      json.time("nextPageAt", paged.nextAt)
    case .alertReported(let report):
      json.member("firing", report.firing.count)
      json.member("resolved", report.resolved.count)
      json.member("repeats", Int(report.repeats))
    default: break
    }
  }
}
