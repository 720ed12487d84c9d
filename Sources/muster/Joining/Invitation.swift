import Access
import Bytes
import Crypto
import EventLoop
import Glibc
import Incidents
import JSON
import TLS

/// A node that is invited: its token is known to the cluster, and its door is open here.
struct Invitation: Sendable {
  /// What the new machine is given.
  let token: JoinToken
  private let enrolment: Enrolment
  private let listener: Listener

  /// How often the cluster is asked to take a member while another change is under way.
  private static let attempts = 20
  private static let pause = useconds_t(250_000)

  /// Invites `member`: opens the door, then has the cluster keep the token's hash.
  ///
  /// - Parameters:
  ///   - authority: The folder with ca.crt and ca.key.
  ///   - place: Where the new machine reaches this one; port 0 is any that is free.
  ///   - seconds: How long it is awaited.
  ///   - makeClient: Makes a client of the cluster, for an administrator.
  init(
    _ member: NewMember, authority: String, at place: Endpoint, for seconds: Int,
    by makeClient: @escaping @Sendable () throws(Failure) -> Client
  ) throws(Failure) {
    let fingerprint = try Self.fingerprint(of: authority)
    listener = try Self.listen(at: place)
    var client = try makeClient()
    let secret = JoinToken.Secret.make()
    let expiresAt = Clock.now() + Int64(seconds) * 1_000
    let issued = try client.write("/v1/cluster/join-tokens") { json in
      json.member("hash", Hex.encode(secret.hash))
      json.member("label", "n\(member.node)")
      json.member("expiresAt", Timestamp.format(expiresAt))
    }
    let status = try client.read("/v1/cluster").value
    guard let id = ID(issued.id), let cluster = status["cluster"]?.text.flatMap({ ID($0) }),
      let epoch = status["epoch"]?.integer
    else {
      throw Failure(
        .unknown,
        "The cluster's answer names no token. See muster cluster tokens, and say it again.")
    }
    token = JoinToken(
      id: id, secret: secret, expiresAt: expiresAt, authority: fingerprint,
      address: "\(Endpoint(host: place.host, port: listener.address.port))")
    enrolment = Enrolment(
      token: token,
      member: JoinAnswer.Member(node: member.node, peer: member.peer, client: member.client),
      cluster: cluster, epoch: epoch, folder: authority,
      spend: { () throws(JoinRefusal) in try Self.spend(id, makeClient) },
      admit: { () throws(JoinRefusal) in try Self.admit(member, makeClient) })
  }

  /// Waits for the node.
  func wait() throws(Failure) {
    let hasCome: Bool
    do {
      hasCome = try enrolment.serve(listener)
    } catch {
      throw Failure(.refused, "\(error)")
    }
    guard hasCome else {
      throw Failure(
        .refused, "Nobody came with the token in its time. To issue another: muster cluster add")
    }
  }

  private static func fingerprint(of folder: String) throws(Failure) -> [UInt8] {
    do {
      return try AuthorityVerbs.authority(in: folder).certificate.fingerprint
    } catch {
      throw .usage("The authority in \(folder) cannot be used. \(error)")
    }
  }

  /// At the address itself, or at all of this machine's where it is a name.
  private static func listen(at place: Endpoint) throws(Failure) -> Listener {
    let address =
      SocketAddress(host: place.host, port: place.port)
      ?? SocketAddress(host: "0.0.0.0", port: place.port)
    guard let address else { throw .usage("--at \(place) is no address of this machine.") }
    do throws(SocketError) {
      return try Listener(address)
    } catch {
      throw .usage("--at: \(error)")
    }
  }

  private static func spend(
    _ id: ID, _ makeClient: () throws(Failure) -> Client
  ) throws(JoinRefusal) {
    do throws(Failure) {
      var client = try makeClient()
      _ = try client.write("/v1/cluster/join-tokens/\(id)/use")
    } catch {
      let problem = error.problem.flatMap { try? JSONValue(parsing: $0) }
      switch problem?["type"]?.text {
      case "/rule/join-token-spent": throw .spent
      case "/rule/join-token-expired": throw .expired
      default:
        throw error.code == .unavailable ? .unavailable(error.message) : .notAdmitted(error.message)
      }
    }
  }

  private static func admit(
    _ member: NewMember, _ makeClient: () throws(Failure) -> Client
  ) throws(JoinRefusal) -> [JoinAnswer.Member] {
    var attempt = 1
    while true {
      do throws(Failure) {
        var client = try makeClient()
        let reply = try member.add(by: &client)
        return (reply.value["members"]?.elements ?? []).compactMap(JoinAnswer.Member.init)
      } catch {
        // One change at a time, and an earlier one may not be committed yet.
        guard attempt < attempts, error.code == .refused else {
          throw .notAdmitted(error.message)
        }
        attempt += 1
        usleep(pause)
      }
    }
  }
}

extension JoinAnswer.Member {
  /// A member as the interface tells it.
  fileprivate init?(_ json: JSONValue) {
    guard let node = json["node"]?.integer, let peer = json["peer"]?.text,
      let client = json["client"]?.text
    else { return nil }
    self.init(node: node, peer: peer, client: client)
  }
}
