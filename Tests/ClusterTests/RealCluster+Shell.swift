import EventLoop
import Glibc
import muster

extension RealCluster {
  /// A folder for what scripts write, which goes with the cluster.
  var scratch: String { "\(local.folder.path)-scratch" }

  /// What a shell prints for a script, which must succeed. It finds `muster`, the cluster, its
  /// administrator's token, and one of the nodes as `$node`, and is in ``scratch``.
  @discardableResult
  func shell(_ script: String) throws -> String {
    if !Files.exists(scratch) { try Files.makeFolder(scratch, mode: 0o700) }
    let path = "\(local.folder.path)/said-\(UInt64.random(in: 0 ... .max))"
    let whole = """
      exec >\(path) 2>&1
      set -eu
      . \(local.folder.environment)
      PATH=\(Files.folder(of: try Launcher.thisProgram())):$PATH
      node=https://\(endpoint(of: 1))
      cd \(scratch)
      \(script)
      """
    try Files.write(Array(whole.utf8), to: path + ".sh", mode: 0o600)
    let status = unsafe system("sh \(path).sh")
    let said = String(decoding: try Files.read(path, atMost: 64 << 20), as: UTF8.self)
    guard status == 0 else { throw Trouble("A script did not succeed: \(said.suffix(2_000))") }
    return said
  }

  /// Takes ``scratch`` away.
  func removeScratch() throws {
    if Files.exists(scratch) { try FolderRemoval.remove(scratch) }
  }

  /// What a file of ``scratch`` holds, without white space around it.
  func written(_ name: String) throws -> String {
    let bytes = try Files.read("\(scratch)/\(name)", atMost: 64 << 20)
    return String(
      String(decoding: bytes, as: UTF8.self).drop(while: \.isWhitespace).reversed()
        .drop(while: \.isWhitespace).reversed())
  }

  /// Whether a shell finds a program.
  static func has(_ program: String) -> Bool {
    unsafe system("command -v \(program) >/dev/null 2>&1") == 0
  }
}
