import Access
import Bytes
import Incidents
import Store

/// The reader with its failures as problems of the interface.
extension StateReader {
  /// Entries of one report. An incident with more has another problem.
  private static var mostReported: Int { 10_000 }

  /// Runs `body` on one state of the file.
  func within<Value>(_ body: () throws(Problem) -> Value) throws(Problem) -> Value {
    let result = try ask { reader throws(StoreError) in
      try reader.read { _ throws(StoreError) in Result(catching: body) }
    }
    return try result.get()
  }

  /// Runs a query of the store.
  func ask<Value>(
    _ query: (StateReader) throws(StoreError) -> Value
  ) throws(Problem) -> Value {
    do throws(StoreError) {
      return try query(self)
    } catch {
      throw error == .tooSlow ? .tooSlow : .storage
    }
  }

  /// The person of a token, or the one problem for every token that does not work.
  func principal(of token: Token) throws(Problem) -> Principal {
    do throws(AccessError) {
      return try Principal(token, in: self)
    } catch {
      throw .unauthenticated
    }
  }

  /// The id of the incident that a path names. Of an id it is not asked whether it exists.
  func id(of name: IncidentName) throws(Problem) -> ID {
    switch name {
    case .id(let id): return id
    case .reference: return try incident(name).id
    }
  }

  /// The incident that a path names.
  func incident(_ name: IncidentName) throws(Problem) -> Incident {
    let found: Incident?
    switch name {
    case .id(let id): found = incident(id)
    case .reference(let reference):
      found = try ask { reader throws(StoreError) in try reader.incident(reference: reference) }
    }
    guard let found else { throw .notFound("incident") }
    return found
  }

  /// The service that a path or query names by its id or key.
  func service(_ name: String) throws(Problem) -> Service {
    let found = ID(name).map { service($0) } ?? service(named: name)
    guard let found else { throw .notFound("service") }
    return found
  }

  /// The team that a query names by its id or name.
  func team(_ name: String) throws(Problem) -> Team {
    let found = ID(name).map { team($0) } ?? team(named: name)
    guard let found else { throw .notFound("team") }
    return found
  }

  /// Every entry of an incident, as its report has them.
  func wholeTimeline(of incident: ID) throws(Problem) -> [TimelineEntry] {
    var entries: [TimelineEntry] = []
    var cursor: Cursor?
    repeat {
      let page = try ask { reader throws(StoreError) in
        try reader.timeline(of: incident, after: cursor, limit: Window.largest)
      }
      entries += page.items
      cursor = page.next
    } while cursor != nil && entries.count < Self.mostReported
    return entries
  }
}
