/// How a request was answered, in three digits (RFC 9110, section 15).
package struct Status: Hashable, Sendable {
  /// The three digits, 100 to 599.
  package let code: Int

  /// The status of these three digits.
  package init(_ code: Int) {
    precondition((100...599).contains(code), "\(code) is no HTTP status.")
    self.code = code
  }

  /// Whether the request was understood and accepted: 200 to 299.
  package var isSuccess: Bool { (200...299).contains(code) }

  /// Whether an answer of this status never has a body, and so no length either.
  package var isBodiless: Bool { code < 200 || code == 204 || code == 304 }

  /// The first line of an answer, its line end included.
  var line: String {
    switch code {
    case 100: "HTTP/1.1 100 Continue\r\n"
    case 200: "HTTP/1.1 200 OK\r\n"
    case 201: "HTTP/1.1 201 Created\r\n"
    case 202: "HTTP/1.1 202 Accepted\r\n"
    case 204: "HTTP/1.1 204 No Content\r\n"
    case 303: "HTTP/1.1 303 See Other\r\n"
    case 304: "HTTP/1.1 304 Not Modified\r\n"
    case 307: "HTTP/1.1 307 Temporary Redirect\r\n"
    case 308: "HTTP/1.1 308 Permanent Redirect\r\n"
    case 400: "HTTP/1.1 400 Bad Request\r\n"
    case 401: "HTTP/1.1 401 Unauthorized\r\n"
    case 403: "HTTP/1.1 403 Forbidden\r\n"
    case 404: "HTTP/1.1 404 Not Found\r\n"
    case 405: "HTTP/1.1 405 Method Not Allowed\r\n"
    case 406: "HTTP/1.1 406 Not Acceptable\r\n"
    case 408: "HTTP/1.1 408 Request Timeout\r\n"
    case 409: "HTTP/1.1 409 Conflict\r\n"
    case 411: "HTTP/1.1 411 Length Required\r\n"
    case 412: "HTTP/1.1 412 Precondition Failed\r\n"
    case 413: "HTTP/1.1 413 Content Too Large\r\n"
    case 414: "HTTP/1.1 414 URI Too Long\r\n"
    case 415: "HTTP/1.1 415 Unsupported Media Type\r\n"
    case 417: "HTTP/1.1 417 Expectation Failed\r\n"
    case 422: "HTTP/1.1 422 Unprocessable Content\r\n"
    case 428: "HTTP/1.1 428 Precondition Required\r\n"
    case 429: "HTTP/1.1 429 Too Many Requests\r\n"
    case 431: "HTTP/1.1 431 Request Header Fields Too Large\r\n"
    case 500: "HTTP/1.1 500 Internal Server Error\r\n"
    case 501: "HTTP/1.1 501 Not Implemented\r\n"
    case 503: "HTTP/1.1 503 Service Unavailable\r\n"
    case 504: "HTTP/1.1 504 Gateway Timeout\r\n"
    case 505: "HTTP/1.1 505 HTTP Version Not Supported\r\n"
    // The phrase is optional (RFC 9112, section 4); the space before it is not.
    default: "HTTP/1.1 \(code) \r\n"
    }
  }

  /// The words that stand for the digits, such as "Not Found"; empty for an unusual status.
  package var phrase: Substring { line.dropFirst(13).dropLast(1) }
}

extension Status {
  package static let ok = Status(200)
  package static let created = Status(201)
  package static let accepted = Status(202)
  package static let noContent = Status(204)
  package static let seeOther = Status(303)
  package static let notModified = Status(304)
  package static let badRequest = Status(400)
  package static let unauthorized = Status(401)
  package static let forbidden = Status(403)
  package static let notFound = Status(404)
  package static let methodNotAllowed = Status(405)
  package static let notAcceptable = Status(406)
  package static let requestTimeout = Status(408)
  package static let conflict = Status(409)
  package static let preconditionFailed = Status(412)
  package static let contentTooLarge = Status(413)
  package static let uriTooLong = Status(414)
  package static let unsupportedMediaType = Status(415)
  package static let expectationFailed = Status(417)
  package static let unprocessableContent = Status(422)
  package static let preconditionRequired = Status(428)
  package static let tooManyRequests = Status(429)
  package static let fieldsTooLarge = Status(431)
  package static let internalServerError = Status(500)
  package static let notImplemented = Status(501)
  package static let serviceUnavailable = Status(503)
  package static let gatewayTimeout = Status(504)
  package static let versionNotSupported = Status(505)
}
