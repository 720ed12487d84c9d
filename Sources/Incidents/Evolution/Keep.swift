internal import Bytes

/// Keeps what a command that was done leaves beside the record: what is signed in with, how often that
/// failed, when a credential was last used, what alerts opened of late. None of it happened to anything, and who reads the ledger
/// must not find it; so it is no event, and a fold of the ledger does not have it.
///
/// - Parameters:
///   - command: It was decided, and its events are true.
///   - stamp: Its stamp.
///   - records: What is known.
package func keep(_ command: Command, at stamp: Int64, in records: inout some Records) {
  switch command.action {
  case .attemptSignIn(let attempt):
    put(attempt.throttle(records).charged(at: stamp), of: attempt, in: &records)
  case .signIn(let new):
    if case .code(let place, _) = new.way, var means = records.means(of: new.person) {
      _ = means.sheet?.spend(Int(place))
      records.put(means, of: new.person)
    }
    if let attempt = new.attempt {
      put(attempt.throttle(records).refunded(at: stamp), of: attempt, in: &records)
    }
  case .changeMeans(let change):
    guard let person = command.actor.person else { return }
    var means = records.means(of: person) ?? SignInMeans()
    means.version += 1
    switch change {
    case .password(let verifier, _): means.verifier = verifier
    case .codes(let sheet): means.sheet = sheet
    }
    records.put(means, of: person)
  case .clearMeans(let person):
    let version = (records.means(of: person)?.version ?? 0) + 1
    records.put(SignInMeans(version: version), of: person)
  case .eraseContacts(let person):
    guard records.means(of: person) != nil, records.person(person)?.isErased == true else { return }
    records.put(SignInMeans(version: 0), of: person)
  case .noteUses(let uses):
    for use in uses where records.lastUse(of: use.credential).map({ $0 < use.at }) ?? true {
      records.put(min(use.at, stamp), lastUseOf: use.credential)
    }
  case .noteAttempts(let attempts):
    guard case .credential(let id, _) = command.actor else { return }
    records.put(
      records.attemptsTally(after: attempts, of: id, at: stamp),
      for: DeniedAttempt.tally(of: id))
  case .alert(let sent): keepStorm(of: sent, at: stamp, in: &records)
  case .keepSecret(let secret):
    if records.secret() == nil { records.put(secret: secret) }
  default: break
  }
}

private func put(
  _ throttle: SignInThrottle, of attempt: SignInAttempt, in records: inout some Records
) {
  records.put(throttle.account, for: attempt.account)
  records.put(throttle.origin, for: attempt.origin)
  records.put(throttle.pair, for: attempt.pair)
}
