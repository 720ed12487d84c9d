import Access
import Bytes
import EventLoop
import HTTP
import Incidents
import JSON
import Store

/// What the department has settled: as a whole, looked at before it changes, and as it was.
@ClientLoop extension Exchange {
  /// `GET /v1/settings`.
  func showSettings() async throws(Problem) -> Response {
    try await point { desk throws(Problem) in
      guard let settings = desk.reader.settings() else { throw .notFound("settings") }
      let duties = try desk.reader.settingsDuties(settings, at: desk.now)
      return Content.json(version: settings.version) { json in
        json.write(settings, duties: duties, desk.names)
      }
    }
  }

  /// `POST /v1/settings`: changes them, or with `?dryRun=true` says what would change, once the whole was
  /// found to be right.
  func changeSettings() async throws(Problem) -> Response {
    guard try flag("dryRun") else {
      return try await write { clerk, body throws(Problem) in
        .changeSettings(try clerk.settings(&body))
      }
    }
    let expected = try expectedVersion()
    return try await list { [request] desk throws(Problem) in
      let clerk = Clerk(facts: desk.reader, now: desk.now, random: { (0, 0) })
      var body = BodyReader(request.body)
      let change = try clerk.settings(&body)
      try body.finish()
      guard let before = desk.reader.settings() else { throw .notFound("settings") }
      try desk.rehearse(.changeSettings(change), expecting: expected)
      let after = before.changed(by: change)
      return .rehearsal(at: before.version, desk.differences(before, after))
    }
  }

  /// `GET /v1/settings/versions`: for administrators and auditors, the latest first.
  func listSettingsVersions() async throws(Problem) -> Response {
    let window = try Window(request.query)
    return try await list { desk throws(Problem) in
      guard desk.principal.person.mayAudit else { throw .notYours }
      let versions = try desk.settingsVersions()
      let piece = try window.piece(of: versions.reversed()) { "\($0.entry.position)" }
      return Content.json { json in
        json.page(piece.items, next: piece.next) { json, version in
          json.object { json in
            json.member("position", Int(clamping: version.entry.position))
            json.time("at", version.entry.stamp)
            json.person("by", version.entry.actor.person, desk.names)
            json.write(version.differences)
          }
        }
      }
    }
  }
}

extension Content {
  /// What a change would change of what is at a version now.
  static func rehearsal(at version: UInt64, _ differences: [JSONDifference]) -> Content {
    .json { json in
      json.object { json in
        json.object("result") { json in
          json.member("dryRun", true)
          json.member("version", Int(clamping: version))
          json.write(differences)
        }
      }
    }
  }
}

/// One change of the settings.
private struct SettingsVersion {
  let entry: TimelineEntry
  let differences: [JSONDifference]
}

extension Desk {
  /// Refuses what the cluster would refuse if it were asked now.
  func rehearse(_ action: Action, expecting version: UInt64?) throws(Problem) {
    let command = Command(
      actor: principal.actor, receivedAt: now, salt: [UInt8](repeating: 0, count: Bound.salt),
      expectedVersion: version, action: action)
    do throws(Refusal) {
      _ = try decide(command, at: now, facts: reader)
    } catch {
      throw Problem(error)
    }
  }

  /// What differs, as the interface shows it; the version counts by itself.
  fileprivate func differences(_ before: Settings, _ after: Settings) -> [JSONDifference] {
    differences(view { $0.write(before, names) }, view { $0.write(after, names) })
  }

  /// The same of a service's policy.
  func differences(_ before: ServicePolicy, _ after: ServicePolicy) -> [JSONDifference] {
    differences(view { $0.write(before, names) }, view { $0.write(after, names) })
  }

  private func differences(_ before: JSONValue, _ after: JSONValue) -> [JSONDifference] {
    JSONDifference.between(before, after).filter { $0.field != "version" }
  }

  private func view(_ write: (inout JSONWriter) -> Void) -> JSONValue {
    var json = JSONWriter()
    write(&json)
    // What the writer wrote is JSON.
    return (try? JSONValue(parsing: json.bytes)) ?? JSONValue(.null)
  }

  /// Every change since the cluster was founded, in that order.
  fileprivate func settingsVersions() throws(Problem) -> [SettingsVersion] {
    let entries = try reader.ask { reader throws(StoreError) in try reader.settingsChanges() }
    guard let founding = reader.founding() else { return [] }
    var settings = Settings(founding)
    var versions: [SettingsVersion] = []
    for entry in entries {
      guard case .settingsChanged(let change) = entry.event.fact else { continue }
      let after = settings.changed(by: change)
      versions.append(
        SettingsVersion(entry: entry, differences: differences(settings, after)))
      settings = after
    }
    return versions
  }
}
