import CSV
import Testing

@Suite("CSV")
struct CSVTests {
  private func read(
    _ text: String, limits: CSVReader.Limits = .init()
  ) throws(CSVError) -> [[String]] {
    var reader = CSVReader(Array(text.utf8), limits: limits)
    return try reader.rows()
  }

  private func error(_ bytes: [UInt8], limits: CSVReader.Limits = .init()) -> CSVError? {
    var reader = CSVReader(bytes, limits: limits)
    do throws(CSVError) {
      _ = try reader.rows()
      return nil
    } catch {
      return error
    }
  }

  /// The examples of RFC 4180, section 2, and what it leaves open.
  @Test(arguments: [
    ("aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n", [["aaa", "bbb", "ccc"], ["zzz", "yyy", "xxx"]]),
    ("aaa,bbb,ccc\r\nzzz,yyy,xxx", [["aaa", "bbb", "ccc"], ["zzz", "yyy", "xxx"]]),
    (
      "\"aaa\",\"b\r\nbb\",\"ccc\"\r\nzzz,yyy,xxx",
      [["aaa", "b\r\nbb", "ccc"], ["zzz", "yyy", "xxx"]]
    ),
    ("\"aaa\",\"b\"\"bb\",\"ccc\"", [["aaa", "b\"bb", "ccc"]]),
    ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]), ("a,b\r\nc,d\n", [["a", "b"], ["c", "d"]]),
    ("", []), ("\n", [[""]]), (",", [["", ""]]), ("\"\"", [[""]]), ("\"\"\"\"", [["\""]]),
    (" a , b ", [[" a ", " b "]]), ("\u{FEFF}a,b", [["a", "b"]]), ("é,😀", [["é", "😀"]]),
    ("+44 20,=1+1", [["+44 20", "=1+1"]]),
  ])
  func `is read`(text: String, rows: [[String]]) throws {
    #expect(try read(text) == rows)
  }

  @Test(arguments: [
    ("a,b\nc,d\"e\n", "Row 2, column 2: a quote stands in a field that is not quoted."),
    ("a, \"b\"", "Row 1, column 2: a quote stands in a field that is not quoted."),
    ("\"a\"b", "Row 1, column 1: something follows the quote that ends a field."),
    ("\"a\" ,b", "Row 1, column 1: something follows the quote that ends a field."),
    ("a,\"b\nc", "Row 1, column 2: the text ends within quotes."),
    ("a\rb", "Row 1, column 1: a carriage return stands without a line feed."),
    ("a,b\r", "Row 1, column 2: a carriage return stands without a line feed."),
    ("a,b\n\"x\ny\",d\ne\n", "Row 3, column 1: the number of fields is 1 and should be 2."),
    ("a,b\nc,d,e", "Row 2, column 3: the number of fields is 3 and should be 2."),
    ("a,b\n\nc,d", "Row 2, column 1: the number of fields is 1 and should be 2."),
    ("a,\u{0}", "Row 1, column 2: a field is not UTF-8 text."),
  ])
  func `that is not well formed is refused, and where`(text: String, expected: String) {
    #expect(error(Array(text.utf8))?.description == expected)
  }

  @Test func `that is not UTF-8 is refused`() {
    #expect(error([0x61, 0x2C, 0xFF])?.reason == .notText)
    #expect(error([0x22, 0xC0, 0xAF, 0x22])?.reason == .notText)
  }

  @Test func `has bounds`() throws {
    let limits = CSVReader.Limits(field: 3, fields: 2, rows: 2)
    #expect(try read("abc,\"a\"\"c\"\nd,e", limits: limits) == [["abc", "a\"c"], ["d", "e"]])
    let reasons = ["abcd", "\"abcd\"", "a,b,c", "a\nb\nc"].map {
      error(Array($0.utf8), limits: limits)?.reason
    }
    #expect(
      reasons == [
        .fieldTooLong(limit: 3), .fieldTooLong(limit: 3), .tooManyFields(limit: 2),
        .tooManyRows(limit: 2),
      ])
  }

  @Test func `is written with quotes only where they are needed`() {
    var csv = CSVWriter()
    csv.row(["name", "a,b", "a\"b", "a\nb", " a ", ""])
    csv.row(["é", "+44", "=1", "-", "@", "a\rb"])
    #expect(
      String(decoding: csv.bytes, as: UTF8.self)
        == "name,\"a,b\",\"a\"\"b\",\"a\nb\", a ,\r\né,+44,=1,-,@,\"a\rb\"\r\n")
  }

  @Test func `is no formula for people with a spreadsheet`() {
    var csv = CSVWriter(for: .spreadsheets)
    csv.row(["=1+1", "+44", "-1", "@x", "\tx", "\rx", "a=1", ""])
    #expect(
      String(decoding: csv.bytes, as: UTF8.self)
        == "'=1+1,'+44,'-1,'@x,'\tx,\"'\rx\",a=1,\r\n")
  }

  @Test(arguments: 0..<20)
  func `comes back as it was, and the same bytes again`(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let pieces = ["a", "\"", ",", "\r", "\n", "\r\n", " ", "é", "😀", "\u{FEFF}", "=", "'", "\t"]
    for _ in 0..<200 {
      let width = Int.random(in: 1...4, using: &random)
      let rows = (0..<Int.random(in: 0...5, using: &random)).map { _ in
        (0..<width).map { _ in
          (0..<Int.random(in: 0...6, using: &random))
            .map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }.joined()
        }
      }
      let written = write(rows)
      var reader = CSVReader(written)
      let read = try reader.rows()
      #expect(read.map { $0.map { Array($0.utf8) } } == rows.map { $0.map { Array($0.utf8) } })
      #expect(write(read) == written)
    }
  }

  @Test(arguments: 0..<20)
  func `of any bytes is rows or an error, and what is read comes back`(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let bytes = Array("\",\r\na".utf8) + [0xFF]
    for _ in 0..<500 {
      let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in
        bytes[Int.random(in: 0..<bytes.count, using: &random)]
      }
      var reader = CSVReader(text)
      // Most of them are errors, which is as good an answer.
      guard let rows = try? reader.rows() else { continue }
      var again = CSVReader(write(rows))
      #expect(try again.rows() == rows)
    }
  }

  private func write(_ rows: [[String]]) -> [UInt8] {
    var csv = CSVWriter()
    for row in rows { csv.row(row) }
    return csv.bytes
  }
}

/// Random numbers that are the same for the same seed.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
