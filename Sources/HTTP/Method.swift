/// What a request asks to be done with its target (RFC 9110, section 9).
///
/// Only the methods that Muster has a use for are known; any other is answered with 501.
package enum Method: String, Hashable, Sendable, CaseIterable {
  case get = "GET"
  case head = "HEAD"
  case post = "POST"
  case put = "PUT"
  case patch = "PATCH"
  case delete = "DELETE"
  case options = "OPTIONS"

  /// The method that is spelt by these bytes, which are compared case-sensitively.
  init?(_ bytes: Span<UInt8>) {
    switch bytes.count {
    case 3 where bytes.spells("GET"): self = .get
    case 3 where bytes.spells("PUT"): self = .put
    case 4 where bytes.spells("POST"): self = .post
    case 4 where bytes.spells("HEAD"): self = .head
    case 5 where bytes.spells("PATCH"): self = .patch
    case 6 where bytes.spells("DELETE"): self = .delete
    case 7 where bytes.spells("OPTIONS"): self = .options
    default: return nil
    }
  }
}

/// The version of the protocol that a message is written in.
package enum Version: Hashable, Sendable {
  /// HTTP/1.0: a connection closes after its answer unless both say otherwise.
  case http10
  /// HTTP/1.1: a connection stays open unless one says otherwise.
  case http11
}
