import HTTP
import Testing

@Suite("A request")
struct RequestTests {
  @Test func `is understood whole`() throws {
    let reading = Reading(
      "POST /v1/incidents?a=1&b=%C3%A9+x&c HTTP/1.1\r\nHost: n1.example:8441\r\nX-One:  two \t\r\n"
        + "Content-Length: 5\r\n\r\nhello")
    let request = try #require(reading.requests.first)
    #expect(request.method == .post)
    #expect(request.path == "/v1/incidents")
    #expect(request.query["b"] == "é x")
    #expect(request.query["c"] == "")
    #expect(request.query["d"] == nil)
    #expect(request.fields["x-one"] == "two")
    #expect(request.body == Array("hello".utf8))
    #expect(request.keepAlive)
    #expect(request.version == .http11)
  }

  static let accepted = [
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "HEAD /livez HTTP/1.1\r\nHost: [::1]:8441\r\n\r\n",
    "GET / HTTP/1.0\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET http://a/x?y=1 HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
    "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\nabc",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      + "0000A ;x=\"y\"\r\n0123456789\r\n1\r\n!\r\n0\r\nX-Late: 1\r\nX-Later: 2\r\n\r\n",
    "GET /a HTTP/1.1\r\nHost: a\r\n\r\nPOST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"
      + "GET /c HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
  ]

  @Test(arguments: accepted)
  func `is the same however its bytes are cut`(text: String) {
    let whole = Reading(text)
    #expect(whole.error == nil)
    #expect(!whole.requests.isEmpty)
    for piece in 1...12 {
      let cut = Reading(text, piece: piece)
      #expect(cut.requests == whole.requests && cut.error == nil, "in pieces of \(piece)")
    }
  }

  static let refused: [(String, HTTPError)] = [
    // The first line.
    ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
    ("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", .malformedRequestLine),
    ("GET /\r\nHost: a\r\n\r\n", .malformedRequestLine),
    ("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
    ("BREW / HTTP/1.1\r\nHost: a\r\n\r\n", .unknownMethod),
    ("get / HTTP/1.1\r\nHost: a\r\n\r\n", .unknownMethod),
    ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", .unsupportedVersion),
    ("GET / http/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
    ("GET x HTTP/1.1\r\nHost: a\r\n\r\n", .malformedTarget),
    ("GET /a%0 HTTP/1.1\r\nHost: a\r\n\r\n", .malformedTarget),
    ("GET /a%zz HTTP/1.1\r\nHost: a\r\n\r\n", .malformedTarget),
    ("GET /?a=%00 HTTP/1.1\r\nHost: a\r\n\r\n", .malformedTarget),
    ("GET /?a=%C0%AF HTTP/1.1\r\nHost: a\r\n\r\n", .malformedTarget),
    ("GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", .malformedTarget),
    ("GET * HTTP/1.1\r\nHost: a\r\n\r\n", .malformedTarget),
    // Line ends (RFC 9112, section 2.2).
    ("GET / HTTP/1.1\nHost: a\n\n", .bareLineEnd),
    ("GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", .bareLineEnd),
    ("GET / HTTP/1.1\r\nX: a\rb\r\nHost: a\r\n\r\n", .bareLineEnd),
    // Fields (RFC 9112, section 5).
    ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", .malformedField),
    ("GET / HTTP/1.1\r\n: a\r\nHost: a\r\n\r\n", .malformedField),
    ("GET / HTTP/1.1\r\nHost: a\r\nNo colon\r\n\r\n", .malformedField),
    ("GET / HTTP/1.1\r\nHost: a\r\nX: \u{0}\r\n\r\n", .malformedField),
    ("GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", .foldedField),
    // Host (RFC 9112, section 3.2).
    ("GET / HTTP/1.1\r\n\r\n", .invalidHost),
    ("GET / HTTP/1.1\r\nHost:\r\n\r\n", .invalidHost),
    ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", .invalidHost),
    ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", .invalidHost),
    ("GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", .invalidHost),
    ("POST / HTTP/1.1\r\nHost: a\r\nExpect: a lot\r\n\r\n", .unknownExpectation),
    // Framing (RFC 9112, section 6).
    (
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
      .invalidLength
    ),
    ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\na", .invalidLength),
    ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\na", .invalidLength),
    ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\na", .invalidLength),
    ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\na", .invalidLength),
    ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", .invalidLength),
    ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", .invalidLength),
    (
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
      .lengthAndCoding
    ),
    (
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
      .lengthAndCoding
    ),
    ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", .unknownCoding),
    ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", .unknownCoding),
    (
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
      .unknownCoding
    ),
    ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", .unknownCoding),
  ]

  @Test(arguments: refused)
  func `is refused when it could be read in two ways`(text: String, error: HTTPError) {
    #expect(Reading(text).error == error)
    #expect(Reading(text, piece: 1).error == error)
    #expect((400...505).contains(error.status.code))
  }

  @Test(arguments: [
    ("x\r\n", HTTPError.malformedChunk), ("-1\r\n", .malformedChunk), ("\r\n", .malformedChunk),
    ("0x3\r\nabc\r\n", .malformedChunk), ("3 4\r\nabc\r\n", .malformedChunk),
    ("3\r\nabcd\r\n", .malformedChunk), ("3\nabc\r\n", .bareLineEnd),
    ("3\r\nabc\n0\r\n\r\n", .malformedChunk), ("1000000000000000\r\n", .malformedChunk),
    ("100001\r\n", .bodyTooLarge(limit: 1_048_576)),
    ("0\r\nX: \u{1}\r\n\r\n", .malformedField),
  ])
  func `with a chunk that is wrong is refused`(body: String, error: HTTPError) {
    let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    #expect(Reading(head + body).error == error)
    #expect(Reading(head + body, piece: 1).error == error)
  }

  @Test func `with more framing than content is refused`() {
    let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    let greedy = String(repeating: "1;\(String(repeating: "x", count: 900))\r\na\r\n", count: 40)
    #expect(Reading(head + greedy).error == .chunkOverheadTooLarge)
    // Chunks of an ordinary size cost nothing.
    let fair = String(repeating: "40\r\n\(String(repeating: "a", count: 64))\r\n", count: 4_000)
    #expect(Reading(head + fair + "0\r\n\r\n").requests.first?.body.count == 256_000)
  }

  @Test func `may wait to be told to go on`() {
    let head = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
    #expect(Reading(head).steps == [.continueExpected])
    // Who sends the body with the head does not wait.
    #expect(Reading(head + "abc").steps.count == 1)
    // One that is refused for its size is not told to send it.
    let large = head.replacing("Length: 3", with: "Length: 1048577")
    #expect(Reading(large).steps.isEmpty)
    #expect(Reading(large).error == .bodyTooLarge(limit: 1_048_576))
  }

  @Test(arguments: [
    ("HTTP/1.1", "", true), ("HTTP/1.1", "Connection: close\r\n", false),
    ("HTTP/1.1", "Connection: x, Close\r\n", false), ("HTTP/1.0", "", false),
    ("HTTP/1.0", "Connection: keep-alive\r\n", true),
    ("HTTP/1.0", "Connection: keep-alive, close\r\n", false),
  ])
  func `says whether another follows`(version: String, field: String, keepsAlive: Bool) {
    let reading = Reading("GET / \(version)\r\nHost: a\r\n\(field)\r\n")
    #expect(reading.requests.first?.keepAlive == keepsAlive)
  }
}

/// Each limit holds at its bound, and is refused one above it.
@Suite("The limits of a request")
struct LimitTests {
  private var limits: Limits {
    var limits = Limits.requests
    limits.startLine = 40
    limits.header = 60
    limits.fields = 3
    limits.parameters = 2
    limits.body = 10
    limits.chunkHeader = 20
    limits.trailers = 20
    return limits
  }

  private func error(_ text: String) -> HTTPError? {
    let error = Reading(text, limits: limits).error
    #expect(Reading(text, piece: 1, limits: limits).error == error)
    return error
  }

  @Test func `hold for the first line`() {
    let line = { (length: Int) in "GET /" + String(repeating: "a", count: length - 14) + " HTTP/1.1"
    }
    #expect(error(line(40) + "\r\nHost: a\r\n\r\n") == nil)
    #expect(error(line(41) + "\r\nHost: a\r\n\r\n") == .startLineTooLong(limit: 40))
    // Nor is an endless one gathered.
    #expect(error(String(repeating: "a", count: 100)) == .startLineTooLong(limit: 40))
  }

  @Test func `hold for the header`() {
    let header = { (length: Int) in
      "GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "a", count: length - 16) + "\r\n\r\n"
    }
    #expect(error(header(60)) == nil)
    #expect(error(header(61)) == .headerTooLarge(limit: 60))
    let fields = { (count: Int) in
      "GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: y\r\n", count: count - 1) + "\r\n"
    }
    #expect(error(fields(3)) == nil)
    #expect(error(fields(4)) == .tooManyFields(limit: 3))
  }

  @Test func `hold for parameters`() {
    #expect(error("GET /?a=1&b=2 HTTP/1.1\r\nHost: a\r\n\r\n") == nil)
    #expect(
      error("GET /?a=1&b=2&c=3 HTTP/1.1\r\nHost: a\r\n\r\n") == .tooManyParameters(limit: 2))
  }

  @Test func `hold for the body, however it is framed`() {
    let sized = { (count: Int) in
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(count)\r\n\r\n"
        + String(repeating: "a", count: count)
    }
    #expect(error(sized(10)) == nil)
    #expect(error(sized(11)) == .bodyTooLarge(limit: 10))
    let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    #expect(error(head + "5\r\nabcde\r\n5\r\nabcde\r\n0\r\n\r\n") == nil)
    #expect(error(head + "5\r\nabcde\r\n6\r\nabcdef\r\n0\r\n\r\n") == .bodyTooLarge(limit: 10))
    #expect(error(head + "0\r\nX: 4567890123456\r\n\r\n") == nil)
    #expect(error(head + "0\r\nX: 3456789012345678\r\n\r\n") == .trailersTooLarge(limit: 20))
    #expect(error(head + "1;" + String(repeating: "x", count: 30)) == .chunkOverheadTooLarge)
  }
}
