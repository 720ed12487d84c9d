import EventLoop
import Testing

@testable import muster

/// The commands that the README and the documentation show.
@Suite("The manual")
struct ManualTests {
  private static let root =
    "/" + "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")

  private static let pages = [
    "README.md", "Sources/Gateway/Gateway.docc/UseTheCommandLine.md",
    "Sources/Gateway/Gateway.docc/ReadTheStream.md",
    "Sources/Gateway/Gateway.docc/DeclareFromMonitoring.md",
    "Sources/Notifier/Notifier.docc/Sign-a-webhook.md",
  ]

  /// What stands behind `muster` wherever a page shows a command, in a block or between backticks.
  private func commands(in page: String) throws -> [[String]] {
    let bytes = try Files.read("\(Self.root)/\(page)", atMost: 1 << 20)
    var shown: [Substring] = []
    var isBlock = false
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      if line.hasPrefix("```") {
        isBlock.toggle()
      } else if isBlock {
        shown.append(line)
      } else {
        let parts = line.split(separator: "`", omittingEmptySubsequences: false)
        shown += parts.indices.filter { $0 % 2 == 1 }.map { parts[$0] }
      }
    }
    return shown.flatMap { line in
      line.replacing(";", with: "&&").split(separator: "&&").compactMap { part in
        // The table of the rooms has what stands in the one of this name.
        guard !part.contains("muster  ") else { return nil }
        var words = part.split(separator: " ").map(String.init)
        guard let first = words.first, first == "muster" || first.hasSuffix("/muster") else {
          return nil
        }
        words.removeFirst()
        return words.isEmpty ? nil : words
      }
    }
  }

  @Test func `shows commands that there are, with options that they take`() throws {
    var count = 0
    for page in Self.pages {
      for words in try commands(in: page) {
        let verb = Muster.table.verbs.filter { words.starts(with: $0.words) }
          .max { $0.words.count < $1.words.count }
        guard let verb else {
          let isGroup = Muster.table.verbs.contains { $0.words.first == words[0] }
          #expect(isGroup || words[0].hasPrefix("-") || words[0] == "COMMAND", "\(page): \(words)")
          continue
        }
        count += 1
        // What stands behind a pipe or an arrow is of another command.
        let own = words.prefix { !["|", ">", "<", "#"].contains($0) }
        for word in own where word.hasPrefix("--") {
          let name = word.dropFirst(2).prefix { $0.isLetter || $0 == "-" }
          #expect(
            name == "help" || verb.options.contains { $0.name == name },
            "\(page): \(verb.words) takes no \(word)")
        }
      }
    }
    #expect(count > 100)
  }

  @Test func `says how each command ends`() throws {
    let bytes = try Files.read(
      "\(Self.root)/Sources/Gateway/Gateway.docc/UseTheCommandLine.md", atMost: 1 << 20)
    let page = String(decoding: bytes, as: UTF8.self)
    for code in ExitCode.allCases { #expect(page.contains("| \(code.rawValue) | \(code.meaning)")) }
  }
}
