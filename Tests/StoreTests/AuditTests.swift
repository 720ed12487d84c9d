import Bytes
import Incidents
import Raft
import Store
import Testing

@Suite("The record of a ledger")
struct AuditTests {
  private let rows: [AuditRow]
  private let head: StateHead

  init() throws {
    let folder = try Folder()
    var story = Story()
    for number in 1...3 as ClosedRange<UInt64> { story.declare(number) }
    story.note(2, "It was the switch.")
    var state = try folder.state()
    _ = try state.apply(story.entries)
    let reader = try folder.reader()
    rows = try reader.audit(after: 0, limit: 1_000)
    head = try reader.stateHead()
  }

  /// What is wrong with rows, if anything is.
  private func fault(_ rows: [AuditRow]) -> AuditFault? {
    var chain = AuditChain()
    do throws(AuditFault) {
      for row in rows { try chain.take(row) }
      return nil
    } catch {
      return error
    }
  }

  private func changed(_ place: Int, _ change: (inout AuditRow.Content) -> Void) -> [AuditRow] {
    var rows = rows
    guard var content = rows[place].content else { return rows }
    change(&content)
    rows[place] = AuditRow(
      position: rows[place].position, hash: rows[place].hash, content: content)
    return rows
  }

  @Test func `holds together to the end that the state knows`() throws {
    var chain = AuditChain()
    for row in rows { try chain.take(row) }
    let (position, hash) = (chain.position, chain.hash)
    #expect(position == head.ledgerPosition)
    #expect(hash == head.ledgerHash)
  }

  @Test func `names the first row whose words were changed`() throws {
    let place = rows.count - 1
    let said = try #require(rows[place].content?.said)
    for byte in said.body.indices {
      var body = said.body
      body[byte] ^= 1
      let bent = changed(place) { $0.said = .init(salt: said.salt, body: body) }
      #expect(
        fault(bent) == AuditFault(position: UInt64(place) + 1, reason: .saysOtherwise))
    }
  }

  @Test func `names the first row whose header was changed`() {
    let bent = [
      changed(2) { $0.stamp += 1 }, changed(2) { $0.actor = .system },
      changed(2) { $0.index = $0.index.next },
    ]
    for rows in bent { #expect(fault(rows) == AuditFault(position: 3, reason: .unchained)) }
    let other = changed(2) { $0.visibility ^= 1 }
    #expect(fault(other) == AuditFault(position: 3, reason: .headerDiffers))
  }

  @Test func `misses a row that was taken out`() {
    var fewer = rows
    fewer.remove(at: 1)
    #expect(fault(fewer) == AuditFault(position: 2, reason: .missing))
  }

  @Test func `goes on through rows that are sealed or purged`() throws {
    var some = changed(1) { $0.said = nil }
    some[2] = some[2].sealed
    var chain = AuditChain()
    for row in some { try chain.take(row) }
    let (hash, sealed, purged) = (chain.hash, chain.sealed, chain.purged)
    #expect(hash == head.ledgerHash && sealed == 1 && purged == 1)
  }

  @Test func `finds a row put in the place of a sealed one by the next`() {
    var some = rows
    some[2] = AuditRow(position: 3, hash: rows[1].hash, content: nil)
    #expect(fault(some) == AuditFault(position: 4, reason: .unchained))
  }

  @Test func `comes in pages`() throws {
    let folder = try Folder()
    var story = Story()
    story.declare(1)
    var state = try folder.state()
    _ = try state.apply(story.entries)
    let reader = try folder.reader()
    let all = try reader.audit(after: 0, limit: 1_000)
    #expect(try reader.audit(after: 0, limit: 2) == Array(all[..<2]))
    #expect(try reader.audit(after: 2, limit: 1_000) == Array(all[2...]))
  }
}
