/// How much of one sort one credential may ask of one node: so much at once, and so much a second for good.
package struct Quota: Hashable, Sendable {
  /// What is counted together, by the name that an answer's fields give it.
  package enum Name: Int, CaseIterable, Sendable {
    /// What a person asks, with a token or in a session, that can wait.
    case person
    /// What a person cannot wait with: to declare, acknowledge, take the lead or resolve. It has a quota
    /// of its own, which nothing else uses up.
    case urgent
    /// What a service's own system asks, with a key or certificate.
    case service
    /// Notifications of alerts, whoever posts them, and whatever an ingest key is used for.
    case alerts

    /// The word for it, in the fields of an answer and in node.json.
    package var word: String {
      switch self {
      case .person: "person"
      case .urgent: "urgent"
      case .service: "service"
      case .alerts: "alerts"
      }
    }
  }

  /// What it is for.
  package let name: Name
  /// At once, after a quiet time.
  package let burst: Int64
  /// In each second, for good.
  package let perSecond: Int64
  /// It as a field `RateLimit-Policy` tells it.
  let policy: String

  /// A quota, which a burst takes at least a second to fill.
  fileprivate init(_ name: Name, burst: Int64, perSecond: Int64) {
    precondition(perSecond >= 1 && burst >= perSecond, "\(burst) fill in less than a second.")
    self.name = name
    self.burst = burst
    self.perSecond = perSecond
    policy = "\"\(name.word)\";q=\(burst);w=\(burst / perSecond)"
  }

  /// What is asked by the link in one page, of what a person asks. Nobody answers a page as often, and
  /// each answer is an entry of the timeline.
  static let link = Quota(.person, burst: 20, perSecond: 1)

  /// A full bucket of it.
  func bucket(at now: Int64) -> TokenBucket {
    TokenBucket(capacity: burst, perSecond: perSecond, at: now)
  }
}

/// What each credential may ask of one node. With three nodes it may ask three times as much of the cluster:
/// each counts for itself, since a quota guards a node.
package struct Quotas: Hashable, Sendable {
  /// By ``Quota/Name``, in its order.
  private var all: [Quota]

  /// The usual quotas. A person's is some six times what hosted incident services give a token, and what
  /// cannot wait has room for whoever declares once for each service of a department.
  package init() {
    all = Quota.Name.allCases.map { name in
      switch name {
      case .person: Quota(name, burst: 1_000, perSecond: 100)
      case .urgent: Quota(name, burst: 200, perSecond: 20)
      case .service: Quota(name, burst: 2_000, perSecond: 200)
      case .alerts: Quota(name, burst: 2_000, perSecond: 500)
      }
    }
  }

  /// The quota of this name.
  package subscript(name: Quota.Name) -> Quota { all[name.rawValue] }

  /// Sets the quota of this name.
  ///
  /// - Parameters:
  ///   - name: Which one.
  ///   - burst: At once; at least `perSecond`.
  ///   - perSecond: In each second, from 1.
  package mutating func set(_ name: Quota.Name, burst: Int64, perSecond: Int64) {
    all[name.rawValue] = Quota(name, burst: burst, perSecond: perSecond)
  }
}
