import EventLoop
import Glibc
import Testing

@testable import muster

/// What a shell may do to the standard streams of a command.
@Suite("A command's standard streams")
struct StreamsOfTheShellTests {
  /// The exit code of the program in a shell, with what the shell does to its streams.
  private func code(_ line: String) throws -> Int32 {
    let program = Files.folder(of: try Launcher.thisProgram()) + "/muster"
    let script = """
      set -o pipefail; unset ${!MUSTER_*}; export HOME=/nowhere
      timeout -k 1 20 "\(program)" \(line)
      """
    return unsafe system("bash --norc -c '\(script)'") >> 8 & 0xFF
  }

  @Test(arguments: [
    ("completions bash >/dev/null", 0), ("completions bash <&- >&- 2>&-", 0),
    ("completions bash >&-", 0), ("login --endpoint 127.0.0.1:1 <&- 2>/dev/null", 2),
    // What could not be written is said, also where all else went well.
    ("completions bash >/dev/full 2>/dev/null", 2), ("--help >/dev/full 2>/dev/null", 2),
    // Whoever has read enough is nobody to complain to.
    ("completions bash | true", 0),
  ])
  func `may be closed, full or away`(line: String, code: Int32) throws {
    #expect(try self.code(line) == code)
  }
}
