/// An answer, to be written with ``serialise(into:answering:closing:date:)``.
package struct Response: Sendable {
  /// How the request was answered.
  package var status: Status
  /// Fields of its own. Content-Length, Connection and Date are added when it is written.
  package var fields: Fields
  /// The content. It is left out, and only its length told, in the answer to a HEAD.
  package var body: [UInt8]
  /// What comes behind it, from an answer whose end only the end of the connection tells.
  package var tail: (any ResponseTail)?

  /// An answer of these parts.
  package init(_ status: Status, fields: Fields = Fields(), body: [UInt8] = []) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  /// An answer with content of a media type.
  package init(_ status: Status, type: String, body: [UInt8]) {
    self.init(status, fields: ["Content-Type": type], body: body)
  }

  /// An answer in plain text.
  package static func text(_ text: String, status: Status = .ok) -> Response {
    Response(status, type: "text/plain; charset=utf-8", body: Array(text.utf8))
  }

  /// An answer whose content is already JSON.
  package static func json(_ body: [UInt8], status: Status = .ok) -> Response {
    Response(status, type: "application/json", body: body)
  }

  /// Sends the reader to another page by GET, as the answer to a form.
  package static func seeOther(_ location: String) -> Response {
    Response(.seeOther, fields: ["Location": location])
  }

  /// What a client is sent that waits to be told to go on with its body.
  package static let goOn = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

  /// Appends the answer as it goes over the wire.
  ///
  /// One with a tail has no length, and its connection ends after it.
  ///
  /// - Parameters:
  ///   - output: What the answer is appended to; pipelined answers follow each other.
  ///   - request: The request that is answered, or `nil` when none was understood; then the
  ///     connection closes.
  ///   - closing: Whether the connection ends after this answer although the client would go on.
  ///   - date: The value of the Date field, as ``httpDate(_:)`` makes it once a second.
  package func serialise(
    into output: inout [UInt8], answering request: Request?, closing: Bool = false,
    date: String? = nil
  ) {
    output.append(contentsOf: status.line.utf8)
    fields.serialise(into: &output)
    if let date {
      output.append(contentsOf: "Date: ".utf8)
      output.append(contentsOf: date.utf8)
      output.append(contentsOf: "\r\n".utf8)
    }
    let keepsAlive = request?.keepAlive ?? false
    if closing || !keepsAlive || tail != nil {
      output.append(contentsOf: "Connection: close\r\n".utf8)
    } else if request?.version == .http10 {
      output.append(contentsOf: "Connection: keep-alive\r\n".utf8)
    }
    guard !status.isBodiless else { return output.append(contentsOf: "\r\n".utf8) }
    if tail == nil {
      output.append(contentsOf: "Content-Length: ".utf8)
      output.appendDecimal(body.count)
      output.append(contentsOf: "\r\n".utf8)
    }
    output.append(contentsOf: "\r\n".utf8)
    if request?.method != .head { output.append(contentsOf: body) }
  }
}

extension Response: Equatable {
  /// Whether both say the same; a tail is only like itself.
  package static func == (left: Response, right: Response) -> Bool {
    left.status == right.status && left.fields == right.fields && left.body == right.body
      && left.tail === right.tail
  }
}

extension [UInt8] {
  /// Appends a number, which is not negative, in decimal digits.
  mutating func appendDecimal(_ number: Int) {
    guard number >= 10 else { return append(UInt8(ascii: "0") + UInt8(number)) }
    appendDecimal(number / 10)
    append(UInt8(ascii: "0") + UInt8(number % 10))
  }
}
