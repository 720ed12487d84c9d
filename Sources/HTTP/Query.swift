/// The parameters after the "?" of a target, in the order in which they stand there.
///
/// They are read as a browser's form writes them: "&" between, "+" for a space, escapes undone.
package struct Query: Sendable, Hashable {
  /// One parameter, its escapes undone. Without "=" its value is empty.
  package struct Parameter: Sendable, Hashable {
    /// What stands before the "=".
    package var name: String
    /// What stands after it.
    package var value: String

    /// A parameter of this name and value.
    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// All of them.
  package var parameters: [Parameter]

  /// A query of these parameters.
  package init(_ parameters: [Parameter] = []) { self.parameters = parameters }

  /// The first value of this name, which is compared exactly.
  package subscript(name: String) -> String? {
    parameters.first { $0.name == name }?.value
  }

  /// Every value of this name, in order.
  package func all(_ name: String) -> [String] {
    parameters.filter { $0.name == name }.map(\.value)
  }

  /// The query as it is written after a "?", whatever its values contain.
  package var encoded: String {
    parameters.map { "\(percentEncoded($0.name))=\(percentEncoded($0.value))" }
      .joined(separator: "&")
  }

  /// What a browser's form sends as a body (`application/x-www-form-urlencoded`); `nil` for anything that
  /// no form sends.
  ///
  /// - Parameter limit: How many parameters there may be.
  package init?(form body: [UInt8], limit: Int) {
    do throws(HTTPError) {
      try self.init(body.span, limit: limit)
    } catch {
      return nil
    }
  }

  /// Reads the bytes between "?" and the end of a target.
  init(_ bytes: Span<UInt8>, limit: Int) throws(HTTPError) {
    parameters = []
    var start = 0
    while start < bytes.count {
      var end = start
      var middle: Int?
      while end < bytes.count, bytes[end] != UInt8(ascii: "&") {
        if middle == nil, bytes[end] == UInt8(ascii: "=") { middle = end }
        end += 1
      }
      if end > start {
        guard parameters.count < limit else { throw .tooManyParameters(limit: limit) }
        let name = bytes.extracting(start..<(middle ?? end))
        let value = bytes.extracting((middle.map { $0 + 1 } ?? end)..<end)
        guard
          let name = percentDecoded(name, plusIsSpace: true),
          let value = percentDecoded(value, plusIsSpace: true)
        else { throw .malformedTarget }
        parameters.append(Parameter(name: name, value: value))
      }
      start = end + 1
    }
  }
}
