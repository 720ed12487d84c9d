internal import EventLoop

/// What a look at a write-ahead log says, before SQLite opens it.
///
/// SQLite takes the first bad frame for the end of the log and says nothing. In raft.db one flipped
/// bit could so undo acknowledged entries and a vote. Each commit of raft.db is synced before the
/// next begins, so a power cut tears the last transaction at most: at most one commit frame may
/// stand after a bad one. (A flipped bit inside the very last transaction looks the same as a torn
/// one. Then the state file may know more than the log, which is looked at afterwards.)
enum WriteAheadLog: Hashable {
  /// Every frame of the last run is whole, or there is none.
  case sound
  /// The last transaction is not whole, and was never acknowledged.
  case torn
  /// Commits stand after a bad frame: acknowledged entries would vanish.
  case damaged(frame: Int, commitsAfter: Int)

  /// Longer than any log of ours: it is checkpointed at 16 MiB, plus one batch of 64 MiB.
  private static let longest = 1 << 30
  private static let headerSize = 32
  private static let frameHeaderSize = 24

  /// Looks at the log beside the database at `path`.
  static func scan(besideDatabase path: String) throws(StoreError) -> WriteAheadLog {
    let log = "\(path)-wal"
    guard Files.exists(log) else { return .sound }
    do throws(FileError) {
      return scan(try Files.read(log, atMost: longest))
    } catch {
      throw .failed(error.description)
    }
  }

  /// Looks at the bytes of a log (https://www.sqlite.org/fileformat2.html, section 4).
  static func scan(_ bytes: [UInt8]) -> WriteAheadLog {
    guard bytes.count > headerSize + frameHeaderSize else { return .sound }
    let bytes = bytes.span
    let magic = word(bytes, 0)
    let pageSize = Int(word(bytes, 8))
    let isSound = {
      var sums = Sums(isBigEndian: magic & 1 == 1)
      sums.add(bytes, 0..<24)
      return magic & ~1 == 0x377F_0682 && sums == (word(bytes, 24), word(bytes, 28))
    }()
    guard isSound else {
      // The header may have been torn with the first transaction, but not after a second one. The
      // salts are no longer known by the header, so those of the first frame that has any stand for
      // them. (Frames of an earlier run may be these, and then are in the database; but a header is
      // 32 bytes of one sector and synced by itself, so to refuse is right far more often.)
      var first = headerSize
      let step = frameHeaderSize + 4096
      while first + step <= bytes.count, word(bytes, first + 8) == 0, word(bytes, first + 12) == 0 {
        first += step
      }
      guard first + step <= bytes.count else { return .sound }
      let salts = (word(bytes, first + 8), word(bytes, first + 12))
      let commits = commitFrames(bytes, from: first, pageSize: 4096, salts: salts)
      return commits > 1 ? .damaged(frame: 0, commitsAfter: commits) : .torn
    }

    let salts = (word(bytes, 16), word(bytes, 20))
    var sums = Sums(isBigEndian: magic & 1 == 1)
    sums.add(bytes, 0..<24)
    var place = headerSize
    var frame = 1
    var endsInCommit = true
    while place + frameHeaderSize + pageSize <= bytes.count {
      let isLive = (word(bytes, place + 8), word(bytes, place + 12)) == salts
      sums.add(bytes, place..<place + 8)
      sums.add(bytes, place + frameHeaderSize..<place + frameHeaderSize + pageSize)
      guard isLive, sums == (word(bytes, place + 16), word(bytes, place + 20)) else {
        let commits = commitFrames(bytes, from: place, pageSize: pageSize, salts: salts)
        if commits > 1 { return .damaged(frame: frame, commitsAfter: commits) }
        return commits == 1 || !endsInCommit ? .torn : .sound
      }
      endsInCommit = word(bytes, place + 4) != 0
      place += frameHeaderSize + pageSize
      frame += 1
    }
    return endsInCommit ? .sound : .torn
  }

  /// How many frames from `start`, the bad one, on end a transaction of the run with these salts.
  private static func commitFrames(
    _ bytes: borrowing Span<UInt8>, from start: Int, pageSize: Int, salts: (UInt32, UInt32)
  ) -> Int {
    var commits = 0
    var place = start
    while place + frameHeaderSize + pageSize <= bytes.count {
      // The bad frame itself may have lost one of its salts, but not both to one fault. A frame of
      // an earlier run has neither: the first counts up and the second is drawn anew.
      let (first, second) = (word(bytes, place + 8), word(bytes, place + 12))
      let isLive =
        place == start
        ? first == salts.0 || second == salts.1 : first == salts.0 && second == salts.1
      if isLive && word(bytes, place + 4) != 0 { commits += 1 }
      place += frameHeaderSize + pageSize
    }
    return commits
  }

  private static func word(_ bytes: borrowing Span<UInt8>, _ place: Int) -> UInt32 {
    UInt32(bytes[place]) << 24 | UInt32(bytes[place + 1]) << 16 | UInt32(bytes[place + 2]) << 8
      | UInt32(bytes[place + 3])
  }

  /// The running checksum of a log: two sums, each fed by the other.
  private struct Sums {
    let isBigEndian: Bool
    var first: UInt32 = 0
    var second: UInt32 = 0

    init(isBigEndian: Bool) { self.isBigEndian = isBigEndian }

    mutating func add(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) {
      var place = range.lowerBound
      while place < range.upperBound {
        var left = word(bytes, place)
        var right = word(bytes, place + 4)
        if !isBigEndian {
          left = left.byteSwapped
          right = right.byteSwapped
        }
        first = first &+ left &+ second
        second = second &+ right &+ first
        place += 8
      }
    }

    static func == (sums: Sums, stored: (UInt32, UInt32)) -> Bool {
      (sums.first, sums.second) == stored
    }
  }
}
