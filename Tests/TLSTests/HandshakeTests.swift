import COpenSSL
import Crypto
import EventLoop
import Glibc
import TLS
import Testing

/// Everything on the one client loop, one test after the other: a test counts its jobs.
@Suite("On the client loop", .serialized) struct ClientLoopTests {}

extension ClientLoopTests {
  @Suite("A handshake", .serialized) struct HandshakeTests {
    let papers: Papers
    init() throws { papers = try Papers() }

    @Test func `is done between those who trust one authority`() async throws {
      let authority = try papers.authority()
      let server = try await EchoServer(try .server(try authority.server()))
      for host in ["127.0.0.1", "localhost"] {
        var client = try BlockingClient(
          to: server.endpoint, context: try .client(authority: authority.path), host: host,
          within: .seconds(10))
        try client.write([1, 2, 3], within: .seconds(10))
        #expect(try client.read(within: .seconds(10)) == [1, 2, 3])
        client.close()
      }
      #expect(await eventually { server.ends.withLock { $0 } == [nil, nil] })
      await server.close()
    }

    @Test func `is refused by a client that trusts another authority`() async throws {
      let authority = try papers.authority()
      let other = try papers.authority("another")
      let server = try await EchoServer(try .server(try authority.server()))
      let error = try refusal(server, authority: other.path)
      guard case .unknownAuthority = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(
        await eventually {
          if case .refusedByPeer? = server.ends.withLock({ $0.first ?? nil }) {
            true
          } else {
            false
          }
        })
      await server.close()
    }

    @Test func `is refused when the certificate is for another host`() async throws {
      let authority = try papers.authority()
      let server = try await EchoServer(try .server(try authority.server()))
      #expect(
        try refusal(server, authority: authority.path, host: "else.where")
          == .wrongHost("else.where"))
      #expect(
        try refusal(server, authority: authority.path, host: "127.0.0.2") == .wrongHost("127.0.0.2")
      )
      await server.close()
    }

    @Test func `is refused when the certificate is out of its time`() async throws {
      let authority = try papers.authority()
      let week: Int64 = 7 * 86_400_000
      for now in [Clock.now() - week, Clock.now() + week] {
        let server = try await EchoServer(try .server(try authority.server(at: now)))
        let error = try refusal(server, authority: authority.path)
        guard case .expired? = error else {
          Issue.record("\(String(describing: error))")
          return
        }
        await server.close()
      }
    }

    @Test func `of anything older than TLS 1.3 is refused`() async throws {
      let authority = try papers.authority()
      let server = try await EchoServer(try .server(try authority.server()))
      #expect(try oldHandshake(server.endpoint) == false)
      #expect(await eventually { server.ends.withLock { $0 } == [.tooOld] })
      await server.close()
    }

    @Test func `that is slow is closed at its deadline`() async throws {
      let authority = try papers.authority()
      let server = try await EchoServer(
        try .server(try authority.server()), handshake: .milliseconds(50))
      let silent = try connect(server.endpoint)
      let start = Clock.monotonic()
      #expect(await eventually { server.ends.withLock { $0 } == [.timedOut] })
      #expect(Clock.monotonic() - start < 1_000_000_000)
      var byte: UInt8 = 0
      #expect(unsafe read(silent.number, &byte, 1) == 0)
      await server.close()
    }

    @Test func `of bytes that are no TLS is refused`() async throws {
      let authority = try papers.authority()
      let server = try await EchoServer(try .server(try authority.server()))
      let plain = try connect(server.endpoint)
      let request = Array("GET / HTTP/1.1\r\n\r\n".utf8)
      #expect(unsafe write(plain.number, request, request.count) == request.count)
      #expect(
        await eventually {
          if case .broken? = server.ends.withLock({ $0.first ?? nil }) { true } else { false }
        })
      await server.close()
    }

    @Test func `after a swap shows the new certificate, and old connections go on`() async throws {
      let old = try papers.authority("old")
      let new = try papers.authority("new")
      let server = try await EchoServer(try .server(try old.server()))
      var before = try BlockingClient(
        to: server.endpoint, context: try .client(authority: old.path), within: .seconds(10))
      server.live.replace(with: try .server(try new.server()))

      try before.write([1], within: .seconds(10))
      #expect(try before.read(within: .seconds(10)) == [1])
      before.close()
      let after = try BlockingClient(
        to: server.endpoint, context: try .client(authority: new.path), within: .seconds(10))
      after.close()
      #expect(try refusal(server, authority: old.path) != nil)
      await server.close()
    }

    private func refusal(
      _ server: EchoServer, authority: String, host: String? = nil
    ) throws -> TLSError? {
      do throws(TLSError) {
        let context = try TLSContext.client(authority: authority)
        let client = try BlockingClient(
          to: server.endpoint, context: context, host: host, within: .seconds(10))
        client.close()
        return nil
      } catch {
        return error
      }
    }

    private func connect(_ endpoint: Endpoint) throws -> Descriptor {
      let socket = Descriptor(owning: socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = endpoint.port.bigEndian
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      let failed = unsafe withUnsafePointer(to: &address) {
        unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe Glibc.connect(socket.number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      try #require(failed == 0)
      return socket
    }

    /// Whether a client that speaks TLS 1.2 at most gets a connection.
    private func oldHandshake(_ endpoint: Endpoint) throws -> Bool {
      let socket = try connect(endpoint)
      let context = unsafe SSL_CTX_new(TLS_client_method())
      defer { unsafe SSL_CTX_free(context) }
      unsafe tls_set_max_version(context, TLS1_2_VERSION)
      let ssl = unsafe SSL_new(context)
      defer { unsafe SSL_free(ssl) }
      unsafe SSL_set_fd(ssl, socket.number)
      defer { ERR_clear_error() }
      return unsafe SSL_connect(ssl) == 1
    }
  }
}

@Suite("A TLS context")
struct ContextTests {
  let papers: Papers
  init() throws { papers = try Papers() }

  @Test func `says which file is missing or wrong`() throws {
    let authority = try papers.authority()
    let one = try authority.server()
    let two = try authority.server()
    let rubbish = try papers.put("rubbish", "txt")

    #expect(
      throws: TLSError.keyDoesNotMatch(certificate: one.certificate, key: two.key)
    ) {
      try TLSContext.server(TLSIdentity(certificate: one.certificate, key: two.key))
    }
    let missing = #expect(throws: TLSError.self) {
      try TLSContext.server(TLSIdentity(certificate: "/no/such", key: one.key))
    }
    #expect(missing?.description.contains("/no/such") == true)
    guard case .certificateUnreadable? = missing else {
      Issue.record("\(String(describing: missing))")
      return
    }
    let noKey = #expect(throws: TLSError.self) {
      try TLSContext.server(TLSIdentity(certificate: one.certificate, key: rubbish))
    }
    guard case .keyUnreadable(rubbish, _)? = noKey else {
      Issue.record("\(String(describing: noKey))")
      return
    }
    let noAuthority = #expect(throws: TLSError.self) { try TLSContext.client(authority: rubbish) }
    guard case .authorityUnreadable(rubbish, _)? = noAuthority else {
      Issue.record("\(String(describing: noAuthority))")
      return
    }
  }

  @Test func `knows when its certificate runs out`() throws {
    let authority = try papers.authority()
    let now = Clock.now()
    let expires = try TLSContext.server(try authority.server(at: now)).expires
    let day: Int64 = 86_400_000
    #expect(expires == (now + day) / 1_000 * 1_000)
    #expect(try TLSContext.client(authority: authority.path).expires == nil)
  }
}
