package import HTTP

/// What a request is, where there is not enough for everybody.
package enum Share: Hashable, Sendable {
  /// What a person cannot wait with: to declare, acknowledge, take the lead or resolve.
  case urgent
  /// What monitoring systems post.
  case alerts
  /// Anything else.
  case usual

  /// The share of a request.
  ///
  /// - Parameters:
  ///   - pattern: The address that answers it, as the table of routes has it: a path is spelled in many
  ///     ways.
  ///   - method: Its method.
  ///   - holder: Who sends it. Nobody else's request is urgent than a person's who is known.
  package init(of pattern: String, _ method: Method, by holder: QuotaBook.Holder?) {
    guard let holder, method == .post else {
      self = .usual
      return
    }
    self =
      Self.urgentAddresses.contains(pattern) && holder == .person
      ? .urgent : pattern == "/v1/alerts/alertmanager" ? .alerts : .usual
  }

  private static let urgentAddresses: Set<String> = [
    "/v1/incidents", "/v1/incidents/:incident/acknowledgement", "/v1/incidents/:incident/roles",
    "/v1/incidents/:incident/resolution",
  ]
}

/// Who may have how much of a node. Requests of people on their worst day have a share that nobody
/// else can use up, and no credential can take what belongs to another.
package struct Fairness {
  /// Requests under way at once. Each holds at most a body of 1 MiB, most a kilobyte; a node that is this
  /// far behind should say so rather than queue more.
  package static let mostInFlight = 1_000
  /// Of these what is not urgent may be at most so much.
  package static let mostNotUrgent = 700
  /// And what monitoring systems post.
  package static let mostAlerts = 300
  /// And what one of them posts.
  package static let mostOfOneSender = 100

  /// Who sends a request: the credential, and whose it is.
  package struct Sender: Hashable, Sendable {
    /// Of the credential.
    package let key: QuotaBook.Key
    /// Whose it is.
    package let holder: QuotaBook.Holder

    /// Whoever shows the credential of this key.
    package init(_ key: QuotaBook.Key, _ holder: QuotaBook.Holder) {
      self.key = key
      self.holder = holder
    }

    fileprivate func quota(of share: Share) -> Quota.Name {
      switch (holder, share) {
      case (.monitor, _), (_, .alerts): .alerts
      case (.person, .urgent): .urgent
      case (.person, .usual): .person
      case (.service, .urgent), (.service, .usual): .service
      }
    }
  }

  /// How much each credential may ask.
  package let quotas: Quotas
  private var book = QuotaBook()
  /// How often each quota was exceeded, by ``Quota/Name``.
  private var refusals = Array(repeating: 0, count: Quota.Name.allCases.count)
  private var inFlight = 0
  private var notUrgent = 0
  private var alerts = 0
  /// How many of these each sender has under way, of those that have any.
  private var alertsOf: [QuotaBook.Key: Int] = [:]

  /// Nothing is under way.
  package init(_ quotas: Quotas = Quotas()) { self.quotas = quotas }

  /// Who shows a credential, if it was seen of late.
  package func holder(of key: QuotaBook.Key) -> QuotaBook.Holder? { book.holder(of: key) }

  /// How many requests were refused, since the node began, for being over the quota of this name.
  package func refused(_ name: Quota.Name) -> Int { refusals[name.rawValue] }

  /// Lets a request in, which ``leave(_:from:)`` ends.
  ///
  /// - Parameters:
  ///   - share: What it is.
  ///   - sender: Who sends it. A stranger has no quota: the handler turns them away.
  ///   - now: In nanoseconds of a clock that only moves forward.
  /// - Returns: What its answer says of the sender's quota.
  package mutating func enter(
    _ share: Share, from sender: Sender?, at now: Int64
  ) throws(Problem) -> Allowed {
    guard inFlight < Self.mostInFlight, share == .urgent || notUrgent < Self.mostNotUrgent else {
      throw .busy
    }
    var allowed = Allowed()
    if let sender {
      if share == .alerts {
        guard alerts < Self.mostAlerts, alertsOf[sender.key, default: 0] < Self.mostOfOneSender
        else { throw .busy }
      }
      allowed = try take(sender.quota(of: share), of: sender, at: now)
      if share == .alerts {
        alerts += 1
        alertsOf[sender.key, default: 0] += 1
      }
    }
    inFlight += 1
    if share != .urgent { notUrgent += 1 }
    return allowed
  }

  /// Takes from a sender's quota what so many requests of a share would, besides the one that asks for all
  /// of them at once.
  ///
  /// - Parameters:
  ///   - count: How many. A full quota is enough for more than it holds.
  ///   - share: What each of them is.
  ///   - sender: Who asks.
  ///   - now: In nanoseconds of a clock that only moves forward.
  /// - Throws: That not as many are left. Then nothing is taken.
  package mutating func take(
    _ count: Int, of share: Share, from sender: Sender, at now: Int64
  ) throws(Problem) {
    _ = try take(sender.quota(of: share), of: sender, count: Int64(count), at: now)
  }

  /// Counts what is asked by a link of ours, which stands for whoever got it, and says whether it may be. A
  /// link that was made up is not to be counted: it would have a page in the book.
  ///
  /// - Parameters:
  ///   - hash: Of what the link is about, 32 bytes.
  ///   - now: In nanoseconds of a clock that only moves forward.
  package mutating func take(byLink hash: [UInt8], at now: Int64) -> Bool {
    let (isTaken, _) = book.take(.link, of: QuotaBook.Key(hash: hash), .person, at: now)
    if !isTaken { refusals[Quota.Name.person.rawValue] += 1 }
    return isTaken
  }

  /// A request was answered.
  package mutating func leave(_ share: Share, from sender: Sender?) {
    inFlight -= 1
    if share != .urgent { notUrgent -= 1 }
    guard share == .alerts, let sender, let others = alertsOf[sender.key].map({ $0 - 1 }) else {
      return
    }
    alerts -= 1
    alertsOf[sender.key] = others > 0 ? others : nil
  }

  private mutating func take(
    _ name: Quota.Name, of sender: Sender, count: Int64 = 1, at now: Int64
  ) throws(Problem) -> Allowed {
    let quota = quotas[name]
    let (isTaken, left) = book.take(
      quota, of: sender.key, sender.holder, count: count, at: now)
    let allowed = Allowed(quota: quota, left: left)
    guard isTaken else {
      refusals[name.rawValue] += 1
      var problem = Problem.overQuota(quota)
      problem.allowed = allowed
      throw problem
    }
    return allowed
  }

  /// What an answer says of a quota; nothing where there is none.
  ///
  /// The fields are those of draft-ietf-httpapi-ratelimit-headers-11.
  package struct Allowed: Hashable, Sendable {
    fileprivate var quota: Quota?
    fileprivate var left: Int64 = 0

    /// There is no quota.
    package init() {}

    fileprivate init(quota: Quota, left: Int64) {
      self.quota = quota
      self.left = left
    }

    /// Says it in the fields of an answer. More is there within a second, for each has at least one a
    /// second.
    package func write(to fields: inout Fields) {
      guard let quota else { return }
      fields.append("RateLimit-Policy", quota.policy)
      fields.append("RateLimit", "\"\(quota.name.word)\";r=\(left);t=1")
    }
  }
}
