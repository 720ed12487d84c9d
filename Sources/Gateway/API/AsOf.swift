import HTTP
import Incidents
import Store

/// A point of the past that a read asks about: `?asOf=` a ledger position, or a time as RFC 3339 writes it.
enum AsOf: Hashable, Sendable {
  case position(UInt64)
  /// Milliseconds since 1970: what was written by then.
  case time(Int64)

  /// What a query asks for; `nil` is now.
  init?(_ query: Query) throws(Problem) {
    guard let text = query["asOf"] else { return nil }
    if let position = UInt64(text) {
      self = .position(position)
    } else if let time = Timestamp.parse(text) {
      self = .time(time)
    } else {
      throw .malformed(
        "asOf is a position of the ledger, or a time as RFC 3339 writes it, such as "
          + "2026-11-23T09:04:00Z.")
    }
  }
}

/// An incident that was looked up as it is, or was.
struct LookedAt {
  /// As it is, or was.
  let incident: Incident
  /// As it is: who may know of it is decided by that.
  let today: Incident
  /// The point of the ledger that was asked about, if that is not the end.
  let past: IncidentReport.Moment?
}

extension Desk {
  /// The incident that a path names, as a query asks for it.
  ///
  /// Who may know of it today may know of all that it was; one that was not declared by then is as absent
  /// as one that never was, and so is one that was purged since.
  func look(at name: IncidentName, _ asked: AsOf?) throws(Problem) -> LookedAt {
    let today = try sight.incident(name)
    guard let asked else { return LookedAt(incident: today, today: today, past: nil) }
    let past = try moment(asked)
    let found = try reader.ask { reader throws(StoreError) in
      reader.incident(today.id, asOf: past.position)
    }
    guard let found else { throw .notFound("incident") }
    return LookedAt(incident: found, today: today, past: past)
  }

  /// The point of the ledger that a query asks about, which is not to come.
  private func moment(_ asked: AsOf) throws(Problem) -> IncidentReport.Moment {
    let moment = try reader.ask { reader throws(StoreError) -> IncidentReport.Moment? in
      switch asked {
      case .position(let position):
        let end = try reader.stateHead().ledgerPosition
        guard position <= end else { return nil }
        return IncidentReport.Moment(
          position: position, at: try reader.stamp(of: position) ?? 0)
      case .time(let time):
        guard time <= now else { return nil }
        return IncidentReport.Moment(position: try reader.position(at: time), at: time)
      }
    }
    guard let moment else { throw .malformed("asOf is not yet: it names a point of the past.") }
    return moment
  }
}
