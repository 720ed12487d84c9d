import Glibc

/// Text files beside the tests.
enum GoldenFile {
  /// Whether new kinds are to be added: `MUSTER_WRITE_GOLDEN=1`.
  static var isToBeWritten: Bool { unsafe getenv("MUSTER_WRITE_GOLDEN") != nil }

  struct Unreadable: Error {
    let path: String
  }

  /// The text; empty if there is no such file while new ones are written.
  static func read(_ path: String) throws -> String {
    guard let file = unsafe fopen(path, "r") else {
      if isToBeWritten { return "" }
      throw Unreadable(path: path)
    }
    defer { unsafe fclose(file) }
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = unsafe fread(&buffer, 1, buffer.count, file)
      guard count > 0 else { return String(decoding: text, as: UTF8.self) }
      text += buffer[..<count]
    }
  }

  static func write(_ text: String, to path: String) throws {
    guard let file = unsafe fopen(path, "w") else { throw Unreadable(path: path) }
    defer { unsafe fclose(file) }
    let bytes = Array(text.utf8)
    guard unsafe fwrite(bytes, 1, bytes.count, file) == bytes.count else {
      throw Unreadable(path: path)
    }
  }
}
