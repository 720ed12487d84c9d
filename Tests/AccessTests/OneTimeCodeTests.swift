import Access
import Bytes
import Incidents
import Testing

@Suite("One-time codes")
struct OneTimeCodeTests {
  private let salt = [UInt8](repeating: 7, count: 16)

  @Test func `are four groups of four, of characters that are not mistaken`() {
    for _ in 0..<100 {
      let spelling = OneTimeCode.make().spelling
      let groups = spelling.split(separator: "-", omittingEmptySubsequences: false)
      #expect(groups.map(\.count) == [4, 4, 4, 4])
      #expect(!spelling.contains { "01IOabcdefghijklmnopqrstuvwxyz".contains($0) })
    }
  }

  @Test func `use each of 32 characters alike`() {
    let all = (0..<2_000).flatMap { _ in OneTimeCode.make().spelling.filter { $0 != "-" } }
    let counts = Dictionary(grouping: all, by: \.self).mapValues(\.count)
    #expect(counts.count == 32)
    // 1,000 each are expected; eight standard deviations off is no chance.
    #expect(counts.values.allSatisfy { (750...1_250).contains($0) })
  }

  @Test(arguments: [
    "K7QD-9MWX-3HTP-A2CE", "k7qd-9mwx-3htp-a2ce", "K7QD9MWX3HTPA2CE", "  k7qd 9mwx  3htp a2ce ",
  ])
  func `are taken as people type them`(typed: String) {
    #expect(OneTimeCode(typed)?.spelling == "K7QD-9MWX-3HTP-A2CE")
  }

  @Test(arguments: [
    "", "K7QD-9MWX-3HTP-A2C", "K7QD-9MWX-3HTP-A2CEE", "K7QD-9MWX-3HTP-A2C0",
    "K7QD-9MWX-3HTP-A2CI", "K7QD_9MWX_3HTP_A2CE", "K7QD-9MWX-3HTP-A2Cé",
    String(repeating: " ", count: 49) + "K7QD9MWX3HTPA2CE",
  ])
  func `are nothing else`(typed: String) {
    #expect(OneTimeCode(typed) == nil)
  }

  @Test func `are ten different ones, each found at its place`() {
    let (codes, sheet) = CodeSheet.make()
    #expect(Set(codes).count == 10)
    #expect(codes.map { sheet.place(of: $0) } == Array(0..<10))
    #expect(sheet.place(of: .make()) == nil)
    #expect(CodeSheet(of: codes, salt: salt) != sheet)
  }

  @Test func `work once`() {
    let (codes, made) = CodeSheet.make()
    var sheet = made
    let spent = [3, 3, 10, -1].map { sheet.spend($0) }
    #expect(spent == [true, false, false, false])
    #expect(sheet.place(of: codes[3]) == nil)
    #expect(sheet.place(of: codes[4]) == 4)
    #expect(sheet.unusedCount == 9)
  }

  @Test func `are read back as they were written`() throws {
    var sheet = CodeSheet.make().sheet
    let spent = [0, 9].map { sheet.spend($0) }
    #expect(spent == [true, true])
    var writer = ByteWriter()
    sheet.write(to: &writer)
    #expect(writer.bytes.count == 16 + 8 * 33 + 2)
    var reader = ByteReader(writer.bytes)
    #expect(try CodeSheet(from: &reader) == sheet)
    try reader.finish()
    reader = ByteReader(writer.bytes.dropLast())
    #expect(throws: MalformedBytes.tooShort(missing: 1)) { try CodeSheet(from: &reader) }
  }

  @Test func `are never printed`() {
    let (codes, sheet) = CodeSheet.make()
    #expect("\(codes[0])" == "····-····-····-····")
    #expect(!String(reflecting: codes[0]).contains(codes[0].spelling))
    #expect("\(sheet)" == "10 of 10 codes")
  }
}
