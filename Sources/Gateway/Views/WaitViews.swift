import Bytes
import Incidents
import JSON

/// What an incident waits for, and what its due times take for granted.
extension IncidentView {
  /// What it waits for and waited for, and what follows by itself. Nothing of an incident that has none.
  func waits(_ incident: Incident, _ json: inout JSONWriter) {
    let (clocks, extras) = (incident.clocks, incident.clocks.extras)
    if !extras.waits.isEmpty {
      json.array("waits") { json in
        for wait in extras.waits {
          json.object { json in
            json.member("on", wait.cause.spelling)
            json.member("paused", wait.isPause)
            json.time("from", wait.from)
            json.time("until", wait.until)
            if let day = wait.lookAgain {
              json.member("lookAgain", CalendarDefinition.Holiday.text(Int64(day)))
            }
          }
        }
      }
    }
    let attributed = clocks.attributed(at: now)
    if !attributed.isEmpty {
      let whole = Self.span((clocks.resolution.stoppedAt ?? now) - clocks.resolution.startedAt)
      json.member(
        "waited",
        attributed.map { "\($0.cause.word) \(Self.span($0.milliseconds))" }
          .joined(separator: ", ") + " of \(whole)")
    }
    if let at = incident.closesByItselfAt { json.time("closesByItselfAt", at) }
    if let until = extras.reopenableUntil { json.time("reopenableUntil", until) }
    if extras.servicePolicy > 0 {
      json.member("servicePolicyVersion", Int(clamping: extras.servicePolicy))
    }
  }

  /// "2 h 10 min".
  private static func span(_ milliseconds: Int64) -> String {
    let minutes = max(0, milliseconds) / Span.minute
    return minutes < 60 ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60) min"
  }

  /// That a due time lies beyond the bank holidays that its calendar knows.
  func assumption(_ incident: Incident, _ json: inout JSONWriter) {
    guard let due = incident.countedUntil, let assumption = names.assumption(of: incident, due)
    else { return }
    json.member("assuming", assumption)
  }
}

extension NameBook {
  /// "no bank holidays after 31 December 2028", where `due` is counted by a calendar that ends there.
  fileprivate func assumption(of incident: Incident, _ due: Int64) -> String? {
    let calendar = calendar(of: incident.service)
    guard let last = calendar.lastKnownDay, calendar.localDay(of: due) > last else { return nil }
    return "no bank holidays after \(DisplayTime.day(last))"
  }
}
