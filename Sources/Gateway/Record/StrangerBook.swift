/// Requests that nobody known has sent, counted by where they came from: they are told in the node's own
/// log, and the record holds none of them.
package struct StrangerBook: Sendable {
  /// So many addresses are counted apart: whoever has more than that shall not fill the memory.
  package static let mostAddresses = 100
  /// So many are named in one line, those with the most requests.
  package static let named = 5

  private var counts: [String: Int] = [:]
  private var elsewhere = 0

  /// A book of nothing yet.
  package init() {}

  /// Counts one request.
  package mutating func note(from address: String) {
    if counts[address] != nil || counts.count < Self.mostAddresses {
      counts[address, default: 0] += 1
    } else {
      elsewhere += 1
    }
  }

  /// What there is to tell since it was last asked for, as a line; `nil` for nothing.
  package mutating func line() -> String? {
    guard !counts.isEmpty else { return nil }
    let all = counts.values.reduce(elsewhere, +)
    let most = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    var places = most.prefix(Self.named).map { "\($0.key) (\($0.value))" }
    let rest = all - most.prefix(Self.named).reduce(0) { $0 + $1.value }
    if rest > 0 { places.append("elsewhere (\(rest))") }
    self = StrangerBook()
    return
      "turned away \(all) \(all == 1 ? "request" : "requests") without a valid token, session or "
      + "certificate, from \(places.joined(separator: ", "))"
  }
}
