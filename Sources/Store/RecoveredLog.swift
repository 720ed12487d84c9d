internal import Bytes
package import Raft

/// What raft.db said when it was opened.
package struct RecoveredLog: Hashable, Sendable {
  /// Term and vote.
  package let hardState: HardState
  /// The configuration of ``base`` and then each that the log holds, the one in force last.
  package let configurations: [PlacedConfiguration]
  /// Bounds, terms and newest entries of the log.
  package let log: LogRecovery
  /// Where the log begins.
  package let base: Base
  /// Rises when a cluster is rebuilt from one survivor; 1 until then.
  package let epoch: UInt64
  /// Drawn when the file was made and never 0: a node that lost its disk has another one.
  package let incarnation: UInt64

  /// What a node starts from.
  package init(
    hardState: HardState, configurations: [PlacedConfiguration], log: LogRecovery, base: Base,
    epoch: UInt64 = 1, incarnation: UInt64 = 1
  ) {
    precondition(!configurations.isEmpty, "A log without a configuration has no voters.")
    self.hardState = hardState
    self.configurations = configurations
    self.log = log
    self.base = base
    self.epoch = epoch
    self.incarnation = incarnation
  }

  /// The configuration in force: the last in the log, or that of ``base``.
  package var configuration: Configuration {
    configurations[configurations.count - 1].configuration
  }

  /// Where a log begins, and which state file goes with it.
  package struct Base: Hashable, Sendable {
    /// The entry before the first one; ``Raft/Position/start`` in a log that was never trimmed.
    package let position: Position
    /// Who was a member there.
    package let configuration: Configuration
    /// The name of the state file in the data folder.
    package let stateFile: String
    /// The chain value of the entry at ``position``.
    let chain: UInt64

    /// The same in the words of consensus, which knows no files.
    package var logBase: LogBase { LogBase(position: position, configuration: configuration) }

    /// Guards the row against a flipped bit in the database file.
    var checksum: UInt32 {
      var writer = ByteWriter(reserving: 256)
      writer.put(position.term.rawValue)
      writer.put(position.index.rawValue)
      writer.put(chain)
      writer.put(configuration.encoded())
      writer.put(stateFile)
      return Checksum.crc32c(writer.bytes)
    }
  }
}
