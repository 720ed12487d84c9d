/// A table of routes, made once, in which requests are looked up.
///
/// A literal segment wins over a parameter. A look-up walks the path once, whatever the number of
/// routes.
package struct Router<Context>: Sendable {
  /// What a table has for a request.
  package enum Match: Sendable {
    /// A handler with the values of the path in place.
    case handler(Route<Context>.Handler)
    /// No route has this path, or a segment of it is not what the route needs.
    case notFound
    /// Routes have this path, but for other methods: the value of the answer's Allow field.
    case methodNotAllowed(allow: String)
  }

  /// All routes, in the order in which they were given.
  package let routes: [Route<Context>]
  private var nodes = [Node()]

  /// One segment of all patterns that are alike up to here.
  private struct Node: Sendable {
    var literals: [(segment: String, node: Int)] = []
    var parameter: Int?
    /// Indexes in ``routes``, one per method.
    var routes: [Int] = []
  }

  /// A table of these routes. Two for the same method and the same path are a caller's mistake.
  package init(_ routes: [Route<Context>]) {
    self.routes = routes
    for index in routes.indices { insert(index) }
  }

  /// Looks up who answers a method on a path, which is as ``Request/path`` has it.
  package func match(_ method: Method, _ path: String) -> Match {
    guard let segments = Self.segments(of: path) else { return .notFound }
    var values: [String] = []
    guard let node = find(segments[...], from: 0, &values) else { return .notFound }

    let candidates = nodes[node].routes
    let exact = candidates.first { routes[$0].method == method }
    let fallback = method == .head ? candidates.first { routes[$0].method == .get } : nil
    guard let found = exact ?? fallback else {
      return .methodNotAllowed(allow: allowed(at: node))
    }
    return routes[found].bind(values).map(Match.handler) ?? .notFound
  }

  /// The pattern of the route that answers a method on a path, if there is one.
  package func pattern(_ method: Method, _ path: String) -> String? {
    var values: [String] = []
    guard let segments = Self.segments(of: path),
      let node = find(segments[...], from: 0, &values)
    else { return nil }
    let candidates = nodes[node].routes.map { routes[$0] }
    let found = candidates.first { $0.method == method }
    return (found ?? candidates.first { method == .head && $0.method == .get })?.pattern
  }

  /// The decoded segments of a path, or `nil` when it is none.
  private static func segments(of path: String) -> [String]? {
    let bytes = path.utf8
    guard bytes.first == UInt8(ascii: "/") else { return nil }
    var segments: [String] = []
    for part in bytes.dropFirst().split(
      separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    {
      guard part.contains(UInt8(ascii: "%")) else {
        segments.append(String(Substring(part)))
        continue
      }
      guard let decoded = percentDecoded(Array(part).span, plusIsSpace: false) else { return nil }
      segments.append(decoded)
    }
    return segments
  }

  private func find(
    _ segments: ArraySlice<String>, from node: Int, _ values: inout [String]
  ) -> Int? {
    guard let segment = segments.first else {
      return nodes[node].routes.isEmpty ? nil : node
    }
    let rest = segments.dropFirst()
    if let literal = nodes[node].literals.first(where: { $0.segment == segment }),
      let found = find(rest, from: literal.node, &values)
    {
      return found
    }
    guard let parameter = nodes[node].parameter else { return nil }
    values.append(segment)
    if let found = find(rest, from: parameter, &values) { return found }
    values.removeLast()
    return nil
  }

  private func allowed(at node: Int) -> String {
    var methods = nodes[node].routes.map { routes[$0].method.rawValue }
    if methods.contains("GET"), !methods.contains("HEAD") { methods.append("HEAD") }
    return methods.joined(separator: ", ")
  }

  private mutating func insert(_ index: Int) {
    let route = routes[index]
    var node = 0
    for part in route.pattern.utf8.dropFirst()
      .split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    {
      let segment = String(Substring(part))
      let next: Int?
      if segment.first == ":" {
        next = nodes[node].parameter
        nodes[node].parameter = next ?? nodes.count
      } else {
        next = nodes[node].literals.first { $0.segment == segment }?.node
        if next == nil { nodes[node].literals.append((segment, nodes.count)) }
      }
      if next == nil { nodes.append(Node()) }
      node = next ?? nodes.count - 1
    }
    let isTaken = nodes[node].routes.contains { routes[$0].method == route.method }
    precondition(!isTaken, "\(route.method.rawValue) \(route.pattern) has two routes.")
    nodes[node].routes.append(index)
  }
}
