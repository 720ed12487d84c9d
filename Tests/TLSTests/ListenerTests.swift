import CLinux
import EventLoop
import Glibc
import TLS
import Testing

@Suite("A listener")
struct ListenerTests {
  @Test func `without descriptors pauses, and takes everybody later`() async throws {
    // In a process of its own, since all others would run out of descriptors with it.
    await #expect(processExitsWith: .success) {
      let loop = EventLoop(name: "starved")
      let listener = try Listener(loopback)
      let accepted = Lock<[Int32]>([])
      await loop.run {
        try! listener.start(on: loop) { socket, _ in
          let number = socket.release()
          accepted.withLock { $0.append(number) }
        }
      }
      // Room for the clients' ends and no more.
      let clients = (0..<4).map { _ in socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }
      var limit = rlimit()
      unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      let usual = limit.rlim_cur
      limit.rlim_cur = UInt(clients.max()! + 1)
      unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      for client in clients { precondition(connect(client, to: listener.address)) }
      let before = processorTime()
      usleep(250_000)
      let pauses = await loop.run { listener.pauses }
      precondition(accepted.withLock { $0 }.count < clients.count, "It was not starved.")
      precondition((1...5).contains(pauses), "\(pauses) pauses in 250 ms.")
      precondition(processorTime() - before < 100_000_000, "It spins.")

      limit.rlim_cur = usual
      unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      let all = await eventually { accepted.withLock { $0 }.count == clients.count }
      precondition(all, "Some were never accepted.")
      exit(0)
    }
  }

  @Test func `tells where it listens and where connections come from`() async throws {
    let loop = EventLoop(name: "listen")
    let listener = try Listener(loopback)
    #expect(listener.address.port != 0)
    let seen = Lock<[String]>([])
    await loop.run {
      try! listener.start(on: loop) { _, remote in seen.withLock { $0.append(remote.host) } }
    }
    let client = Descriptor(owning: socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
    #expect(connect(client.number, to: listener.address))
    #expect(await eventually { seen.withLock { $0 } == ["127.0.0.1"] })
    await loop.run { listener.close() }
  }

  @Test func `says that its address is taken`() throws {
    let first = try Listener(loopback)
    #expect(throws: SocketError.cannotListen(first.address, SystemError(EADDRINUSE))) {
      try Listener(first.address)
    }
  }
}

@Suite("An address")
struct AddressTests {
  @Test(arguments: ["127.0.0.1:8441", "[::1]:8441"])
  func `is spelt as it is read`(text: String) throws {
    let address = try #require(SocketAddress(text))
    #expect(address.description == text)
    #expect(Endpoint(text)?.description == text)
    #expect(try Endpoint(text)?.resolved() == [address])
  }

  @Test(arguments: ["localhost:1", "::1:8441", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:65536", ":1"])
  func `is not made of anything else`(text: String) {
    #expect(SocketAddress(text) == nil)
  }

  @Test func `of a name is found`() throws {
    #expect(try Endpoint(host: "localhost", port: 5).resolved().contains { $0.port == 5 })
    #expect(throws: SocketError.self) { try Endpoint(host: "no.such.invalid", port: 5).resolved() }
  }
}

private func connect(_ socket: Int32, to address: SocketAddress) -> Bool {
  var form = sockaddr_in()
  form.sin_family = sa_family_t(AF_INET)
  form.sin_port = address.port.bigEndian
  form.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  return unsafe withUnsafePointer(to: &form) {
    unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      unsafe Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
    }
  }
}

private func processorTime() -> Int64 {
  var time = timespec()
  unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
