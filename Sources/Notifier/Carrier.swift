import EventLoop
package import HTTP
package import Incidents
package import TLS

/// Takes one post to its receiver, on a thread that may block.
package struct Carrier: Sendable {
  /// From the dial to the end of the handshake.
  package static let dialing = Duration.seconds(5)
  /// From the dial to the answer's header. What follows is not read.
  package static let patience = Duration.seconds(10)

  private let context: TLSContext
  private let patience: Duration

  /// A carrier to receivers whose certificates this authority has signed, or any that this machine trusts.
  ///
  /// - Parameter patience: At most the usual.
  package init(
    authority: String?, patience: Duration = Carrier.patience
  ) throws(TLSError) {
    context = try TLSContext.web(authority: authority)
    self.patience = min(patience, Self.patience)
  }

  /// Takes `request` to `address`, and tells what came of it. A redirection is not followed.
  package func take(_ request: ClientRequest, to address: WebAddress) -> DeliveryAnswer {
    guard address.isSecure, let port = UInt16(exactly: address.port) else {
      return .unsendable("its address is not https")
    }
    let deadline = Clock.monotonic() + patience.nanoseconds
    let left = { Duration.nanoseconds(max(0, deadline - Clock.monotonic())) }
    var bytes: [UInt8] = []
    request.serialise(into: &bytes, closing: true)
    var parser = ResponseParser(limits: Self.limits)
    do throws(TLSError) {
      var connection = try BlockingClient(
        to: Endpoint(host: address.host, port: port), context: context,
        within: min(patience, Self.dialing))
      try connection.write(bytes, within: left())
      while true {
        guard let more = try connection.read(within: left()) else { throw .ended }
        parser.receive(more)
        // An answer to HEAD ends with its header, and no more of it is wanted here.
        if let response = try Self.next(&parser) { return Self.answer(response) }
      }
    } catch {
      return Self.answer(error)
    }
  }

  /// A receiver has little to say: a header, of which a status and one field are read.
  private static let limits: Limits = {
    var limits = Limits.responses
    limits.body = 0
    return limits
  }()

  private static func next(_ parser: inout ResponseParser) throws(TLSError) -> Response? {
    do throws(HTTPError) {
      return try parser.next(answering: .head)
    } catch {
      throw .broken(reason: "its answer is no HTTP: \(error)")
    }
  }

  private static func answer(_ response: Response) -> DeliveryAnswer {
    let asked = response.fields["Retry-After"].flatMap { seconds($0, from: Clock.now() / 1_000) }
    return .status(UInt16(response.status.code), retryAfter: asked)
  }

  /// How many seconds a Retry-After asks for, in either of its forms (RFC 9110, section 10.2.3); `nil` for none
  /// of them.
  private static func seconds(_ text: String, from now: Int64) -> UInt32? {
    if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      return UInt32(text) ?? .max
    }
    return secondsSince1970(httpDate: text).map { UInt32(clamping: $0 - now) }
  }

  private static func answer(_ error: TLSError) -> DeliveryAnswer {
    switch error {
    case .timedOut: .timedOut
    case .unreachable(.timedOut): .timedOut
    default: .unreachable("\(error)".cut(to: Bound.reference))
    }
  }
}

extension String {
  /// As many whole characters as fit into so many bytes.
  fileprivate func cut(to bytes: Int) -> String {
    var text = self
    while text.utf8.count > bytes { text.removeLast() }
    return text
  }
}
