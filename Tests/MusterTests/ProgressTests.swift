import EventLoop
import Glibc
import TestReceiver
import Testing

@testable import muster

@Suite("Long work")
struct ProgressTests {
  @Test func `says how much of how much is done, once it is long`() {
    var line = Progress.Line("Exporting the record", unit: "rows", total: 4_000)
    line.count = 1_000
    #expect(line.text(after: .milliseconds(900)) == nil)
    #expect(
      line.text(after: .seconds(3)) == "Exporting the record: 1000 of 4000 rows (25 %), 3 s")
    line.total = nil
    #expect(line.text(after: .seconds(150)) == "Exporting the record: 1000 rows, 2 min")
    line = Progress.Line("Waiting for the cluster", limit: .seconds(15))
    #expect(line.text(after: .seconds(4)) == "Waiting for the cluster: 4 s of at most 15 s")
    #expect(Progress.Line("Joining").text(after: .seconds(4)) == "Joining: 4 s")
    line = Progress.Line("Reading", unit: "MB", total: 0)
    #expect(line.text(after: .seconds(4)) == "Reading: 0 of 0 MB, 4 s")
  }

  /// A cluster of which the first page of the record is had, and then nothing.
  private func withHalfARecord(_ body: (Receiver, _ folder: String) throws -> Void) throws {
    let pages = Lock(0)
    let receiver = try Receiver { _ in
      let page = pages.withLock { pages in
        pages += 1
        return pages
      }
      guard page == 1 else { return .hang }
      return .json(
        #"{"cluster":"c","items":[{"position":1,"hash":"aa"}],"next":"1","end":{"position":9}}"#)
    }
    defer { receiver.close() }
    let folder = "/tmp/muster-progress-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    try Files.makeFolder(folder, mode: 0o700)
    defer { unsafe system("rm -rf '\(folder)'") }
    try body(receiver, folder)
  }

  /// Exports the record for some seconds, then interrupts that as control-C would.
  ///
  /// - Parameter screen: Where standard error goes.
  private func export(
    from receiver: Receiver, in folder: String, seconds: Int, screen: String
  ) throws {
    let program = Files.folder(of: try Launcher.thisProgram()) + "/muster"
    let endpoint = receiver.address.split(separator: "/")[1]
    // What runs behind a shell that reads a script does not heed control-C, unless it is asked to.
    let script = """
      unset ${!MUSTER_*}; set -m; cd '\(folder)'; export TERM=xterm
      MUSTER_TOKEN=mst_\(String(repeating: "A", count: 43)) '\(program)' audit export --to record \\
        --endpoint '\(endpoint)' --ca '\(receiver.authority)' --timeout 30 >output 2>\(screen) &
      sleep \(seconds); test -s record && echo there >before; kill -INT $!; wait $!; echo $? >code
      """
    try Files.write(Array(script.utf8), to: "\(folder)/script", mode: 0o600)
    #expect(unsafe system("bash --norc '\(folder)/script' 2>/dev/null") == 0)
    #expect(Files.exists("\(folder)/before"), "It had begun.")
    #expect(!Files.exists("\(folder)/record"), "It left half a record.")
    let code = try Files.read("\(folder)/code", atMost: 8)
    #expect(String(decoding: code, as: UTF8.self) == "130\n")
    #expect(try Files.read("\(folder)/output", atMost: 1 << 16) == [])
  }

  @Test func `leaves nothing half done when it is interrupted, and draws nothing into a file`()
    throws
  {
    try withHalfARecord { receiver, folder in
      try export(from: receiver, in: folder, seconds: 3, screen: "said")
      let said = String(decoding: try Files.read("\(folder)/said", atMost: 1 << 16), as: UTF8.self)
      #expect(said == "\nmuster: Nothing is left of record.\n")
    }
  }

  /// Both ends of a terminal that is none (pts(4)): the one to look at, and the name of the other.
  private func pseudoterminal() throws -> (screen: Int32, name: String) {
    let (unlock, tellNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
    let screen = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY)
    try #require(screen >= 0)
    var number: Int32 = 0
    try #require(unsafe ioctl(screen, unlock, &number) == 0)
    try #require(unsafe ioctl(screen, tellNumber, &number) == 0)
    return (screen, "/dev/pts/\(number)")
  }

  @Test func `is one line on a terminal, which is wiped in the end`() throws {
    try withHalfARecord { receiver, folder in
      let (screen, name) = try pseudoterminal()
      defer { close(screen) }
      try export(from: receiver, in: folder, seconds: 4, screen: name)
      var bytes = [UInt8](repeating: 0, count: 1 << 16)
      let count = unsafe read(screen, &bytes, bytes.count)
      let said = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
      let line = "Exporting the record: 1 of 9 rows (11 %), 2 s"
      #expect(said.contains("\r\(line)"), "\(said)")
      let blank = String(repeating: " ", count: line.count)
      #expect(said.contains("\r\(blank)\r\r\nmuster: Nothing is left of record.\r\n"), "\(said)")
      #expect(said.count { $0 == "\r\n" } == 2, "There is more than one line.")
    }
  }

  @Test func `goes on where whoever began it has it ignore a signal, as nohup does`() throws {
    try withHalfARecord { receiver, folder in
      let program = Files.folder(of: try Launcher.thisProgram()) + "/muster"
      let endpoint = receiver.address.split(separator: "/")[1]
      let script = """
        unset ${!MUSTER_*}; cd '\(folder)'; trap '' HUP
        MUSTER_TOKEN=mst_\(String(repeating: "A", count: 43)) '\(program)' audit export --to record \\
          --endpoint '\(endpoint)' --ca '\(receiver.authority)' --timeout 2 >output 2>said &
        sleep 1; kill -HUP $!; wait $!; echo $? >code
        """
      try Files.write(Array(script.utf8), to: "\(folder)/script", mode: 0o600)
      #expect(unsafe system("bash --norc '\(folder)/script'") == 0)
      let code = String(decoding: try Files.read("\(folder)/code", atMost: 8), as: UTF8.self)
      #expect(code == "\(ExitCode.unavailable.rawValue)\n")
      let said = String(decoding: try Files.read("\(folder)/said", atMost: 1 << 16), as: UTF8.self)
      #expect(said.hasSuffix("Nothing is left of record.\n"), "\(said)")
    }
  }
}
