internal import Bytes

/// Signing in: nobody is heard yet, so what is asked is looked at by itself.
///
/// - Throws: What refuses it. Whoever signs in is told the same for all of it but the wait.
func decideSignIn(
  _ new: NewSession, by actor: Actor, at stamp: Int64, facts: some Facts
) throws(Refusal) -> [Event] {
  guard actor == .credential(id: new.id, person: new.person) else { throw .notSignedIn }
  try Check.hash(new.hash)
  guard facts.credential(new.id) == nil else {
    throw .exists("id", "A session of this id is known.")
  }
  guard let person = facts.person(new.person), person.isActive else { throw .notSignedIn }
  let means = facts.means(of: new.person)
  switch new.way {
  case .password(let version):
    guard let means, means.verifier != nil, means.version == version else { throw .notSignedIn }
  case .code(let place, let version):
    guard var sheet = means?.sheet, means?.version == version, sheet.spend(Int(place)) else {
      throw .notSignedIn
    }
  case .provider: break
  }
  let over = facts.sessions(of: new.person).filter { session in
    if case .ended = facts.state(ofSession: session, at: stamp) { true } else { false }
  }
  let signedIn = SignedIn(session: new, forgotten: Array(over.map(\.id).prefix(Bound.list)))
  let began = Event(subject: Subject(kind: .credential, id: new.id), fact: .signedIn(signedIn))
  return [began] + (new.standing.map { $0.changes(of: person, facts) } ?? [])
}

extension GivenStanding {
  /// What has to happen for somebody to be this. Teams that are gone or full are passed over: nobody
  /// is kept from an incident by a rule that has aged.
  fileprivate func changes(of person: Person, _ facts: some Facts) -> [Event] {
    var events: [Event] = []
    let (administrator, auditor) = (
      isAdministrator ?? person.isAdministrator, isAuditor ?? person.isAuditor
    )
    if administrator != person.isAdministrator || auditor != person.isAuditor {
      events.append(
        Event(
          subject: Subject(kind: .person, id: person.id),
          fact: .standingGiven(administrator: administrator, auditor: auditor)))
    }
    for membership in memberships where events.count < Bound.events - 1 {
      guard let team = facts.team(membership.team) else { continue }
      let current = team.members.first { $0.person == person.id }?.role
      let hasRoom = current != nil || team.members.count < Bound.members
      guard current != membership.role, membership.role == nil || hasRoom else { continue }
      events.append(
        Event(
          subject: Subject(kind: .team, id: team.id),
          fact: .memberSet(
            MembershipChange(team: team.id, person: person.id, role: membership.role))))
    }
    return events
  }
}

/// An attempt to sign in, before anything of it is looked at. It is no event: whether it was right is
/// not known, and of what was wrong the node's own log tells.
func decideAttempt(
  _ attempt: SignInAttempt, at stamp: Int64, facts: some Facts
) throws(Refusal) -> [Event] {
  if case .later(let wait) = attempt.throttle(facts).verdict(at: stamp) {
    throw .signInLater(after: wait)
  }
  return []
}

extension Facts {
  /// What a session is worth at a time.
  package func state(ofSession session: Credential, at now: Int64) -> SignInSession.State {
    let value = SignInSession(session, lastUsedAt: lastUse(of: session.id))
    let state = value.state(at: now)
    // Only where it would be over it matters what its person does meanwhile.
    guard case .ended = state, session.revokedAt == nil else { return state }
    return value.state(at: now, incident: majorIncident(of: session.person))
  }

  /// Whether a credential may be used at a time, whatever its kind.
  package func works(_ credential: Credential, at now: Int64) -> Bool {
    guard credential.kind == .session else { return credential.works(at: now) }
    if case .ended = state(ofSession: credential, at: now) { return false }
    return true
  }
}

/// What somebody signs in with, and their sessions.
extension Hearing {
  func change(_ change: MeansChange) throws(Refusal) -> [Event] {
    let known = facts.means(of: asker.id)?.version ?? 0
    try checkVersion(known)
    switch change {
    case .password(let verifier, let version):
      guard known == version else {
        throw .stale("Your password or codes were changed meanwhile.", now: known)
      }
      guard !verifier.isEmpty, verifier.utf8.count <= SignInMeans.longestVerifier else {
        throw .invalid("password", "It has no verifier that could be kept.")
      }
      return [event(.person, asker.id, .passwordSet(ended: otherSessions(of: asker.id)))]
    case .codes: return [event(.person, asker.id, .codesMade)]
    }
  }

  /// Takes password and codes from somebody, and ends their sessions: a phone was lost.
  func clearMeans(of id: ID) throws(Refusal) -> [Event] {
    try require(.administrator, to: "take somebody's password and codes")
    guard let person = facts.person(id) else { throw .notFound("person", id) }
    try checkVersion(person.version)
    let sessions = otherSessions(of: id)
    let means = facts.means(of: id)
    guard means?.verifier != nil || means?.sheet != nil || !sessions.isEmpty else { return [] }
    return [event(.person, id, .meansCleared(ended: sessions))]
  }

  /// Their sessions that are not over, without the one that asks.
  private func otherSessions(of id: ID) -> [ID] {
    Array(
      facts.sessions(of: id)
        .filter { $0.id != credential && $0.revokedAt == nil }.map(\.id).prefix(Bound.list))
  }

  /// Goes on with the asker's own session, for the incident that they have a role on.
  func extendSession() throws(Refusal) -> [Event] {
    guard let session = facts.credential(credential), session.kind == .session,
      case .extended(let until, let incident) = facts.state(ofSession: session, at: stamp),
      until > session.expiresAt ?? 0
    else { return [] }
    return [event(.credential, credential, .sessionExtended(until: until, incident: incident))]
  }
}

extension Refusal {
  /// Nobody is signed in by this, and why is not said.
  package static var notSignedIn: Refusal {
    Refusal(
      .notSignedIn, title: "That did not sign you in",
      detail: "The account, the password or the code is not right. Each is tried as it is typed.")
  }

  /// Too many attempts: it is not looked at.
  package static func signInLater(after milliseconds: Int64) -> Refusal {
    let seconds = max(1, (milliseconds + 999) / 1_000)
    return Refusal(
      .signInLater, title: "Too many attempts",
      detail: "Try again in \(seconds) seconds. Asking sooner does not make it longer.",
      missing: ["\(seconds)"])
  }
}
