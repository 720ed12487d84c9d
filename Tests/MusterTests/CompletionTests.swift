import EventLoop
import Glibc
import Testing

@testable import muster

@Suite("Completions")
struct CompletionTests {
  /// A word before which the cursor stands, and what bash offers there.
  private struct Place {
    let words: [String]
    let current: String
  }

  /// What bash offers at each place, by the script and one shell for all of them.
  private func offered(at places: [Place]) throws -> [[String]] {
    let folder = "/tmp/muster-completions-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    try Files.makeFolder(folder, mode: 0o700)
    defer {
      for name in ["script.bash", "output"] { unsafe unlink("\(folder)/\(name)") }
      unsafe rmdir(folder)
    }
    var script = Completions(Muster.table).script(for: .bash)
    for place in places {
      let words = (["muster"] + place.words + [place.current]).map { "'\($0)'" }
      script += "COMP_WORDS=(\(words.joined(separator: " "))); COMP_CWORD=\(words.count - 1)\n"
      script += "_muster; echo \"${COMPREPLY[*]}\"\n"
    }
    try Files.write(Array(script.utf8), to: "\(folder)/script.bash", mode: 0o600)
    let status = unsafe system("bash --norc '\(folder)/script.bash' > '\(folder)/output' 2>&1")
    #expect(status == 0)
    let output = try Files.read("\(folder)/output", atMost: 4 * 1_024 * 1_024)
    return String(decoding: output, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      .map { $0.split(separator: " ").map(String.init) }
  }

  @Test func `bash offers every word of every command, and every option`() throws {
    let verbs = Muster.table.verbs
    var places: [Place] = []
    for verb in verbs {
      for count in verb.words.indices {
        places.append(Place(words: Array(verb.words.prefix(count)), current: ""))
      }
      places.append(Place(words: verb.words, current: "--"))
    }
    var answers = try offered(at: places)[...]
    #expect(answers.count == places.count)
    for verb in verbs {
      for word in verb.words { #expect(answers.popFirst()?.contains(word) == true, "\(word)") }
      #expect(answers.popFirst() == verb.options.map { "--\($0.name)" } + ["--help"])
    }
  }

  @Test func `bash offers every value that is known, and nothing where none is`() throws {
    let asked = Muster.table.verbs.flatMap { verb in
      verb.options.filter { $0.value != nil }.map { (verb, $0) }
    }.filter { _, option in !["FILE", "FOLDER", "PATH"].contains(option.value) }
    let places = asked.map { verb, option in
      Place(words: verb.words + ["--\(option.name)"], current: "")
    }
    let answers = try offered(at: places)
    #expect(answers.count == asked.count)
    for ((verb, option), answer) in zip(asked, answers) {
      #expect(answer == option.words, "\(verb.words) --\(option.name)")
    }
  }

  @Test func `bash goes on where a word was begun, and behind an argument`() throws {
    let answers = try offered(at: [
      Place(words: ["incident"], current: "decla"),
      Place(words: ["incident", "declare", "--title", "x"], current: "--imp"),
      Place(words: ["incident", "show", "INC-1"], current: "--js"),
      Place(words: ["service", "policy"], current: "ch"),
      Place(words: ["completions"], current: ""),
      Place(words: ["nonsense"], current: ""),
      Place(words: ["incident", "list", "--ca"], current: "/et"),
    ])
    #expect(
      answers == [
        ["declare"], ["--impact"], ["--json"], ["change"], ["bash", "zsh", "fish", "--help"], [],
        ["/etc"],
      ])
  }

  @Test func `zsh and fish are offered the same`() {
    let completions = Completions(Muster.table)
    let zsh = completions.script(for: .zsh)
    let fish = completions.script(for: .fish)
    #expect(zsh.hasPrefix("#compdef muster\n"))
    #expect(fish.hasSuffix("complete -c muster -f -a '(__muster_offer)'\n"))
    for verb in Muster.table.verbs {
      let command = verb.words.joined(separator: " ")
      #expect(zsh.contains("'\(command)'") && fish.contains("'\(command)'"))
      for option in verb.options {
        #expect(zsh.contains("'--\(option.name):"))
        #expect(fish.contains(" --\(option.name) '"))
      }
    }
    // No line leaves a quotation open, once what stands for an apostrophe within one is left out.
    for line in zsh.split(separator: "\n") {
      #expect(line.replacing("'\\''", with: "").count { $0 == "'" } % 2 == 0, "\(line)")
    }
    for line in fish.split(separator: "\n") {
      #expect(line.replacing("\\'", with: "").count { $0 == "'" } % 2 == 0, "\(line)")
    }
  }
}
