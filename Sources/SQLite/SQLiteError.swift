internal import CSQLite

/// What SQLite could not do, and why.
package struct SQLiteError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What the caller can do about it decides the kind.
  package enum Kind: Hashable, Sendable {
    /// The disk or the file's page limit is full: nothing was written; waiting may help.
    case full
    /// The disk failed: what is in memory can no longer be trusted.
    case ioError
    /// The file is not a database, or not a sound one.
    case corrupt
    /// Another connection is in the way.
    case busy
    /// The file may not be written, or the statement may not do what it says.
    case denied
    /// A deadline passed, or the statement was interrupted.
    case interrupted
    /// A rule of the schema refused the row.
    case constraint
    /// A column does not hold what the reader expected.
    case mismatch
    /// The file could not be opened.
    case cannotOpen
    /// A statement names what there is not, or cannot be compiled for what there is.
    case notUnderstood
    /// We used SQLite wrongly, or it ran out of memory.
    case misuse
  }

  /// SQLite's extended result code.
  package let extendedCode: Int32
  /// SQLite's own sentence.
  package let message: String
  /// The statement or call that failed, without its values.
  package let during: String

  package init(extendedCode: Int32, message: String, during: String) {
    self.extendedCode = extendedCode
    self.message = message
    self.during = during
  }

  /// SQLite's primary result code.
  package var code: Int32 { extendedCode & 0xFF }

  /// What kind of failure it is.
  package var kind: Kind {
    switch code {
    case SQLITE_FULL: .full
    case SQLITE_IOERR, SQLITE_NOLFS: .ioError
    case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT: .corrupt
    case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: .busy
    case SQLITE_PERM, SQLITE_READONLY, SQLITE_AUTH: .denied
    case SQLITE_INTERRUPT, SQLITE_ABORT: .interrupted
    case SQLITE_CONSTRAINT: .constraint
    case SQLITE_MISMATCH: .mismatch
    case SQLITE_CANTOPEN: .cannotOpen
    case SQLITE_ERROR: .notUnderstood
    default: .misuse
    }
  }

  package var description: String {
    "SQLite could not do “\(during)”: \(message) (\(kind), code \(extendedCode))"
  }

  /// The error that the connection `handle` last met.
  static func last(_ code: Int32, of handle: OpaquePointer?, during: String) -> SQLiteError {
    let text =
      if let handle = unsafe handle {
        unsafe String(cString: sqlite3_errmsg(handle))
      } else {
        unsafe String(cString: sqlite3_errstr(code))
      }
    return SQLiteError(extendedCode: code, message: text, during: during)
  }
}
