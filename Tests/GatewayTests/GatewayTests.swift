import Bytes
import Crypto
import EventLoop
import Gateway
import Glibc
import Store
import TLS
import Testing

@Suite("A gateway on a socket", .serialized)
struct GatewayTests {
  private let alive = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"

  @Test func `keeps a connection, answers what is pipelined, and reads chunks`() async throws {
    let door = try await Door()
    let text = try door.exchange([
      alive, alive + alive,
      "POST /v1/incidents HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "2\r\n{}\r\n0\r\n\r\n",
      "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    ])
    #expect(text.statuses == [200, 200, 200, 401, 200])
    try await door.close()
  }

  @Test func `tells a waiting sender to go on`() async throws {
    let door = try await Door()
    let head =
      "POST /v1/incidents HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
      + "Connection: close\r\nExpect: 100-continue\r\n\r\n"
    let text = try door.exchange([head, "{}"], waitingBetween: true)
    #expect(text.statuses == [100, 401])
    try await door.close()
  }

  @Test(arguments: [
    (400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"),
    (413, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n"),
    (408, "GET /livez HTTP/1.1\r\nHost:"),
  ])
  func `answers and closes what is ambiguous, too large or too slow`(
    status: Int, request: String
  ) async throws {
    var bounds = Session.Bounds()
    bounds.head = status == 408 ? .seconds(1) : .seconds(10)
    bounds.linger = .milliseconds(10)
    let door = try await Door(bounds: bounds)
    #expect(try door.exchange([request]).statuses == [status])
    try await door.close()
  }

  @Test func `tells one connection too many that it is busy`() async throws {
    var bounds = Session.Bounds()
    bounds.courtesy = .seconds(600)
    let door = try await Door(bounds: bounds, mostConnections: 1)
    let first = try door.connect()
    let answer = try door.exchange([alive])
    #expect(answer.statuses == [503] && answer.contains("/problem/busy"), "\(answer)")
    #expect(answer.contains("Retry-After: ") && answer.contains("Connection: close"), "\(answer)")
    first.close()
    try await door.close()
  }

  @Test func `ends one that rests where another needs its place`() async throws {
    let door = try await Door(mostConnections: 1)
    var first = try door.connect()
    try first.write(Array(alive.utf8), within: .seconds(10))
    _ = try first.read(within: .seconds(10))
    var second = try door.connect()
    #expect(try first.read(within: .seconds(10)) == nil)
    try second.write(Array(alive.utf8), within: .seconds(10))
    let answer = try second.read(within: .seconds(10)) ?? []
    #expect(String(decoding: answer, as: UTF8.self).statuses == [200])
    first.close()
    second.close()
    try await door.close()
  }

  @Test func `ends one that never shakes hands where another needs its place`() async throws {
    var bounds = Session.Bounds()
    bounds.courtesy = .zero
    let door = try await Door(bounds: bounds, mostConnections: 1)
    let silent = Descriptor(owning: socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = door.endpoint.port.bigEndian
    unsafe inet_pton(AF_INET, "127.0.0.1", &place.sin_addr)
    let failed = unsafe withUnsafePointer(to: &place) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(silent.number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    #expect(failed == 0)
    var client = try door.connect()
    try client.write(Array(alive.utf8), within: .seconds(10))
    let answer = try client.read(within: .seconds(10)) ?? []
    #expect(String(decoding: answer, as: UTF8.self).statuses == [200])
    client.close()
    try await door.close()
  }

  @Test func `asks for a certificate at the machines' door only, whoever issued it`() async throws {
    let door = try await Door()
    let now = Clock.now()
    let elsewhere = try CertificateAuthority(commonName: "Elsewhere", at: now, days: 2)
    let issued = try elsewhere.issue(
      to: .server("deploys", dnsNames: [], addresses: []), at: now, days: 1)
    let path = "\(door.cluster.folder)/machine"
    try Files.write(Array(issued.certificate.pem.utf8), to: path + ".crt", mode: 0o600)
    try Files.write(Array(issued.keyPEM.utf8), to: path + ".key", mode: 0o600)
    let identity = TLSIdentity(certificate: path + ".crt", key: path + ".key")
    let machine = try TLSContext.client(
      authority: "\(door.cluster.folder)/ca.crt", identity: identity)
    let request = "GET /v1/me HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    let port = try #require(await door.gateway.machinesAddress?.port)
    let machines = Endpoint(host: "127.0.0.1", port: port)

    func answer(at endpoint: Endpoint, as context: TLSContext) throws -> String {
      var client = try BlockingClient(to: endpoint, context: context, within: .seconds(10))
      try client.write(Array(request.utf8), within: .seconds(10))
      var text: [UInt8] = []
      while let more = try client.read(within: .seconds(10)) { text += more }
      client.close()
      return String(decoding: text, as: UTF8.self)
    }
    // This node has no state yet, so a certificate that is looked up is answered 503; nothing that
    // could be looked up is a 401.
    #expect(try answer(at: machines, as: machine).statuses == [503])
    #expect(try answer(at: machines, as: door.trust).statuses == [401])
    #expect(try answer(at: door.endpoint, as: machine).statuses == [401])
    try Files.remove(path + ".crt")
    try Files.remove(path + ".key")
    try await door.close()
  }

  @Test func `stops: no new connection, and those at rest are ended`() async throws {
    let door = try await Door()
    var client = try door.connect()
    try client.write(Array(alive.utf8), within: .seconds(10))
    _ = try client.read(within: .seconds(10))
    try await door.close()
    #expect(try client.read(within: .seconds(10)) == nil)
    #expect(throws: TLSError.self) { _ = try door.connect() }
  }
}

/// A gateway with a certificate of its own, and the way in.
private struct Door {
  let gateway: Gateway
  let cluster: ClusterOfOne
  let endpoint: Endpoint
  let trust: TLSContext

  init(
    bounds: Session.Bounds = Session.Bounds(),
    mostConnections: Int = Gateway.usualConnections
  ) async throws {
    cluster = try ClusterOfOne()
    let now = Clock.now()
    let authority = try CertificateAuthority(commonName: "Test", at: now, days: 1)
    let issued = try authority.issue(
      to: .server("n1", dnsNames: ["localhost"], addresses: ["127.0.0.1"]), at: now, days: 1)
    let folder = cluster.folder
    for (name, pem) in [
      ("ca.crt", authority.certificate.pem), ("n1.crt", issued.certificate.pem),
      ("n1.key", issued.keyPEM),
    ] {
      try Files.write(Array(pem.utf8), to: "\(folder)/\(name)", mode: 0o600)
    }
    trust = try TLSContext.client(authority: "\(folder)/ca.crt")
    let any = try #require(SocketAddress(host: "127.0.0.1", port: 0))
    let configuration = GatewayConfiguration(
      listen: any, machines: any,
      identity: TLSIdentity(certificate: "\(folder)/n1.crt", key: "\(folder)/n1.key"),
      site: API.Site(cluster: ID(high: 9, low: 9), name: "n1", addresses: []),
      mostConnections: mostConnections, bounds: bounds)
    gateway = try await Self.start(configuration, cluster)
    let port = try #require(await gateway.address?.port)
    endpoint = Endpoint(host: "127.0.0.1", port: port)
  }

  @ClientLoop private static func start(
    _ configuration: GatewayConfiguration, _ cluster: ClusterOfOne
  ) throws -> Gateway {
    try Gateway.start(configuration, cluster: cluster, reader: try cluster.makeReader())
  }

  func connect() throws(TLSError) -> BlockingClient {
    try BlockingClient(to: endpoint, context: trust, within: .seconds(10))
  }

  /// Writes the pieces and reads until the other side ends.
  func exchange(_ pieces: [String], waitingBetween: Bool = false) throws -> String {
    var client = try connect()
    var text: [UInt8] = []
    for (number, piece) in pieces.enumerated() {
      if waitingBetween, number > 0 { text += try client.read(within: .seconds(10)) ?? [] }
      try client.write(Array(piece.utf8), within: .seconds(10))
    }
    while let more = try client.read(within: .seconds(10)) { text += more }
    client.close()
    return String(decoding: text, as: UTF8.self)
  }

  func close() async throws {
    await gateway.stop()
    for name in ["ca.crt", "n1.crt", "n1.key"] { try Files.remove("\(cluster.folder)/\(name)") }
  }
}

extension String {
  /// The statuses of the answers in this text.
  fileprivate var statuses: [Int] {
    split(separator: "HTTP/1.1 ").compactMap { Int($0.prefix(3)) }
  }
}
