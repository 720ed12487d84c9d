import Bytes
import EventLoop
import Glibc
import Raft
import Store

/// The machine has no room for a test.
struct NoRoom: Error {}

/// An empty folder that goes away with its owner, in memory where there is such a place: a sync
/// costs nothing there, and no test here turns the power off.
final class Folder {
  let path: String

  convenience init() throws {
    try self.init(on: unsafe access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp")
  }

  /// A folder in `parent`.
  init(on parent: String) throws {
    var template = Array("\(parent)/muster-store-XXXXXX".utf8CString)
    guard let made = unsafe mkdtemp(&template) else { throw NoRoom() }
    path = unsafe String(cString: made)
  }

  deinit {
    for name in names() { unsafe unlink("\(path)/\(name)") }
    unsafe rmdir(path)
  }

  /// The names of the files in it, in order. A folder that cannot be read has none.
  func names() -> [String] {
    (try? Files.list(path)) ?? []
  }

  /// Removes a file in it.
  func remove(_ name: String) throws { try Files.remove("\(path)/\(name)") }

  /// The bytes of a file in it.
  func bytes(of name: String) throws -> [UInt8] {
    guard let file = unsafe fopen("\(path)/\(name)", "r") else { throw NoRoom() }
    defer { unsafe fclose(file) }
    unsafe fseek(file, 0, SEEK_END)
    var bytes = [UInt8](repeating: 0, count: unsafe ftell(file))
    unsafe rewind(file)
    let count = unsafe fread(&bytes, 1, bytes.count, file)
    return Array(bytes[..<count])
  }

  /// Makes a file in it hold exactly these bytes.
  func write(_ bytes: [UInt8], to name: String) throws {
    guard let file = unsafe fopen("\(path)/\(name)", "w") else { throw NoRoom() }
    defer { unsafe fclose(file) }
    _ = unsafe fwrite(bytes, 1, bytes.count, file)
  }

  /// Flips one bit of a file in it.
  func flip(bit: UInt8 = 3, at place: Int, of name: String) throws {
    var bytes = try bytes(of: name)
    bytes[place] ^= 1 << bit
    try write(bytes, to: name)
  }
}

extension NodeIdentity {
  /// The first node of a cluster of three.
  static let first = NodeIdentity(
    cluster: ID(high: 1, low: 1), node: NodeID(rawValue: 1),
    founding: Configuration(voters: [1, 2, 3].map(NodeID.init)))
}

extension Entry {
  /// An entry whose payload tells it from others.
  static func at(
    _ index: UInt64, term: UInt64 = 1, kind: Kind = .command, payload: [UInt8]? = nil
  ) -> Entry {
    Entry(
      position: Position(term: Term(rawValue: term), index: LogIndex(rawValue: index)),
      stamp: Int64(index) * 10, kind: kind,
      payload: payload ?? Array("entry \(index) of term \(term)".utf8))
  }
}

extension PersistBatch {
  /// A batch of these entries.
  static func of(
    _ entries: [Entry], truncateFrom: UInt64? = nil, hardState: HardState? = nil
  ) -> PersistBatch {
    PersistBatch(
      sequence: 1, hardState: hardState, truncateFrom: truncateFrom.map(LogIndex.init),
      entries: entries)
  }
}
