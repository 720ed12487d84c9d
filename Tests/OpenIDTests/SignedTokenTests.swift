import Crypto
import JSON
import OpenID
import Testing

@Suite("A signed token")
struct SignedTokenTests {
  private static let claims: JSONValue = ["sub": "ana"]

  private static func token(
    _ key: TestKey, _ header: JSONValue, claims: JSONValue = claims
  ) -> String {
    key.token(header: header, claims: claims)
  }

  private static func payload(_ token: String, _ keys: KeySet? = nil) throws -> [UInt8] {
    try SignedToken(token).payload(signedBy: try keys ?? Department.keys())
  }

  /// RFC 7515, appendix A.2.
  @Test func `of RFC 7515 with RS256 is read`() throws {
    let keys = try KeySet(
      parsing: Array(
        #"""
        {"keys":[{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}]}
        """#.utf8))
    let token =
      "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
    let text = "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}"
    #expect(try Self.payload(token, keys) == Array(text.utf8))
  }

  /// RFC 7515, appendix A.3.
  @Test func `of RFC 7515 with ES256 is read`() throws {
    let keys = try KeySet(
      parsing: Array(
        #"""
        {"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}
        """#.utf8))
    let token =
      "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
    let text = "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}"
    #expect(try Self.payload(token, keys) == Array(text.utf8))
  }

  @Test func `is read when a key of the set has signed it`() throws {
    let rsa = Self.token(.rsa, ["alg": "RS256", "kid": "r1", "typ": "JWT"])
    let ec = Self.token(.ec, ["alg": "ES256", "kid": "e1", "x5t": "abc"])
    #expect(try Self.payload(rsa) == Self.claims.serialised())
    #expect(try Self.payload(ec) == Self.claims.serialised())
    // Without a name there is one key that it can be, of each kind.
    #expect(
      try Self.payload(Self.token(.ec, ["alg": "ES256"])) == Self.claims.serialised())
  }

  @Test func `is refused with any one bit of its text turned over`() throws {
    let token = Array(Self.token(.ec, ["alg": "ES256", "kid": "e1"]).utf8)
    let keys = try Department.keys()
    for place in token.indices {
      for bit in 0..<7 {
        var forged = token
        forged[place] ^= 1 << UInt8(bit)
        let text = String(decoding: forged, as: UTF8.self)
        #expect(throws: TokenRefusal.self, "\(place), \(bit)") { try Self.payload(text, keys) }
      }
    }
  }

  @Test(arguments: ["none", "None", "", "HS256", "RS384", "PS256", "ES512", "ES256K", "rs256"])
  func `is refused with another algorithm`(name: String) throws {
    let header: JSONValue = ["alg": JSONValue(.string(name)), "kid": "r1"]
    #expect(throws: TokenRefusal.algorithm(name)) {
      try Self.payload(Self.token(.rsa, header))
    }
    let parts = Self.token(.rsa, header).split(separator: ".")
    #expect(throws: TokenRefusal.algorithm(name)) {
      try Self.payload("\(parts[0]).\(parts[1]).")
    }
  }

  @Test func `is refused when it was signed with the public key as a secret`() throws {
    let header = JSONValue(dictionaryLiteral: ("alg", "HS256"), ("kid", "r1")).serialised()
    let signed = "\(Base64URL.encode(header)).\(Base64URL.encode(Self.claims.serialised()))"
    let code = HMACSHA256.code(
      of: Array(signed.utf8), key: TestKey.rsa.published(as: "r1").serialised())
    #expect(throws: TokenRefusal.algorithm("HS256")) {
      try Self.payload("\(signed).\(Base64URL.encode(code))")
    }
  }

  @Test func `is refused when it calls an RSA key one on P-256, or the other way`() throws {
    #expect(throws: TokenRefusal.unknownKey("r1")) {
      try Self.payload(Self.token(.rsa, ["alg": "ES256", "kid": "r1"]))
    }
    #expect(throws: TokenRefusal.unknownKey("e1")) {
      try Self.payload(Self.token(.ec, ["alg": "RS256", "kid": "e1"]))
    }
    #expect(throws: TokenRefusal.signature) {
      try Self.payload(Self.token(.rsa, ["alg": "ES256", "kid": "e1"]))
    }
  }

  @Test func `is refused when another key has signed it in the name of one`() throws {
    #expect(throws: TokenRefusal.signature) {
      try Self.payload(Self.token(.otherRSA, ["alg": "RS256", "kid": "r1"]))
    }
    #expect(throws: TokenRefusal.signature) {
      try Self.payload(Self.token(.otherEC, ["alg": "ES256", "kid": "e1"]))
    }
  }

  @Test func `asks for fresh keys when it names one that is not there`() throws {
    let token = Self.token(.otherEC, ["alg": "ES256", "kid": "e2"])
    #expect(throws: TokenRefusal.unknownKey("e2")) { try Self.payload(token) }
    #expect(TokenRefusal.unknownKey("e2").asksForFreshKeys)
    #expect(!TokenRefusal.signature.asksForFreshKeys)
    let fresh = try KeySet(
      parsing: Department.keySet(
        TestKey.ec.published(as: "e1"), TestKey.otherEC.published(as: "e2")))
    #expect(try Self.payload(token, fresh) == Self.claims.serialised())
  }

  @Test func `must name its key where there are several`() throws {
    let keys = try KeySet(
      parsing: Department.keySet(
        TestKey.ec.published(as: "e1"), TestKey.otherEC.published(as: nil)))
    #expect(throws: TokenRefusal.keyNotNamed) {
      try Self.payload(Self.token(.ec, ["alg": "ES256"]), keys)
    }
    #expect(throws: TokenRefusal.unknownKey(nil)) {
      try Self.payload(Self.token(.rsa, ["alg": "RS256"]), keys)
    }
  }

  @Test func `is refused when it brings its key along, or says where to fetch one`() throws {
    let own = TestKey.otherEC.published(as: "e1")
    let headers: [(String, JSONValue)] = [
      ("jwk", own), ("jku", "https://evil.example/keys"), ("x5u", "https://evil.example/c.pem"),
      ("x5c", ["MIIB"]), ("crit", ["exp"]), ("crit", []), ("b64", false),
    ]
    for (name, value) in headers {
      let header = JSONValue(dictionaryLiteral: ("alg", "ES256"), ("kid", "e1"), (name, value))
      #expect(throws: TokenRefusal.header(name)) {
        try Self.payload(Self.token(.otherEC, header))
      }
      #expect(throws: TokenRefusal.header(name)) { try Self.payload(Self.token(.ec, header)) }
    }
  }

  @Test(arguments: ["at+jwt", "application/at+jwt", "logout+jwt", "secevent+jwt"])
  func `is refused when it is of another kind`(kind: String) throws {
    #expect(throws: TokenRefusal.kind(kind)) {
      try Self.payload(
        Self.token(.ec, ["alg": "ES256", "kid": "e1", "typ": JSONValue(.string(kind))]))
    }
  }

  @Test func `is refused when a part is missing, more, or no base64url`() throws {
    let token = Self.token(.ec, ["alg": "ES256", "kid": "e1"])
    let parts = token.split(separator: ".").map(String.init)
    let wrong = [
      "", ".", "..", "...", parts[0], "\(parts[0]).\(parts[1])", "\(token).",
      "\(token).\(parts[1])",
      "\(parts[0])=.\(parts[1]).\(parts[2])", "\(parts[0]).\(parts[1]).\(parts[2])=",
      " \(token)", "\(token)\n", "\(parts[0]).\(parts[1]).\(parts[2])/",
      "W10.\(parts[1]).\(parts[2])", "e30\(parts[1]).\(parts[2])",
    ]
    for text in wrong {
      #expect(throws: TokenRefusal.malformed, "\(text)") { try Self.payload(text) }
    }
    #expect(throws: TokenRefusal.header("alg")) {
      try Self.payload("e30.\(parts[1]).\(parts[2])")
    }
    for count in 1..<token.utf8.count {
      #expect(throws: TokenRefusal.self) {
        try Self.payload(String(token.dropLast(count)))
      }
    }
  }

  @Test func `is refused when a member of its header stands there twice`() throws {
    let token = TestKey.ec.token(
      header: Array(#"{"alg":"ES256","kid":"e1","alg":"none"}"#.utf8),
      claims: Self.claims.serialised())
    #expect(throws: TokenRefusal.malformed) { try Self.payload(token) }
  }

  @Test func `is refused when it is huge`() throws {
    let claims = JSONValue(
      dictionaryLiteral: ("sub", .init(.string(String(repeating: "a", count: 70_000)))))
    #expect(throws: TokenRefusal.tooLarge(limit: SignedToken.largest)) {
      try Self.payload(Self.token(.ec, ["alg": "ES256", "kid": "e1"], claims: claims))
    }
  }

  @Test func `is never printed`() throws {
    let token = try SignedToken(Self.token(.ec, ["alg": "ES256", "kid": "e1"]))
    #expect("\(token)" == "…")
    #expect(Mirror(reflecting: token).children.isEmpty)
  }
}
