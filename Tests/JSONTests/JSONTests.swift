import JSON
import Testing

@Suite("JSON")
struct JSONTests {
  private func parse(_ text: String) throws(JSONError) -> JSONValue {
    try JSONValue(parsing: Array(text.utf8))
  }

  private func reason(_ bytes: [UInt8]) -> JSONError.Reason? {
    do throws(JSONError) {
      _ = try JSONValue(parsing: bytes)
      return nil
    } catch {
      return error.reason
    }
  }

  @Test(arguments: [
    ("null", JSONValue.Kind.null), (" true\n", .bool(true)), ("false", .bool(false)),
    ("0", .number("0")), ("-0", .number("-0")), ("-12.50e+3", .number("-12.50e+3")),
    ("1E400", .number("1E400")), ("\"\"", .string("")),
    (#""a\"\\\/\b\f\n\r\té""#, .string("a\"\\/\u{8}\u{c}\n\r\té")),
    (#""😀""#, .string("😀")), ("\"é😀\"", .string("é😀")), ("[]", .array([])),
    ("[1,[2]]", .array([1, [2]])), ("{}", .object([])),
    (
      #"{"a":1,"b":{"a":null}}"#,
      .object([.init("a", 1), .init("b", ["a": nil])])
    ),
  ])
  func `is read`(text: String, kind: JSONValue.Kind) throws {
    let value = try parse(text)
    #expect(value.kind == kind)
    // What was written is read as the same again.
    #expect(try JSONValue(parsing: value.serialised()) == value)
    #expect(try JSONValue(parsing: value.serialised(.pretty)) == value)
  }

  @Test(arguments: [
    ("", JSONError.Reason.endsEarly), ("[", .endsEarly), ("{\"a\"", .endsEarly),
    ("\"a", .endsEarly), ("-", .endsEarly), ("1.", .endsEarly), ("1e", .endsEarly),
    ("tru", .expected("true or false")), ("nul", .expected("null")), ("True", .expected("a value")),
    ("1 2", .trailing), ("{}x", .trailing), ("\u{FEFF}1", .expected("a value")),
    ("[1,]", .expected("a value")), ("[1 2]", .expected("a comma or ]")),
    ("{\"a\":1,}", .expected("a name")), ("{a:1}", .expected("a name")),
    ("{\"a\" 1}", .expected("a colon")), ("{\"a\":1 \"b\":2}", .expected("a comma or }")),
    ("01", .malformedNumber), ("1.e2", .malformedNumber), ("-a", .malformedNumber),
    ("+1", .expected("a value")), (".5", .expected("a value")), ("NaN", .expected("a value")),
    ("'a'", .expected("a value")), ("// x\n1", .expected("a value")),
    ("\"\u{1}\"", .controlCharacter), ("\"\n\"", .controlCharacter),
    (#""\x""#, .malformedEscape), (#""\u12g4""#, .malformedEscape), (#""\u12""#, .malformedEscape),
    (#""\ud83d""#, .loneSurrogate), (#""\ude00""#, .loneSurrogate),
    (#""\ud83dA""#, .loneSurrogate),
    (#"{"a":1,"a":2}"#, .duplicateName("a")), (#"{"a":1,"a":2}"#, .duplicateName("a")),
  ])
  func `that is not well formed is refused`(text: String, expected: JSONError.Reason) {
    #expect(reason(Array(text.utf8)) == expected)
  }

  @Test(
    arguments: [
      [0x22, 0xFF, 0x22], [0x22, 0xC0, 0xAF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
      [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0x22, 0xE2, 0x82, 0x22],
    ] as [[UInt8]])
  func `that is not UTF-8 is refused`(bytes: [UInt8]) {
    #expect(reason(bytes) == .notText)
    var reader = JSONReader(bytes)
    #expect(throws: JSONError.self) { try reader.skip() }
  }

  @Test func `is nested so deep and no deeper`() {
    let nested = { (depth: Int) in
      Array(String(repeating: "[", count: depth).utf8)
        + Array(String(repeating: "]", count: depth).utf8)
    }
    #expect(reason(nested(JSONReader.deepest)) == nil)
    #expect(reason(nested(JSONReader.deepest + 1)) == .tooDeep(limit: JSONReader.deepest))
    #expect(reason(Array(String(repeating: "{\"a\":", count: 100_000).utf8)) != nil)
  }

  @Test func `has bounds for strings and numbers`() throws {
    var reader = JSONReader(Array("\"abcd\"".utf8), longestString: 4)
    #expect(try reader.string() == "abcd")
    reader = JSONReader(Array("\"abcde\"".utf8), longestString: 4)
    #expect(throws: JSONError.self) { try reader.string() }
    let digits = { (count: Int) in Array(String(repeating: "1", count: count).utf8) }
    #expect(reason(digits(JSONReader.longestNumber)) == nil)
    #expect(reason(digits(JSONReader.longestNumber + 1)) == .numberTooLong(limit: 128))
  }

  @Test(arguments: [
    ("0", 0 as Int64?), ("-0", 0), ("9223372036854775807", .max), ("-9223372036854775808", .min),
    ("9223372036854775808", nil), ("-9223372036854775809", nil), ("1.0", nil), ("1e2", nil),
  ])
  func `has whole numbers`(text: String, number: Int64?) throws {
    var reader = JSONReader(Array(text.utf8))
    if let number {
      #expect(try reader.int64() == number)
    } else {
      #expect(throws: JSONError.self) { try reader.int64() }
    }
  }

  @Test func `has other numbers`() throws {
    var reader = JSONReader(Array("[1.5e2,-0.1,1e999]".utf8))
    try reader.beginArray()
    _ = try reader.nextElement()
    #expect(try reader.double() == 150)
    _ = try reader.nextElement()
    #expect(try reader.double() == -0.1)
    _ = try reader.nextElement()
    #expect(throws: JSONError.self) { try reader.double() }
  }

  @Test func `points at the mistake`() throws {
    let text = "{\n  \"é\": 1,\n  \"é\", 2\n}"
    let error = #expect(throws: JSONError.self) { try parse(text) }
    #expect(error?.line == 3)
    #expect(error?.column == 6)
    #expect(error?.description == "Line 3, column 6: a colon was expected.")
    let value = try parse("{\n\n\"a\":\n1}")
    guard case .object(let members) = value.kind else { return }
    #expect(members.first?.line == 3)
    #expect(members.first?.value.line == 4)
  }

  @Test func `is walked without being kept, and skipped`() throws {
    var json = JSONReader(
      Array(#"{"skip":{"a":[1,"\n",true,null]},"title":"x","tags":["a","b"]}"#.utf8))
    var title: String?
    var tags: [String] = []
    try json.beginObject()
    while let name = try json.nextName() {
      switch name {
      case "title": title = try json.string()
      case "tags":
        try json.beginArray()
        while try json.nextElement() { tags.append(try json.string()) }
      default: try json.skip()
      }
    }
    try json.finish()
    #expect(title == "x")
    #expect(tags == ["a", "b"])
  }

  @Test func `is written with its commas in their places`() {
    var json = JSONWriter()
    json.beginObject()
    json.name("a")
    json.beginArray()
    json.value(1)
    json.value(-2.5)
    json.value(Int64.min)
    json.value(UInt64.max)
    json.beginObject()
    json.endObject()
    json.endArray()
    json.name("b\"\u{1}")
    json.value("\u{7F}\u{1F}\n/")
    json.name("c")
    json.null()
    json.endObject()
    #expect(
      String(decoding: json.bytes, as: UTF8.self)
        == #"{"a":[1,-2.5,-9223372036854775808,18446744073709551615,{}],"b\"\u0001":"\#u{7F}\u001f\n/","c":null}"#
    )
    let pretty = (["a": [1], "b": []] as JSONValue).serialised(.pretty)
    #expect(
      String(decoding: pretty, as: UTF8.self) == "{\n  \"a\": [\n    1\n  ],\n  \"b\": []\n}")
  }
}

/// Trees and texts made by chance, the same ones every time.
@Suite("JSON made by chance")
struct JSONChanceTests {
  private struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  private func text(_ random: inout SplitMix) -> String {
    let letters = Array("aé😀\"\\\n\u{0}\u{7F}/ ")
    return String(
      (0..<Int.random(in: 0...6, using: &random)).map { _ in
        letters.randomElement(using: &random)!
      })
  }

  private func tree(_ depth: Int, _ random: inout SplitMix) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 6 : 4), using: &random) {
    case 0: return nil
    case 1: return JSONValue(.bool(Bool.random(using: &random)))
    case 2: return JSONValue(.number("\(Int64.random(in: .min ... .max, using: &random))"))
    case 3: return JSONValue(.string(text(&random)))
    case 4:
      return JSONValue(
        .array((0..<Int.random(in: 0...4, using: &random)).map { _ in tree(depth - 1, &random) }))
    default:
      // More than a few, so that names are looked up in both ways.
      let count = Int.random(in: 0...12, using: &random)
      return JSONValue(
        .object(
          (0..<count).map { .init("\($0)" + text(&random), tree(depth - 1, &random)) }))
    }
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `is read as it was written`(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    for _ in 0..<100 {
      let value = tree(4, &random)
      #expect(try JSONValue(parsing: value.serialised()) == value)
      #expect(try JSONValue(parsing: value.serialised(.pretty)) == value)
    }
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `that was damaged is read or refused, alike by both readers`(seed: UInt64) {
    var random = SplitMix(state: seed)
    for _ in 0..<400 {
      var bytes = tree(4, &random).serialised()
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.insert(Array("{}[],:\"\\0e-".utf8).randomElement(using: &random)!, at: place)
        default: bytes.remove(at: place)
        }
        if bytes.isEmpty { bytes = [0x20] }
      }
      let value = try? JSONValue(parsing: bytes)
      var reader = JSONReader(bytes)
      var isSkipped = false
      do throws(JSONError) {
        try reader.skip()
        try reader.finish()
        isSkipped = true
      } catch {
        #expect(error.offset <= bytes.count && error.line > 0 && error.column > 0)
      }
      // Only two members of one name are refused by one and not the other.
      if value != nil { #expect(isSkipped) }
      if let value { #expect((try? JSONValue(parsing: value.serialised())) == value) }
    }
  }
}
