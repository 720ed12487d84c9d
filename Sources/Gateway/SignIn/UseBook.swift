import Bytes
import Incidents

/// When credentials were used at this node, until that is noted in the state.
///
/// Each note is part of an entry in the log, so a use is noted only some time after the last one that
/// was.
struct UseBook {
  /// A token's last use is known to the hour.
  static let tokenInterval: Int64 = 3_600_000
  /// So many credentials are kept in mind; beyond them uses are not noted for a while.
  private static let most = 20_000

  private var seen: [ID: (at: Int64, isSession: Bool)] = [:]
  private var noted: [ID: Int64] = [:]

  /// A credential was used at `now`.
  mutating func note(_ credential: ID, isSession: Bool, at now: Int64) {
    guard seen[credential] != nil || seen.count < Self.most else { return }
    seen[credential] = (now, isSession)
  }

  /// What is worth noting now, at most ``Bound/uses``, the earliest ids first.
  ///
  /// - Parameter known: When the state says that a credential was last used.
  mutating func due(_ known: (ID) -> Int64?) -> [CredentialUse] {
    if noted.count > Self.most { noted.removeAll() }
    var due: [CredentialUse] = []
    for (id, use) in seen.sorted(by: { $0.key < $1.key }) where due.count < Bound.uses {
      seen[id] = nil
      let interval = use.isSession ? SignInSession.touchInterval : Self.tokenInterval
      if noted[id] == nil, let known = known(id) { noted[id] = known }
      guard noted[id].map({ use.at - $0 >= interval }) ?? true else { continue }
      noted[id] = use.at
      due.append(CredentialUse(credential: id, at: use.at))
    }
    return due
  }
}
