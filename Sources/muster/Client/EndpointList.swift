package import TLS

/// The nodes that a client may ask, as `--endpoint` and `MUSTER_ENDPOINT` list them.
package enum EndpointList {
  /// More than nine is no cluster of ours, but a slip.
  static let most = 9

  /// Reads `127.0.0.1:8441,https://n2.example:8441,…`.
  package static func parse(_ text: String) throws(Failure) -> [Endpoint] {
    var nodes: [Endpoint] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      nodes.append(try node(part))
    }
    guard nodes.count <= most else {
      throw .usage("There are \(nodes.count) endpoints; at most \(most) make sense.")
    }
    return nodes
  }

  private static func node(_ part: Substring) throws(Failure) -> Endpoint {
    var text = part[...]
    while text.first == " " { text.removeFirst() }
    while text.last == " " || text.last == "/" { text.removeLast() }
    if text.hasPrefix("https://") { text.removeFirst("https://".count) }
    guard !text.hasPrefix("http://") else {
      throw .usage("\"\(part)\" is not encrypted: an endpoint is HTTPS.")
    }
    guard let endpoint = Endpoint(String(text)), endpoint.port > 0,
      !endpoint.host.contains("/")
    else {
      throw .usage("\"\(part)\" is no endpoint: write host:port, and commas between several.")
    }
    return endpoint
  }
}
