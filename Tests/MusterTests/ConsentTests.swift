import Testing

@testable import muster

@Suite("What cannot be undone")
struct ConsentTests {
  private static let verb = Verb("wipe", "Wipe.", options: [Consent.yes]) { _ in .done }

  private func obtain(_ words: [String] = [], from asked: Consent.Asked) throws(Failure) {
    try Consent.obtain("All is lost.", try Invocation(Self.verb, words), from: asked)
  }

  @Test func `is done at once where a script says so`() throws {
    try obtain(["--yes"], from: .nobody)
  }

  @Test func `is refused, with what would happen, where nobody can be asked`() {
    #expect(
      throws: Failure(
        .refused, "All is lost.\nNothing was changed. To do it, add --yes.")
    ) { try obtain(from: .nobody) }
  }

  @Test func `is done where whoever is asked types yes`() throws {
    try obtain(from: .atTerminal { $0 == "All is lost.\nType yes to do it: " ? "yes" : nil })
  }

  @Test(arguments: ["", "y", "no", nil])
  func `is not done where another thing is typed, or nothing`(line: String?) {
    #expect(throws: Failure(.refused, "Nothing was changed.")) {
      try obtain(from: .atTerminal { _ in line })
    }
  }

  @Test(arguments: [
    "cluster remove", "cluster skip", "cluster recover", "local wipe", "person revoke",
    "person deactivate", "person sign-out", "incident cancel", "incident release",
    "directory import", "settings change", "webhook remove", "webhook rotate", "view remove",
    "glass break", "notice withdraw", "incident duplicate", "incident accept", "me codes",
    "cluster replace", "profile remove", "local leave", "incident sight", "incident face-approve",
    "incident escalate",
  ])
  func `takes --yes`(command: String) {
    let verb = Muster.table.verbs.first { $0.words.joined(separator: " ") == command }
    #expect(verb?.options.contains { $0.name == "yes" } == true)
  }
}
