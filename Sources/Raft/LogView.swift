/// What the core knows of its log: every entry's term, and the newest entries themselves.
///
/// The terms are a short table of runs, so no question about a term needs the disk. The entries are
/// a queue that forgets at its front, at a cost that does not depend on its length.
struct LogView: Sendable {
  /// The bytes that an entry takes besides its payload, about.
  static let entryOverhead = 48

  private(set) var last: Position
  /// The entry before the first one on disk; what is at and before it is only in the state.
  private(set) var base: LogIndex
  /// No later entry may have an earlier stamp.
  private(set) var lastStamp: Int64
  private var runs: [LogRecovery.TermRun]
  /// The entries in memory are those from `front` on; before it are husks of forgotten ones.
  private var entries: [Entry]
  private var front = 0
  private var bytes = 0

  init(_ recovery: LogRecovery) {
    last = recovery.last
    base = recovery.first.previous
    lastStamp = recovery.lastStamp
    runs = recovery.terms
    entries = recovery.tail
    if runs.isEmpty || runs[0].from > .zero && recovery.first.rawValue == 1 {
      runs.insert(LogRecovery.TermRun(from: .zero, term: .zero), at: 0)
    }
    for entry in entries { bytes += Self.size(of: entry) }
    checkInvariants()
  }

  /// The index of the first entry in memory; one past the end when there is none.
  var firstInMemory: LogIndex { LogIndex(rawValue: last.index.rawValue + 1 - UInt64(count)) }

  /// The first index whose term is known; its entry need not be on disk any more.
  var firstKnown: LogIndex { runs[0].from }

  private var count: Int { entries.count - front }

  static func size(of entry: Entry) -> Int { entry.payload.count + entryOverhead }

  /// The term of the entry at `index`, or `nil` past the end or before what is known.
  func term(at index: LogIndex) -> Term? {
    guard index <= last.index, let run = run(at: index) else { return nil }
    return runs[run].term
  }

  /// Whether the entry at this position is in the log, and with it all before it (section 5.3).
  func holds(_ position: Position) -> Bool { term(at: position.index) == position.term }

  /// The last position of this log that is not after `position` in index nor in term.
  ///
  /// Where two logs disagree, each side asks this about the other's answer, so that a whole term is
  /// skipped at a time (paper, section 5.3, the last paragraphs).
  func lastPosition(notAfter position: Position) -> Position {
    guard position.index < last.index || position.term < last.term else { return last }
    var index = min(position.index, last.index)
    guard var run = run(at: index) else { return Position(term: runs[0].term, index: firstKnown) }
    while runs[run].term > position.term && run > 0 {
      index = runs[run].from.previous
      run -= 1
    }
    return Position(term: runs[run].term, index: index)
  }

  /// Which run holds an index that is not past the end. The last is asked for most.
  private func run(at index: LogIndex) -> Int? {
    var low = 0
    var high = runs.count - 1
    if runs[high].from <= index { return high }
    guard runs[0].from <= index else { return nil }
    while high - low > 1 {
      let middle = (low + high) / 2
      if runs[middle].from <= index { low = middle } else { high = middle }
    }
    return low
  }

  /// Adds an entry at the end, in constant time.
  mutating func append(_ entry: Entry) {
    precondition(
      entry.position.index == last.index.next && entry.position.term >= last.term,
      "Entry \(entry.position) cannot follow \(last).")
    if entry.position.term > last.term {
      runs.append(LogRecovery.TermRun(from: entry.position.index, term: entry.position.term))
    }
    last = entry.position
    lastStamp = max(lastStamp, entry.stamp)
    bytes += Self.size(of: entry)
    entries.append(entry)
  }

  /// Removes the entries at and after `index`, which must be in the log.
  mutating func truncate(from index: LogIndex) {
    precondition(
      firstKnown < index && index <= last.index, "\(index) is not in a log up to \(last).")
    while let entry = entries.last, entries.count > front, entry.position.index >= index {
      bytes -= Self.size(of: entry)
      entries.removeLast()
    }
    while runs.count > 1, runs[runs.count - 1].from >= index { runs.removeLast() }
    last = Position(term: runs[runs.count - 1].term, index: index.previous)
  }

  /// Forgets the entries at and before `position`, which the log holds: from here on it begins there.
  mutating func begin(after position: Position) {
    precondition(
      base <= position.index && holds(position), "\(position) is not in a log up to \(last).")
    base = position.index
    while count > 0, entries[front].position.index <= base { dropFirst() }
    compact()
    runs.removeAll { $0.from <= base }
    runs.insert(LogRecovery.TermRun(from: base, term: position.term), at: 0)
    if runs.count > 1, runs[1].term == position.term { runs.remove(at: 1) }
  }

  /// An entry that is not in the log has this stamp: no later one may have an earlier.
  mutating func note(stamp: Int64) { lastStamp = max(lastStamp, stamp) }

  /// Forgets everything: the log ends, and begins, at `position`.
  mutating func reset(to position: Position) {
    last = position
    base = position.index
    runs = [LogRecovery.TermRun(from: position.index, term: position.term)]
    entries = []
    front = 0
    bytes = 0
  }

  /// The entry at `index`, if it is in memory.
  func entry(at index: LogIndex) -> Entry? {
    guard index >= firstInMemory && index <= last.index else { return nil }
    return entries[front + Int(index.rawValue - firstInMemory.rawValue)]
  }

  /// The entries from one index through another: at most `maxBytes` of them but always one, or
  /// `nil` if the first is not in memory.
  func entries(from: LogIndex, through: LogIndex, maxBytes: Int) -> [Entry]? {
    guard from >= firstInMemory && from <= through && through <= last.index else { return nil }
    let start = front + Int(from.rawValue - firstInMemory.rawValue)
    let most = start + Int(through.rawValue - from.rawValue) + 1
    var end = start + 1
    var size = Self.size(of: entries[start])
    while end < most {
      size += Self.size(of: entries[end])
      if size > maxBytes { break }
      end += 1
    }
    return Array(entries[start..<end])
  }

  /// Forgets the oldest entries that a disk holds for good, while there are too many bytes.
  ///
  /// - Parameter index: Committed and durable; what is after it is never forgotten.
  mutating func evict(through index: LogIndex) {
    while bytes > RaftCore.largestTail, count > 0, entries[front].position.index <= index {
      dropFirst()
    }
    compact()
  }

  private mutating func dropFirst() {
    bytes -= Self.size(of: entries[front])
    entries[front] = Entry(position: .start, stamp: 0, kind: .barrier, payload: [])
    front += 1
  }

  /// Moves what is in memory only when as many go as stay, so each entry pays for one move.
  private mutating func compact() {
    guard front > 64 && front > entries.count / 2 else { return }
    entries.removeSubrange(0..<front)
    front = 0
  }

  /// Stops the program if what is known of the log contradicts itself. Costs time with its length.
  func checkInvariants() {
    precondition(
      zip(runs, runs.dropFirst()).allSatisfy { $0.from < $1.from && $0.term < $1.term },
      "The terms do not rise: \(runs).")
    precondition(runs[runs.count - 1].term == last.term, "The log ends at \(last), not \(runs).")
    var index = firstInMemory
    for entry in entries[front...] {
      precondition(
        entry.position.index == index && term(at: index) == entry.position.term,
        "Entry \(entry.position) stands at \(index).")
      index = index.next
    }
  }
}
