import EventLoop
package import Store
import Synchronization

/// Which state file is in use, for everybody who reads it. It changes when a received state takes
/// the place of this node's own.
package final class CurrentState: Sendable {
  let folder: String
  private let name: Lock<String>
  private let number = Atomic<Int>(0)

  /// - Parameters:
  ///   - folder: The data folder.
  ///   - file: The name of the state file in it.
  package init(folder: String, file: String) {
    self.folder = folder
    name = Lock(file)
  }

  /// Rises whenever another file comes into use: a reader that was opened before is of the old one.
  package var version: Int { number.load(ordering: .acquiring) }

  var file: String { name.withLock { $0 } }

  /// Opens a reader of the file in use now.
  package func makeReader() throws(StoreError) -> StateReader {
    try StateReader.open(folder: folder, file: file)
  }

  func use(_ file: String) {
    name.withLock { $0 = file }
    number.wrappingAdd(1, ordering: .releasing)
  }
}
