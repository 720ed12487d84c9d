import Crypto
import Testing

@Suite("SHA-256")
struct SHA256Tests {
  /// Messages and hashes of NIST's examples to FIPS 180-4.
  static let examples: [(message: String, hash: String)] = [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqr"
        + "lmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
  ]

  @Test(arguments: examples)
  func `agrees with the standard's examples`(message: String, hash: String) {
    #expect(Hex.encode(SHA256.hash(Array(message.utf8))) == hash)
  }

  @Test func `agrees with the standard on a million letters`() {
    let hash = SHA256.hash([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000))
    #expect(Hex.encode(hash) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func `is the same in pieces, message after message`() {
    var stream = SHA256Stream()
    for (message, hash) in Self.examples {
      let bytes = Array(message.utf8)
      let third = bytes.count / 3
      stream.update(bytes[..<third])
      // The bytes of a span over [UInt8] have no padding to read.
      unsafe stream.update(bytes[third..<2 * third].span.bytes)
      stream.update(Array(bytes[(2 * third)...]))
      #expect(Hex.encode(stream.finish()) == hash)
    }
  }
}

@Suite("HMAC-SHA256")
struct HMACTests {
  /// RFC 4231, section 4: key, data and code of test cases 1, 2, 3, 4, 6 and 7.
  static let cases: [(key: [UInt8], data: [UInt8], code: String)] = [
    (
      [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8),
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      [UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50),
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
    ),
    (
      Array(1...25), [UInt8](repeating: 0xCD, count: 50),
      "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
    ),
    (
      [UInt8](repeating: 0xAA, count: 131),
      Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
    (
      [UInt8](repeating: 0xAA, count: 131),
      Array(
        ("This is a test using a larger than block-size key and a larger than block-size data. "
          + "The key needs to be hashed before being used by the HMAC algorithm.").utf8),
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
    ),
  ]

  @Test(arguments: cases)
  func `agrees with RFC 4231`(key: [UInt8], data: [UInt8], code: String) {
    #expect(Hex.encode(HMACSHA256.code(of: data, key: key)) == code)
  }

  @Test func `knows its own code and no other`() {
    let key: [UInt8] = [1, 2, 3]
    var code = HMACSHA256.code(of: [4, 5], key: key)
    #expect(HMACSHA256.isValid(code, of: [4, 5], key: key))
    code[31] ^= 1
    #expect(!HMACSHA256.isValid(code, of: [4, 5], key: key))
    #expect(!HMACSHA256.isValid([], of: [4, 5], key: key))
  }
}
