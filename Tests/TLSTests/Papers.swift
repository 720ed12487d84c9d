import Crypto
import EventLoop
import Glibc
import TLS

/// A folder with the certificates of one test, gone with it.
final class Papers: Sendable {
  let folder: String
  private let issued = Lock(0)

  init() throws {
    folder = "/tmp/muster-tls-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    try Files.makeFolder(folder, mode: 0o700)
  }

  deinit {
    for name in (try? Files.list(folder)) ?? [] { unsafe unlink("\(folder)/\(name)") }
    unsafe rmdir(folder)
  }

  /// A new authority, as the path of its certificate and itself.
  func authority(_ name: String = "authority") throws -> Authority {
    let authority = try CertificateAuthority(commonName: name, at: Clock.now(), days: 1)
    let path = try put(authority.certificate.pem, "crt")
    return Authority(path: path, papers: self, authority: authority)
  }

  /// Writes `text` to a file of its own.
  func put(_ text: String, _ kind: String) throws -> String {
    let number = issued.withLock { count in
      count += 1
      return count
    }
    let path = "\(folder)/\(number).\(kind)"
    try Files.write(Array(text.utf8), to: path, mode: 0o600)
    return path
  }
}

struct Authority: ~Copyable {
  let path: String
  let papers: Papers
  let authority: CertificateAuthority

  /// A server's certificate for this machine.
  func server(
    _ addresses: [String] = ["127.0.0.1"], at now: Int64 = Clock.now()
  ) throws -> TLSIdentity {
    try files(
      authority.issue(
        to: .server("server", dnsNames: ["localhost"], addresses: addresses), at: now, days: 1))
  }

  /// A node's certificate.
  func node(_ number: UInt64) throws -> TLSIdentity {
    try files(
      authority.issue(
        to: .node(number, cluster: "c", dnsNames: [], addresses: ["127.0.0.1"]),
        at: Clock.now(), days: 1))
  }

  private func files(_ identity: IssuedIdentity) throws -> TLSIdentity {
    TLSIdentity(
      certificate: try papers.put(identity.certificate.pem, "crt"),
      key: try papers.put(identity.keyPEM, "key"))
  }
}

extension EventLoop {
  /// Runs `body` on the loop and returns what it returns.
  func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { done in submit { done.resume(returning: body()) } }
  }
}

/// Waits until `condition` holds; false if it does not within two seconds.
func eventually(_ condition: @Sendable () -> Bool) async -> Bool {
  let clock = EventLoop.testing
  for _ in 0..<5_000 {
    if condition() { return true }
    await clock.sleep(for: .milliseconds(2))
  }
  return condition()
}

extension EventLoop {
  /// A loop for waiting only.
  static let testing = EventLoop(name: "testing")
}

/// In nanoseconds of the monotonic clock.
func from(now duration: Duration) -> Int64 { Clock.monotonic() + duration.nanoseconds }

let loopback = SocketAddress("127.0.0.1:0")!
