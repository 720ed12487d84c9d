/// The header fields of a head that is still arriving, and what they say about its framing.
struct FieldSection: Sendable {
  /// What the message says about how it goes on.
  struct Framing: Sendable {
    var length: Int?
    var isChunked = false
    var hosts = 0
    var host: Fields.Place?
    var closes = false
    var keepsAlive = false
    var expectsContinue = false
  }

  /// Reserved for a typical head, so that it costs one allocation each.
  private static let typicalBytes = 512
  private static let typicalFields = 16

  private(set) var storage: [UInt8] = []
  private(set) var places: [Fields.Place] = []
  private(set) var framing = Framing()
  /// Bytes taken so far, line ends included.
  private var size = 0

  /// The fields, when all have arrived.
  var fields: Fields { Fields(storage: storage, places: places) }

  /// Takes lines from `input`.
  ///
  /// - Returns: Whether the empty line that ends them has arrived.
  mutating func take(
    from input: inout MessageInput, limits: Limits
  ) throws(HTTPError) -> Bool {
    let tooLarge = HTTPError.headerTooLarge(limit: limits.header)
    if storage.isEmpty {
      storage.reserveCapacity(Self.typicalBytes)
      places.reserveCapacity(Self.typicalFields)
    }
    while true {
      // The line end counts too; when even that does not fit, nothing can follow.
      let room = limits.header - size - 2
      guard room >= 0 else { throw tooLarge }
      guard let length = try input.line(limit: room, over: tooLarge) else { return false }
      size += length + 2
      if length == 0 {
        input.take(2)
        return true
      }
      guard places.count < limits.fields else { throw .tooManyFields(limit: limits.fields) }
      try take(line: input.bytes.span.extracting(input.front(length)))
      storage.append(contentsOf: input.bytes[input.front(length)])
      input.take(length + 2)
    }
  }

  /// Understands the line that is appended to ``storage`` next.
  private mutating func take(line: Span<UInt8>) throws(HTTPError) {
    let place = try Self.parse(line, shiftedBy: storage.count)
    try note(line, place, shiftedBy: storage.count)
    places.append(place)
  }

  /// Finds name and value in a line; their places count from the front of ``storage``.
  private static func parse(
    _ line: Span<UInt8>, shiftedBy shift: Int
  ) throws(HTTPError) -> Fields.Place {
    var colon = 0
    while colon < line.count, line[colon].isToken { colon += 1 }
    guard colon > 0, colon < line.count, line[colon] == UInt8(ascii: ":") else {
      throw line[0].isBlank ? .foldedField : .malformedField
    }
    var start = colon + 1
    var end = line.count
    while start < end, line[start].isBlank { start += 1 }
    while end > start, line[end - 1].isBlank { end -= 1 }
    for index in start..<end where !line[index].isFieldText {
      throw line[index] == UInt8(ascii: "\r") ? .bareLineEnd : .malformedField
    }
    return Fields.Place(
      nameStart: UInt32(shift), nameEnd: UInt32(shift + colon),
      valueStart: UInt32(shift + start), valueEnd: UInt32(shift + end))
  }

  /// Remembers what a field says about the framing.
  private mutating func note(
    _ line: Span<UInt8>, _ place: Fields.Place, shiftedBy shift: Int
  ) throws(HTTPError) {
    let name = line.extracting(0..<Int(place.nameEnd) - shift)
    let value = line.extracting(Int(place.valueStart) - shift..<Int(place.valueEnd) - shift)
    switch name.count {
    case 4 where name.spellsInAnyCase("host"):
      framing.hosts += 1
      framing.host = place
      guard framing.hosts == 1, Target.isHost(value) else { throw .invalidHost }
    case 6 where name.spellsInAnyCase("expect"):
      guard value.spellsInAnyCase("100-continue") else { throw .unknownExpectation }
      framing.expectsContinue = true
    case 10 where name.spellsInAnyCase("connection"):
      noteConnection(value)
    case 14 where name.spellsInAnyCase("content-length"):
      guard framing.length == nil, let length = Self.length(value) else { throw .invalidLength }
      guard !framing.isChunked else { throw .lengthAndCoding }
      framing.length = length
    case 17 where name.spellsInAnyCase("transfer-encoding"):
      guard !framing.isChunked, value.spellsInAnyCase("chunked") else { throw .unknownCoding }
      guard framing.length == nil else { throw .lengthAndCoding }
      framing.isChunked = true
    default:
      break
    }
  }

  private mutating func noteConnection(_ value: Span<UInt8>) {
    var start = 0
    while start < value.count {
      var end = start
      while end < value.count, value[end] != UInt8(ascii: ",") { end += 1 }
      var last = end
      while start < last, value[start].isBlank { start += 1 }
      while last > start, value[last - 1].isBlank { last -= 1 }
      let option = value.extracting(start..<last)
      if option.spellsInAnyCase("close") { framing.closes = true }
      if option.spellsInAnyCase("keep-alive") { framing.keepsAlive = true }
      start = end + 1
    }
  }

  /// The number that is spelt by digits alone, at most eighteen of them.
  private static func length(_ value: Span<UInt8>) -> Int? {
    guard (1...18).contains(value.count) else { return nil }
    var length = 0
    for index in 0..<value.count {
      guard value[index].isDigit else { return nil }
      length = length * 10 + Int(value[index] & 0xF)
    }
    return length
  }
}
