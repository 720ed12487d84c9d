import Crypto
import Testing

@Suite("A public key")
struct PublicKeyTests {
  /// RFC 7515, appendix A.2.1: what is signed, with which key.
  private static let rsaModulus = Base64URL.decode(
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL"
      + "-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsL"
      + "A9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF"
      + "8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ")!
  private static let rsaMessage = Array(
    ("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9"
      + "pc19yb290Ijp0cnVlfQ").utf8)
  private static let rsaSignature = Base64URL.decode(
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds"
      + "9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0Gar"
      + "ZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY"
      + "9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw")!

  /// RFC 7515, appendix A.3.1.
  private static let x = Base64URL.decode("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")!
  private static let y = Base64URL.decode("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")!
  private static let ecMessage = Array(
    ("eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9"
      + "pc19yb290Ijp0cnVlfQ").utf8)
  private static let ecSignature = Base64URL.decode(
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q")!

  private static let exponent: [UInt8] = [1, 0, 1]

  @Test func `of RSA checks the signature of RFC 7515`() throws {
    let key = try PublicKey(rsaModulus: Self.rsaModulus, exponent: Self.exponent)
    #expect(key.algorithm == .rs256)
    #expect(try key.isValid(Self.rsaSignature, of: Self.rsaMessage))
  }

  @Test func `on P-256 checks the signature of RFC 7515`() throws {
    let key = try PublicKey(p256x: Self.x, y: Self.y)
    #expect(key.algorithm == .es256)
    #expect(try key.isValid(Self.ecSignature, of: Self.ecMessage))
  }

  @Test func `takes no signature with a bit turned over`() throws {
    let rsa = try PublicKey(rsaModulus: Self.rsaModulus, exponent: Self.exponent)
    let ec = try PublicKey(p256x: Self.x, y: Self.y)
    for bit in 0..<8 * 64 {
      var forged = Self.ecSignature
      forged[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(try !ec.isValid(forged, of: Self.ecMessage), "bit \(bit)")
      var other = Self.rsaSignature
      other[bit / 2] ^= 1 << UInt8(bit % 8)
      #expect(try !rsa.isValid(other, of: Self.rsaMessage), "bit \(bit)")
    }
  }

  @Test func `takes no signature of another message or another key`() throws {
    let rsa = try PublicKey(rsaModulus: Self.rsaModulus, exponent: Self.exponent)
    let ec = try PublicKey(p256x: Self.x, y: Self.y)
    #expect(try !rsa.isValid(Self.rsaSignature, of: Self.ecMessage))
    #expect(try !ec.isValid(Self.ecSignature, of: Self.rsaMessage))
    #expect(try !ec.isValid(Self.rsaSignature, of: Self.rsaMessage))
    #expect(try !rsa.isValid(Self.ecSignature, of: Self.ecMessage))
    #expect(try !rsa.isValid(Self.rsaSignature, of: []))
  }

  @Test func `takes no signature of another length, nor one of zeros`() throws {
    let rsa = try PublicKey(rsaModulus: Self.rsaModulus, exponent: Self.exponent)
    let ec = try PublicKey(p256x: Self.x, y: Self.y)
    for count in [0, 1, 32, 63, 65, 128] {
      let cut = Array((Self.ecSignature + Self.ecSignature).prefix(count))
      #expect(try !ec.isValid(cut, of: Self.ecMessage), "\(count)")
    }
    for count in [0, 1, 64, 255] {
      #expect(
        try !rsa.isValid(Array(Self.rsaSignature.prefix(count)), of: Self.rsaMessage), "\(count)")
    }
    #expect(try !rsa.isValid(Self.rsaSignature + [0], of: Self.rsaMessage))
    #expect(try !rsa.isValid([0] + Self.rsaSignature, of: Self.rsaMessage))
    // Zero for both numbers was once valid for everything, in another library (CVE-2022-21449).
    #expect(try !ec.isValid([UInt8](repeating: 0, count: 64), of: Self.ecMessage))
    #expect(try !rsa.isValid([UInt8](repeating: 0, count: 256), of: Self.rsaMessage))
  }

  @Test func `is none when it is weak, huge, or its exponent is not one`() {
    let wrong: [(modulus: [UInt8], exponent: [UInt8])] = [
      ([], Self.exponent),
      (Array(Self.rsaModulus.prefix(255)), Self.exponent),
      ([0x7F] + Self.rsaModulus.dropFirst(), Self.exponent),
      ([1] + [UInt8](repeating: 1, count: 1024), Self.exponent),
      (Self.rsaModulus, []), (Self.rsaModulus, [0]), (Self.rsaModulus, [1]),
      (Self.rsaModulus, [2]), (Self.rsaModulus, [1, 0, 0, 0, 1]),
    ]
    for (modulus, exponent) in wrong {
      #expect(throws: CryptoError.malformedPublicKey) {
        _ = try PublicKey(rsaModulus: modulus, exponent: exponent)
      }
    }
  }

  @Test func `may have zeros before its numbers`() throws {
    let key = try PublicKey(rsaModulus: [0] + Self.rsaModulus, exponent: [0] + Self.exponent)
    #expect(try key.isValid(Self.rsaSignature, of: Self.rsaMessage))
  }

  @Test func `is none when its point is beside the curve`() {
    var beside = Self.y
    beside[31] ^= 1
    let zero = [UInt8](repeating: 0, count: 32)
    let wrong: [(x: [UInt8], y: [UInt8])] = [
      (Self.x, beside), (zero, zero), ([UInt8](repeating: 0xFF, count: 32), Self.y), ([], []),
      (Array(Self.x.dropFirst()), Self.y), (Self.x, Self.y + [0]),
    ]
    for (x, y) in wrong {
      #expect(throws: CryptoError.malformedPublicKey) { _ = try PublicKey(p256x: x, y: y) }
    }
  }
}
