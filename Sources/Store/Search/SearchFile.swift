internal import Bytes
internal import EventLoop
internal import Incidents
internal import SQLite

/// The file of the words by which incidents are found: its name, its tables, how it is opened.
///
/// It is this node's own and made of the ledger, so it may be thrown away at any time. It is in no
/// snapshot and never waited for by an apply.
package enum SearchFile {
  /// Its name in the data folder.
  package static let name = "search.db"
  /// The format of its tables. An index of an older one is made anew.
  static let format = 3
  /// SQLite's application id.
  static let mark: Int64 = 0x4D53_5345

  /// How far the index has come in the ledger, how each incident's words are cut into chapters, and the
  /// chapters with their index. A chapter's row has the number of its incident's row and its own:
  /// incidents lie in the order of their declaration, and what belongs to one lies together.
  static let script = """
    CREATE TABLE place (
      id INTEGER PRIMARY KEY CHECK (id = 0),
      cluster BLOB NOT NULL,
      position INTEGER NOT NULL,
      hash BLOB NOT NULL,
      owes_merge INTEGER NOT NULL
    );
    CREATE TABLE incident (
      number INTEGER PRIMARY KEY,
      chapter INTEGER NOT NULL
    );
    CREATE VIRTUAL TABLE chapter USING fts5(
      \(Chapter.columns),
      tokenize = 'unicode61 remove_diacritics 2',
      prefix = '3 4 5 6'
    );
    """

  /// Opens the file for its one writer, or makes it.
  ///
  /// - Throws: ``StoreError/corrupt(_:)``, ``StoreError/foreign(_:)`` or ``StoreError/newer(file:format:)``
  ///   for a file that is to be thrown away.
  static func connect(
    folder: String, cluster: ID, system: String?
  ) throws(StoreError) -> Database {
    let path = "\(folder)/\(name)"
    let database = try indexing { () throws(SQLiteError) in
      try Database(path: path, access: .create, system: system)
    }
    try indexing { () throws(SQLiteError) in
      try database.configure(isShared: true, synchronous: "NORMAL")
    }
    let file = FileFormat(path: path, mark: mark, format: format)
    if let written = try file.written(in: database) {
      guard written == format else { throw .corrupt("the search index is of an older format") }
    } else {
      try file.create(database, script: script) { () throws(SQLiteError) in
        try database.run(
          """
          INSERT INTO place(id, cluster, position, hash, owes_merge)
          VALUES (0, \(cluster), 0, \(LedgerHashes.origin), 0)
          """)
      }
    }
    return database
  }
}

/// Runs `body`, which is of the index alone, with SQLite's errors in the store's words.
///
/// Every statement was written for the tables that were made here, in a file that may be written. One that
/// SQLite does not understand, that breaks a rule of theirs or may not write, has met another file: a bit of
/// the schema's text or of the header has flipped.
func indexing<Result: ~Copyable>(
  _ body: () throws(SQLiteError) -> Result
) throws(StoreError) -> Result {
  do throws(SQLiteError) {
    return try body()
  } catch {
    switch error.kind {
    case .notUnderstood, .constraint, .denied: throw .corrupt(error.description)
    default: throw StoreError(error)
    }
  }
}

/// As much of what is said of one incident as is found and shown together.
///
/// All of it for most incidents. The timeline of a long one is cut, so that an entry more costs no more
/// than to index its last chapter anew; each chapter has the title.
struct Chapter {
  /// Bytes from which on the next entry begins a chapter.
  static let length = 32_768
  /// How many bits of a row's number are the chapter's.
  static let bits: Int64 = 12
  /// The columns of the index, in the order of ``SearchField``.
  static let columns = "title, reference, description, entry, notice, resolution, review"

  /// What is said, by field.
  private(set) var texts = [String](repeating: "", count: SearchField.allCases.count)
  /// The lines of a field that was added to, so that its text is read through once and not at each line.
  private var lines: [Int: Set<Substring>] = [:]

  /// How much is said.
  var bytes: Int { texts.reduce(0) { $0 + $1.utf8.count } }

  /// An empty chapter, but for a title.
  init(title: String = "") { texts[Int(SearchField.title.rawValue)] = title }

  /// The chapter that a row has.
  init(_ row: inout RowReader) throws(SQLiteError) {
    for place in texts.indices { texts[place] = try row.next() }
  }

  /// The title, which the next chapter has too.
  var title: String { texts[Int(SearchField.title.rawValue)] }

  /// Adds words; those that it has already it does not say twice.
  mutating func add(_ wording: Wording) {
    let place = Int(wording.field.rawValue)
    let text = Self.readable(wording.text)
    var known = lines.removeValue(forKey: place) ?? Set(texts[place].split(separator: "\n"))
    let isNew = known.insert(text[...]).inserted
    lines[place] = known
    guard isNew else { return }
    texts[place] += texts[place].isEmpty ? text : "\n" + text
  }

  /// The text without control characters, which mark places in an answer.
  private static func readable(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 0x20 && $0 != 0x0A }) else { return text }
    let scalars = text.unicodeScalars.map { $0.value < 0x20 && $0 != "\n" ? " " : $0 }
    return String(String.UnicodeScalarView(scalars))
  }
}
