package import EventLoop
import Glibc

/// A process that was started, as its file remembers it: the number and when it started.
///
/// Numbers are used again. Together with the start time a number means one process for ever, so
/// nobody else's is ever taken for a node, or killed.
package struct RunningProcess: Hashable, Sendable {
  /// Its number.
  package let number: Int32
  /// When it started, in clock ticks since the machine did: field 22 of proc(5)'s stat.
  package let started: UInt64

  /// The process of this number, if there is one that is not already dead.
  package init?(number: Int32) {
    guard let started = Self.startTime(of: number) else { return nil }
    self.number = number
    self.started = started
  }

  /// The process that a file remembers; `nil` if there is no such file or it says something else.
  package init?(readFrom path: String) {
    // A file that cannot be read remembers nothing.
    guard let bytes = try? Files.read(path, atMost: 64) else { return nil }
    let words = String(decoding: bytes, as: UTF8.self).split { $0 == " " || $0 == "\n" }
    guard words.count == 2, let number = Int32(words[0]), number > 1,
      let started = UInt64(words[1])
    else { return nil }
    self.number = number
    self.started = started
  }

  /// Writes the file that remembers it.
  package func write(to path: String) throws(FileError) {
    try Files.write(
      Array("\(number) \(started)\n".utf8), to: path, mode: LocalFolder.publicMode)
  }

  /// Whether it still runs.
  package var isAlive: Bool { Self.startTime(of: number) == started }

  /// Sends it a signal, unless it is gone.
  package func signal(_ signal: Int32) {
    if isAlive { kill(number, signal) }
  }

  /// Waits until it is gone; false if it is still there after `limit`.
  package func isGone(within limit: Duration) -> Bool {
    let deadline = Clock.monotonic() + limit.nanoseconds
    while isAlive {
      guard Clock.monotonic() < deadline else { return false }
      usleep(10_000)
      // If it is a child of this process, nobody else takes its end off the kernel's hands.
      var status: Int32 = 0
      unsafe waitpid(number, &status, WNOHANG)
    }
    return true
  }

  /// The start time of a process that runs; `nil` for none and for a zombie.
  private static func startTime(of number: Int32) -> UInt64? {
    // No file means no process.
    guard let bytes = try? Files.read("/proc/\(number)/stat", atMost: 4_096) else { return nil }
    // The name in parentheses may hold anything, so count from behind the last one.
    guard let end = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let fields = bytes[(end + 1)...].split(separator: UInt8(ascii: " "))
    guard fields.count > 19, fields[0].first != UInt8(ascii: "Z") else { return nil }
    return UInt64(String(decoding: fields[19], as: UTF8.self))
  }
}

/// Starts processes that outlive this one.
package enum Launcher {
  /// POSIX_SPAWN_SETSID, which glibc hides from this module: a session of its own, so that closing
  /// the terminal does not end it.
  private static let ownSession: Int16 = 0x80

  /// The file that is running now.
  package static func thisProgram() throws(Failure) -> String {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe readlink("/proc/self/exe", &path, path.count)
    guard count > 0, count < path.count else {
      throw Failure(.usage, "The path of this program cannot be found: is /proc mounted?")
    }
    return String(decoding: path[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Starts `program`, with nothing to read and its output added to the file at `log`.
  package static func start(
    _ program: String, _ arguments: [String], log: String
  ) throws(Failure) -> RunningProcess {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(
      &actions, STDOUT_FILENO, log, O_WRONLY | O_CREAT | O_APPEND, LocalFolder.secretMode)
    unsafe posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    unsafe posix_spawnattr_setflags(&attributes, ownSession)

    var words = unsafe ([program] + arguments).map { unsafe strdup($0) }
    unsafe words.append(nil)
    defer { for index in unsafe words.indices { unsafe free(words[index]) } }
    var number: pid_t = 0
    let failed = unsafe posix_spawn(&number, program, &actions, &attributes, words, environ)
    guard failed == 0 else {
      throw Failure(.unavailable, "\(program) could not be started: \(SystemError(failed)).")
    }
    guard let process = RunningProcess(number: number) else {
      throw Failure(.unavailable, "\(program) ended at once. Read \(log).")
    }
    return process
  }
}
