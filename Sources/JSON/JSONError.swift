/// Why a text could not be read as JSON, or not as what was expected, and where.
package struct JSONError: Error, Hashable, Sendable {
  /// What is wrong there.
  package enum Reason: Hashable, Sendable {
    /// The text ends where it has to go on.
    case endsEarly
    /// What stands there is not what has to: a value, a name, a comma.
    case expected(String)
    /// Something follows the one value of the text.
    case trailing
    /// Arrays and objects lie in each other deeper than the limit.
    case tooDeep(limit: Int)
    /// A string is longer than the limit, in bytes.
    case stringTooLong(limit: Int)
    /// A number is spelt in more bytes than the limit.
    case numberTooLong(limit: Int)
    /// A number is not spelt as JSON spells them.
    case malformedNumber
    /// A number is not whole, or does not fit the type that it is read as.
    case numberOutOfRange
    /// A backslash is not followed by an escape.
    case malformedEscape
    /// Half of a pair of surrogates without the other half.
    case loneSurrogate
    /// A control character stands in a string as it is.
    case controlCharacter
    /// A string is not UTF-8.
    case notText
    /// An object has two members of one name.
    case duplicateName(String)
  }

  /// What is wrong there.
  package let reason: Reason
  /// How many bytes stand before it.
  package let offset: Int
  /// Its line, counted from 1.
  package let line: Int
  /// Its place in the line in characters (Unicode scalars), counted from 1.
  package let column: Int

  /// What is wrong with byte `offset` of `bytes`. Costs a walk to there.
  init(_ reason: Reason, at offset: Int, of bytes: [UInt8]) {
    var line = 1
    var column = 1
    for byte in bytes[..<min(offset, bytes.count)] {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    self.reason = reason
    self.offset = offset
    self.line = line
    self.column = column
  }

  /// What is wrong, in words that can stand in a sentence: they have no full stop.
  package var detail: String {
    switch reason {
    case .endsEarly: "the text ends in the middle of a value"
    case .expected(let what): "\(what) was expected"
    case .trailing: "something follows the end of the value"
    case .tooDeep(let limit): "arrays and objects are nested deeper than \(limit)"
    case .stringTooLong(let limit): "a string is longer than \(limit) bytes"
    case .numberTooLong(let limit): "a number is longer than \(limit) bytes"
    case .malformedNumber: "a number is not spelt as JSON spells it"
    case .numberOutOfRange: "the number is not whole or out of range"
    case .malformedEscape: "a backslash is not followed by an escape"
    case .loneSurrogate: "a surrogate stands without its other half"
    case .controlCharacter: "a control character in a string is not escaped"
    case .notText: "a string is not UTF-8"
    case .duplicateName(let name): "\"\(name)\" is given twice"
    }
  }
}

extension JSONError: CustomStringConvertible {
  /// Where and what, as a sentence.
  package var description: String { "Line \(line), column \(column): \(detail)." }
}
