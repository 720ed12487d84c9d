import EventLoop
import Testing

/// The house as its sources show it: who imports whom, and what may not stand in them.
@Suite("The sources")
struct TidyTests {
  /// A line of a file, for a message.
  private struct Line {
    let file: String
    let number: Int
    let text: Substring
  }

  private static let root =
    "/"
    + "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")

  /// What each room may import, as `Package.swift` says it.
  private static func permitted() throws -> [String: Set<String>] {
    let manifest = try text("Package.swift")
    var rooms: [String: Set<String>] = [:]
    for part in manifest.components(after: ["room(", ".executableTarget("]) {
      // What lies elsewhere is no room.
      guard !part.prefix(while: { $0 != ")" }).contains("path:") else { continue }
      let names = part.prefix { $0 != ")" }.split(separator: "\"", omittingEmptySubsequences: false)
      let strings = names.indices.filter { $0 % 2 == 1 }.map { String(names[$0]) }
      guard let room = strings.first, room.first != "\\" else { continue }
      rooms[room] = Set(strings.dropFirst())
    }
    return rooms
  }

  private static func text(_ path: String) throws -> String {
    String(decoding: try Files.read("\(root)/\(path)", atMost: 4 << 20), as: UTF8.self)
  }

  /// All Swift files below a folder of the repository.
  private static func files(_ folder: String) throws -> [String] {
    var found: [String] = []
    for name in try Files.list("\(root)/\(folder)") {
      let path = "\(folder)/\(name)"
      if name.hasSuffix(".swift") {
        found.append(path)
      } else if !name.contains(".") {
        found += try files(path)
      }
    }
    return found.sorted()
  }

  private static func lines(_ folder: String) throws -> [Line] {
    try files(folder).flatMap { file in
      try text(file).split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        .map { Line(file: file, number: $0.offset + 1, text: $0.element) }
    }
  }

  /// The modules that a room's files import.
  private static func imports(_ room: String) throws -> Set<String> {
    Set(
      try lines("Sources/\(room)").compactMap { line in
        let words = line.text.split(separator: " ")
        guard let place = words.firstIndex(of: "import"), place <= 1,
          place == 0 || ["internal", "package", "private"].contains(words[0])
        else { return nil }
        return String(words[place + 1])
      })
  }

  @Test func `import what the package says, and all of that`() throws {
    let permitted = try Self.permitted()
    #expect(permitted.count >= 14)
    let system: Set<String> = ["Glibc", "Synchronization"]
    for (room, may) in permitted.sorted(by: { $0.key < $1.key }) {
      let does = try Self.imports(room)
      #expect(does.subtracting(system).subtracting(may).isEmpty, "\(room) imports more.")
      #expect(may.subtracting(does).isEmpty, "\(room) need not be allowed all that.")
    }
  }

  @Test func `have pure rooms that know nothing of the machine`() throws {
    for room in ["Bytes", "Incidents", "Raft", "HTTP", "JSON", "CSV"] {
      #expect(try Self.imports(room).isSubset(of: ["Bytes"]), "\(room)")
    }
    for line in try Self.lines("Sources") {
      #expect(!line.text.contains("import Foundation"), "\(line.file):\(line.number)")
      #expect(!line.text.contains("import Dispatch"), "\(line.file):\(line.number)")
    }
  }

  @Test func `leave nothing for later without saying so elsewhere`() throws {
    let marks = ["TO" + "DO", "FIX" + "ME", "not implement" + "ed"]
    for folder in ["Sources", "Tests"] {
      for line in try Self.lines(folder) {
        for mark in marks {
          #expect(!line.text.contains(mark), "\(line.file):\(line.number)")
        }
      }
    }
  }

  @Test func `say what every declaration is that another room can see`() throws {
    var before: Line?
    var count = 0
    for line in try Self.lines("Sources") {
      let words = line.text.drop { $0 == " " }
      defer { if !words.hasPrefix("@") { before = line } }
      let visible = ["package ", "public ", "@inlinable package ", "@safe package "]
      guard visible.contains(where: { words.hasPrefix($0) }), !words.hasPrefix("package import"),
        // What fulfils a protocol of the standard library is told there.
        ![
          "var description:", "func hash(into", "static func ==", "static func <", "func enqueue(",
          "func asUnowned", "func checkIsolated", "func isIsolating", "func encode(", "init(from",
          "typealias ", "var id: ID {", "init(rawValue", "init(nilLiteral", "init(booleanLiteral",
          "init(integerLiteral", "init(stringLiteral", "init(arrayLiteral",
          "init(dictionaryLiteral",
        ].contains(where: { words.contains($0) })
      else { continue }
      count += 1
      // A conformance is told at its protocol, so members of an extension for one are passed over.
      let comment = before?.text.drop { $0 == " " } ?? ""
      let isTold = comment.hasPrefix("///") || Self.fulfils(line)
      #expect(isTold, "\(line.file):\(line.number): \(words)")
    }
    #expect(count > 1_000)
  }

  /// Whether a line stands in an extension or type for a protocol of ours, where its text is.
  private static func fulfils(_ line: Line) -> Bool {
    guard let all = try? text(line.file) else { return false }
    let lines = all.split(separator: "\n", omittingEmptySubsequences: false)
    for text in lines[..<(line.number - 1)].reversed()
    where text.first.map({ $0 != " " && $0 != "}" && $0 != "/" && $0 != "#" }) ?? false {
      return text.contains(": ") && text.hasSuffix("{")
    }
    return false
  }

  @Test func `are files that can be read in one sitting`() throws {
    for file in try Self.files("Sources") {
      let count = try Self.text(file).split(separator: "\n").count
      #expect(count <= 400, "\(file) has \(count) lines.")
    }
  }

  @Test func `name no place on somebody's machine`() throws {
    let places = ["/wo" + "rk/", "/ho" + "me/", "/ro" + "ot/"]
    for folder in ["Sources", "Tests"] {
      for line in try Self.lines(folder) {
        for place in places {
          #expect(!line.text.contains(place), "\(line.file):\(line.number)")
        }
      }
    }
  }

  @Test func `have a test for each room`() throws {
    let tests = Set(try Files.list("\(Self.root)/Tests"))
    for room in try Self.permitted().keys {
      let name = room.prefix(1).uppercased() + room.dropFirst()
      #expect(tests.contains("\(name)Tests"), "\(room)")
    }
  }
}

extension String {
  /// What follows each place where one of `marks` stands.
  fileprivate func components(after marks: [String]) -> [Substring] {
    var found: [Substring] = []
    for mark in marks {
      var rest = self[...]
      while let range = rest.firstRange(of: mark) {
        rest = rest[range.upperBound...]
        found.append(rest)
      }
    }
    return found
  }
}
