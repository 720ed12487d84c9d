internal import Bytes
internal import Incidents
internal import Raft
internal import SQLite

/// The rows that say how far the state has come and what was answered.
final class Bookkeeping {
  /// At every this many indexes the digest is kept, so that replicas can find where they parted.
  static let digestEvery: UInt64 = 256
  /// How many old outcomes are forgotten at each such index: more than can have come in between.
  private static let mostForgotten = 2 * digestEvery

  private let selectHead: Statement
  private let updateHead: Statement
  private let updateConfiguration: Statement
  private let insertDigest: Statement
  private let insertOutcome: Statement
  private let removeOutcomes: Statement

  init(of database: borrowing Database) throws(SQLiteError) {
    selectHead = try database.prepare(
      """
      SELECT applied, term, stamp, digest, position, hash, configuration_index, configuration
        FROM meta
       WHERE id = 0
      """)
    updateHead = try database.prepare(
      """
      UPDATE meta
         SET applied = ?, term = ?, digest = ?, position = ?, hash = ?, stamp = ?
       WHERE id = 0
      """)
    updateConfiguration = try database.prepare(
      "UPDATE meta SET configuration_index = ?, configuration = ? WHERE id = 0")
    insertDigest = try database.prepare("INSERT INTO digest(idx, term, digest) VALUES (?, ?, ?)")
    insertOutcome = try database.prepare(
      """
      INSERT INTO outcome(day, person, key, request, idx, term, outcome)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """)
    removeOutcomes = try database.prepare(
      """
      DELETE FROM outcome
       WHERE (day, person, key) IN (
               SELECT day, person, key
                 FROM outcome
                WHERE day < ?
             ORDER BY day, person, key
                LIMIT \(Self.mostForgotten))
      """)
  }

  /// What the meta row says.
  func head() throws(SQLiteError) -> StateStore.Head {
    let found = try selectHead.row { row throws(SQLiteError) in
      let index = LogIndex(rawValue: try row.next())
      let term = Term(rawValue: try row.next())
      return StateStore.Head(
        applied: Position(term: term, index: index), stamp: try row.next(), digest: try row.next(),
        ledger: LedgerHead(position: try row.next(), hash: try row.next()),
        configuration: try PlacedConfiguration(&row))
    }
    guard let found else {
      throw SQLiteError(
        extendedCode: 11, message: "the meta row is missing", during: selectHead.text)
    }
    return found
  }

  /// Makes the meta row say `head`.
  func write(_ head: StateStore.Head) throws(SQLiteError) {
    updateHead.bind(head.applied.index.rawValue, at: 1)
    updateHead.bind(head.applied.term.rawValue, at: 2)
    updateHead.bind(head.digest, at: 3)
    updateHead.bind(head.ledger.position, at: 4)
    updateHead.bind(head.ledger.hash, at: 5)
    updateHead.bind(head.stamp, at: 6)
    try updateHead.run()
  }

  /// Makes the meta row say who is a member.
  func write(_ configuration: PlacedConfiguration) throws(SQLiteError) {
    updateConfiguration.bind(configuration.index.rawValue, at: 1)
    updateConfiguration.bind(configuration.configuration.encoded(), at: 2)
    try updateConfiguration.run()
  }

  /// Remembers what was answered to a request under its key.
  func remember(
    _ outcome: Outcome, of person: ID, under key: IdempotencyKey, at stamp: Int64,
    position: Position
  ) throws(SQLiteError) {
    insertOutcome.bind(OutcomeDay.of(stamp), at: 1)
    insertOutcome.bind(person, at: 2)
    insertOutcome.bind(key.text, at: 3)
    insertOutcome.bind(key.requestHash, at: 4)
    insertOutcome.bind(position.index.rawValue, at: 5)
    insertOutcome.bind(position.term.rawValue, at: 6)
    try insertOutcome.run(lending: outcome.encoded(), at: 7)
  }

  /// Does what is due at the index that `head` has come to, and not at each.
  func keepHouse(_ head: StateStore.Head, at stamp: Int64) throws(SQLiteError) {
    guard head.applied.index.rawValue % Self.digestEvery == 0 else { return }
    insertDigest.bind(head.applied.index.rawValue, at: 1)
    insertDigest.bind(head.applied.term.rawValue, at: 2)
    insertDigest.bind(head.digest, at: 3)
    try insertDigest.run()
    removeOutcomes.bind(OutcomeDay.of(stamp) - 1, at: 1)
    try removeOutcomes.run()
  }
}

extension PlacedConfiguration {
  /// Reads an index and a configuration's binary form.
  init(_ row: inout RowReader) throws(SQLiteError) {
    let index = LogIndex(rawValue: try row.next())
    let bytes: [UInt8] = try row.next()
    do throws(MalformedBytes) {
      self.init(index: index, configuration: try Configuration(decoding: bytes))
    } catch {
      throw SQLiteError(
        extendedCode: 11, message: "a configuration cannot be read: \(error)",
        during: "SELECT configuration")
    }
  }
}
