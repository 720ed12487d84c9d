/// A value that one segment of a path can stand for, such as an incident's id.
///
/// A segment that is no such value is a page that does not exist: the router answers "not found".
package protocol PathParameter: Sendable {
  /// The value that `pathSegment` spells, its escapes undone, or `nil` when it spells none.
  init?(pathSegment: String)
}

extension String: PathParameter {
  /// Any segment that is not empty.
  package init?(pathSegment: String) {
    guard !pathSegment.isEmpty else { return nil }
    self = pathSegment
  }
}

extension Int: PathParameter {
  /// A whole number in decimal digits, without a sign.
  package init?(pathSegment: String) {
    guard pathSegment.utf8.allSatisfy(\.isDigit) else { return nil }
    self.init(pathSegment)
  }
}

/// One address of a server: a method, a pattern of a path, and who answers there.
///
/// The pattern is literal but for segments that begin with ":", which stand for the parameters of
/// the handler in their order:
///
///     Route.post("/v1/incidents/:incident/notes") { exchange, incident in … }
///
/// `Context` is what a server passes to each handler, such as the request with its caller.
package struct Route<Context>: Sendable {
  /// A handler with the values of its path already in place.
  package typealias Handler = @Sendable (Context) async throws -> Response

  /// What may be done there.
  package let method: Method
  /// The address, with ":name" for each parameter.
  package let pattern: String
  /// Binds the decoded segments that stand for parameters; `nil` when one is no such value.
  let bind: @Sendable ([String]) -> Handler?

  /// A route to a handler of as many parameters as the pattern names.
  ///
  /// Another number of them, or a pattern that does not begin with "/", is a caller's mistake.
  package init<each Parameter: PathParameter>(
    _ method: Method, _ pattern: String,
    _ handler: @escaping @Sendable (Context, repeat each Parameter) async throws -> Response
  ) {
    precondition(pattern.utf8.first == UInt8(ascii: "/"), "\(pattern) does not begin with a \"/\".")
    self.method = method
    self.pattern = pattern
    bind = { segments in
      var rest = segments[...]
      func next<Value: PathParameter>(_: Value.Type) -> Value? {
        rest.popFirst().flatMap(Value.init(pathSegment:))
      }
      let values = (repeat next((each Parameter).self))
      for isMissing in repeat (each values) == nil {
        if isMissing { return nil }
      }
      return { context in try await handler(context, repeat (each values)!) }
    }
    var expected = 0
    for _ in repeat (each Parameter).self { expected += 1 }
    precondition(
      parameters.count == expected,
      "\(pattern) names \(parameters.count) parameters, its handler takes \(expected).")
  }

  /// The names of the pattern's parameters, in order and without their ":".
  package var parameters: [String] {
    pattern.split(separator: "/").filter { $0.first == ":" }.map { String($0.dropFirst()) }
  }
}

extension Route {
  /// A page to read. HEAD is answered by it too.
  package static func get<each Parameter: PathParameter>(
    _ pattern: String,
    _ handler: @escaping @Sendable (Context, repeat each Parameter) async throws -> Response
  ) -> Route {
    Route(.get, pattern, handler)
  }

  /// Something that is done once.
  package static func post<each Parameter: PathParameter>(
    _ pattern: String,
    _ handler: @escaping @Sendable (Context, repeat each Parameter) async throws -> Response
  ) -> Route {
    Route(.post, pattern, handler)
  }

  /// Something that is put in the place of what was there.
  package static func put<each Parameter: PathParameter>(
    _ pattern: String,
    _ handler: @escaping @Sendable (Context, repeat each Parameter) async throws -> Response
  ) -> Route {
    Route(.put, pattern, handler)
  }

  /// Something that is taken away.
  package static func delete<each Parameter: PathParameter>(
    _ pattern: String,
    _ handler: @escaping @Sendable (Context, repeat each Parameter) async throws -> Response
  ) -> Route {
    Route(.delete, pattern, handler)
  }
}
