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
    case 410: "HTTP/1.1 410 Gone\r\n"
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
  /// Done.
  package static let ok = Status(200)
  /// Done, and something came to be.
  package static let created = Status(201)
  /// Taken, and not done yet.
  package static let accepted = Status(202)
  /// Done, and there is nothing to show.
  package static let noContent = Status(204)
  /// Look there.
  package static let seeOther = Status(303)
  /// As you have it.
  package static let notModified = Status(304)
  /// Not understood.
  package static let badRequest = Status(400)
  /// Say who you are.
  package static let unauthorized = Status(401)
  /// Known, and not allowed.
  package static let forbidden = Status(403)
  /// Not there, or not yours to know of.
  package static let notFound = Status(404)
  /// There, but not for this method.
  package static let methodNotAllowed = Status(405)
  /// Not to be had in that form.
  package static let notAcceptable = Status(406)
  /// The request took too long to arrive.
  package static let requestTimeout = Status(408)
  /// Not as things stand.
  package static let conflict = Status(409)
  /// Not the version that was seen.
  package static let preconditionFailed = Status(412)
  /// What was there is over, and will not be there again.
  package static let gone = Status(410)
  /// The body is too large.
  package static let contentTooLarge = Status(413)
  /// The target is too long.
  package static let uriTooLong = Status(414)
  /// The body is in no form that is read.
  package static let unsupportedMediaType = Status(415)
  /// An expectation that cannot be met.
  package static let expectationFailed = Status(417)
  /// Understood, and it makes no sense.
  package static let unprocessableContent = Status(422)
  /// Say which version you saw.
  package static let preconditionRequired = Status(428)
  /// Too much for now.
  package static let tooManyRequests = Status(429)
  /// The header is too large.
  package static let fieldsTooLarge = Status(431)
  /// A failure of ours.
  package static let internalServerError = Status(500)
  /// A method or coding that nobody here knows.
  package static let notImplemented = Status(501)
  /// Not accepted for now: ask again.
  package static let serviceUnavailable = Status(503)
  /// Another server that is needed does not answer as it should.
  package static let badGateway = Status(502)
  /// Sent on, and what became of it is not known.
  package static let gatewayTimeout = Status(504)
  /// A version that is not spoken.
  package static let versionNotSupported = Status(505)
}
