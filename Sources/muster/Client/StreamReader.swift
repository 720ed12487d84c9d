/// Reads the events of a stream (server-sent events, HTML standard section 9.2) from its bytes, in
/// whatever pieces they arrive.
package struct StreamReader: Sendable {
  /// One event.
  package struct Event: Hashable, Sendable {
    /// What sort: "entry", or "problem" for why the stream ends.
    package var name: String
    /// What it says: JSON.
    package var data: [UInt8]
  }

  /// Where to go on after everything that was taken, also of what was no event.
  package private(set) var lastID: String?
  private var bytes: [UInt8] = []
  private var id: String?
  private var name = ""
  private var data: [UInt8] = []
  private var hasData = false

  /// A reader behind an id, or before the first.
  package init(lastID: String? = nil) {
    self.lastID = lastID
    id = lastID
  }

  /// Takes in what has arrived.
  ///
  /// - Returns: The events that are whole now, each with the id behind it.
  package mutating func take(_ piece: [UInt8]) -> [(event: Event, id: String?)] {
    bytes += piece
    var events: [(Event, String?)] = []
    var start = 0
    while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      let line = bytes[start..<end]
      start = end + 1
      guard line.isEmpty else {
        field(line)
        continue
      }
      // An empty line is where an event ends, and the id counts only from here.
      lastID = id
      if hasData { events.append((Event(name: name.isEmpty ? "message" : name, data: data), id)) }
      (name, data, hasData) = ("", [], false)
    }
    bytes.removeFirst(start)
    return events
  }

  /// The connection has ended: what was not whole was not told.
  package mutating func begin() { self = StreamReader(lastID: lastID) }

  private mutating func field(_ line: ArraySlice<UInt8>) {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
    var value = line[(colon + 1)...]
    if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
    switch String(decoding: line[..<colon], as: UTF8.self) {
    case "id": id = String(decoding: value, as: UTF8.self)
    case "event": name = String(decoding: value, as: UTF8.self)
    case "data":
      if hasData { data.append(UInt8(ascii: "\n")) }
      data += value
      hasData = true
    // A comment has an empty name, and what else there is concerns browsers.
    default: return
    }
  }
}
