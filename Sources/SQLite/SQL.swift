/// A statement with its values beside it: an interpolated value is bound, never spliced in.
///
/// ```swift
/// try database.run("DELETE FROM outcome WHERE day < \(day)")
/// ```
///
/// For cold paths: the text is built anew each time. A hot path keeps a ``Statement``.
package struct SQL: ExpressibleByStringInterpolation, Hashable, Sendable {
  /// The statement, with a `?` for each value.
  package private(set) var text: String
  /// The values, in the order of their question marks.
  package private(set) var values: [Value]

  package init(stringLiteral text: String) {
    self.text = text
    values = []
  }

  package init(stringInterpolation: StringInterpolation) {
    text = stringInterpolation.text
    values = stringInterpolation.values
  }

  /// Text and values of two statements, one after the other.
  package static func + (left: SQL, right: SQL) -> SQL {
    var whole = left
    whole.text += right.text
    whole.values += right.values
    return whole
  }

  package static func += (left: inout SQL, right: SQL) { left = left + right }

  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text = ""
    fileprivate var values: [Value] = []

    package init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + interpolationCount)
      values.reserveCapacity(interpolationCount)
    }

    package mutating func appendLiteral(_ literal: String) { text += literal }

    package mutating func appendInterpolation(_ value: some Bindable) {
      text += "?"
      values.append(value.bound)
    }

    package mutating func appendInterpolation(_ value: (some Bindable)?) {
      text += "?"
      values.append(value.bound)
    }
  }
}

/// A value as SQLite stores it.
package enum Value: Hashable, Sendable {
  case null
  case integer(Int64)
  case text(String)
  case blob([UInt8])
}

/// What can be bound to a statement.
package protocol Bindable {
  /// The value as SQLite stores it.
  var bound: Value { get }
}

extension Value: Bindable {
  package var bound: Value { self }
}

extension Int64: Bindable {
  package var bound: Value { .integer(self) }
}

extension Int: Bindable {
  package var bound: Value { .integer(Int64(self)) }
}

extension UInt64: Bindable {
  /// An index or a count; more than `Int64.max` is a caller's mistake, for its order would be lost.
  package var bound: Value { .integer(Int64(self)) }
}

extension UInt8: Bindable {
  package var bound: Value { .integer(Int64(self)) }
}

extension UInt16: Bindable {
  package var bound: Value { .integer(Int64(self)) }
}

extension UInt32: Bindable {
  package var bound: Value { .integer(Int64(self)) }
}

extension Bool: Bindable {
  package var bound: Value { .integer(self ? 1 : 0) }
}

extension String: Bindable {
  package var bound: Value { .text(self) }
}

extension [UInt8]: Bindable {
  package var bound: Value { .blob(self) }
}

extension Optional: Bindable where Wrapped: Bindable {
  package var bound: Value { self?.bound ?? .null }
}
