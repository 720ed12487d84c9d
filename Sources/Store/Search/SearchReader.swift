package import Incidents
internal import SQLite

/// An incident that was looked for, and where the words are.
package struct SearchHit: Hashable, Sendable {
  /// The incident.
  package let incident: Incident
  /// The part of it with the most of the words; `nil` for one that was found by its reference.
  package let field: SearchField?
  /// Some words of that part, in pieces: those that were looked for are marked.
  package let pieces: [Piece]

  /// A piece of text.
  package struct Piece: Hashable, Sendable {
    /// The text.
    package let text: String
    /// Whether it was looked for.
    package let isMarked: Bool

    /// A piece.
    package init(text: String, isMarked: Bool) {
      self.text = text
      self.isMarked = isMarked
    }
  }
}

/// A reader of the search index: one connection that cannot write.
///
/// Not shared between threads. What is hidden from the asker the index knows all the same; so it answers
/// only together with a ``StateReader``, in whose state each incident is looked at before a word of it is
/// shown.
package final class SearchReader {
  private let database: Database
  /// What failed of the index itself, if it was not the state: it answers no more.
  package private(set) var failure: StoreError?

  /// Opens the index that a ``SearchStore`` of this process has open.
  package static func open(folder: String) throws(StoreError) -> SearchReader {
    do throws(SQLiteError) {
      let path = "\(folder)/\(SearchFile.name)"
      let database = try Database(path: path, access: .read, busyMilliseconds: 250)
      try database.execute(
        "PRAGMA query_only = ON; PRAGMA cache_size = -4096; PRAGMA trusted_schema = OFF;")
      return SearchReader(database: database)
    } catch {
      throw StoreError(error)
    }
  }

  private init(database: consuming Database) { self.database = database }

  /// A page of the incidents in which the words of `query` are, the latest declared first.
  ///
  /// What may not be seen leaves no gap: neither a shorter page nor an empty one more.
  ///
  /// - Parameters:
  ///   - cursor: Where the page before ended.
  ///   - limit: At most ``Page/largest`` hits, and at least one.
  ///   - milliseconds: How long it may take.
  ///   - state: A reader within a ``StateReader/read(within:_:)``.
  ///   - isSeen: Whether the asker may know of an incident.
  package func find(
    _ query: SearchQuery, after cursor: Cursor? = nil, limit: Int,
    within milliseconds: UInt64 = StateReader.deadline, in state: StateReader,
    where isSeen: (Incident) throws(StoreError) -> Bool = { _ in true }
  ) throws(StoreError) -> Page<SearchHit> {
    try database.within(milliseconds: milliseconds) { () throws(StoreError) in
      try own { () throws(SQLiteError) in try database.beginReading() }
      // A read that cannot be ended has read all the same.
      defer { try? database.rollBack() }
      return try page(
        query, after: cursor, limit: min(max(limit, 1), Page<Int>.largest), state, isSeen)
    }
  }

  private func page(
    _ query: SearchQuery, after cursor: Cursor?, limit: Int, _ state: StateReader,
    _ isSeen: (Incident) throws(StoreError) -> Bool
  ) throws(StoreError) -> Page<SearchHit> {
    var named: Incident?
    if let reference = query.reference, let found = try state.incident(reference: reference) {
      if try isSeen(found) { named = found }
    }
    let isFirst = cursor == nil
    let room = limit - (isFirst && named != nil ? 1 : 0)
    var found = try rows(query, below: cursor, atMost: room + 1, state) {
      incident throws(StoreError) in
      incident.id != named?.id ? try isSeen(incident) : false
    }
    let hasMore = found.count > room
    if hasMore { found.removeLast() }
    var hits: [SearchHit] = []
    if isFirst, let named { hits.append(SearchHit(incident: named, field: nil, pieces: [])) }
    for (row, incident) in found { hits.append(try hit(incident, in: row, query)) }
    // After a page that holds the named one alone, all others come.
    let last = found.last.map { UInt64($0.row >> Chapter.bits) } ?? UInt64(Self.last)
    return Page(items: hits, next: hasMore ? Cursor(number: last) : nil)
  }

  /// Above the number of any incident's row.
  private static let last: Int64 = 1 << (62 - Chapter.bits)

  /// The rows of the index with the words, one for each incident that is seen, from the latest on.
  private func rows(
    _ query: SearchQuery, below cursor: Cursor?, atMost count: Int, _ state: StateReader,
    _ isSeen: (Incident) throws(StoreError) -> Bool
  ) throws(StoreError) -> [(row: Int64, incident: Incident)] {
    let end = min(cursor.map { Int64(clamping: $0.number) } ?? Self.last, Self.last)
    var found: [(row: Int64, incident: Incident)] = []
    var failure: StoreError?
    var lastNumber: Int64?
    try own { () throws(SQLiteError) in
      try database.visit(
        """
          SELECT rowid
            FROM chapter
           WHERE chapter MATCH \(query.expression) AND rowid < \(end << Chapter.bits)
        ORDER BY rowid DESC
        """
      ) { row throws(SQLiteError) in
        let row: Int64 = try row.next()
        let number = row >> Chapter.bits
        guard number != lastNumber else { return true }
        lastNumber = number
        do throws(StoreError) {
          // What was purged, or is not in this state yet, is not there.
          if let incident = try state.incident(number: number), try isSeen(incident) {
            found.append((row, incident))
          }
        } catch {
          failure = error
          return false
        }
        return found.count < count
      }
    }
    if let failure { throw failure }
    return found
  }

  /// Runs a query of the index, and keeps aside that it failed.
  private func own<Value>(_ query: () throws(SQLiteError) -> Value) throws(StoreError) -> Value {
    do throws(StoreError) {
      return try indexing(query)
    } catch {
      if error != .tooSlow { failure = error }
      throw error
    }
  }

  /// Shows where the words are in a row of the index.
  private func hit(
    _ incident: Incident, in row: Int64, _ query: SearchQuery
  ) throws(StoreError) -> SearchHit {
    let snippets = SearchField.allCases
      .map { "snippet(chapter, \($0.rawValue), char(1), char(2), '…', \(Self.snippetWords))" }
      .joined(separator: ", ")
    let texts = try own { () throws(SQLiteError) in
      try database.row(
        SQL(stringLiteral: "SELECT \(snippets) FROM chapter")
          + " WHERE chapter MATCH \(query.expression) AND rowid = \(row)"
      ) { row throws(SQLiteError) in
        var texts: [String] = []
        for _ in SearchField.allCases { texts.append(try row.next()) }
        return texts
      }
    }
    var best: (field: SearchField, pieces: [SearchHit.Piece], marks: Int)?
    for (field, text) in zip(SearchField.allCases, texts ?? []) {
      let pieces = Self.pieces(of: text)
      let marks = pieces.count { $0.isMarked }
      // The title is shown beside it in any case.
      let isBetter = best.map { marks > $0.marks || ($0.field == .title && marks > 0) } ?? true
      if marks > 0, isBetter { best = (field, pieces, marks) }
    }
    return SearchHit(incident: incident, field: best?.field, pieces: best?.pieces ?? [])
  }

  /// Words of a text that are shown.
  private static let snippetWords = 24

  /// A snippet in pieces: what stands between the two marks was looked for.
  private static func pieces(of text: String) -> [SearchHit.Piece] {
    var pieces: [SearchHit.Piece] = []
    for (place, part) in text.split(separator: "\u{1}", omittingEmptySubsequences: false)
      .enumerated()
    {
      let halves = part.split(separator: "\u{2}", maxSplits: 1, omittingEmptySubsequences: false)
      if place > 0, halves.count == 2 {
        pieces.append(SearchHit.Piece(text: String(halves[0]), isMarked: true))
      }
      if let rest = halves.last, !rest.isEmpty {
        pieces.append(SearchHit.Piece(text: String(rest), isMarked: false))
      }
    }
    return pieces
  }
}
