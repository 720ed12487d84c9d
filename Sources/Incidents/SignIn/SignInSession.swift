package import Bytes

/// That a person is signed in with a browser, from when and for how long.
///
/// It ends after ``Rule/idle`` without a request and after ``Rule/whole`` at the latest. Who has a
/// role on an open P1 or P2 is not sent to sign in again in the middle of it: their session is
/// extended, an hour at a time, and each extension is recorded with the incident that it is for.
///
/// Times are in milliseconds since 1970. What is due here is proposed as a command; the stamp of that
/// command is the `now` of its decision.
package struct SignInSession: Hashable, Sendable {
  /// For how long a session goes on. A setting, with the default of ``standard``.
  package struct Rule: Hashable, Sendable {
    /// It ends so long after its last use.
    package var idle: Int64
    /// It ends so long after it began.
    package var whole: Int64
    /// By how much it is extended at a time.
    package var step: Int64
    /// Extended or not, it ends so long after it began.
    package var longest: Int64

    /// A rule.
    package init(idle: Int64, whole: Int64, step: Int64, longest: Int64) {
      self.idle = idle
      self.whole = whole
      self.step = step
      self.longest = longest
    }

    /// Half an hour idle, twelve hours in all; an hour at a time to 36 hours for an incident.
    package static let standard = Rule(
      idle: 1_800_000, whole: 43_200_000, step: 3_600_000, longest: 129_600_000)
  }

  /// A use is noted only so long after the last one that was, since each is an entry in the log: a
  /// session may therefore end up to five minutes sooner than its person thinks.
  package static let touchInterval: Int64 = 300_000

  /// When it began.
  package let createdAt: Int64
  /// When it was used last, as far as that was noted.
  package var lastUsedAt: Int64
  /// When it ends at the latest, if it is not extended.
  package var endsAt: Int64
  /// Since when it works no more.
  package var revokedAt: Int64?

  /// A session that begins at `now`.
  package init(at now: Int64, rule: Rule = .standard) {
    createdAt = now
    lastUsedAt = now
    endsAt = now + rule.whole
  }

  /// The session that a credential of kind ``Credential/Kind/session`` stands for, last used at a time.
  package init(_ credential: Credential, lastUsedAt: Int64?) {
    createdAt = credential.createdAt
    self.lastUsedAt = max(credential.createdAt, lastUsedAt ?? credential.createdAt)
    endsAt = credential.expiresAt ?? credential.createdAt
    revokedAt = credential.revokedAt
  }

  /// What a session is worth at some time.
  package enum State: Hashable, Sendable {
    /// It goes on.
    case live
    /// It would be over, and is extended to `until` because its person has a role on an open P1 or P2.
    case extended(until: Int64, incident: ID)
    /// It is over.
    case ended(Ending)
  }

  /// Why a session is over.
  package enum Ending: Hashable, Sendable {
    /// It was not used for too long.
    case idle
    /// It went on for as long as one may.
    case whole
    /// Its person signed out, or left, or somebody ended it.
    case revoked
  }

  /// What it is worth at `now`.
  ///
  /// - Parameter incident: An open P1 or P2 on which its person has a role, if there is one.
  package func state(
    at now: Int64, incident: ID? = nil, rule: Rule = .standard
  ) -> State {
    guard revokedAt == nil else { return .ended(.revoked) }
    if now < min(lastUsedAt + rule.idle, endsAt) { return .live }
    let last = createdAt + rule.longest
    // A session that lay as long as a whole one is not taken up again: nobody is at it.
    guard let incident, now < last, now < lastUsedAt + rule.whole else {
      return .ended(now >= endsAt ? .whole : .idle)
    }
    return .extended(until: max(endsAt, min(now + rule.step, last)), incident: incident)
  }
}
