import Bytes
import EventLoop
import Incidents
import Raft
import SQLite
import Store
import Testing

@Suite("A look at the search index")
struct SearchCheckTests {
  private let folder: Folder
  private static let words = ["certificate", "expired", "till", "nobody", "xanthippe", "zur*"]

  init() throws {
    folder = try Folder()
    var story = Story()
    story.raise(to: 2)
    for number in 1...12 as ClosedRange<UInt64> {
      story.declare(number)
      story.note(number, "The certificate of till \(number) expired. Ask number \(number * 7_919).")
    }
    story.note(3, "Nobody renewed it: it was Xanthippe's.")
    story.note(4, "It prints nothing in Zürich.")
    var state = try folder.state()
    _ = try state.apply(story.entries)
    try makeIndex()
  }

  private func makeIndex() throws {
    var store = try SearchStore.open(folder: folder.path, cluster: NodeIdentity.first.cluster)
    _ = try store.goOn(try folder.reader())
  }

  private func answers() throws(StoreError) -> [[String]] {
    let searcher = try SearchReader.open(folder: folder.path)
    let state: StateReader
    do { state = try folder.reader() } catch { throw .failed("\(error)") }
    var answers: [[String]] = []
    for word in Self.words {
      guard let query = try? SearchQuery(word) else { continue }
      answers.append(
        try state.read { reader throws(StoreError) in
          try searcher.find(query, limit: 50, in: reader).items.map(\.incident.title)
        })
    }
    return answers
  }

  /// What the writer finds as it opens the file, goes on and looks at it.
  private func fault() throws(StoreError) -> StoreError? {
    let state: StateReader
    do { state = try folder.reader() } catch { throw .failed("\(error)") }
    do throws(StoreError) {
      var store = try SearchStore.open(folder: folder.path, cluster: NodeIdentity.first.cluster)
      if try store.goOn(state) == .strange { return .corrupt("another ledger") }
      for check in SearchCheck.allCases { try check.run(in: folder.path) }
      return nil
    } catch {
      return error
    }
  }

  private func flip(_ text: String, bit: UInt8) throws {
    let bytes = try folder.bytes(of: SearchFile.name)
    let wanted = Array(text.utf8)
    let place = try #require(
      bytes.indices.dropLast(wanted.count).first {
        bytes[$0..<$0 + wanted.count].elementsEqual(wanted)
      },
      "\(text) is in the file")
    try folder.flip(bit: bit, at: place + wanted.count / 2, of: SearchFile.name)
  }

  @Test func `finds nothing in a sound file, and writes nothing`() throws {
    let before = try folder.bytes(of: SearchFile.name)
    #expect(try fault() == nil)
    #expect(try folder.bytes(of: SearchFile.name) == before)
  }

  @Test(
    arguments: [
      // Words of the index, of a text, of the schema's own text in several places.
      ("xanthippe", 1), ("Nobody renewed", 1), ("USING fts5", 2), ("cluster BLOB", 1),
      ("review,", 0), ("CREATE TABLE incident", 0), ("prefix =", 1), ("chapter INTEGER", 2),
    ] as [(String, UInt8)])
  func `finds a bit that has flipped, and the index is made anew`(text: String, bit: UInt8) throws {
    let before = try answers()
    try flip(text, bit: bit)
    guard case .corrupt? = try fault() else {
      Issue.record("\(String(describing: try fault()))")
      return
    }
    try SearchStore.remove(from: folder.path)
    try makeIndex()
    #expect(try fault() == nil)
    #expect(try answers() == before)
  }

  @Test func `finds chapters that are lost or too many`() throws {
    for statement in [
      "DELETE FROM incident WHERE number = 3", "UPDATE incident SET number = 77 WHERE number = 3",
      "UPDATE incident SET chapter = 1 WHERE number = 3",
    ] {
      let database = try database()
      try database.execute(statement)
      guard case .corrupt? = try fault() else {
        Issue.record("\(statement)")
        return
      }
      try SearchStore.remove(from: folder.path)
      try makeIndex()
    }
  }

  /// Whatever bit it is: it is found as a file to be made anew, or changes no answer.
  @Test func `finds every bit that would change an answer`() throws {
    let before = try answers()
    let sound = try folder.bytes(of: SearchFile.name)
    var found = 0
    let places = Array(0..<100) + Array(stride(from: 100, to: sound.count, by: 151))
    for (number, place) in places.enumerated() {
      var bytes = sound
      bytes[place] ^= 1 << UInt8(number % 8)
      try folder.write(bytes, to: SearchFile.name)
      switch try fault() {
      case nil:
        let after = try answers()
        #expect(after == before, "bit \(number % 8) of byte \(place)")
      case .corrupt, .foreign, .newer: found += 1
      case let other:
        Issue.record("bit \(number % 8) of byte \(place): \(String(describing: other))")
      }
      try SearchStore.remove(from: folder.path)
    }
    #expect(found > places.count / 4, "\(found) of \(places.count)")
  }

  @Test func `ends when it is not to go on`() throws {
    var isAsked = false
    let check = SearchCheck.pages
    do throws(StoreError) {
      // Few statements of so small a file run long enough to be asked about.
      try check.run(in: folder.path) {
        isAsked = true
        return false
      }
      #expect(!isAsked)
    } catch {
      #expect(error == .tooSlow && isAsked)
    }
  }
}

extension SearchCheckTests {
  private func database() throws -> Database {
    try Database(path: "\(folder.path)/\(SearchFile.name)", access: .write)
  }
}
