import EventLoop
package import HTTP
package import TLS

/// What of the department's identity provider is reached over the network.
package protocol ProviderDoor: Sendable {
  /// The answer to a request, whose body may have so many bytes; `nil` where none came in time. No
  /// redirection is followed.
  func send(
    _ request: ClientRequest, to address: WebAddress, atMost limit: Int
  ) async -> (status: Int, body: [UInt8])?
}

/// The provider's own servers, by HTTPS: each request on a connection of its own, on one thread.
package final class WebDoor: ProviderDoor {
  /// From the dial to the end of the answer.
  private static let patience = Duration.seconds(5)
  private let thread = ThreadExecutor(name: "provider")
  private let context: TLSContext

  /// A door to servers that this authority has signed, or any that this machine trusts.
  package init(authority: String?) throws(TLSError) {
    context = try TLSContext.web(authority: authority)
  }

  package func send(
    _ request: ClientRequest, to address: WebAddress, atMost limit: Int
  ) async -> (status: Int, body: [UInt8])? {
    guard address.isSecure, let port = UInt16(exactly: address.port) else { return nil }
    let endpoint = Endpoint(host: address.host, port: port)
    return await withCheckedContinuation { waiter in
      thread.submit {
        waiter.resume(returning: self.exchange(request, with: endpoint, atMost: limit))
      }
    }
  }

  private func exchange(
    _ request: ClientRequest, with endpoint: Endpoint, atMost limit: Int
  ) -> (status: Int, body: [UInt8])? {
    let deadline = Clock.monotonic() + Self.patience.nanoseconds
    let left = { Duration.nanoseconds(max(0, deadline - Clock.monotonic())) }
    var bytes: [UInt8] = []
    request.serialise(into: &bytes, closing: true)
    var limits = Limits.responses
    limits.body = limit
    var parser = ResponseParser(limits: limits)
    do {
      var connection = try BlockingClient(to: endpoint, context: context, within: left())
      try connection.write(bytes, within: left())
      while true {
        let more = try connection.read(within: left())
        if let more { parser.receive(more) }
        let response =
          try more == nil ? parser.finish() : parser.next(answering: request.method)
        if let response { return (response.status.code, response.body) }
        guard more != nil else { return nil }
      }
    } catch {
      return nil
    }
  }
}
