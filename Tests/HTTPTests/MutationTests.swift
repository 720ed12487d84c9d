import HTTP
import Testing

/// Requests with something changed, left out, doubled or put in, and what a parser makes of them.
@Suite("A damaged request")
struct MutationTests {
  private struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  private static let morsels = [
    "\r\n", "\n", "\r", "\0", " ", ":", ";", ",", "%", "%00", "chunked", "0", "-1", "é", "\r\n\r\n",
    "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "Host: b\r\n", "HTTP/1.1",
  ].map { Array($0.utf8) }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func `is read alike however it is cut, and never twice`(seed: UInt64) {
    var random = SplitMix(state: seed)
    for _ in 0..<250 {
      var bytes = Array(RequestTests.accepted.randomElement(using: &random)!.utf8)
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.insert(contentsOf: Self.morsels.randomElement(using: &random)!, at: place)
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + 3))
        default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 20)], at: place)
        }
        if bytes.isEmpty { bytes = [0x0A] }
      }
      let whole = Reading(bytes)
      let cut = Reading(bytes, piece: Int.random(in: 1...7, using: &random))
      #expect(whole.requests == cut.requests && whole.error == cut.error, "seed \(seed): \(bytes)")
      for request in whole.requests {
        #expect(request.path.utf8.first == UInt8(ascii: "/") || request.path == "*")
        #expect(request.body.count <= Limits.requests.body)
        // What has two framings is never taken for a request.
        let isChunked = request.fields["Transfer-Encoding"] != nil
        #expect(!(isChunked && request.fields["Content-Length"] != nil))
        #expect(request.fields.all("Content-Length").count <= 1)
      }
    }
  }
}
