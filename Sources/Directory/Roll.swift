internal import Bytes

/// All things of one kind, and what a document makes of them.
struct Roll<Record: Listed> {
  /// The ids of what the document names, by what it calls them: known ones and new ones.
  private(set) var ids: [String: ID] = [:]
  /// What the document describes and was there before.
  private(set) var settled: [ID: Record] = [:]

  private let all: [Record]
  private let what: String
  private let markName: String
  private let byID: [ID: Record]
  private let byName: [String: Record]
  private let byMark: [String: Record]

  /// - Parameters:
  ///   - what: What one of them is called.
  ///   - mark: What their mark is called.
  init(_ records: [Record], _ what: String, mark: String) {
    all = records
    self.what = what
    markName = mark
    // Each is unique; should a state ever say otherwise, whoever came first keeps it.
    func find(_ key: (Record) -> String) -> [String: Record] {
      Dictionary(records.map { (key($0), $0) }) { first, _ in first }
    }
    byID = Dictionary(uniqueKeysWithValues: records.map { ($0.id, $0) })
    byName = find(\.documentID)
    byMark = find(\.mark)
  }

  /// What is in the directory and the document does not describe, in the order in which it came.
  var unnamed: [Record] { all.filter { $0.isListed && settled[$0.id] == nil } }

  /// What the record of an id is called in a document.
  func name(of id: ID) -> String? { byID[id]?.documentID }

  /// The record that was there before.
  func record(_ id: ID) -> Record? { byID[id] }

  /// Finds what the row of a document is about, and keeps it in mind.
  ///
  /// It is what has the id. Else, so that those who were added by hand do not come twice, it is what has
  /// the mark and no id yet. Else it is new.
  ///
  /// - Returns: The record that was there before.
  @discardableResult
  mutating func settle(
    _ name: String, mark: String, line: Int, _ makeID: () -> ID,
    _ mistakes: inout DirectoryMistakes
  ) -> Record? {
    if let record = byName[name] ?? byMark[mark] {
      guard record.documentID == name || record.externalID == nil else {
        mistakes.add(
          line,
          "The \(markName) \(mark) is that of \(record.documentID), \(record.name). Give the row "
            + "that id, or another \(markName).")
        return nil
      }
      guard settled[record.id] == nil else {
        mistakes.add(
          line,
          "\(record.name) is described by another row as well. Keep one of the two.")
        return nil
      }
      ids[name] = record.id
      settled[record.id] = record
      return record
    }
    guard ID(name) == nil else {
      mistakes.add(
        line, "No \(what) of ours has the id \(name). Give a new one an id of your own.")
      return nil
    }
    ids[name] = makeID()
    return nil
  }

  /// What a row names by `name`: another row, or what is in the directory already.
  ///
  /// - Parameter now: What the row's thing names now. It may go on to do so, even if that has left.
  func named(
    _ name: String, line: Int, now: ID?, _ isPruning: Bool, _ mistakes: inout DirectoryMistakes
  ) -> ID? {
    if let id = ids[name] { return id }
    guard let record = byName[name] else {
      mistakes.add(line, "No \(what) has the id \(name), neither in this file nor here.")
      return nil
    }
    if !record.isListed, record.id != now {
      mistakes.add(line, "The \(what) \(name), \(record.name), is not in the directory any more.")
    } else if record.isListed, isPruning {
      mistakes.add(
        line,
        "The \(what) \(name), \(record.name), has no row, and would be removed. Add the row, or name "
          + "another.")
    }
    return record.id
  }
}
