/// A whole request, as it was understood.
///
/// It is made by ``RequestParser``, which has checked every part of it.
package struct Request: Sendable, Equatable {
  /// What is asked to be done.
  package var method: Method
  /// The path as it was sent: it begins with "/", and its escapes are well formed.
  ///
  /// It is "*" when the server as a whole is meant, which only ``Method/options`` may do.
  package var path: String
  /// What follows the "?".
  package var query: Query
  /// The header fields, Host and those of the framing among them.
  package var fields: Fields
  /// The content, without any chunked coding.
  package var body: [UInt8]
  /// The version that it was written in.
  package var version: Version
  /// Whether its sender wants to send another on the same connection.
  package var keepAlive: Bool

  /// A request that was not read from a connection.
  package init(
    _ method: Method, _ path: String, query: Query = Query(), fields: Fields = Fields(),
    body: [UInt8] = [], version: Version = .http11, keepAlive: Bool = true
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.fields = fields
    self.body = body
    self.version = version
    self.keepAlive = keepAlive
  }
}
