package import Raft
import Store

/// How a node's search index stands.
package struct SearchFigures: Hashable, Sendable {
  /// Everything that was applied through this index is in it.
  package var indexed = LogIndex.zero
  /// Rows of the ledger that are in it.
  package var rows: UInt64 = 0
  /// Why it does not go on, in words; then nothing is answered from it.
  package var trouble: String?

  /// The figures of an index that has not begun.
  package init() {}
}

/// The search index of this node answers nothing now. Everything else goes on.
package struct SearchUnavailable: Error, Hashable, Sendable {
  /// Why, for the node's own people.
  package let why: String

  /// It does not, because of `why`.
  package init(why: String) { self.why = why }
}

/// How the search lane goes about it.
package struct SearchPace: Hashable, Sendable {
  /// From one look for news to the next.
  package var look: Duration
  /// After the disk failed or was full.
  package var trouble: Duration
  /// After a purge, until its words are taken out of the file: others may follow.
  package var settle: Duration
  /// From one look at whether the file holds what was written to the next. The first comes when a 24th of
  /// that is over.
  package var check: Duration
  /// Rows of the ledger that are taken at once.
  package var rows: Int

  /// A pace; usually news is found within 50 ms.
  package init(
    look: Duration = .milliseconds(50), trouble: Duration = .seconds(10),
    settle: Duration = .seconds(60), check: Duration = .seconds(86_400),
    rows: Int = SearchStore.batch
  ) {
    self.look = look
    self.trouble = trouble
    self.settle = settle
    self.check = check
    self.rows = rows
  }
}
