import EventLoop
import JSON
package import Setup

/// The file on the disk that a configuration is read from, and the one that it may name.
extension NodeFile {
  /// A configuration has some two kilobytes.
  private static let largest = 64 * 1024
  /// The file of a secret has a line.
  private static let largestSecret = 4_096

  /// Reads the file at `path`. Whatever is wrong is told with its line.
  package init(at path: String) throws(Failure) {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try Files.read(path, atMost: Self.largest)
    } catch {
      throw Failure(.usage, "\(error)")
    }
    do throws(ConfigurationError) {
      // What cannot be read is refused with the key that names it.
      try self.init(bytes) { try? Files.read($0, atMost: Self.largestSecret) }
    } catch {
      throw Failure(.usage, "\(path), \(error)")
    }
  }
}
