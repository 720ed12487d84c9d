internal import Crypto
internal import EventLoop
internal import Glibc
internal import HTTP
internal import TLS

/// A receiver of webhooks, as somebody else would run it: HTTPS on loopback, with a certificate of an
/// authority of its own.
package final class Receiver: Sendable {
  /// A post that came.
  package struct Taken: Sendable {
    /// With which method: POST, or what else whoever is tried with it sends.
    package let method: String
    /// To which path.
    package let path: String
    /// `Authorization`.
    package let authorization: String
    /// `Muster-Delivery`.
    package let delivery: String
    /// `Muster-Timestamp`.
    package let time: String
    /// `Muster-Signature`.
    package let signature: String
    /// `Muster-Attempt`.
    package let attempt: String
    /// Whether it was said to be a possible repeat.
    package let isRepeat: Bool
    /// The bytes of the body.
    package let body: [UInt8]
    /// When it came, in milliseconds of this machine's monotonic clock.
    package let at: Int64

    /// The body as text.
    package var text: String { String(decoding: body, as: UTF8.self) }

    /// Whether one of its signatures is that of `secret`.
    package func isSigned(with secret: String) -> Bool {
      let code = HMACSHA256.code(of: Array("\(time).".utf8) + body, key: Array(secret.utf8))
      return signature.split(separator: ",").contains { $0 == "v1=\(Hex.encode(code))" }
    }
  }

  /// What a post is answered.
  package enum Behaviour: Sendable {
    /// A status, and after how many seconds to come again.
    case status(Int, retryAfter: Int? = nil)
    /// 200 with a JSON text.
    case json(String)
    /// Nothing, until whoever sent it goes away.
    case hang
  }

  /// Connections that are served at once.
  private static let servers = 8
  private static let patience = Duration.seconds(30)

  /// The PEM file of the authority that it is to be trusted by.
  package let authority: String
  private let folder: String
  private let listener: Listener
  private let context: TLSContext
  private let posts = Lock<[Taken]>([])
  private let isOver = Lock(false)
  private let behaviour: Lock<@Sendable (Taken) -> Behaviour>

  /// A receiver that serves.
  package init(_ behave: @escaping @Sendable (Taken) -> Behaviour = { _ in .status(200) }) throws {
    folder = "/tmp/muster-receiver-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    try Files.makeFolder(folder, mode: 0o700)
    let authority = try CertificateAuthority(commonName: "receivers", at: Clock.now(), days: 1)
    let issued = try authority.issue(
      to: .server("receiver", dnsNames: ["localhost"], addresses: ["127.0.0.1"]), at: Clock.now(),
      days: 1)
    self.authority = "\(folder)/authority.crt"
    try Files.write(Array(authority.certificate.pem.utf8), to: self.authority, mode: 0o600)
    let (certificate, key) = ("\(folder)/receiver.crt", "\(folder)/receiver.key")
    try Files.write(Array(issued.certificate.pem.utf8), to: certificate, mode: 0o600)
    try Files.write(Array(issued.keyPEM.utf8), to: key, mode: 0o600)
    context = try TLSContext.server(TLSIdentity(certificate: certificate, key: key))
    listener = try Listener(SocketAddress("127.0.0.1:0")!)
    behaviour = Lock(behave)
    for number in 0..<Self.servers {
      Threads.start(named: "receiver \(number)") { [self] in serve() }
    }
  }

  /// Where it is.
  package var address: String { "https://127.0.0.1:\(listener.address.port)/hook?from=muster" }

  /// Another address of it.
  package func address(_ path: String) -> String {
    "https://127.0.0.1:\(listener.address.port)\(path)"
  }

  /// All that came, in that order.
  package var taken: [Taken] { posts.withLock { $0 } }

  /// From now on it behaves otherwise.
  package func behave(_ behave: @escaping @Sendable (Taken) -> Behaviour) {
    behaviour.withLock { $0 = behave }
  }

  /// Serves nobody any more, and takes its papers away.
  package func close() {
    isOver.withLock { $0 = true }
    for name in ["authority.crt", "receiver.crt", "receiver.key"] {
      unsafe unlink("\(folder)/\(name)")
    }
    unsafe rmdir(folder)
  }

  private func serve() {
    while !isOver.withLock({ $0 }) {
      guard let socket = listener.next(within: .milliseconds(100)) else { continue }
      // A client that goes away in the midst is the client's business.
      try? answer(socket)
    }
  }

  private func answer(_ socket: consuming Descriptor) throws {
    var connection = try BlockingClient(
      accepted: socket, context: context, within: Self.patience)
    var parser = RequestParser()
    while true {
      guard let bytes = try connection.read(within: Self.patience) else { return }
      parser.receive(bytes)
      while let step = try parser.next() {
        guard case .request(let request) = step else { continue }
        let post = Taken(
          method: request.method.rawValue, path: request.path,
          authorization: request.fields["Authorization"] ?? "",
          delivery: request.fields["Muster-Delivery"] ?? "",
          time: request.fields["Muster-Timestamp"] ?? "",
          signature: request.fields["Muster-Signature"] ?? "",
          attempt: request.fields["Muster-Attempt"] ?? "",
          isRepeat: request.fields["Muster-Repeat"] != nil, body: request.body,
          at: Clock.monotonic() / 1_000_000)
        posts.withLock { $0.append(post) }
        switch behaviour.withLock({ $0 })(post) {
        case .hang: while try connection.read(within: Self.patience) != nil {}
        case .json(let body):
          let head =
            "HTTP/1.1 200 X\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n"
          try connection.write(Array((head + body).utf8), within: Self.patience)
        case .status(let code, let retryAfter):
          let asked = retryAfter.map { "Retry-After: \($0)\r\n" } ?? ""
          let text =
            "HTTP/1.1 \(code) X\r\n\(asked)Content-Length: 2\r\nConnection: close\r\n\r\nok"
          try connection.write(Array(text.utf8), within: Self.patience)
        }
        return connection.close()
      }
    }
  }
}
