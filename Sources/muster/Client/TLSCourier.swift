import EventLoop
import Glibc
import HTTP
package import TLS

/// Carries requests to the nodes over TLS 1.3, a connection each.
package struct TLSCourier: Courier {
  private let context: TLSContext
  private let credential: Credential

  /// A courier that trusts the authority in the file at `authority` and shows `credential`.
  package init(authority: String, credential: Credential) throws(Failure) {
    do throws(TLSError) {
      context = try TLSContext.client(authority: authority)
    } catch {
      throw error.ofAuthority
    }
    self.credential = credential
  }

  package func deliver(_ ask: Ask, to node: Endpoint, within limit: Duration) -> Delivery {
    let deadline = now() + limit
    do throws(TLSError) {
      let connection = try BlockingClient(to: node, context: context, within: limit)
      return exchange(ask, with: node, on: connection, until: deadline)
    } catch {
      let reason = Self.sentence(error)
      return error.isDistrust ? .distrusted(reason: reason) : .notSent(reason: reason)
    }
  }

  private func exchange(
    _ ask: Ask, with node: Endpoint, on connection: consuming BlockingClient,
    until deadline: Duration
  ) -> Delivery {
    var parser = ResponseParser()
    do {
      try connection.write(message(ask, to: node), within: deadline - now())
      while true {
        let bytes = try connection.read(within: max(.zero, deadline - now()))
        if let bytes { parser.receive(bytes) }
        // What comes before the end of the connection is whole by its length.
        let method = ask.isWrite ? Method.post : .get
        let response = try bytes == nil ? parser.finish() : parser.next(answering: method)
        if let response {
          connection.close()
          return .answered(Answer(response))
        }
        guard bytes != nil else {
          return .lost(reason: "the connection ended before an answer came")
        }
      }
    } catch let error as HTTPError {
      return .lost(reason: "what answers there is no node: \(error)")
    } catch let error as TLSError {
      // Part of the request may have arrived.
      return .lost(reason: Self.sentence(error))
    } catch {
      return .lost(reason: "\(error)")
    }
  }

  private func message(_ ask: Ask, to node: Endpoint) -> [UInt8] {
    var request: ClientRequest
    switch ask.kind {
    case .read:
      request = ClientRequest(.get, ask.path, host: node.description)
    case .write(let key, let content):
      request = ClientRequest(.post, ask.path, host: node.description, body: content)
      request.fields.append("Idempotency-Key", key)
      request.fields.append("Content-Type", ask.type)
      if let tag = ask.ifMatch { request.fields.append("If-Match", "\"\(tag)\"") }
    }
    credential.add(to: &request.fields)
    request.fields.append("Accept", ask.accept)
    var bytes: [UInt8] = []
    request.serialise(into: &bytes, closing: true)
    return bytes
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

extension TLSError {
  /// Whether somebody answered who did not prove to be a node of the cluster.
  var isDistrust: Bool {
    switch self {
    case .noCertificate, .unknownAuthority, .expired, .wrongHost, .certificateRefused: true
    case .certificateUnreadable, .keyUnreadable, .keyDoesNotMatch, .authorityUnreadable, .tooOld,
      .refusedByPeer, .broken, .ended, .timedOut, .frameTooLong, .tooMuchWaiting, .unreachable,
      .connection:
      false
    }
  }

  /// That the file of whom to trust cannot be used.
  var ofAuthority: Failure {
    .usage(
      "\(self)\nSay another with --ca or MUSTER_CA, or in: muster login. It is the ca.crt that muster "
        + "authority init made; on a node it is what \"authority\" names in node.json.")
  }
}

extension Answer {
  /// What of a response a client looks at.
  fileprivate init(_ response: Response) {
    self.init(
      status: response.status.code, retryAfter: response.fields["Retry-After"].flatMap { Int($0) },
      body: response.body, cookies: response.fields.all("Set-Cookie"))
  }
}
