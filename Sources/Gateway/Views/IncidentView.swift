import Bytes
package import Incidents
package import JSON

/// Incidents as the interface shows them.
package struct IncidentView<Book: Facts> {
  let names: NameBook<Book>
  let now: Int64
  private let past: IncidentReport.Moment?
  private let impaired: Channels

  /// A view with these names, as things stand at `now`: clocks and duties depend on it.
  ///
  /// - Parameters:
  ///   - names: The names.
  ///   - now: The time.
  ///   - past: The point of the ledger that it is shown as of, if that is not the end.
  ///   - impaired: The channels that are tried last, as an open P1 or P2 affects them.
  package init(
    names: NameBook<Book>, now: Int64, asOf past: IncidentReport.Moment? = nil,
    impaired: Channels = []
  ) {
    self.past = past
    self.names = names
    self.now = now
    self.impaired = impaired
  }

  /// Writes the whole of an incident, as an object.
  package func write(_ incident: Incident, to json: inout JSONWriter) {
    json.object { json in
      if let past { json.object("asOf") { json in ReportView.write(past, &json) } }
      summary(incident, &json)
      json.member("description", incident.description)
      json.member("unknownService", incident.unknownService)
      teams(incident.teams, &json)
      json.object("source") { json in
        json.member("kind", incident.source.kind.spelling)
        json.member("reference", incident.source.reference)
      }
      json.person("reporter", incident.reporter, names)
      json.time("statusSince", incident.statusSince)
      json.time("beganAt", incident.beganAt)
      json.member("policyVersion", Int(incident.policyVersion))
      acknowledgement(incident, &json)
      roles(incident.roles, &json)
      json.array("paged") { json in
        for person in incident.paged { json.person(nil, person, names) }
      }
      json.member("nobodyOnCall", incident.hadNobodyOnCall)
      json.member("bounces", Int(incident.bounces))
      json.array("flags") { json in
        flag(.cyber, incident.cyber, incident, &json)
        flag(.data, incident.data, incident, &json)
      }
      json.deliberation(of: incident, names)
      ending(incident, &json)
      outreach(incident, &json)
      sensitive(incident, &json)
      json.time("alertsClearedAt", incident.alertsClearedAt)
      json.time("reopenProposedAt", incident.reopenProposedAt)
      waits(incident, &json)
      json.member("recurrenceOf", seen(incident.recurrenceOf)?.description)
      json.member("reopenings", Int(incident.reopenings))
      json.surroundings(of: incident, names)
      if !impaired.isEmpty {
        json.array("lastResorts") { json in
          for word in impaired.words { json.value(word) }
        }
      }
      json.array("duties") { json in
        for duty in incident.duties(at: now).map({ $0.told(without: impaired) }) {
          json.object { json in
            json.member("duty", duty.slug)
            json.member("text", text(of: duty))
            json.member("red", duty.isRed)
            json.time("due", duty.dueAt)
            json.array("fallsTo") { json in
              for bearer in incident.bearers(of: duty, names.facts) {
                watched.write(bearer, to: &json)
              }
            }
          }
        }
      }
      watch(incident.watch, &json)
    }
  }

  private var watched: DutyView<Book> { DutyView(names: names, now: now) }

  /// Whom it woke, when it goes on to wake others, and what follows from its review.
  private func watch(_ watch: Watch, _ json: inout JSONWriter) {
    json.array("pages") { json in
      for page in watch.paging.pages { watched.write(page, to: &json) }
    }
    json.time("nextPageAt", watch.paging.nextAt)
    json.time("assessedAt", watch.assessed?.at)
    json.time("reviewAt", watch.reviewPlan?.at)
    json.array("reviewAttendees") { json in
      for person in watch.reviewPlan?.attendees ?? [] { json.person(nil, person, names) }
    }
    json.array("actions") { json in
      for action in watch.actions {
        json.object { json in
          json.member("number", Int(action.number))
          json.member("what", action.action.what)
          json.person("owner", action.action.owner, names)
          json.time("due", action.action.due)
          json.member("done", action.done != nil)
          json.time("doneAt", action.done?.at)
          json.person("doneBy", action.done?.person, names)
        }
      }
    }
  }

  /// Another incident, if whoever reads may know of it.
  private func seen(_ id: ID?) -> ID? { id.flatMap { names.sees($0) ? $0 : nil } }

  /// Writes what a list shows of an incident, as an object.
  package func writeSummary(_ incident: Incident, to json: inout JSONWriter) {
    json.object { json in summary(incident, &json) }
  }

  private func summary(_ incident: Incident, _ json: inout JSONWriter) {
    json.member("id", incident.id.description)
    json.member("reference", incident.reference.text)
    json.member("title", incident.title)
    json.member("status", incident.status.spelling)
    json.object("priority") { json in
      json.member("level", incident.classification.priority.spelling)
      json.member("provisional", !incident.classification.isConfirmed)
      json.member("impact", incident.classification.factors?.impact.spelling)
      json.member("urgency", incident.classification.factors?.urgency.spelling)
    }
    json.service("service", incident.service, names)
    let teams = incident.teams
    json.team("ownerTeam", teams.owner, names)
    json.member("ownerLine", teams.ownerLine.spelling)
    json.person("lead", incident.roles.lead?.person, names)
    json.member("externalReference", incident.externalReference)
    json.member("exercise", incident.isExercise)
    json.array("clocks") { json in
      clock(incident.clocks.response, incident, &json)
      clock(incident.clocks.resolution, incident, &json)
      if let update = incident.clocks.update { clock(update, incident, &json) }
      for past in incident.clocks.superseded {
        clock(past, incident, state: past.stateOnceSuperseded, isSuperseded: true, &json)
      }
    }
    if incident.status == .backlog {
      json.object("backlog") { json in
        json.member("rank", incident.backlogPlace.rank.map(Int.init))
        json.time("lookAgainAt", incident.backlogPlace.lookAgainAt)
      }
    }
    json.time("declaredAt", incident.declaredAt)
    assumption(incident, &json)
    json.member("version", Int(clamping: incident.version))
  }

  private func clock(
    _ clock: Clock, _ incident: Incident, state: Clock.State? = nil, isSuperseded: Bool = false,
    _ json: inout JSONWriter
  ) {
    json.object { json in
      json.member("name", clock.kind.spelling)
      let state = state ?? incident.clocks.state(of: clock.kind, at: now)
      json.member("state", (state ?? clock.state(at: now)).word)
      json.time("startedAt", clock.startedAt)
      json.time("due", clock.dueAt)
      json.time("limit", clock.limitAt)
      json.time("stoppedAt", clock.stoppedAt)
      json.member("pastLimit", clock.isPastLimit(at: now))
      json.member("superseded", isSuperseded)
    }
  }

  private func teams(_ teams: Incident.Teams, _ json: inout JSONWriter) {
    json.object("teams") { json in
      json.team("first", teams.first, names)
      json.team("second", teams.second, names)
      json.team("third", teams.third, names)
    }
  }

  private func acknowledgement(_ incident: Incident, _ json: inout JSONWriter) {
    guard let acknowledgement = incident.acknowledgement else {
      return json.null("acknowledgement")
    }
    json.object("acknowledgement") { json in
      json.person("person", acknowledgement.person, names)
      json.time("at", acknowledgement.at)
    }
  }

  private func roles(_ roles: Roles, _ json: inout JSONWriter) {
    json.array("roles") { json in
      for role in Role.allCases {
        for holder in roles.holders(of: role) {
          json.object { json in
            json.member("role", role.spelling)
            json.person("person", holder.person, names)
            json.time("since", holder.since)
          }
        }
      }
    }
    json.array("offers") { json in
      for offer in roles.offers {
        json.object { json in
          json.member("role", offer.role.spelling)
          json.person("to", offer.to, names)
          json.person("from", offer.from, names)
          json.time("at", offer.at)
        }
      }
    }
  }

  private func flag(
    _ flag: Flag, _ state: Incident.FlagState?, _ incident: Incident, _ json: inout JSONWriter
  ) {
    guard let state else { return }
    json.object { json in
      json.member("flag", flag.spelling)
      json.member("openDuty", state.isOpenDuty)
      json.person("setBy", state.setBy, names)
      json.time("setAt", state.setAt)
      json.time("awareAt", state.awareAt)
      json.time("reportedAt", state.reportedAt)
      json.member("reportedBy", incident.sensitive.reporter(of: flag))
      json.member("reference", state.reference)
      json.contact("contact", names.contacts.contact(for: flag), names)
      json.time("clearedAt", state.clearedAt)
    }
  }
}

/// How it was resolved, reviewed and ended.
extension IncidentView {
  private func ending(_ incident: Incident, _ json: inout JSONWriter) {
    if let proposal = incident.restoredProposal {
      json.object("restoredProposal") { json in
        json.person("person", proposal.person, names)
        json.time("at", proposal.at)
      }
    } else {
      json.null("restoredProposal")
    }
    resolution(incident.resolved, &json)
    json.object("review") { json in
      json.member("owed", incident.owesReview)
      waiver(incident, &json)
      json.member("version", Int(incident.review?.version ?? 0))
      json.person("by", incident.review?.person, names)
      json.time("at", incident.review?.at)
    }
    write(incident.ending, &json)
    if let ticket = incident.ticket {
      json.object("ticket") { json in
        json.member("reference", ticket.reference)
        json.time("updatedAt", ticket.updatedAt)
      }
    } else {
      json.null("ticket")
    }
    if let hold = incident.hold {
      json.object("hold") { json in
        json.person("by", hold.by, names)
        json.time("at", hold.at)
        json.member("reason", hold.reason)
        json.time("reviewAt", hold.reviewAt)
      }
    }
  }

  private func waiver(_ incident: Incident, _ json: inout JSONWriter) {
    guard incident.isReviewWaived, let waiver = incident.marks.waiver else { return }
    json.object("waived") { json in
      json.member("reason", waiver.reason.spelling)
      if case .covered(let other) = waiver.reason { json.member("by", seen(other)?.description) }
      json.person("person", waiver.by, names)
      json.time("at", waiver.at)
    }
  }

  private func resolution(_ resolved: Incident.Resolved?, _ json: inout JSONWriter) {
    guard let resolved else { return json.null("resolution") }
    json.object("resolution") { json in
      json.person("person", resolved.person, names)
      json.time("at", resolved.at)
      json.member("fix", resolved.fix)
      json.member("cause", resolved.cause)
      switch resolved.agreement {
      case .lead: json.member("agreement", "lead")
      case .notNeeded: json.member("agreement", "not-needed")
      case .phone(let name):
        json.member("agreement", "phone")
        json.member("leadAgreedByPhone", name)
      case .phoneConfirmed(let name, let person):
        json.member("agreement", "phone-confirmed")
        json.member("leadAgreedByPhone", name)
        json.person("confirmedBy", person, names)
      }
    }
  }

  private func write(_ ending: Incident.Ending?, _ json: inout JSONWriter) {
    guard let ending else { return json.null("ending") }
    json.object("ending") { json in
      json.time("at", ending.at)
      switch ending {
      case .closed: json.member("kind", "closed")
      case .overridden(_, let reason):
        json.member("kind", "closed-by-override")
        json.member("reason", reason)
      case .cancelled(_, let reason):
        json.member("kind", "cancelled")
        json.member("reason", reason)
      case .duplicate(_, let survivor):
        json.member("kind", "duplicate")
        json.member("of", seen(survivor)?.description)
      case .cleared(_, let clearedAt):
        json.member("kind", "cleared-without-action")
        json.time("resolvedAt", clearedAt)
      }
    }
  }
}
