import Glibc

/// Another process of this command, whose words are read line by line. A core that contradicts
/// itself ends its process, which must not end the others.
@safe
final class Child {
  private let stream: UnsafeMutablePointer<FILE>
  private var pending: [UInt8] = []

  /// - Parameter words: The arguments, none of which holds a space.
  init?(_ words: [String]) {
    let line =
      "SWIFT_BACKTRACE=enable=no exec '\(CommandLine.arguments[0])' "
      + words.joined(separator: " ") + " 2>&1"
    guard let stream = unsafe popen(line, "r") else { return nil }
    unsafe self.stream = unsafe stream
  }

  var descriptor: Int32 { unsafe fileno(stream) }

  /// Waits for more, and gives the lines that are whole; `nil` at the end.
  func lines() -> [String]? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe buffer.withUnsafeMutableBytes { bytes in
      unsafe read(descriptor, bytes.baseAddress, bytes.count)
    }
    guard count > 0 else { return nil }
    pending += buffer[..<count]
    var lines: [String] = []
    while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
      lines.append(String(decoding: pending[..<end], as: UTF8.self))
      pending.removeSubrange(...end)
    }
    return lines
  }

  /// Waits for the end. True if all was well.
  func finish() -> Bool { unsafe pclose(stream) == 0 }

  /// Those of `children` that have something to say.
  static func waiting(_ children: [Child]) -> [Child] {
    var wanted = children.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
    _ = unsafe poll(&wanted, nfds_t(wanted.count), -1)
    return zip(children, wanted).filter { $0.1.revents != 0 }.map(\.0)
  }
}

/// Seconds since some moment.
func seconds() -> Int64 {
  var time = timespec()
  _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return Int64(time.tv_sec)
}

/// Prints a line at once.
func say(_ text: String) {
  print(text)
  fflush(nil)
}

func exitWith(_ status: Int32) -> Never { exit(status) }
