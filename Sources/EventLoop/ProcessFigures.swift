import CLinux
import Glibc

/// What the operating system says of this process.
package struct ProcessFigures: Hashable, Sendable {
  /// Time on a processor, of all threads, in microseconds.
  package let processorMicroseconds: Int64
  /// Memory that is in use, in bytes.
  package let residentBytes: Int64
  /// Address space that is taken, in bytes.
  package let virtualBytes: Int64
  /// Files and sockets that are open.
  package let openFiles: Int64
  /// How many may be.
  package let mostFiles: Int64
  /// When it began, in milliseconds since 1970.
  package let startedAt: Int64

  /// The figures of now, or `nil` where `/proc` is not there to be asked.
  package static func now() -> ProcessFigures? {
    var usage = rusage()
    guard unsafe getrusage(RUSAGE_SELF.rawValue, &usage) == 0,
      let pages = words(of: "/proc/self/statm"), pages.count > 1,
      let virtual = Int64(pages[0]), let resident = Int64(pages[1]),
      let files = try? Files.list("/proc/self/fd"), let started = startTime()
    else { return nil }
    var limit = rlimit()
    _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    let time = { (part: timeval) in Int64(part.tv_sec) * 1_000_000 + Int64(part.tv_usec) }
    let page = Int64(sysconf(Int32(_SC_PAGESIZE)))
    return ProcessFigures(
      processorMicroseconds: time(usage.ru_utime) + time(usage.ru_stime),
      residentBytes: resident * page, virtualBytes: virtual * page,
      openFiles: Int64(files.count), mostFiles: Int64(clamping: limit.rlim_cur),
      startedAt: started)
  }

  /// Field 22 of `/proc/self/stat` counts clock ticks since the machine started (proc(5)); the name in
  /// field 2 may hold anything but ends with the last bracket.
  private static func startTime() -> Int64? {
    guard let text = text(of: "/proc/self/stat"), let end = text.lastIndex(of: ")"),
      let machine = line("btime", of: "/proc/stat").flatMap({ Int64($0) })
    else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 19, let ticks = Int64(fields[19]) else { return nil }
    return machine * 1_000 + ticks * 1_000 / Int64(sysconf(Int32(_SC_CLK_TCK)))
  }

  private static func line(_ name: String, of path: String) -> Substring? {
    text(of: path)?.split(separator: "\n").first { $0.hasPrefix("\(name) ") }?
      .split(separator: " ").last
  }

  private static func words(of path: String) -> [Substring]? {
    text(of: path)?.split(separator: " ")
  }

  private static func text(of path: String) -> String? {
    (try? Files.read(path, atMost: 1 << 20)).map { String(decoding: $0, as: UTF8.self) }
  }
}
