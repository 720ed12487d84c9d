package import Bytes
package import Raft

/// Why a snapshot cannot be taken over.
package enum SnapshotError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A chunk belongs at another offset than where the file ends. The one expected may be asked for.
  case misplaced(at: UInt64, expected: UInt64)
  /// More bytes came than were announced.
  case tooLong(announced: UInt64)
  /// Not all bytes are there yet.
  case incomplete(bytes: UInt64, announced: UInt64)
  /// The bytes are not those that were announced.
  case damaged
  /// The bytes are those that were announced, but hold no sound state.
  case unsound(String)
  /// It belongs to another cluster.
  case foreign(ID, expected: ID)
  /// A newer version of Muster made it.
  case newer(format: Int)
  /// It holds another state than was announced.
  case differs(announced: Position, found: Position)
  /// This node's disk is full or failed; the snapshot is not to blame.
  case store(StoreError)

  /// What a look into a file whose bytes are right came to.
  init(content error: StoreError) {
    self =
      switch error {
      case .newer(_, let format): .newer(format: format)
      case .corrupt(let why), .foreign(let why): .unsound(why)
      default: .store(error)
      }
  }

  package var description: String {
    switch self {
    case .misplaced(let place, let expected):
      "A chunk for offset \(place) came where one for \(expected) belongs."
    case .tooLong(let announced):
      "More came than the \(announced) bytes that were announced."
    case .incomplete(let bytes, let announced):
      "Only \(bytes) of \(announced) bytes are there."
    case .damaged:
      "The bytes of the snapshot are not those that were announced: it must be sent again."
    case .unsound(let why):
      "The snapshot holds no sound state: \(why). The node that sent it should be looked at."
    case .foreign(let cluster, let expected):
      "The snapshot belongs to cluster \(cluster), and this node to \(expected)."
    case .newer(let format):
      "The snapshot has format \(format), which a newer version of Muster wrote: update this node."
    case .differs(let announced, let found):
      "The snapshot was announced as \(announced) but holds another state, of \(found)."
    case .store(let error):
      error.description
    }
  }
}

/// Runs `body`, which only fails when this node's own disk does.
func receiving<Result: ~Copyable>(
  _ body: () throws(StoreError) -> Result
) throws(SnapshotError) -> Result {
  do throws(StoreError) {
    return try body()
  } catch {
    throw .store(error)
  }
}
