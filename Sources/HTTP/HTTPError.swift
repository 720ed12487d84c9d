/// Why a message was refused, named for what its sender did.
///
/// After any of these the rest of the connection has no known meaning: the answer closes it.
package enum HTTPError: Error, Hashable, Sendable {
  /// The first line is over its limit.
  case startLineTooLong(limit: Int)
  /// The first line is not method, target and version with one space between them.
  case malformedRequestLine
  /// The first line of an answer is not version, status and phrase.
  case malformedStatusLine
  /// A method that is well formed but that nobody here knows.
  case unknownMethod
  /// A version other than HTTP/1.0 and HTTP/1.1.
  case unsupportedVersion
  /// A target that is no path, or has characters or escapes that a path may not have.
  case malformedTarget
  /// A query with more parameters than the limit.
  case tooManyParameters(limit: Int)

  /// A carriage return or a line feed without the other.
  case bareLineEnd
  /// The header fields together are over their limit.
  case headerTooLarge(limit: Int)
  /// There are more header fields than the limit.
  case tooManyFields(limit: Int)
  /// A field without a colon, with an ill-formed name or with a control character in its value.
  case malformedField
  /// A field that continues on a line of its own.
  case foldedField
  /// Host is missing, empty, ill-formed, given twice, or not the host of the target.
  case invalidHost
  /// An expectation other than `100-continue`.
  case unknownExpectation

  /// Content-Length is given twice, or is not one number.
  case invalidLength
  /// Content-Length and Transfer-Encoding together.
  case lengthAndCoding
  /// A transfer coding other than `chunked`, or one in HTTP/1.0.
  case unknownCoding
  /// The body is over its limit.
  case bodyTooLarge(limit: Int)
  /// A chunk whose size or line end is wrong.
  case malformedChunk
  /// A chunked body with more framing than its content deserves.
  case chunkOverheadTooLarge
  /// The fields after a chunked body are over their limit.
  case trailersTooLarge(limit: Int)

  /// The sender took longer than it is given.
  case tooSlow
  /// The connection ended inside the message.
  case endedEarly

  /// The status that answers it.
  package var status: Status {
    switch self {
    case .malformedRequestLine, .malformedStatusLine, .malformedTarget, .bareLineEnd,
      .malformedField, .foldedField, .invalidHost, .invalidLength, .lengthAndCoding,
      .malformedChunk, .chunkOverheadTooLarge, .endedEarly:
      .badRequest
    case .tooSlow: .requestTimeout
    case .bodyTooLarge: .contentTooLarge
    case .startLineTooLong, .tooManyParameters: .uriTooLong
    case .unknownExpectation: .expectationFailed
    case .headerTooLarge, .tooManyFields, .trailersTooLarge: .fieldsTooLarge
    case .unknownMethod, .unknownCoding: .notImplemented
    case .unsupportedVersion: .versionNotSupported
    }
  }
}

extension HTTPError: CustomStringConvertible {
  /// What was wrong, in a sentence for whoever wrote the client.
  package var description: String {
    switch self {
    case .startLineTooLong(let limit): "The first line is longer than \(limit) bytes."
    case .malformedRequestLine: "The first line is not a method, a target and a version."
    case .malformedStatusLine: "The first line is not a version, a status and a phrase."
    case .unknownMethod: "The method is not one that this server knows."
    case .unsupportedVersion: "The version is neither HTTP/1.1 nor HTTP/1.0."
    case .malformedTarget: "The target is not a well-formed path and query."
    case .tooManyParameters(let limit): "The query has more than \(limit) parameters."
    case .bareLineEnd: "A line does not end in carriage return and line feed."
    case .headerTooLarge(let limit): "The header is larger than \(limit) bytes."
    case .tooManyFields(let limit): "The header has more than \(limit) fields."
    case .malformedField: "A header field is not a name, a colon and a printable value."
    case .foldedField: "A header field continues on a second line."
    case .invalidHost: "The header needs exactly one valid Host."
    case .unknownExpectation: "The only expectation that can be met is 100-continue."
    case .invalidLength: "Content-Length is not exactly one whole number."
    case .lengthAndCoding: "Content-Length and Transfer-Encoding contradict each other."
    case .unknownCoding: "The only transfer coding that is understood is chunked, in HTTP/1.1."
    case .bodyTooLarge(let limit): "The body is larger than \(limit) bytes."
    case .malformedChunk: "A chunk of the body has no valid size or end."
    case .chunkOverheadTooLarge: "The chunks of the body carry more framing than content."
    case .trailersTooLarge(let limit): "The fields after the body exceed \(limit) bytes."
    case .tooSlow: "The request took too long to arrive."
    case .endedEarly: "The connection ended in the middle of a message."
    }
  }
}
