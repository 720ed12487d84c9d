import Testing

@testable import muster

@Suite("A document that is printed")
struct DocumentTests {
  private let report = "# Caf\u{E9}\r\n\tan \u{1B}[31malarm\u{202E}\n"

  @Test func `goes into a file or a program byte for byte`() {
    let printed = Terminal.document(report, isSeen: false)
    #expect(Array(printed.utf8) == Array(report.utf8))
  }

  @Test func `does not steer the terminal of whoever looks at it`() {
    #expect(Terminal.document(report, isSeen: true) == "# Caf\u{E9}\n an [31malarm\n")
  }
}
