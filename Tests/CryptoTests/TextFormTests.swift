import Crypto
import Testing

@Suite("Bytes as text")
struct TextFormTests {
  /// RFC 4648, section 10, without the padding; and two bytes that need the URL alphabet.
  static let base64URL: [(bytes: [UInt8], text: String)] = [
    ([], ""),
    (Array("f".utf8), "Zg"),
    (Array("fo".utf8), "Zm8"),
    (Array("foo".utf8), "Zm9v"),
    (Array("foob".utf8), "Zm9vYg"),
    (Array("fooba".utf8), "Zm9vYmE"),
    (Array("foobar".utf8), "Zm9vYmFy"),
    ([0xFB, 0xFF, 0xFE], "-__-"),
  ]

  @Test(arguments: base64URL)
  func `is base64url as in RFC 4648`(bytes: [UInt8], text: String) {
    #expect(Base64URL.encode(bytes) == text)
    #expect(Base64URL.decode(text) == bytes)
  }

  @Test(arguments: ["Zg==", "Z", "Zh", "Zm9", "Zm+v", "Zm/v", "Zm 9", "Zmé"])
  func `is not base64url with padding, stray bits or other characters`(text: String) {
    #expect(Base64URL.decode(text) == nil)
  }

  @Test func `is base64 as in RFC 4648, without its padding`() {
    for (bytes, text) in Self.base64URL.dropLast() {
      #expect(Base64.encode(bytes) == text)
      #expect(Base64.decode(text) == bytes)
    }
    #expect(Base64.encode([0xFB, 0xFF, 0xFE]) == "+//+")
    #expect(Base64.decode("+//+") == [0xFB, 0xFF, 0xFE])
    for text in ["Zg==", "Zh", "-__-", "Z"] { #expect(Base64.decode(text) == nil) }
  }

  @Test func `is hexadecimal as in RFC 4648`() {
    #expect(Hex.encode(Array("foobar".utf8)) == "666f6f626172")
    #expect(Hex.decode("666F6f626172") == Array("foobar".utf8))
    #expect(Hex.decode("") == [])
    #expect(Hex.decode("6") == nil)
    #expect(Hex.decode("6g") == nil)
  }
}

@Suite("Secrets")
struct SecretTests {
  @Test func `are of the length asked for and never the same`() {
    #expect(secureRandom(0) == [])
    #expect(secureRandom(32).count == 32)
    #expect(Set((0..<64).map { _ in secureRandom(16) }).count == 64)
    let (first, second) = (randomUInt64Pair(), randomUInt64Pair())
    #expect(first != second)
  }

  @Test func `are equal only byte for byte`() {
    #expect(constantTimeEqual([], []))
    #expect(constantTimeEqual([1, 2, 3], [1, 2, 3]))
    #expect(!constantTimeEqual([1, 2, 3], [1, 2, 4]))
    #expect(!constantTimeEqual([1, 2, 3], [1, 2]))
  }
}
