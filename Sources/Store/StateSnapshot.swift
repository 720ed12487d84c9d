internal import Crypto
internal import EventLoop
package import Raft
internal import SQLite

/// What a snapshot is, as its sender announces it and its receiver holds it to.
package struct SnapshotMeta: Hashable, Sendable {
  /// The last entry that is in it, and who was a member there.
  package let base: LogBase
  /// Stands for everything in it (32 bytes).
  package let digest: [UInt8]
  /// The behaviour level that it was made at.
  package let level: UInt8
  /// How long the file is.
  package let bytes: UInt64
  /// The SHA-256 of the file (32 bytes).
  package let sha256: [UInt8]

  /// What a snapshot is.
  package init(
    base: LogBase, digest: [UInt8], level: UInt8, bytes: UInt64, sha256: [UInt8]
  ) {
    self.base = base
    self.digest = digest
    self.level = level
    self.bytes = bytes
    self.sha256 = sha256
  }
}

/// A copy of the state at one index, in a file of its own that nobody changes any more.
package struct StateSnapshot: Hashable, Sendable {
  /// The most bytes that one read answers.
  package static let largestChunk = 1 << 20

  /// Where the file is.
  package let path: String
  /// What is in it.
  package let meta: SnapshotMeta

  /// Copies the state that `stateFile` has now, on a connection of its own, while it is written on.
  ///
  /// Takes seconds for a gigabyte and as much room again, so it belongs on a thread that nobody
  /// waits for. Meanwhile the write-ahead log of the state cannot begin anew, and grows.
  ///
  /// `system` is the SQLite VFS that reaches the disk; tests name one that fails.
  ///
  /// - Throws: ``StoreError/diskFull`` or what else failed; then nothing is left of it but a draft,
  ///   which the next one and ``StoreFolder/tidy(_:keeping:)`` remove.
  package static func make(
    folder: String, stateFile: String, system: String? = nil
  ) throws(StoreError) -> StateSnapshot {
    let draft = "\(folder)/\(StoreFolder.draftSnapshot)"
    try StoreFolder.removeDatabase(draft)
    do throws(StoreError) {
      try storing { () throws(SQLiteError) in
        let source = try Database(
          path: "\(folder)/\(stateFile)", access: .read, busyMilliseconds: 250, system: system)
        try source.run("VACUUM INTO \(draft)")
      }
      // SQLite syncs the file but not that its journal is gone: after a power cut the journal could
      // come back, and undo the copy.
      try filing { () throws(FileError) in
        try Files.sync(draft)
        try Files.syncFolder(folder)
      }
      let meta = try describe(draft)
      let path = "\(folder)/\(StoreFolder.snapshotName(meta.base.position))"
      try filing { () throws(FileError) in try Files.rename(draft, to: path) }
      return StateSnapshot(path: path, meta: meta)
    } catch {
      // What failed explains; a draft that stays is removed later.
      try? StoreFolder.removeDatabase(draft)
      throw error
    }
  }

  /// At most ``largestChunk`` bytes from `offset` on; none at the end.
  package func chunk(at offset: UInt64) throws(StoreError) -> [UInt8] {
    try filing { () throws(FileError) in
      try Files.read(path, at: Int(offset), atMost: Self.largestChunk)
    }
  }

  /// Removes the file.
  package func remove() throws(StoreError) { try StoreFolder.removeDatabase(path) }

  /// What the file at `path` says of itself, its length and its hash.
  private static func describe(_ path: String) throws(StoreError) -> SnapshotMeta {
    let inside = try StateFileHead.read(path)
    let (bytes, sha256) = try hash(path)
    return SnapshotMeta(
      base: inside.base, digest: inside.digest, level: inside.level, bytes: bytes, sha256: sha256)
  }

  /// The length and the SHA-256 of a file of any length.
  static func hash(_ path: String) throws(StoreError) -> (bytes: UInt64, sha256: [UInt8]) {
    var stream = SHA256Stream()
    var offset = 0
    while true {
      let start = offset
      let chunk = try filing { () throws(FileError) in
        try Files.read(path, at: start, atMost: largestChunk)
      }
      guard !chunk.isEmpty else { return (UInt64(offset), stream.finish()) }
      stream.update(chunk)
      offset += chunk.count
    }
  }
}
