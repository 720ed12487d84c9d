package import EventLoop
package import SQLite

/// Why a node's files cannot be used, or a change could not be stored.
package enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no room. Nothing was changed; the same call may be made again later.
  case diskFull
  /// The disk or SQLite failed. What is in memory can no longer be trusted: the process ends.
  case failed(String)
  /// A file does not hold what was written to it. The node must be replaced.
  case corrupt(String)
  /// The files belong to another node or another cluster.
  case foreign(String)
  /// The files were written by a newer version of Muster.
  case newer(file: String, format: Int)
  /// Another process has the files open.
  case inUse(String)
  /// The log ends before what the state has applied: it lost entries that were acknowledged.
  case logLost(last: UInt64, applied: UInt64)
  /// A read took longer than ``StateReader/deadline`` allows.
  case tooSlow

  /// What SQLite said, in the words of what to do about it.
  package init(_ error: SQLiteError) {
    switch error.kind {
    case .full: self = .diskFull
    case .corrupt, .mismatch: self = .corrupt(error.description)
    case .interrupted: self = .tooSlow
    default: self = .failed(error.description)
    }
  }

  /// What the operating system said, in the words of what to do about it.
  package init(_ error: FileError) {
    self = error.isDiskFull ? .diskFull : .failed(error.description)
  }

  package var description: String {
    switch self {
    case .diskFull:
      "The disk is full: free some room; nothing was lost and writing goes on by itself."
    case .failed(let why):
      "The disk failed: \(why). The process must end; start it again once the disk is sound."
    case .corrupt(let why):
      "\(why). This node must be replaced: it may no longer vote, or an acknowledged write could "
        + "be lost."
    case .foreign(let why):
      why
    case .newer(let file, let format):
      "\(file) has format \(format), which a newer version of Muster wrote: start that version."
    case .inUse(let file):
      "\(file) is in use: another process runs on this data folder."
    case .logLost(let last, let applied):
      "The log ends at index \(last), but the state has applied index \(applied): the log lost "
        + "entries that were acknowledged. This node must be replaced."
    case .tooSlow:
      "The read took too long and was stopped: ask for less."
    }
  }
}

/// Runs `body` with SQLite's errors in the store's words.
func storing<Result: ~Copyable>(
  _ body: () throws(SQLiteError) -> Result
) throws(StoreError) -> Result {
  do throws(SQLiteError) {
    return try body()
  } catch {
    throw StoreError(error)
  }
}

/// Runs `body` with the operating system's errors in the store's words.
func filing<Result: ~Copyable>(
  _ body: () throws(FileError) -> Result
) throws(StoreError) -> Result {
  do throws(FileError) {
    return try body()
  } catch {
    throw StoreError(error)
  }
}
