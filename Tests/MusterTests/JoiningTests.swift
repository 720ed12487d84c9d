import Access
import Bytes
import Crypto
import EventLoop
import Glibc
import JSON
import Setup
import TLS
import Testing

@testable import muster

/// An authority's folder, a door that is open there, and a folder for the new node.
private final class Keeper: Sendable {
  let folder: String
  let cluster = ID(high: 0x01a2_0e6c_edc7_7770, low: 0xbe3d_933d_70c1_05e5)
  let listener: Listener
  /// How often the cluster was asked to spend the token and to take the member.
  let asked = Lock((spend: 0, admit: 0))

  init() throws {
    folder = "/tmp/muster-joining-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    try Files.makeFolder(folder, mode: 0o700)
    let authority = try CertificateAuthority(commonName: "Test", at: Clock.now(), days: 1)
    try Files.write(Array(authority.certificate.pem.utf8), to: "\(folder)/ca.crt", mode: 0o600)
    try Files.write(Array(try authority.keyPEM().utf8), to: "\(folder)/ca.key", mode: 0o600)
    listener = try Listener(try #require(SocketAddress(host: "127.0.0.1", port: 0)))
  }

  // /tmp is cleaned anyway.
  deinit { try? FolderRemoval.remove(folder) }

  var newFolder: String { "\(folder)/n4" }

  func fingerprint() throws -> [UInt8] {
    try AuthorityVerbs.authority(in: folder).certificate.fingerprint
  }

  func token(
    expiresAt: Int64 = Clock.now() + 60_000, authority: [UInt8]? = nil, id: UInt64 = 1,
    secret: JoinToken.Secret = .make()
  ) throws -> JoinToken {
    JoinToken(
      id: ID(high: 1, low: id), secret: secret, expiresAt: expiresAt,
      authority: try authority ?? fingerprint(), address: "127.0.0.1:\(listener.address.port)")
  }

  /// A door where `token` is taken as often as the cluster lets it be spent: once.
  func door(for token: JoinToken) -> Enrolment {
    let members = [
      JoinAnswer.Member(node: 1, peer: "127.0.0.1:8451", client: "https://127.0.0.1:8441"),
      JoinAnswer.Member(node: 4, peer: "127.0.0.1:8454", client: "https://127.0.0.1:8444"),
    ]
    return Enrolment(
      token: token, member: members[1], cluster: cluster, epoch: 3, folder: folder,
      spend: { () throws(JoinRefusal) in
        let times = self.asked.withLock { asked in
          asked.spend += 1
          return asked.spend
        }
        guard times == 1 else { throw .spent }
      },
      admit: { () throws(JoinRefusal) in
        self.asked.withLock { $0.admit += 1 }
        return members
      })
  }

  /// What a request with `token` for good keys comes to at a door, without a network.
  func answer(to token: JoinToken, at door: Enrolment, now: Int64 = Clock.now()) throws
    -> JoinAnswer
  {
    let request = JoinRequest(
      token, peerRequest: try CertificateRequest.pem(for: PrivateKey()),
      clientRequest: try CertificateRequest.pem(for: PrivateKey()))
    return door.answer(to: request.encoded, at: now)
  }
}

@Suite("Joining a cluster with a token")
struct JoiningTests {
  @Test func `makes the files of a node, whose keys stay where they were made`() throws {
    let keeper = try Keeper()
    let token = try keeper.token()
    let door = keeper.door(for: token)
    let served = Lock<Bool?>(nil)
    Threads.start(named: "door") {
      // A failure shows in what the new node is told.
      let hasCome = try? door.serve(keeper.listener)
      served.withLock { $0 = hasCome }
    }
    let node = NewNode(folder: keeper.newFolder)
    try node.join(with: token, at: Clock.now())

    let file = try NodeFile(at: node.configuration)
    try file.checkPapers()
    #expect(file.isJoining && file.node == 4 && file.cluster == keeper.cluster && file.epoch == 3)
    #expect(file.members.map(\.node) == [1, 4])
    #expect("\(file.peer.address) \(file.client.address)" == "127.0.0.1:8454 127.0.0.1:8444")
    for name in ["node.json", "peer.key", "client.key"] {
      var facts = stat()
      unsafe stat("\(keeper.newFolder)/\(name)", &facts)
      #expect(facts.st_mode & 0o777 == 0o600, "\(name)")
    }
    #expect(keeper.asked.withLock { $0 } == (spend: 1, admit: 1))
    while served.withLock({ $0 }) == nil { sched_yield() }
    #expect(served.withLock { $0 } == true)
    // Nothing of the door is left beside the authority.
    #expect(try Files.list(keeper.folder).sorted() == ["ca.crt", "ca.key", "n4"])
    #expect(throws: NewNode.Trouble.self, "A node that is there is not made anew.") {
      try node.join(with: token, at: Clock.now())
    }
  }

  @Test func `refuses a token that is wrong, foreign, out of its time or used`() throws {
    let keeper = try Keeper()
    let token = try keeper.token()
    let door = keeper.door(for: token)
    let wrong = try keeper.token(expiresAt: token.expiresAt)
    let foreign = try keeper.token(id: 2)
    #expect(try keeper.answer(to: wrong, at: door) == .refused(.notProven))
    #expect(try keeper.answer(to: foreign, at: door) == .refused(.foreign))
    #expect(try keeper.answer(to: token, at: door, now: token.expiresAt) == .refused(.expired))
    #expect(door.answer(to: [1, 2, 3], at: Clock.now()) == .refused(.malformed))
    let bad = JoinRequest(token, peerRequest: "nothing", clientRequest: "nothing")
    #expect(door.answer(to: bad.encoded, at: Clock.now()) == .refused(.malformed))
    #expect(keeper.asked.withLock { $0 } == (spend: 0, admit: 0), "The token is as good as before.")

    guard case .welcome = try keeper.answer(to: token, at: door) else {
      Issue.record("The right one was refused.")
      return
    }
    #expect(try keeper.answer(to: token, at: door) == .refused(.spent))
    #expect(keeper.asked.withLock { $0.admit } == 1)
    #expect(throws: NewNode.Trouble.self) {
      try NewNode(folder: keeper.newFolder).join(with: token, at: token.expiresAt)
    }
  }

  @Test func `is a proof of the keys that are sent with it`() throws {
    let keeper = try Keeper()
    let token = try keeper.token()
    var request = JoinRequest(token, peerRequest: "a", clientRequest: "b")
    #expect(request.isProven(by: token))
    #expect(try JoinRequest(decoding: request.encoded) == request)
    request.clientRequest = "c"
    #expect(!request.isProven(by: token))
  }

  @Test func `says nothing to whoever is of another authority`() throws {
    let keeper = try Keeper()
    let token = try keeper.token(authority: [UInt8](repeating: 7, count: SHA256.size))
    let other = try CertificateAuthority(commonName: "Other", at: Clock.now(), days: 1)
    let own = try other.issue(
      to: .server("Other", dnsNames: [], addresses: ["127.0.0.1"]), at: Clock.now(), days: 1)
    let files = TLSIdentity(
      certificate: "\(keeper.folder)/other.crt", key: "\(keeper.folder)/other.key")
    let chain = own.certificate.pem + other.certificate.pem
    try Files.write(Array(chain.utf8), to: files.certificate, mode: 0o600)
    try Files.write(Array(own.keyPEM.utf8), to: files.key, mode: 0o600)
    let context = try TLSContext.server(files)

    let heard = Lock<[[UInt8]]>([])
    let isOver = Lock(false)
    Threads.start(named: "impostor") {
      while !isOver.withLock({ $0 }) {
        guard let socket = keeper.listener.next(within: .milliseconds(50)),
          var connection = try? BlockingClient(
            accepted: socket, context: context, within: .seconds(5))
        else { continue }
        var bytes: [UInt8] = []
        while let more = try? connection.read(within: .seconds(5)) { bytes += more }
        heard.withLock { $0.append(bytes) }
      }
    }
    let trouble = #expect(throws: NewNode.Trouble.self) {
      try NewNode(folder: keeper.newFolder).join(with: token, at: Clock.now())
    }
    #expect(trouble.map { "\($0)" }?.contains("Nothing was sent.") == true)
    while heard.withLock({ $0.isEmpty }) { sched_yield() }
    isOver.withLock { $0 = true }
    #expect(heard.withLock { $0 } == [[]])
    #expect(!Files.exists("\(keeper.newFolder)/node.json"))
  }

  @Test func `is refused in the words of a message that reads back as itself`() throws {
    for refusal: JoinRefusal in [
      .malformed, .foreign, .notProven, .expired, .spent, .unavailable("Nobody leads."),
      .notAdmitted("Two at once."),
    ] {
      let answer = JoinAnswer.refused(refusal)
      #expect(try JoinAnswer(decoding: answer.encoded) == answer)
    }
  }
}
