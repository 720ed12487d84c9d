package import Bytes
package import Incidents
internal import SQLite

/// What one look through a list is asked for.
package struct IncidentSearch: Hashable, Sendable {
  /// Which incidents, in which order.
  package var filter: IncidentFilter
  /// Who is meant by "me".
  package var asker: ID
  /// When, in milliseconds since 1970: clocks are overdue or not.
  package var now: Int64

  /// A look through the list of `filter`.
  package init(_ filter: IncidentFilter, asker: ID, at now: Int64) {
    self.filter = filter
    self.asker = asker
    self.now = now
  }
}

/// How many incidents of a status and a priority there are.
package struct IncidentCount: Hashable, Sendable {
  /// Their status.
  package var status: Incident.Status
  /// Their priority.
  package var priority: Priority
  /// How many.
  package var count: Int
}

extension StateReader {
  /// A page of the incidents that a filter lets through and the asker may see.
  ///
  /// What may not be seen leaves no gap: neither a shorter page nor an empty one more. What is under way is
  /// found without a look at what is over; what is over is looked through from the latest on, until the
  /// page is full.
  ///
  /// - Parameters:
  ///   - limit: At most ``Page/largest`` rows, and at least one.
  ///   - isSeen: Whether the asker may know of an incident.
  package func incidents(
    _ search: IncidentSearch, after cursor: Cursor? = nil, limit: Int,
    where isSeen: (Incident) throws(StoreError) -> Bool = { _ in true }
  ) throws(StoreError) -> Page<Incident> {
    let limit = min(max(limit, 1), Page<Incident>.largest)
    let source = try IncidentSource(search, in: self)
    var seen: [(incident: Incident, cursor: Cursor)] = []
    var (after, size) = (cursor, limit + 1)
    // One more than is wanted tells whether there is a next page.
    repeat {
      let rows = try source.rows(after: after, limit: size, in: self)
      for row in rows where seen.count <= limit {
        guard let incident = try source.incident(of: row, in: self),
          search.filter.includes(incident, asker: search.asker, at: search.now),
          try isSeen(incident)
        else { continue }
        seen.append((incident, row.cursor))
      }
      after = rows.count == size ? rows.last?.cursor : nil
      size = min(4 * size, IncidentSource.mostRows)
    } while after != nil && seen.count <= limit
    let next = seen.count > limit ? seen[limit - 1].cursor : nil
    return Page(items: seen.prefix(limit).map(\.incident), next: next)
  }

  /// How many incidents that are not over there are, by status and priority, of those that a filter lets
  /// through and the asker may see. Exercises are counted only where the filter asks for them alone.
  ///
  /// - Parameter isSeen: Whether the asker may know of an incident. Only asked of those that are restricted,
  ///   or that the filter must be held to.
  package func counts(
    _ search: IncidentSearch, where isSeen: (Incident) throws(StoreError) -> Bool
  ) throws(StoreError) -> [IncidentCount] {
    guard level >= 2 else { return [] }
    var search = search
    search.filter.isExercise = search.filter.isExercise ?? false
    // By its beginning a reference is held to each record.
    var whole = search
    whole.filter.referencePrefix = nil
    let source = try IncidentSource(whole, in: self)
    var counts: [[Int]] = Array(
      repeating: Array(repeating: 0, count: Priority.allCases.count + 1),
      count: Incident.Status.allCases.count + 1)
    for row in try source.liveRows(in: self) {
      if row.isRestricted || search.filter.needsRecord {
        guard let incident = try incident(number: row.number),
          search.filter.includes(incident, asker: search.asker, at: search.now),
          try isSeen(incident)
        else { continue }
      }
      counts[Int(row.status.rawValue)][Int(row.priority.rawValue)] += 1
    }
    var found: [IncidentCount] = []
    for status in Incident.Status.allCases {
      for priority in Priority.allCases {
        let count = counts[Int(status.rawValue)][Int(priority.rawValue)]
        if count > 0 {
          found.append(IncidentCount(status: status, priority: priority, count: count))
        }
      }
    }
    return found
  }
}

extension IncidentFilter {
  /// Whether what lists know of an incident is not enough to say whether it is let through.
  var needsRecord: Bool { lead != nil || reporter != nil || referencePrefix != nil }
}
