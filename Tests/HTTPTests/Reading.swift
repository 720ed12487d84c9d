import HTTP

/// What a parser makes of the bytes of one connection: the steps, and the error that ended them.
struct Reading: Equatable {
  var steps: [RequestParser.Step] = []
  var error: HTTPError?

  /// Reads `bytes` in pieces of at most `piece` bytes.
  init(_ bytes: [UInt8], piece: Int = .max, limits: Limits = .requests) {
    var parser = RequestParser(limits: limits)
    var start = 0
    do throws(HTTPError) {
      while start < bytes.count {
        let end = start + min(piece, bytes.count - start)
        parser.receive(bytes[start..<end])
        while let step = try parser.next() { steps.append(step) }
        start = end
      }
    } catch {
      self.error = error
      let first = error
      // Once refused, always refused.
      do throws(HTTPError) {
        parser.receive(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        _ = try parser.next()
        self.error = nil
      } catch {
        if error != first { self.error = nil }
      }
    }
  }

  init(_ text: String, piece: Int = .max, limits: Limits = .requests) {
    self.init(Array(text.utf8), piece: piece, limits: limits)
  }

  /// The requests, without who expects to be told to go on: that depends on how bytes arrive.
  var requests: [Request] {
    steps.compactMap { if case .request(let request) = $0 { request } else { nil } }
  }
}
