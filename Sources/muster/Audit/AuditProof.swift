import Bytes
package import Crypto
import Gateway
import Incidents
import JSON
package import Store

/// Holds the lines of an exported record to each other: nothing in them is taken on trust but the last
/// hash, which is to be compared with one from elsewhere.
package struct AuditProof: ~Copyable {
  /// Follows the rows.
  package private(set) var chain = AuditChain()
  /// Whose record it is.
  package private(set) var cluster: String?
  /// What nodes vouch for.
  var heads: HeadProof
  /// The first row of each incident that says nothing, until a purge of that incident comes; and of
  /// each thing of which no row may.
  private var emptied: [ID: UInt64] = [:]
  /// The first row that says nothing of how to reach a person, until it comes that this was erased; by
  /// ``Settings/id`` the founding, if the founder's was.
  private var unreachable: [ID: UInt64] = [:]
  private var isOver = false

  /// A proof before the first line.
  ///
  /// - Parameter authority: Who issued the certificates of nodes; without it that is not proved.
  package init(authority: Certificate? = nil) { heads = HeadProof(authority: authority) }

  /// What is wrong with an export.
  package enum Fault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The first line is not that of an export, or of a format that this version knows.
    case heading
    /// A line is no JSON, or holds no row.
    case line(Int)
    /// A row does not belong.
    case row(AuditFault)
    /// A signed head does not hold, in this row.
    case head(position: UInt64, String)
    /// What this row says is gone, and no purge after it says why.
    case unexplained(position: UInt64)
    /// It ends elsewhere than it says, or does not say where.
    case end

    package var description: String {
      switch self {
      case .heading:
        "This is no record that muster audit export wrote, or a newer version wrote it."
      case .line(let number): "Line \(number) holds no whole row of a record."
      case .row(let fault): "\(fault)"
      case .head(let position, let words): "The signed head in row \(position) \(words)."
      case .unexplained(let position):
        "What row \(position) says is gone, and no later row says that it was purged or erased."
      case .end: "It does not end where its last line says: rows are missing at the end."
      }
    }
  }

  /// Takes line `number`, counted from 1.
  package mutating func take(_ line: [UInt8], number: Int) throws(Fault) {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: line)
    } catch {
      throw .line(number)
    }
    guard cluster != nil else {
      guard value["muster"]?.text == "audit", value["format"]?.integer == AuditLine.format,
        let cluster = value["cluster"]?.text
      else { throw .heading }
      self.cluster = cluster
      return
    }
    guard !isOver else { throw .line(number) }
    if let end = value["end"] {
      guard end["position"]?.integer == Int(chain.position), end["hash"]?.text == hash else {
        throw .end
      }
      isOver = true
      return
    }
    guard let row = AuditLine.row(value) else { throw .line(number) }
    // A row has one spelling: what stands beside it and is not read could mislead a person.
    var spelt = JSONWriter()
    spelt.write(row)
    guard spelt.bytes == line else { throw .line(number) }
    do throws(AuditFault) {
      try chain.take(row)
    } catch {
      throw .row(error)
    }
    try vouch(row)
  }

  /// Looks whether a row is a signed head, and what it is worth.
  private mutating func vouch(_ row: AuditRow) throws(Fault) {
    defer { heads.follow(row.hash, isSealed: row.content == nil) }
    explain(row)
    guard let content = row.content, let said = content.said,
      let event = try? Event(decoding: said.body), case .headSigned(let head) = event.fact
    else { return }
    guard content.actor == .system, let cluster = cluster.flatMap({ ID($0) }) else {
      throw .head(position: row.position, "was not written by the cluster itself")
    }
    do throws(HeadProof.Fault) {
      try heads.take(head, in: cluster)
    } catch {
      throw .head(position: row.position, error.rawValue)
    }
  }

  /// Keeps which rows say nothing, until it is said why.
  private mutating func explain(_ row: AuditRow) {
    guard let content = row.content else { return }
    let id = content.subject.id
    guard let said = content.said else {
      switch (content.subject.kind, content.kind) {
      case (.person, Fact.personAddedKind), (.person, Fact.personChangedKind),
        (.settings, Fact.foundedKind):
        unreachable[id] = unreachable[id] ?? row.position
      default: emptied[id] = emptied[id] ?? row.position
      }
      return
    }
    if content.kind == Fact.purgedKind { emptied[id] = nil }
    guard content.kind == Fact.contactsErasedKind, let event = try? Event(decoding: said.body),
      case .contactsErased(let erased) = event.fact
    else { return }
    unreachable[id] = nil
    if erased.founding != nil { unreachable[Settings.id] = nil }
  }

  /// The hash of the last row, in hexadecimal digits: it stands for all of them.
  package var hash: String { AuditText.hex(chain.hash) }

  /// After the last line.
  package func finish() throws(Fault) {
    guard isOver else { throw .end }
    if let position = (Array(emptied.values) + Array(unreachable.values)).min() {
      throw .unexplained(position: position)
    }
  }
}
