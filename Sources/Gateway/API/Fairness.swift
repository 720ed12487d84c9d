package import HTTP

/// What a request is, where there is not enough for everybody.
package enum Share: Hashable, Sendable {
  /// What nobody can wait with: to declare, acknowledge, take the lead or resolve.
  case urgent
  /// What monitoring systems post.
  case alerts
  /// Anything else.
  case usual

  /// The share of a request.
  package init(of request: Request) {
    guard request.method == .post, request.path.hasPrefix("/v1/") else {
      self = .usual
      return
    }
    let isUrgent =
      request.path == "/v1/incidents"
      || request.path.hasPrefix("/v1/incidents/")
        && Self.urgentEnds.contains { request.path.hasSuffix($0) }
    self =
      isUrgent ? .urgent : request.path.hasPrefix("/v1/alerts/") ? .alerts : .usual
  }

  private static let urgentEnds = ["/acknowledgement", "/roles", "/resolution"]
}

/// Who may have how much of a node at once. Requests of people on their worst day have a share that nobody
/// else can use up, and no sender of alerts can take what belongs to another.
///
/// The fields are those of draft-ietf-httpapi-ratelimit-headers-10.
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
  /// Senders of alerts that are told apart. One that has been quiet needs no place.
  package static let mostSenders = 1_000

  /// How many notifications one sender of alerts may post.
  package struct Quota: Hashable, Sendable {
    /// At once, after a quiet time.
    package var burst: Int64 = 2_000
    /// In each second, for good.
    package var perSecond: Int64 = 500

    /// The usual quota.
    package init() {}

    /// Another quota, which a burst takes at least a second to fill.
    package init(burst: Int64, perSecond: Int64) {
      self.burst = burst
      self.perSecond = perSecond
    }
  }

  /// How many notifications each sender may post.
  package var quota = Quota()
  private var inFlight = 0
  private var notUrgent = 0
  private var alerts = 0
  private var senders: [[UInt8]: Sender] = [:]

  private struct Sender {
    var bucket: TokenBucket
    var inFlight = 0
  }

  /// Nothing is under way.
  package init() {}

  /// Lets a request in, which ``leave(_:from:)`` ends.
  ///
  /// - Parameters:
  ///   - share: What it is.
  ///   - sender: The hash of what it shows, if it is an alert's.
  ///   - now: In nanoseconds of a clock that only moves forward.
  /// - Returns: What its answer says of the sender's quota.
  package mutating func enter(
    _ share: Share, from sender: [UInt8]?, at now: Int64
  ) throws(Problem) -> Allowed {
    guard inFlight < Self.mostInFlight else { throw .busy }
    var allowed = Allowed()
    if share != .urgent {
      guard notUrgent < Self.mostNotUrgent else { throw .busy }
      if share == .alerts, let sender { allowed = try take(from: sender, at: now) }
      notUrgent += 1
    }
    inFlight += 1
    return allowed
  }

  /// A request was answered.
  package mutating func leave(_ share: Share, from sender: [UInt8]?) {
    inFlight -= 1
    if share != .urgent { notUrgent -= 1 }
    guard share == .alerts, let sender else { return }
    alerts -= 1
    senders[sender]?.inFlight -= 1
  }

  private mutating func take(
    from sender: [UInt8], at now: Int64
  ) throws(Problem) -> Allowed {
    let isNew = senders[sender] == nil
    if isNew, senders.count >= Self.mostSenders { forgetQuiet(at: now) }
    guard !isNew || senders.count < Self.mostSenders else { throw .busy }
    var known =
      senders[sender]
      ?? Sender(bucket: TokenBucket(capacity: quota.burst, perSecond: quota.perSecond, at: now))
    guard alerts < Self.mostAlerts, known.inFlight < Self.mostOfOneSender else { throw .busy }
    let isTaken = known.bucket.take(at: now)
    let allowed = Allowed(quota: quota, left: known.bucket.left)
    if isTaken {
      known.inFlight += 1
      alerts += 1
    }
    senders[sender] = known
    guard isTaken else {
      var problem = Problem.tooManyAlerts
      problem.allowed = allowed
      throw problem
    }
    return allowed
  }

  private mutating func forgetQuiet(at now: Int64) {
    senders = senders.filter { _, sender in
      var bucket = sender.bucket
      return sender.inFlight > 0 || !bucket.isFull(at: now)
    }
  }

  /// What an answer says of a quota; nothing where there is none.
  package struct Allowed: Hashable, Sendable {
    fileprivate var quota: Quota?
    fileprivate var left: Int64 = 0

    /// There is no quota.
    package init() {}

    fileprivate init(quota: Quota, left: Int64) {
      self.quota = quota
      self.left = left
    }

    /// Says it in the fields of an answer.
    package func write(to fields: inout Fields) {
      guard let quota else { return }
      let window = max(1, quota.burst / quota.perSecond)
      let full = (quota.burst - left + quota.perSecond - 1) / quota.perSecond
      fields.append("RateLimit-Policy", "\"alerts\";q=\(quota.burst);w=\(window)")
      fields.append("RateLimit", "\"alerts\";r=\(left);t=\(full)")
    }
  }
}
