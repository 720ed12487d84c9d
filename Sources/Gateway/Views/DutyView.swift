import Bytes
import Incidents
import JSON

/// Duties and pages as the interface lists them.
struct DutyView<Book: Facts> {
  let names: NameBook<Book>
  let now: Int64

  /// Writes a duty with what it is about, as an object.
  func write(_ owed: OwedDuty, to json: inout JSONWriter) {
    json.object { json in
      json.member("duty", owed.duty.slug)
      json.member("text", owed.duty.text)
      json.time("due", owed.duty.dueAt)
      json.member("overdue", owed.duty.dueAt.map { now > $0 } ?? false)
      json.member("share", owed.share.spelling)
      json.array("fallsTo") { json in
        for bearer in owed.bearers { write(bearer, to: &json) }
      }
      if let incident = owed.incident { about(incident, &json) }
      if owed.service != nil { json.service("service", owed.service, names) }
    }
  }

  /// Writes whom something falls to, as an object.
  func write(_ addressee: Reminder.Addressee, to json: inout JSONWriter) {
    json.object { json in
      switch addressee {
      case .person(let id): json.person("person", id, names)
      case .team(let id): json.team("team", id, names)
      case .leads(let id): json.team("leadsOf", id, names)
      }
    }
  }

  /// Writes a page with the incident that it was for, as an object.
  func write(_ page: PersonalPage, of incident: Incident, to json: inout JSONWriter) {
    json.object { json in
      members(of: page, &json)
      about(incident, &json)
    }
  }

  /// Writes a page of an incident, as an object.
  func write(_ page: PersonalPage, to json: inout JSONWriter) {
    json.object { json in
      json.person("person", page.person, names)
      members(of: page, &json)
    }
  }

  private func members(of page: PersonalPage, _ json: inout JSONWriter) {
    json.member("step", page.step.spelling)
    json.time("at", page.at)
    switch page.state {
    case .waiting: json.member("state", "waiting")
    case .answered(let answer, let at):
      json.member("state", "answered")
      json.member("answer", answer.spelling)
      if case .eta(let minutes) = answer { json.member("minutes", Int(minutes)) }
      json.time("answeredAt", at)
    case .superseded(let at):
      json.member("state", "superseded")
      json.time("supersededAt", at)
    }
  }

  private func about(_ incident: Incident, _ json: inout JSONWriter) {
    json.object("incident") { json in
      json.member("id", incident.id.description)
      json.member("reference", incident.reference.text)
      json.member("title", incident.title)
      json.member("priority", incident.classification.priority.spelling)
      json.member("status", incident.status.spelling)
      json.member("exercise", incident.isExercise)
    }
  }
}

extension Person.Share {
  var spelling: String {
    switch self {
    case .mine: "mine"
    case .team: "team"
    }
  }
}

extension PageStep: Spelt {
  package var spelling: String {
    switch self {
    case .lead: "lead"
    case .second: "second"
    case .teamLeads: "team-leads"
    case .dutyContact: "duty-contact"
    case .seniorManagement: "senior-management"
    case .again: "again"
    }
  }
}

extension PageAnswer {
  var spelling: String {
    switch self {
    case .onIt: "on-it"
    case .cannotHelp: "cannot-help"
    case .eta: "eta"
    }
  }
}
