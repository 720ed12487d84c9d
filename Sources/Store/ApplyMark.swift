internal import Bytes
internal import EventLoop
internal import Glibc
package import Raft

/// A small file that says what is being applied, so that a node which died of it knows at its next
/// start.
///
/// Before a transaction its indexes are written, and after it zeros: two writes into the operating
/// system's memory of about a microsecond, and no sync, since the end of a process loses nothing of
/// that. A power cut may lose the mark, and then a death is not counted; nobody dies of an entry by
/// a power cut. A mark that was left by a process that was killed from outside, in the middle of a
/// transaction, counts as a death; that this happens twice in the same entry, with no progress in
/// between, is as good as impossible, because after the first death each suspect has a transaction
/// of its own.
///
/// What a start makes of the mark it writes down, synced, before anything is applied or said.
package final class ApplyMark: Sendable {
  /// What earlier processes on this folder have died of.
  package struct Deaths: Hashable, Sendable {
    /// The entries of the transaction in which the last one died.
    package let first: LogIndex
    package let through: LogIndex
    /// How many died in a row, each within the entries of the one before.
    package let count: UInt32

    /// Deaths within these entries.
    package init(first: LogIndex, through: LogIndex, count: UInt32) {
      self.first = first
      self.through = through
      self.count = count
    }
  }

  /// After so many deaths by one entry it is not applied again.
  package static let mostDeaths: UInt32 = 2
  /// The name of the file in the data folder.
  package static let fileName = "applying"
  private static let mode: UInt32 = 0o600
  /// First and last of the transaction under way, the same and a count of the deaths, a checksum.
  private static let length = 40

  /// What is behind the state by now is no death any more.
  package let deaths: Deaths?
  private let file: Descriptor

  private init(deaths: Deaths?, file: consuming Descriptor) {
    self.deaths = deaths
    self.file = file
  }

  /// Reads what the last process left, counts a death if it was one, and makes that durable.
  ///
  /// - Parameter applied: What the state has applied: a process that died after its transaction did
  ///   not die of it.
  package static func open(
    folder: String, applied: LogIndex
  ) throws(StoreError) -> ApplyMark {
    let path = "\(folder)/\(fileName)"
    let left = (try? Files.read(path, atMost: length)).flatMap(Record.init(decoding:)) ?? Record()
    let deaths = left.deaths(after: applied)
    let record = Record(deaths: deaths)
    if left != record || !Files.exists(path) {
      try filing { () throws(FileError) in
        try Files.write(record.encoded(), to: path, mode: mode)
      }
    }
    let number = unsafe Glibc.open(path, O_WRONLY | O_CLOEXEC)
    guard number >= 0 else { throw .failed("\(path) cannot be opened: \(SystemError.last)") }
    return ApplyMark(deaths: deaths, file: Descriptor(owning: number))
  }

  /// A transaction of these entries begins.
  package func begin(_ first: LogIndex, through: LogIndex) {
    write(Record(first: first, through: through, deaths: deaths))
  }

  /// It is over, one way or the other, and the process lives.
  package func end() { write(Record(deaths: deaths)) }

  private func write(_ record: Record) {
    let bytes = record.encoded()
    // Without a mark a death is not counted, and that is all.
    _ = unsafe bytes.withUnsafeBytes {
      unsafe pwrite(file.number, $0.baseAddress, $0.count, 0)
    }
  }

  /// What the file holds.
  private struct Record: Equatable {
    var first = LogIndex.zero
    var through = LogIndex.zero
    var deaths: Deaths?

    init(first: LogIndex = .zero, through: LogIndex = .zero, deaths: Deaths? = nil) {
      self.first = first
      self.through = through
      self.deaths = deaths
    }

    /// The record in `bytes`, or `nil` if they are none: a mark that cannot be read says nothing.
    init?(decoding bytes: [UInt8]) {
      var reader = ByteReader(bytes)
      guard bytes.count == ApplyMark.length, let words = try? (reader.u64(), reader.u64()),
        let suspects = try? (reader.u64(), reader.u64(), reader.u32()),
        let checksum = try? reader.u32(), checksum == Checksum.crc32c(Array(bytes.dropLast(4)))
      else { return nil }
      first = LogIndex(rawValue: words.0)
      through = LogIndex(rawValue: words.1)
      if suspects.2 > 0 {
        deaths = Deaths(
          first: LogIndex(rawValue: suspects.0), through: LogIndex(rawValue: suspects.1),
          count: suspects.2)
      }
    }

    func encoded() -> [UInt8] {
      var writer = ByteWriter(reserving: ApplyMark.length)
      writer.put(first.rawValue)
      writer.put(through.rawValue)
      writer.put(deaths?.first.rawValue ?? 0)
      writer.put(deaths?.through.rawValue ?? 0)
      writer.put(deaths?.count ?? 0)
      writer.put(Checksum.crc32c(writer.bytes))
      return writer.bytes
    }

    /// The deaths that still count, with the one that this record is the trace of.
    func deaths(after applied: LogIndex) -> Deaths? {
      let before = deaths.flatMap { $0.through > applied ? $0 : nil }
      guard through > applied else { return before }
      guard let before, before.first <= first, through <= before.through else {
        return Deaths(first: first, through: through, count: 1)
      }
      return Deaths(first: first, through: through, count: before.count + 1)
    }
  }
}
