import Bytes
import Incidents
import JSON

extension IncidentView {
  /// Writes what a flag asks of it: banners, who may know of it, and what staff are told in its stead.
  func sensitive(_ incident: Incident, _ json: inout JSONWriter) {
    let sensitive = incident.sensitive
    json.array("banners") { json in
      for banner in incident.banners(names.contacts) { json.value(banner) }
    }
    json.object("sight") { json in
      json.member("restricted", incident.isRestricted)
      json.member("widenedBecause", sensitive.widened?.text)
      json.array("named") { json in
        for person in sensitive.named { json.person(nil, person, names) }
      }
      json.array("removed") { json in
        for person in sensitive.pruned { json.person(nil, person, names) }
      }
    }
    if let decision = sensitive.notification {
      json.object("notification") { json in
        json.member("notify", decision.choice.isNotified)
        json.member("reason", decision.choice.reason)
        json.person("by", decision.mark.person, names)
        json.time("at", decision.mark.at)
      }
    } else {
      json.null("notification")
    }
    json.array("faces") { json in
      for (place, face) in sensitive.faces.enumerated() {
        json.object { json in
          json.member("number", place + 1)
          json.member("language", face.text.language)
          json.member("title", face.text.title)
          json.member("body", face.text.body)
          json.person("author", face.author.person, names)
          json.person("approver", face.approval?.person, names)
          json.time("approvedAt", face.approval?.at)
          json.member("notice", face.notice?.description)
          json.time("withdrawnAt", face.withdrawal?.at)
        }
      }
    }
  }

  /// What a duty says, with whom to tell and how if it is to tell a specialist team.
  func text(of duty: Duty) -> String {
    guard let flag = Flag.allCases.first(where: { duty.slug == "report-\($0.slug)" }),
      let contact = names.contacts.contact(for: flag)
    else { return duty.text }
    return "\(duty.text) \(contact.text(names.names))"
  }
}
