import HTTP
import Testing

@Suite("A response")
struct ResponseTests {
  private func read(
    _ text: String, answering method: Method = .get, ended: Bool = false, piece: Int = .max
  ) throws(HTTPError) -> [Response] {
    var parser = ResponseParser()
    var found: [Response] = []
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      parser.receive(rest.prefix(piece))
      rest = rest.dropFirst(piece)
      while let response = try parser.next(answering: method) { found.append(response) }
    }
    if ended, let last = try parser.finish() { found.append(last) }
    return found
  }

  @Test(arguments: [
    (Method.get, true, "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n"),
    (.head, true, "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n"),
  ])
  func `is written and read back`(method: Method, keepsAlive: Bool, head: String) throws {
    let request = Request(method, "/", keepAlive: keepsAlive)
    var bytes: [UInt8] = []
    Response.text("hello").serialise(into: &bytes, answering: request)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.hasPrefix(head))
    #expect(text.contains("Content-Length: 5\r\n"))
    #expect(text.hasSuffix("hello") == (method == .get))
    for piece in [1, 7, 1_000] {
      let found = try read(text + text, answering: method, piece: piece)
      #expect(found.count == 2)
      #expect(found[0].status == .ok)
      #expect(found[0].body == (method == .get ? Array("hello".utf8) : []))
    }
  }

  @Test func `tells how long it is in each way`() throws {
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    #expect(try read(chunked).first?.body == Array("abc".utf8))
    let untilEnd = "HTTP/1.1 200 OK\r\n\r\nabc"
    #expect(try read(untilEnd).isEmpty)
    #expect(try read(untilEnd, ended: true).first?.body == Array("abc".utf8))
    #expect(try read("HTTP/1.1 204 No Content\r\n\r\n").first?.status == .noContent)
    let early = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"
    #expect(try read(early).map(\.status) == [.created])
  }

  @Test(arguments: [
    ("HTTP/1.1 20 OK\r\n\r\n", HTTPError.malformedStatusLine),
    ("HTTP/1.1 999 No\r\n\r\n", .malformedStatusLine),
    ("HTTP/1.1 101 Switching\r\n\r\n", .malformedStatusLine),
    ("SSH-2.0-OpenSSH_9.2\r\n", .malformedStatusLine),
    ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", .invalidLength),
    ("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", .bodyTooLarge(limit: 67_108_864)),
  ])
  func `that is none is refused`(text: String, error: HTTPError) {
    #expect(throws: error) { try read(text) }
    #expect(throws: error) { try read(text, piece: 1) }
  }

  @Test func `that ends early is not taken for whole`() {
    #expect(throws: HTTPError.endedEarly) {
      try read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", ended: true)
    }
    #expect(throws: HTTPError.endedEarly) { try read("HTTP/1.1 200", ended: true) }
  }

  @Test func `cannot be split by what stands in a field`() async throws {
    var response = Response.seeOther("/a\r\nSet-Cookie: a=b\r\n\r\n")
    response.fields.append("X", "\u{0}\n")
    var bytes: [UInt8] = []
    response.serialise(into: &bytes, answering: nil)
    let found = try #require(try read(String(decoding: bytes, as: UTF8.self)).first)
    #expect(found.fields["Set-Cookie"] == nil)
    #expect(found.fields["Location"] == "/a  Set-Cookie: a=b")
    await #expect(processExitsWith: .failure) {
      var fields = Fields()
      fields.append("X: y\r\nZ", "")
    }
  }

  @Test(arguments: [
    (0 as Int64, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
    (1_709_208_000, "Thu, 29 Feb 2024 12:00:00 GMT"),
  ])
  func `has a date as RFC 9110 writes it`(seconds: Int64, text: String) {
    #expect(httpDate(seconds) == text)
    #expect(secondsSince1970(httpDate: text) == seconds)
  }

  @Test func `reads back every date that it writes, and no other`() {
    for day in stride(from: 0 as Int64, to: 110_000, by: 17) {
      let seconds = day * 86_400 + day % 86_400
      #expect(secondsSince1970(httpDate: httpDate(seconds)) == seconds)
    }
    for text in [
      "", "77", "Thu, 01 Jan 1970 00:00:00", "Fri, 01 Jan 1970 00:00:00 GMT",
      "Wed, 30 Feb 2028 12:00:00 GMT", "Thu, 01 Jan 1970 24:00:00 GMT",
      "Thu, 01 Jan 99999999999999999999 00:00:00 GMT", "Thursday, 01-Jan-70 00:00:00 GMT",
      "Thu, 01 Jan 1970 9223372036854775807:00:00 GMT",
      "Thu, 9223372036854775807 Dec 1970 00:00:00 GMT", "Thu, -1 Jan 1970 00:00:00 GMT",
    ] {
      #expect(secondsSince1970(httpDate: text) == nil, "\(text)")
    }
  }
}

@Suite("A client's request")
struct ClientRequestTests {
  @Test func `is read back by the parser`() throws {
    var fields = Fields()
    fields.append("Authorization", "Bearer x")
    let request = ClientRequest(
      .post, "/v1/a?b=\(percentEncoded("c d&é"))", host: "n1:8441", fields: fields,
      body: Array("{}".utf8))
    var bytes: [UInt8] = []
    request.serialise(into: &bytes)
    request.serialise(into: &bytes, closing: true)
    let found = Reading(bytes).requests
    #expect(found.count == 2)
    #expect(found[0].query["b"] == "c d&é")
    #expect(found[0].fields["authorization"] == "Bearer x")
    #expect(found[0].body == Array("{}".utf8))
    #expect(found.map(\.keepAlive) == [true, false])
  }

  @Test func `with a target that is not escaped is a mistake`() async {
    await #expect(processExitsWith: .failure) { _ = ClientRequest(.get, "/a b", host: "a") }
    await #expect(processExitsWith: .failure) { _ = ClientRequest(.get, "/a\r\nX: y", host: "a") }
  }
}
