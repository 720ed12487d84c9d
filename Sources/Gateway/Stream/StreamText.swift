import Bytes
import HTTP
import Incidents
import JSON
import Store

/// What goes over a stream: events as the HTML standard writes them (section 9.2, server-sent events).
enum StreamText {
  /// How long a browser waits before it comes again, in milliseconds.
  private static let retry = 1_000

  /// What a stream begins with.
  static let beginning = Array("retry: \(retry)\n: muster follows\n".utf8)

  /// A sign of life. It moves the reader's last id on, and is no event.
  static func beat(id: String) -> [UInt8] { Array("id: \(id)\n: still here\n\n".utf8) }

  /// Something that happened.
  static func entry(id: String, _ json: [UInt8]) -> [UInt8] {
    event("entry", id: id, json)
  }

  /// Why the stream ends: a problem (RFC 9457), as a body would tell it. It has no id, so that the last
  /// one stays.
  static func problem(_ problem: Problem) -> [UInt8] {
    event("problem", id: nil, problem.response.body)
  }

  /// JSON as we write it is on one line.
  private static func event(_ name: String, id: String?, _ json: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(json.count + 128)
    if let id { text += "id: \(id)\n".utf8 }
    text += "event: \(name)\ndata: ".utf8
    text += json
    text += "\n\n".utf8
    return text
  }
}

/// An entry as a stream shows it: that of the timeline, without its place in the ledger, and with the
/// incident as it is now.
struct StreamView {
  private let names: NameBook<StateReader>
  private let timeline: TimelineView<StateReader>

  init(names: NameBook<StateReader>) {
    self.names = names
    timeline = TimelineView(names: names)
  }

  func json(of entry: TimelineEntry, on incident: Incident) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.object("incident") { json in
        json.member("id", incident.id.description)
        json.member("reference", incident.reference.text)
        json.member("title", incident.title)
        json.member("status", incident.status.spelling)
        json.member("priority", incident.classification.priority.spelling)
        json.service("service", incident.service, names)
        json.team("ownerTeam", incident.teams.owner, names)
        json.member("exercise", incident.isExercise)
      }
      timeline.writeMembers(of: entry, to: &json)
    }
    return json.bytes
  }
}
