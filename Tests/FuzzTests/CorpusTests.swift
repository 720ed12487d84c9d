import EventLoop
import FuzzSubjects
import Testing

/// What long runs of libFuzzer left: inputs that reach all that they reached, and those that broke
/// something once.
@Suite("Inputs that were found by chance")
struct CorpusTests {
  @Test(arguments: FuzzSubject.allCases)
  func `are read or refused`(subject: FuzzSubject) throws {
    let folder = "\(#filePath)".split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
    let file = "\(folder)/Corpus/\(subject).txt"
    let text = String(decoding: try Files.read(file, atMost: 16 << 20), as: UTF8.self)
    let lines = text.split(separator: "\n")
    #expect(lines.count > 10)
    for line in lines { subject.take(try bytes(line)) }
  }

  /// The bytes that two hexadecimal digits each stand for.
  private func bytes(_ line: Substring) throws -> [UInt8] {
    let digits = Array(line.utf8)
    return try stride(from: 0, to: digits.count, by: 2).map {
      try #require(
        UInt8(String(decoding: digits[$0..<min($0 + 2, digits.count)], as: UTF8.self), radix: 16))
    }
  }
}
