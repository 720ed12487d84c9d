import HTTP
import Incidents
import JSON
import Store

/// Which piece of a list is asked for: `?limit=` and `?after=`, the `next` of the piece before.
struct Window: Sendable {
  /// What a list has at once unless it is said otherwise.
  static let usual = 50
  /// The most that a list has at once: about 200 KiB of incidents.
  static let largest = 200

  let limit: Int
  private let cursor: String?

  init(_ query: Query) throws(Problem) {
    cursor = query["after"]
    guard let text = query["limit"] else {
      limit = Self.usual
      return
    }
    guard let limit = Int(text), (1...Self.largest).contains(limit) else {
      throw .malformed("limit is a number from 1 to \(Self.largest).")
    }
    self.limit = limit
  }

  /// Where the piece before ended, in a list of the store all of whose rows the asker may see.
  func after() throws(Problem) -> Cursor? {
    guard let cursor else { return nil }
    guard let after = Cursor(cursor) else { throw .badCursor }
    return after
  }

  /// Where the piece before ended, in a list of which some may be hidden from the asker.
  func after(sealedBy reader: StateReader) throws(Problem) -> Cursor? {
    guard let cursor else { return nil }
    guard let after = reader.cursor(cursor) else { throw .badCursor }
    return after
  }

  /// The piece of a list that is whole already, and the cursor of the next one.
  func piece<Element>(
    of all: [Element], key: (Element) -> String
  ) throws(Problem) -> (items: ArraySlice<Element>, next: String?) {
    var rest = all[...]
    if let cursor {
      guard let last = all.firstIndex(where: { key($0) == cursor }) else { throw .badCursor }
      rest = all[(last + 1)...]
    }
    let items = rest.prefix(limit)
    return (items, items.count < rest.count ? items.last.map(key) : nil)
  }
}

extension Problem {
  /// `?after=` is no cursor of ours.
  static let badCursor = Problem.malformed(
    "after takes what the piece before gave as next.")
}

extension JSONWriter {
  /// Writes `{"items": […], "next": …}`.
  mutating func page<Element>(
    _ items: some Sequence<Element>, next: String?, asOf past: IncidentReport.Moment? = nil,
    _ write: (inout JSONWriter, Element) -> Void
  ) {
    object { json in
      json.array("items") { json in
        for element in items { write(&json, element) }
      }
      json.member("next", next)
      if let past { json.object("asOf") { json in ReportView.write(past, &json) } }
    }
  }
}
