/// A request as a client sends it.
package struct ClientRequest: Sendable, Equatable {
  /// What is asked to be done.
  package var method: Method
  /// Path and query as they go over the wire; ``percentEncoded(_:)`` makes text fit for them.
  package var target: String
  /// The host and, where it is not the usual one, the port that is asked.
  package var host: String
  /// Fields of its own. Host, Content-Length and Connection are added when it is written.
  package var fields: Fields
  /// The content.
  package var body: [UInt8]

  /// A request of these parts. A target that does not begin with "/" is a caller's mistake.
  package init(
    _ method: Method, _ target: String, host: String, fields: Fields = Fields(),
    body: [UInt8] = []
  ) {
    precondition(target.utf8.first == UInt8(ascii: "/"), "\(target) is not a path.")
    precondition(
      target.utf8.allSatisfy { $0.isPath || $0.isQuery }, "\(target) has to be escaped.")
    self.method = method
    self.target = target
    self.host = host
    self.fields = fields
    self.body = body
  }

  /// Appends the request as it goes over the wire.
  ///
  /// - Parameters:
  ///   - output: What it is appended to; pipelined requests follow each other.
  ///   - closing: Whether the server shall end the connection after its answer.
  package func serialise(into output: inout [UInt8], closing: Bool = false) {
    output.append(contentsOf: method.rawValue.utf8)
    output.append(UInt8(ascii: " "))
    output.append(contentsOf: target.utf8)
    output.append(contentsOf: " HTTP/1.1\r\n".utf8)
    var own = Fields()
    own.append("Host", host)
    own.serialise(into: &output)
    fields.serialise(into: &output)
    if closing { output.append(contentsOf: "Connection: close\r\n".utf8) }
    // Methods that expect content say that there is none (RFC 9110, section 8.6).
    if !body.isEmpty || method == .post || method == .put || method == .patch {
      output.append(contentsOf: "Content-Length: ".utf8)
      output.appendDecimal(body.count)
      output.append(contentsOf: "\r\n".utf8)
    }
    output.append(contentsOf: "\r\n".utf8)
    output.append(contentsOf: body)
  }
}
