import Access
import Crypto
import EventLoop
import HTTP
import Incidents

/// What the header of a request says beside its address.
@ClientLoop extension Exchange {
  /// What the request brings to prove who sends it.
  func proof() throws(Problem) -> Proof { try shown.get() }

  /// The key under which a repeat of this request gets the same outcome.
  func idempotencyKey() throws(Problem) -> IdempotencyKey {
    guard let field = request.fields.bytes(of: "Idempotency-Key") else { throw .keyMissing }
    try request.checkOnce("Idempotency-Key")
    let isPrintable = field.allSatisfy { (0x21...0x7E).contains($0) }
    guard isPrintable, !field.isEmpty, field.count <= Bound.idempotencyKey else {
      throw .malformed(
        "An Idempotency-Key is 1 to \(Bound.idempotencyKey) printable characters without spaces.")
    }
    // A zero byte stands in neither method nor path, so that no two requests run together.
    api.digest.update(Array(request.method.rawValue.utf8))
    api.digest.update([0])
    api.digest.update(Array(request.path.utf8))
    if !request.query.parameters.isEmpty {
      // A "?" is in no path, and what is asked with it is another request than without.
      api.digest.update(Array("?\(request.query.encoded)".utf8))
    }
    api.digest.update([0])
    api.digest.update(request.body)
    return IdempotencyKey(
      text: String(decoding: field, as: UTF8.self), requestHash: api.digest.finish())
  }

  /// The version of the thing that the asker saw, from If-Match (RFC 9110, section 13.1.1).
  func expectedVersion() throws(Problem) -> UInt64? {
    try request.checkOnce("If-Match")
    guard let field = request.fields["If-Match"], field != "*" else { return nil }
    guard field.utf8.count > 2, field.hasPrefix("\""), field.hasSuffix("\""),
      let version = UInt64(field.dropFirst().dropLast())
    else {
      throw .malformed("If-Match takes one ETag as this interface gives it, such as \"7\".")
    }
    return version
  }
}

extension Request {
  /// Refuses a field of which two are sent: whoever stands between may have put them in another order.
  fileprivate func checkOnce(_ name: String) throws(Problem) {
    guard fields.all(name).count > 1 else { return }
    throw .malformed("\(name) is sent twice: send it once.")
  }
}

extension Proof {
  /// What a request brings to prove who sends it. A token comes before a cookie.
  ///
  /// A cookie is sent by our own pages only (SameSite), and every POST needs a field that no foreign
  /// page may add without asking (Idempotency-Key); a browser that says where a request began is
  /// believed on top of that.
  ///
  /// - Parameter certificate: The fingerprint of the certificate that the handshake proved, if there was one.
  init(of request: Request, _ certificate: [UInt8]?) throws(Problem) {
    try request.checkOnce("Authorization")
    if let field = request.fields.bytes(of: "Authorization") {
      guard let token = Token(authorization: field) else { throw .unauthenticated }
      self = .token(token)
      return
    }
    guard let proof = Self.session(of: request) ?? certificate.map({ .certificate($0) }) else {
      throw .unauthenticated
    }
    // What a browser shows by itself, it shows for whatever page asks it to.
    if let site = request.fields["Sec-Fetch-Site"], site != "same-origin", site != "none" {
      throw .foreignPage
    }
    self = proof
  }

  private static func session(of request: Request) -> Proof? {
    guard let field = request.fields.bytes(of: "Cookie"),
      let text = Cookie.session.value(in: field)
    else { return nil }
    return SessionSecret(text).map { .session($0) }
  }
}
