import Access
import Bytes
import EventLoop
import Incidents
import Store

/// The reader with its failures as problems of the interface.
extension StateReader {
  /// Runs `body` on one state of the file, and no longer than the answer may take.
  func within<Value>(
    _ deadline: Deadline, _ body: () throws(Problem) -> Value
  ) throws(Problem) -> Value {
    try within(deadline.left, body)
  }

  /// Runs `body` on one state of the file, for at most `limit`.
  func within<Value>(
    _ limit: Duration, _ body: () throws(Problem) -> Value
  ) throws(Problem) -> Value {
    let milliseconds = UInt64(max(1, limit.nanoseconds / 1_000_000))
    let result = try ask { reader throws(StoreError) in
      try reader.read(within: milliseconds) { _ throws(StoreError) in Result(catching: body) }
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
  func principal(of proof: Proof) throws(Problem) -> Principal {
    try admitted { () throws(AccessError) in try Principal(proof, in: self, at: Wall.now()) }
  }

  /// Whoever posts alerts with a token.
  func alertSender(of proof: Proof) throws(Problem) -> AlertSender {
    try admitted { () throws(AccessError) in try AlertSender(proof, in: self, at: Wall.now()) }
  }

  private func admitted<Who>(_ look: () throws(AccessError) -> Who) throws(Problem) -> Who {
    do throws(AccessError) {
      return try look()
    } catch {
      switch error {
      // Who has no state cannot say of a token that it is wrong, and would send everybody away.
      case .unknownToken: throw settings() == nil ? .noStateYet : .unknownToken
      case .revoked, .expired, .left: throw .unauthenticated
      case .onlyAlerts: throw .onlyAlerts
      case .alertsMissing: throw Problem(.scopeMissing(.alerts))
      }
    }
  }

  /// The service that a path or query names by its id or key.
  func service(_ name: String) throws(Problem) -> Service {
    let found = ID(name).map { service($0) } ?? service(named: name)
    guard let found else { throw .notFound("service") }
    return found
  }

  /// The person whom a path names, where `asker` asks.
  func person(_ name: PersonName, asker: Person) throws(Problem) -> Person {
    let found: Person? =
      switch name {
      case .me: asker
      case .id(let id): person(id)
      case .email(let email): person(email: email)
      }
    guard let found else { throw .notFound("person") }
    return found
  }

  /// The team that a path or query names by its id or name.
  func team(_ name: String) throws(Problem) -> Team {
    let found = ID(name).map { team($0) } ?? team(named: name)
    guard let found else { throw .notFound("team") }
    return found
  }
}

extension StateReader {
  /// The entries of an incident as its report has them: from the first one on, as many as a report
  /// holds.
  ///
  /// - Parameter last: The last position that counts; `nil` is the end.
  func reportedTimeline(
    of incident: ID, within bounds: ReportBounds, upTo last: UInt64? = nil
  ) throws(StoreError) -> ReportedTimeline {
    var told = ReportedTimeline()
    var bytes = 0
    repeat {
      let page = try timeline(
        of: incident, after: told.next, limit: Window.largest, upTo: last)
      told.entries += page.items
      told.next = page.next
      bytes += page.items.reduce(0) { $0 + $1.event.encoded().count }
    } while told.next != nil && told.entries.count < bounds.entries && bytes < bounds.bytes
    if let next = told.next { told.later = try entries(of: incident, after: next, upTo: last) }
    return told
  }
}

/// How much of a timeline a report holds; the rest is read in pages.
package struct ReportBounds: Hashable, Sendable {
  /// Entries.
  package var entries = 10_000
  /// Bytes of the events, as they are encoded. A page of entries may go beyond it.
  package var bytes = 16 << 20

  /// The usual bounds.
  package init() {}
}

/// The timeline of a report, which may not hold all of it.
struct ReportedTimeline {
  /// From the first one on.
  var entries: [TimelineEntry] = []
  /// Where the rest begins, if there is one.
  var next: Cursor?
  /// How many entries the rest has.
  var later = 0

  /// What the report says about the rest, if there is one.
  func banner(of incident: Incident) -> String? {
    next.map {
      "\(later) later entries are not shown: read the timeline of \(incident.reference.text) "
        + "from \($0.text) on."
    }
  }
}
