import EventLoop
import Glibc
package import TLS

/// Carries requests to the nodes over TLS 1.3, a connection each.
package struct TLSCourier: Courier {
  private let context: TLSContext
  private let token: String

  /// A courier that trusts the authority in the file at `authority` and shows `token`.
  package init(authority: String, token: String) throws(Failure) {
    do throws(TLSError) {
      context = try TLSContext.client(authority: authority)
    } catch {
      throw .usage("The authority's certificate in \(authority) cannot be used: \(error)")
    }
    self.token = token
  }

  package func deliver(_ ask: Ask, to node: Endpoint, within limit: Duration) -> Delivery {
    let deadline = now() + limit
    do throws(TLSError) {
      let connection = try BlockingClient(to: node, context: context, within: limit)
      return exchange(ask, with: node, on: connection, until: deadline)
    } catch {
      return .notSent(reason: Self.sentence(error))
    }
  }

  private func exchange(
    _ ask: Ask, with node: Endpoint, on connection: consuming BlockingClient,
    until deadline: Duration
  ) -> Delivery {
    var reader = AnswerReader()
    do {
      try connection.write(message(ask, to: node), within: deadline - now())
      while let bytes = try connection.read(within: max(.zero, deadline - now())) {
        guard let answer = try reader.take(bytes) else { continue }
        connection.close()
        return .answered(answer)
      }
      return .lost(reason: "the connection ended before an answer came")
    } catch let error as AnswerReader.Malformed {
      return .lost(reason: "what answers there is no node: \(error.reason)")
    } catch let error as TLSError {
      // Part of the request may have arrived.
      return .lost(reason: Self.sentence(error))
    } catch {
      return .lost(reason: "\(error)")
    }
  }

  private func message(_ ask: Ask, to node: Endpoint) -> [UInt8] {
    var head = ""
    var body: [UInt8] = []
    switch ask.kind {
    case .read: head += "GET \(ask.path) HTTP/1.1\r\n"
    case .write(let key, let content):
      head += "POST \(ask.path) HTTP/1.1\r\nIdempotency-Key: \(key)\r\n"
      head += "Content-Type: application/json\r\nContent-Length: \(content.count)\r\n"
      body = content
    }
    head += "Host: \(node)\r\nAuthorization: Bearer \(token)\r\n"
    head += "Accept: \(ask.accept)\r\nConnection: close\r\n\r\n"
    return Array(head.utf8) + body
  }

  package func now() -> Duration { .nanoseconds(Clock.monotonic()) }

  package func pause(_ length: Duration) {
    let nanoseconds = length.nanoseconds
    var time = timespec(
      tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    unsafe nanosleep(&time, nil)
  }

  /// What went wrong, to stand behind a colon.
  private static func sentence(_ error: TLSError) -> String {
    let text = "\(error)"
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }
}
