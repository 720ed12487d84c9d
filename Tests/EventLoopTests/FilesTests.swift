import EventLoop
import Glibc
import Testing

@Suite("Files")
struct FilesTests {
  private let folder = "/tmp/muster-files-\(getpid())-\(UInt64.random(in: 0 ... .max))"

  @Test func `are lengthened with zeros, and never shortened`() throws {
    try Files.makeFolder(folder, mode: 0o700)
    let path = folder + "/log"
    try Files.write([1, 2, 3], to: path, mode: 0o600)
    try Files.lengthen(path, to: (1 << 20) + 5)
    #expect(try Files.size(of: path) == (1 << 20) + 5)
    #expect(try Files.read(path, atMost: 2 << 20).prefix(5) == [1, 2, 3, 0, 0])
    try Files.lengthen(path, to: 2)
    #expect(try Files.size(of: path) == (1 << 20) + 5)

    // To begin early changes nothing that can be read.
    var early = try EarlyWriting(path)
    early.written(upTo: EarlyWriting.piece + 5)
    early.written(upTo: 3)
    #expect(try Files.read(path, atMost: 2 << 20).prefix(4) == [1, 2, 3, 0])

    try Files.remove(path)
    #expect(throws: FileError.self) { try Files.lengthen(path, to: 1) }
    #expect(throws: FileError.self) { _ = try EarlyWriting(path) }
    unsafe rmdir(folder)
  }

  @Test func `are written and read piece by piece`() throws {
    try Files.makeFolder(folder, mode: 0o700)
    let path = folder + "/pieces"
    try Files.write([1, 2, 3], at: 0, to: path, mode: 0o600)
    try Files.write([4, 5], at: 3, to: path, mode: 0o600)
    try Files.write([9], at: 1, to: path, mode: 0o600)
    try Files.sync(path)
    #expect(try Files.read(path, at: 0, atMost: 9) == [1, 9, 3, 4, 5])
    #expect(try Files.read(path, at: 3, atMost: 1) == [4])
    #expect(try Files.read(path, at: 5, atMost: 4).isEmpty)
    try Files.remove(path)
    #expect(throws: FileError.self) { try Files.read(path, at: 0, atMost: 1) }
    let full = #expect(throws: FileError.self) {
      try Files.write([1], at: 0, to: "/dev/full", mode: 0o600)
    }
    #expect(full?.isDiskFull == true)
    unsafe rmdir(folder)
  }

  @Test func `hold what was written, with the permissions asked for`() throws {
    try Files.makeFolder(folder + "/a/b", mode: 0o700)
    // A folder that is there is left as it is.
    try Files.makeFolder(folder + "/a/b", mode: 0o755)
    let path = folder + "/a/b/key"
    try Files.write([1, 2, 3], to: path, mode: 0o600)
    try Files.write([4, 5], to: path, mode: 0o600)

    #expect(try Files.read(path, atMost: 2) == [4, 5])
    #expect(try Files.size(of: path) == 2)
    #expect(try Files.list(folder + "/a/b") == ["key"])
    #expect(mode(of: path) == 0o600)
    #expect(mode(of: folder + "/a/b") == 0o700)

    try Files.rename(path, to: folder + "/moved")
    #expect(Files.exists(folder + "/moved"))
    try Files.remove(folder + "/moved")
    try Files.remove(folder + "/moved")
    #expect(!Files.exists(folder + "/moved"))
    for left in ["/a/b", "/a", ""] { unsafe rmdir(folder + left) }
  }

  @Test func `longer than expected are not read`() throws {
    try Files.makeFolder(folder, mode: 0o700)
    let path = folder + "/long"
    try Files.write([UInt8](repeating: 7, count: 100), to: path, mode: 0o600)
    #expect(throws: FileError(attempt: .read, path: path, cause: .tooLong(limit: 99))) {
      try Files.read(path, atMost: 99)
    }
    try Files.remove(path)
    unsafe rmdir(folder)
  }

  @Test func `that are missing are named in the error`() {
    let error = #expect(throws: FileError.self) { try Files.read("/no/such", atMost: 1) }
    #expect(error?.isMissing == true)
    #expect(
      error?.description == "Cannot open /no/such: No such file or directory (error 2).")
  }

  private func mode(of path: String) -> UInt32 {
    var facts = stat()
    unsafe stat(path, &facts)
    return facts.st_mode & 0o777
  }
}

@Suite("The system")
struct SystemTests {
  @Test func `gives its descriptor back when the owner lets go`() {
    let number: Int32
    do {
      let descriptor = Descriptor(owning: dup(1))
      number = descriptor.number
      #expect(fcntl(number, F_GETFD) >= 0)
    }
    let released = Descriptor(owning: dup(1)).release()
    #expect(fcntl(released, F_GETFD) >= 0)
    close(released)
  }

  @Test func `has a clock that only moves on, and one for people`() {
    let first = Clock.monotonic()
    #expect(Clock.monotonic() >= first)
    // After 2020, in milliseconds.
    #expect(Clock.now() > 1_577_836_800_000)
    #expect(Duration.milliseconds(1_500).nanoseconds == 1_500_000_000)
    #expect(Duration.seconds(Int64.max).nanoseconds == .max)
  }

  @Test func `lets many descriptors be open`() {
    #expect(Descriptor.raiseLimit() >= 1_024)
  }

  @Test func `tells of signals instead of dying by them`() async {
    await #expect(processExitsWith: .exitCode(7)) {
      Signals.watch { signal in
        if signal == .reload { kill(getpid(), SIGTERM) } else { exit(7) }
      }
      // Would be the end if it were not ignored.
      kill(getpid(), SIGPIPE)
      kill(getpid(), SIGHUP)
      sleep(5)
    }
  }
}
