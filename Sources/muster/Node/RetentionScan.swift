import Bytes
import EventLoop
import Incidents
import Store

/// Looks through all incidents for those that have been kept long enough, a few at each look: no clock
/// tells of one by itself, since the periods can be changed.
final class RetentionScan: Sendable {
  /// Rows of one look, which takes a millisecond or two.
  private static let rowsPerLook = 200
  /// From the end of one pass to the next, in milliseconds.
  private static let rest = 10 * Span.minute

  private struct Place {
    /// The last row that was looked at.
    var row: Int64 = 0
    var restsUntil: Int64 = 0
  }

  private let place = Lock(Place())

  /// What is to go next, if this look finds something: at the beginning of a pass contact details of
  /// people who left, and then incidents.
  func next(in reader: StateReader, at now: Int64) throws(StoreError) -> Action? {
    let before = place.withLock { $0 }
    guard reader.level >= 2, now >= before.restsUntil else { return nil }
    if before.row == 0, let person = try reader.erasable(at: now) { return .eraseContacts(person) }
    let (incident, last) = try reader.expired(
      after: before.row, most: Self.rowsPerLook, at: now)
    place.withLock { place in
      if let last {
        place.row = last
      } else {
        place = Place(row: 0, restsUntil: now + Self.rest)
      }
    }
    return incident.map { .purge($0) }
  }
}
