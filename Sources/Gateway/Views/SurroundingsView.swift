import Bytes
import Incidents
import JSON

/// What is around an incident, as the interface shows it. A relation to one that was purged, or that
/// whoever reads may not know of, is not shown.
extension JSONWriter {
  /// Writes the members that tell of it.
  mutating func surroundings(of incident: Incident, _ names: NameBook<some Facts>) {
    let around = incident.around
    array("affectedServices") { json in
      for affected in around.affected {
        json.object { json in
          json.service("service", affected.service, names)
          json.member("state", affected.state.spelling)
          json.time("since", affected.since)
        }
      }
    }
    object("relations") { json in json.relations(of: incident, names) }
    member("gathersAlertStorm", around.isUmbrella)
    array("suppliers") { json in
      for supplier in around.suppliers {
        json.object { json in
          json.member("name", supplier.name)
          json.member("reference", supplier.reference)
          json.member("outOfHours", supplier.outOfHours)
          json.time("nextUpdateAt", supplier.nextUpdateAt)
        }
      }
    }
    array("specialists") { json in
      for party in around.specialists {
        json.object { json in
          switch party {
          case .team(let id): json.team("team", id, names)
          case .person(let id): json.person("person", id, names)
          case .role(let role): json.member("role", role.spelling)
          }
        }
      }
    }
    lines(around, names)
  }

  private mutating func lines(
    _ around: Incident.Surroundings, _ names: NameBook<some Facts>
  ) {
    if let answered = around.answered {
      object("answered") { json in
        json.person("person", answered.person, names)
        json.time("at", answered.at)
      }
    } else {
      null("answered")
    }
    time("ownerSince", around.ownerSince)
    member("bouncedSeconds", Int(clamping: around.bouncedFor / Span.second))
  }

  private mutating func relations(of incident: Incident, _ names: NameBook<some Facts>) {
    let around = incident.around
    related("parent", around.parent, names)
    array("children") { json in
      for child in around.children where names.sees(child) { json.related(nil, child, names) }
    }
    related("recurrenceOf", incident.recurrenceOf, names)
    var survivor: ID?
    if case .duplicate(_, let id)? = incident.ending { survivor = id }
    related("duplicateOf", survivor, names)
    array("causedBy") { json in
      for change in around.changes {
        json.object { json in
          json.member("reference", change.reference)
          json.member("link", change.link)
          json.member("text", change.text)
        }
      }
    }
  }

  /// Writes an incident's id and reference; `null` for none that may be shown.
  private mutating func related(
    _ member: StaticString?, _ id: ID?, _ names: NameBook<some Facts>
  ) {
    guard let id, names.sees(id) else { return null(member) }
    object(member) { json in
      json.member("id", id.description)
      json.member("reference", Reference(id).text)
    }
  }
}
