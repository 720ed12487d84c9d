package import Incidents

/// What the credentials that were seen of late have left of their quotas.
///
/// It is bounded whoever comes. A credential that nobody issued has no page. One that is not seen while half
/// of ``most`` others are loses its page and begins with full quotas when it comes back: by then they are
/// full again, for that takes seconds.
package struct QuotaBook: Sendable {
  /// So many credentials have a page at most, which takes some 4 MB: all the people of a large department
  /// at one node.
  package static let most = 10_000

  /// What a credential is known by here: half of its hash. Nobody can make one whose hash begins like
  /// another's, and half of it is looked up in half the time.
  package struct Key: Hashable, Sendable {
    private let first: UInt64
    private let second: UInt64

    /// Of a credential with this hash of 32 bytes.
    package init(hash: [UInt8]) {
      first = hash.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
      second = hash.dropFirst(8).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
  }

  /// Who shows a credential, as far as it matters here.
  package enum Holder: Hashable, Sendable {
    /// A person, by a token or session.
    case person
    /// A service's own system, by a key or certificate.
    case service
    /// A monitoring system, by an ingest key.
    case monitor

    /// Whoever shows a credential of this kind; nobody by a token that only joins a node.
    package init?(_ kind: Credential.Kind) {
      switch kind {
      case .personal, .session: self = .person
      case .service, .certificate: self = .service
      case .ingest: self = .monitor
      case .join: return nil
      }
    }
  }

  private struct Page {
    let holder: Holder
    /// Of what was asked at all, by ``Quota/Name``.
    var buckets: [4 of TokenBucket?] = [4 of TokenBucket?](repeating: nil)

    /// Whether there were as many, and how many are left.
    mutating func take(
      _ quota: Quota, count: Int64, at now: Int64
    ) -> (isTaken: Bool, left: Int64) {
      var bucket = buckets[quota.name.rawValue] ?? quota.bucket(at: now)
      let isTaken = bucket.take(min(count, quota.burst), at: now)
      buckets[quota.name.rawValue] = bucket
      return (isTaken, bucket.left)
    }
  }

  private var recent: [Key: Page] = [:]
  private var earlier: [Key: Page] = [:]

  /// A book without pages.
  package init() {}

  /// How many credentials have a page.
  package var count: Int { recent.count + earlier.count }

  /// Who shows a credential, if it has a page.
  package func holder(of key: Key) -> Holder? { (recent[key] ?? earlier[key])?.holder }

  /// Takes one, or several at once, of a credential's quota.
  ///
  /// - Parameters:
  ///   - quota: Of which is taken.
  ///   - key: Of the credential.
  ///   - holder: Who shows it; what its page says from then on.
  ///   - count: How many. More than the quota holds are as many as that.
  ///   - now: In nanoseconds of a clock that only moves forward.
  /// - Returns: Whether there were as many, without which none is taken, and how many are left.
  package mutating func take(
    _ quota: Quota, of key: Key, _ holder: Holder, count: Int64 = 1, at now: Int64
  ) -> (isTaken: Bool, left: Int64) {
    if let found = recent[key]?.take(quota, count: count, at: now) { return found }
    var page = earlier.removeValue(forKey: key) ?? Page(holder: holder)
    let found = page.take(quota, count: count, at: now)
    if recent.count >= Self.most / 2 {
      earlier = recent
      recent = [:]
    }
    recent[key] = page
    return found
  }
}
