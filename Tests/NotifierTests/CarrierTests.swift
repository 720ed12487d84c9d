import HTTP
import Incidents
import Notifier
import TestReceiver
import Testing

@Suite("A carrier")
struct CarrierTests {
  private let receiver: Receiver
  private let carrier: Carrier

  init() throws {
    receiver = try Receiver()
    carrier = try Carrier(authority: receiver.authority, patience: .seconds(10))
  }

  /// What comes of a post to `address`.
  private func take(_ address: String, with other: Carrier? = nil) throws -> DeliveryAnswer {
    let address = try #require(WebAddress(address, allowingHTTPOnLoopback: true))
    let request = ClientRequest(
      .post, address.target, host: address.authority, body: Array("{}".utf8))
    return (other ?? carrier).take(request, to: address)
  }

  @Test func `tells what was answered, and when to come again`() throws {
    defer { receiver.close() }
    for code in [200, 204, 302, 400, 429, 500, 599] {
      receiver.behave { _ in .status(code, retryAfter: code == 429 ? 77 : nil) }
      let asked = code == 429 ? UInt32(77) : nil
      #expect(try take(receiver.address) == .status(UInt16(code), retryAfter: asked))
    }
    // A redirection was not followed.
    #expect(receiver.taken.count == 7)
  }

  @Test func `waits no longer than it may`() throws {
    defer { receiver.close() }
    receiver.behave { _ in .hang }
    let hasty = try Carrier(authority: receiver.authority, patience: .milliseconds(500))
    #expect(try take(receiver.address, with: hasty) == .timedOut)
  }

  @Test func `goes to nobody that cannot be trusted or is not there`() throws {
    defer { receiver.close() }
    let other = try Receiver()
    defer { other.close() }
    guard case .unreachable(let why) = try take(other.address) else {
      return #expect(Bool(false))
    }
    #expect(!why.isEmpty && why.utf8.count <= Bound.reference)
    // The certificate is of 127.0.0.1 and localhost, and of no other name for this machine.
    let alias = receiver.address.replacing("127.0.0.1", with: "127.0.0.2")
    guard case .unreachable = try take(alias) else { return #expect(Bool(false)) }
    guard case .unreachable = try take("https://127.0.0.1:1/x") else {
      return #expect(Bool(false))
    }
    guard case .unsendable = try take("http://127.0.0.1:1/x") else {
      return #expect(Bool(false))
    }
    #expect(receiver.taken.isEmpty && other.taken.isEmpty)
  }
}
