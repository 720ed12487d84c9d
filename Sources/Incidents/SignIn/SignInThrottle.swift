/// How soon an attempt to sign in is looked at, from the three tallies that it touches.
///
/// A failure makes the next attempt wait and never forbids it. The wait counts from the last attempt
/// of the same account *from the same origin*, so that whoever guesses elsewhere can make a person
/// wait ``longestHold`` once, and not again and again: nobody is locked out. An attempt is charged
/// before it is looked at and paid back if it succeeds, so many at once cost as much as one after the
/// other.
///
/// The tallies are rows of the state: a command charges them by its stamp, on every node, before the
/// password is looked at, and the one that begins the session pays back. An attempt that has to come
/// later is refused without an entry in the log, so guessing writes only as fast as it is let through.
package struct SignInThrottle: Hashable, Sendable {
  /// How long a request may be kept waiting for its answer, in milliseconds; who has to wait longer
  /// is told so.
  package static let longestHold: Int64 = 15_000

  /// Of the account, from anywhere.
  package var account: Tally?
  /// Of the origin, at any account.
  package var origin: Tally?
  /// Of the account from the origin.
  package var pair: Tally?

  /// What is known of an attempt's account, origin and both.
  package init(account: Tally? = nil, origin: Tally? = nil, pair: Tally? = nil) {
    self.account = account
    self.origin = origin
    self.pair = pair
  }

  /// What happens to an attempt. Times are in milliseconds.
  package enum Verdict: Hashable, Sendable {
    /// It is charged; the password is looked at after so long.
    case check(after: Int64)
    /// It is not looked at: 429 with this Retry-After. Asking sooner does not make it longer.
    case later(after: Int64)
  }

  /// When an attempt that comes at `now` is looked at.
  package func verdict(at now: Int64) -> Verdict {
    let wait = max(0, (pair?.at ?? now) + length(at: now) - now)
    return wait <= Self.longestHold ? .check(after: wait) : .later(after: wait)
  }

  /// What the tallies are once an attempt that comes at `now` is let through.
  ///
  /// - Precondition: Its verdict is to check it.
  package func charged(at now: Int64) -> SignInThrottle {
    guard case .check(let wait) = verdict(at: now) else {
      preconditionFailure("An attempt that has to come later is not charged.")
    }
    let charge = { (tally: Tally?) in Tally.charged(tally, at: now, slot: now + wait) }
    return SignInThrottle(account: charge(account), origin: charge(origin), pair: charge(pair))
  }

  /// What they are once the attempt turned out right: what it was charged is paid back.
  ///
  /// No more than that, or whoever has an account of their own could sign in to it after every few
  /// guesses at another's. Only what this origin did at this account is forgotten.
  package func refunded(at now: Int64) -> SignInThrottle {
    SignInThrottle(
      account: account?.refunded(at: now), origin: origin?.refunded(at: now), pair: nil)
  }

  private func length(at now: Int64) -> Int64 {
    let delay = { (curve: DelayCurve, tally: Tally?) in
      curve.delay(after: tally?.level(at: now) ?? 0)
    }
    return max(delay(.account, account), delay(.origin, origin), delay(.pair, pair))
  }
}
