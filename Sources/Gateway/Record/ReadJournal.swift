import Bytes
import EventLoop
import Incidents

/// What this node showed of restricted incidents to their teams while it had no quorum, until that is
/// in the record: a file of its own, synced before anything is shown.
@ClientLoop final class ReadJournal {
  /// More than so many are not kept: by then nothing more is shown.
  private nonisolated static let most = 10_000
  private nonisolated static let size = 56

  private let path: String
  private let thread = ThreadExecutor(name: "reads")

  /// The journal in this file, which need not be there.
  init(path: String) { self.path = path }

  /// Keeps reads. False if that is not possible, and then they must not be shown.
  func keep(_ reads: [RestrictedRead]) async -> Bool {
    let path = self.path
    let bytes = reads.flatMap(Self.bytes)
    return await run { () throws(FileError) in
      let end = Files.exists(path) ? try Files.size(of: path) : 0
      // What a power cut left of a read that was not shown is written over.
      let start = end - end % Self.size
      guard start / Self.size + reads.count <= Self.most else { return false }
      try Files.write(bytes, at: start, to: path, mode: 0o600)
      try Files.sync(path)
      if end == 0 { try Files.syncFolder(Files.folder(of: path)) }
      return true
    } ?? false
  }

  /// The reads that are kept, the earliest first; the place of one that cannot be read is empty.
  func kept() async -> [RestrictedRead?] {
    let path = self.path
    let bytes = await run { () throws(FileError) in
      Files.exists(path) ? try Files.read(path, atMost: Self.most * Self.size) : []
    }
    guard let bytes else { return [] }
    return stride(from: 0, to: bytes.count - bytes.count % Self.size, by: Self.size).map {
      Self.read(Array(bytes[$0..<$0 + Self.size]))
    }
  }

  /// Forgets the first `count` reads: they are in the record. What was kept meanwhile stays.
  func forget(first count: Int) async {
    let path = self.path
    _ = await run { () throws(FileError) in
      let bytes = try Files.read(path, atMost: Self.most * Self.size)
      let rest = bytes.dropFirst(count * Self.size)
      // Less than one read is what a power cut left.
      if rest.count < Self.size {
        try Files.remove(path)
      } else {
        try Files.write(Array(rest), to: path, mode: 0o600)
      }
    }
  }

  private func run<Value: Sendable>(
    _ work: @escaping @Sendable () throws(FileError) -> Value
  ) async -> Value? {
    await withCheckedContinuation { waiter in
      thread.submit { waiter.resume(returning: try? work()) }
    }
  }

  private nonisolated static func bytes(_ read: RestrictedRead) -> [UInt8] {
    var writer = ByteWriter(reserving: size)
    writer.put(read.incident)
    writer.put(read.person)
    writer.put(read.credential)
    writer.put(read.at)
    return writer.bytes
  }

  private nonisolated static func read(_ bytes: [UInt8]) -> RestrictedRead? {
    var reader = ByteReader(bytes)
    guard let incident = try? reader.id(), let person = try? reader.id(),
      let credential = try? reader.id(), let at = try? reader.i64()
    else { return nil }
    return RestrictedRead(incident: incident, person: person, credential: credential, at: at)
  }
}
