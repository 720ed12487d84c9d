import Access
package import Bytes
import Crypto
package import EventLoop
package import HTTP
import Incidents
import Replication
package import Store
package import TLS

/// The interface: a request in, an answer out. It knows no socket, and no rule of the domain.
///
/// It stays on the client loop and owns that loop's reader of the state.
@ClientLoop package final class API {
  let cluster: any Cluster
  /// The last reader that was opened, and of which version of the state.
  private var opened: (reader: StateReader, version: Int)
  let site: Site
  let router: Router<Exchange>
  /// How much of a timeline a report holds.
  package var reportBounds = ReportBounds()
  /// When the first of this node's certificates runs out, in milliseconds since 1970.
  var papersEnd: Int64?
  /// Who may have how much of this node.
  package var fairness: Fairness
  /// Look-ups in the whole cluster for tokens that nobody here has. Tokens are issued now and then;
  /// a person who was just given one needs one look-up or two.
  var strangers = TokenBucket(capacity: 20, perSecond: 5, at: Wall.monotonic())
  /// The clock by which they and the quotas of credentials come back, in nanoseconds. A test that counts
  /// them stops it.
  package var quotaClock: @Sendable () -> Int64 = { Wall.monotonic() }
  var digest = SHA256Stream()
  /// Where passwords are looked at.
  let passwords = PasswordLane()
  /// When credentials were used, as far as that is to be noted.
  var uses = UseBook()
  /// Sessions that are being extended.
  var extending: Set<ID> = []
  /// Refused requests that nobody has looked at yet.
  var refused: [Refused] = []
  /// Where requests came from that nobody known has sent.
  var unknown = StrangerBook()
  /// What people tried and may not do, until it is in the record.
  var attempts = AttemptBook()
  /// Whoever follows what happens, by this node.
  package let feeds: FeedDesk
  /// When whom was last shown which restricted incident.
  var looks: [Look: Int64] = [:]
  /// What was shown without a quorum, if the node has a place for it.
  let journal: ReadJournal?
  /// From a request to its answer. A test that shares its machine with others gives more.
  package var patience: Duration = Deadline.answer

  /// An interface to `cluster` that reads points of the state with `reader`, which nobody else
  /// uses. Each credential may ask it as much as `quotas` say.
  package init(
    cluster: any Cluster, reader: sending StateReader, site: Site, quotas: Quotas = Quotas()
  ) {
    self.cluster = cluster
    fairness = Fairness(quotas)
    opened = (reader, cluster.state.version)
    self.site = site
    journal = site.readJournal.map { ReadJournal(path: $0) }
    router = Router(Self.routes)
    feeds = FeedDesk(cluster)
  }

  /// This loop's reader of the state in use. Asked for anew after each wait: meanwhile a received
  /// state may have taken the place of the one that was read before.
  var reader: StateReader {
    let version = cluster.state.version
    if version == opened.version { return opened.reader }
    do throws(StoreError) {
      opened = (try cluster.state.makeReader(), version)
    } catch {
      // To go on with the old one would be to answer from the past for ever.
      preconditionFailure("The state that was just taken over cannot be read: \(error)")
    }
    return opened.reader
  }

  /// What a node tells about its surroundings.
  package struct Site: Sendable {
    /// The cluster's id.
    package var cluster: ID
    /// The node's name.
    package var name: String
    /// Where clients reach each node, by ascending number.
    package var addresses: [(node: UInt64, url: String)]
    /// The department's identity provider, if it has one.
    package var provider: IdentityProvider?
    /// Writes a line into the node's own log.
    package var log: @Sendable (String) -> Void = { _ in }
    /// A file for what is shown to an incident's team while there is no quorum; without one it is not
    /// shown.
    package var readJournal: String?

    /// These surroundings.
    package init(cluster: ID, name: String, addresses: [(node: UInt64, url: String)]) {
      self.cluster = cluster
      self.name = name
      self.addresses = addresses
    }
  }

  /// Answers a request. Never fails: what goes wrong is an answer too.
  ///
  /// - Parameters:
  ///   - request: The request.
  ///   - remote: Where it came from, if that is known.
  ///   - certificate: The fingerprint of the certificate that its sender has, if the handshake proved
  ///     one.
  package func respond(
    to request: Request, from remote: SocketAddress? = nil, certificate: [UInt8]? = nil
  ) async -> Response {
    let began = Wall.monotonic()
    let response = await answer(request, remote, certificate)
    if response.status == .unauthorized {
      unknown.note(from: remote?.host ?? "a place that is not known")
    }
    // To look at what is hidden takes longer than to find nothing.
    if response.status == .notFound { await hideTime(since: began) }
    return response
  }

  /// Waits until a time at which an answer tells nothing by when it comes.
  func hideTime(since began: Int64) async { await pause(Self.untilTold(since: began)) }

  /// That something is not there is told at a multiple of this after the request, in nanoseconds, and by
  /// chance up to as much as ``notFoundChance`` later: so the time does not tell what is hidden from
  /// what there never was. The grid takes away what it takes to look, and chance what is left of it in
  /// the machine's caches and its sleep.
  private static let notFoundGrid: Int64 = 2_000_000
  private static let notFoundChance: Int64 = 1_000_000

  private static func untilTold(since began: Int64) -> Duration {
    let chance = Int64.random(in: 0..<notFoundChance)
    let elapsed = Wall.monotonic() - began
    return .nanoseconds(notFoundGrid - elapsed % notFoundGrid + chance)
  }

  /// Who sends a request, as far as this node knows. Nobody where that cannot be told: the handler then
  /// cannot tell it either, and says why.
  func sender(of exchange: Exchange) -> Fairness.Sender? {
    guard case .success(let proof) = exchange.shown else { return nil }
    let hash = proof.hash
    let key = QuotaBook.Key(hash: hash)
    if let holder = fairness.holder(of: key) { return Fairness.Sender(key, holder) }
    let reader = self.reader
    let credential = try? reader.within(exchange.deadline) { () throws(Problem) in
      reader.credential(hash: hash)
    }
    // Of a session only a look at the rest of the state can tell whether it is over.
    guard let credential, proof.fits(credential.kind),
      credential.kind == .session || credential.works(at: Wall.now())
    else { return nil }
    return QuotaBook.Holder(credential.kind).map { Fairness.Sender(key, $0) }
  }

  private func answer(
    _ request: Request, _ remote: SocketAddress?, _ certificate: [UInt8]?
  ) async -> Response {
    do {
      switch router.match(request.method, request.path) {
      case .handler(let handler):
        try checkGuard(of: request)
        try checkQuery(of: request)
        let filter = try fieldFilter(of: request)
        let exchange = Exchange(
          api: self, request: request, remote: remote, certificate: certificate,
          deadline: Deadline(within: patience))
        let sender = sender(of: exchange)
        let share = Share(
          of: router.pattern(request.method, request.path) ?? "", request.method,
          by: sender?.holder)
        let allowed = try fairness.enter(share, from: sender, at: quotaClock())
        defer { fairness.leave(share, from: sender) }
        do {
          var response = try await handler(exchange)
          if let filter { try response.cut(to: filter) }
          allowed.write(to: &response.fields)
          return response
        } catch var problem as Problem {
          keepRefused(problem, of: exchange)
          // Unless it says already which other quota is used up.
          if problem.allowed == Fairness.Allowed() { problem.allowed = allowed }
          throw problem
        }
      case .notFound:
        throw router.pattern(request.method, request.path) == nil
          ? Problem.noSuchAddress : Problem.nothingOfThatName
      case .methodNotAllowed(let allow): throw Problem.methodNotAllowed(allow: allow)
      }
    } catch let problem as Problem {
      return problem.response
    } catch {
      // What is no problem of the request is one of this node's files: the reader threw.
      return Problem.storage.response
    }
  }
}

/// One request on its way to an answer.
package struct Exchange: Sendable {
  let api: API
  let request: Request
  let remote: SocketAddress?
  let certificate: [UInt8]?
  let deadline: Deadline
  /// What it brings to prove who sends it, or why that proves nothing.
  let shown: Result<Proof, Problem>

  init(
    api: API, request: Request, remote: SocketAddress?, certificate: [UInt8]?, deadline: Deadline
  ) {
    self.api = api
    self.request = request
    self.remote = remote
    self.certificate = certificate
    self.deadline = deadline
    shown = Result { () throws(Problem) in try Proof(of: request, certificate) }
  }
}
