/// Reads a state's ledger from its first row to its last, a piece at a time, and holds every row to what
/// it was committed to and to the row before it.
///
/// What lies on a disk for years is read by nobody, and a bit that flips there is found by the scrub or on
/// the day when it is needed.
package struct LedgerScrub: ~Copyable {
  private var chain = AuditChain()

  /// A scrub before the first row.
  package init() {}

  /// How many rows are behind it.
  package var rows: UInt64 { chain.position }

  /// Reads on.
  ///
  /// - Parameters:
  ///   - reader: A reader of the state, always of the same file.
  ///   - count: So many rows at most.
  /// - Returns: Whether that was the last of them.
  /// - Throws: ``StoreError/corrupt(_:)`` with the first row that is wrong, or what the disk says.
  package mutating func goOn(_ reader: StateReader, rows count: Int) throws(StoreError) -> Bool {
    let start = chain.position
    let (rows, head) = try reader.read { reader throws(StoreError) in
      (try reader.audit(after: start, limit: count), try reader.stateHead())
    }
    for row in rows {
      do throws(AuditFault) {
        try chain.take(row)
      } catch {
        throw .corrupt("row \(error.position) of the ledger \(error.reason.words)")
      }
    }
    guard rows.isEmpty || chain.position == head.ledgerPosition else { return false }
    guard chain.position == head.ledgerPosition, chain.hash == head.ledgerHash else {
      throw .corrupt("the ledger ends at row \(chain.position), and not at \(head.ledgerPosition)")
    }
    return true
  }
}
