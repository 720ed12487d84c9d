package import Bytes
internal import EventLoop
internal import Raft
internal import SQLite

/// A snapshot on its way to this node: bytes in a file that nothing reads until all are there, they
/// are those that were announced, and what they hold is sound.
///
/// Nothing of it touches the active state. The last step gives the file the name of a state file of
/// a new generation, which is garbage until an install's transaction in raft.db names it.
package struct IncomingSnapshot: Sendable {
  /// What its sender said that it is.
  package let announced: SnapshotMeta
  /// How many bytes are there: where the next chunk belongs.
  package private(set) var offset: UInt64

  private let folder: String
  private let name: String
  private var path: String { "\(folder)/\(name)" }

  /// Makes room for a snapshot, or goes on with one that was received in part, also before a
  /// restart. What is left of others is removed: one is received at a time.
  package static func begin(
    _ announced: SnapshotMeta, in folder: String
  ) throws(SnapshotError) -> IncomingSnapshot {
    let prefix = announced.sha256.prefix(8).reduce(into: "") { text, byte in
      text += byte < 16 ? "0" : ""
      text += String(byte, radix: 16)
    }
    let position = announced.base.position
    let name = "incoming-\(position.term.rawValue)-\(position.index.rawValue)-\(prefix).part"
    return try receiving { () throws(StoreError) in
      let names = try filing { () throws(FileError) in try Files.list(folder) }
      for other in names where other.hasPrefix("incoming-") && other != name {
        try filing { () throws(FileError) in try Files.remove("\(folder)/\(other)") }
      }
      let path = "\(folder)/\(name)"
      var offset = 0
      if Files.exists(path) {
        offset = try filing { () throws(FileError) in try Files.size(of: path) }
      }
      if offset > announced.bytes {
        try filing { () throws(FileError) in try Files.remove(path) }
        offset = 0
      }
      return IncomingSnapshot(
        announced: announced, offset: UInt64(offset), folder: folder, name: name)
    }
  }

  private init(announced: SnapshotMeta, offset: UInt64, folder: String, name: String) {
    self.announced = announced
    self.offset = offset
    self.folder = folder
    self.name = name
  }

  /// Whether all bytes are there.
  package var isComplete: Bool { offset == announced.bytes }

  /// Takes the bytes that belong at ``offset``. They are not synced: a power cut may take some
  /// back, or leave others in their place, and the hash at the end finds that.
  ///
  /// - Throws: ``SnapshotError/misplaced(at:expected:)`` for a chunk that belongs elsewhere, which
  ///   changes nothing; or that the disk is full, after which the same chunk may be given again.
  package mutating func append(_ chunk: [UInt8], at place: UInt64) throws(SnapshotError) {
    guard place == offset else { throw .misplaced(at: place, expected: offset) }
    guard UInt64(chunk.count) <= announced.bytes - offset else {
      throw .tooLong(announced: announced.bytes)
    }
    try receiving { () throws(StoreError) in
      try filing { () throws(FileError) in
        try Files.write(chunk, at: Int(place), to: path, mode: 0o600)
      }
    }
    offset += UInt64(chunk.count)
  }

  /// Holds the file to what was announced, and gives it the name of a state file.
  ///
  /// Reads it twice and takes seconds for a gigabyte.
  ///
  /// - Parameters:
  ///   - cluster: Whose it must be.
  ///   - stateFile: The active one. The new generation is above it and all others here.
  ///   - system: The SQLite VFS that reaches the disk; tests name one that fails.
  /// - Returns: The generation. Its file is on the disk, ready for an install.
  /// - Throws: What is wrong with the snapshot, which is removed then; or what was wrong with the
  ///   disk, after which ``begin(_:in:)`` says how much of it is still there.
  package func finish(
    for cluster: ID, above stateFile: String, system: String? = nil
  ) throws(SnapshotError) -> UInt64 {
    guard isComplete else { throw .incomplete(bytes: offset, announced: announced.bytes) }
    do throws(SnapshotError) {
      try verify(for: cluster)
    } catch {
      if case .store = error { throw error }
      try receiving { () throws(StoreError) in try StoreFolder.removeDatabase(path) }
      throw error
    }

    return try receiving { () throws(StoreError) in
      let generation = try StoreFolder.unusedGeneration(in: folder, above: stateFile)
      let final = "\(folder)/\(StateStore.fileName(generation: generation))"
      try filing { () throws(FileError) in
        try Files.sync(path)
        try Files.rename(path, to: final)
      }
      do throws(StoreError) {
        try settle(final, system: system)
        return generation
      } catch {
        // Its bytes are no longer those that were announced, so it cannot be gone on with.
        try? StoreFolder.removeDatabase(final)
        throw error
      }
    }
  }

  /// Length, hash, soundness, owner and contents, the cheap and telling ones first.
  private func verify(for cluster: ID) throws(SnapshotError) {
    let (bytes, sha256) = try receiving { () throws(StoreError) in try StateSnapshot.hash(path) }
    guard bytes == announced.bytes, sha256 == announced.sha256 else { throw .damaged }
    let head: StateFileHead
    do throws(StoreError) {
      head = try check()
    } catch {
      throw SnapshotError(content: error)
    }
    guard head.cluster == cluster else { throw .foreign(head.cluster, expected: cluster) }
    guard head.base == announced.base, head.digest == announced.digest,
      head.level == announced.level
    else { throw .differs(announced: announced.base.position, found: head.base.position) }
  }

  private func check() throws(StoreError) -> StateFileHead {
    let database = try storing { () throws(SQLiteError) in
      try Database(path: path, access: .read)
    }
    let head = try StateFileHead.read(database, path: path)
    let answers = try storing { () throws(SQLiteError) in
      try database.rows("PRAGMA quick_check(1)") { row throws(SQLiteError) in
        try row.next() as String
      }
    }
    guard answers == ["ok"] else { throw .corrupt("\(path): \(answers.first ?? "no answer")") }
    return head
  }

  /// Sets the journal mode that a copy does not inherit. Done under the final name: a crash leaves
  /// a file that raft.db does not name, and not a half-changed one that would be gone on with.
  private func settle(_ final: String, system: String?) throws(StoreError) {
    try storing { () throws(SQLiteError) in
      let database = try Database(path: final, access: .write, system: system)
      let mode = try database.row("PRAGMA journal_mode = WAL") { row throws(SQLiteError) in
        try row.next() as String
      }
      guard mode == "wal" else {
        throw SQLiteError(
          extendedCode: 1, message: "the journal mode stays \(mode ?? "unknown")",
          during: "PRAGMA journal_mode = WAL")
      }
    }
    try filing { () throws(FileError) in
      try Files.sync(final)
      try Files.syncFolder(folder)
    }
  }
}
