import EventLoop
import Store

/// How much room a node's files take, and how much there is.
package struct DiskFigures: Hashable, Sendable {
  /// Bytes that the node's user may still write where its data folder is, and all there are.
  package let free: Int64
  package let total: Int64
  /// Bytes of raft.db with its write-ahead log, and of the state file in use with its own.
  package let log: Int64
  package let state: Int64

  /// The figures of now, or `nil` where the operating system does not give them.
  static func now(of folder: String, stateFile: String) -> DiskFigures? {
    guard let room = Files.room(in: folder) else { return nil }
    let size = { (name: String) in
      [name, "\(name)-wal"].reduce(Int64(0)) { sum, name in
        sum + Int64((try? Files.size(of: "\(folder)/\(name)")) ?? 0)
      }
    }
    return DiskFigures(
      free: room.free, total: room.total, log: size(LogStore.fileName), state: size(stateFile))
  }
}
