package import Bytes

/// Under which tallies an attempt to sign in is counted: codes that nobody can tell an account or an
/// address from.
package struct SignInAttempt: Hashable, Sendable {
  /// Of the account, from anywhere.
  package var account: ID
  /// Of the origin, at any account.
  package var origin: ID
  /// Of the account from the origin.
  package var pair: ID

  /// An attempt.
  package init(account: ID, origin: ID, pair: ID) {
    self.account = account
    self.origin = origin
    self.pair = pair
  }

  /// What is known of it.
  package func throttle(_ facts: some Facts) -> SignInThrottle {
    SignInThrottle(
      account: facts.tally(account), origin: facts.tally(origin), pair: facts.tally(pair))
  }
}

/// A session to begin: somebody has proved who they are.
package struct NewSession: Hashable, Sendable {
  /// Made at the gateway.
  package var id: ID
  /// Who signs in.
  package var person: ID
  /// SHA-256 of the session's secret.
  package var hash: [UInt8]
  /// How they proved it.
  package var way: Way
  /// From which address, as a person reads it; at most ``Bound/origin`` bytes.
  package var origin: String
  /// What the attempt was counted under, to be paid back.
  package var attempt: SignInAttempt?
  /// What the identity provider's groups make of them, if that is to be followed.
  package var standing: GivenStanding?

  /// How somebody proved who they are.
  package enum Way: Hashable, Sendable {
    /// By the password of this version of their means.
    case password(version: UInt64)
    /// By the printed code at this place, counted from 0, of this version of their means.
    case code(place: UInt8, version: UInt64)
    /// By the department's identity provider.
    case provider

    /// As it is said to a person, after "with".
    package var words: String {
      switch self {
      case .password: "a password"
      case .code: "a printed code"
      case .provider: "the identity provider"
      }
    }
  }

  /// A session to begin.
  package init(
    id: ID, person: ID, hash: [UInt8], way: Way, origin: String, attempt: SignInAttempt? = nil,
    standing: GivenStanding? = nil
  ) {
    self.standing = standing
    self.id = id
    self.person = person
    self.hash = hash
    self.way = way
    self.origin = origin
    self.attempt = attempt
  }
}

/// What the groups of an identity provider make of somebody. What no rule speaks of stays as it is.
package struct GivenStanding: Hashable, Sendable {
  /// Whether they are an administrator from now on; `nil` where no rule says who is.
  package var isAdministrator: Bool?
  /// Whether they are an auditor from now on; `nil` where no rule says who is.
  package var isAuditor: Bool?
  /// What they are in each team that a rule names, at most ``Bound/list``.
  package var memberships: [Membership]

  /// What somebody is in a team.
  package struct Membership: Hashable, Sendable {
    /// The team.
    package var team: ID
    /// As what; `nil` for no member.
    package var role: MemberRole?

    /// What somebody is in a team.
    package init(team: ID, role: MemberRole?) {
      self.team = team
      self.role = role
    }
  }

  /// What somebody is.
  package init(
    isAdministrator: Bool? = nil, isAuditor: Bool? = nil, memberships: [Membership] = []
  ) {
    self.isAdministrator = isAdministrator
    self.isAuditor = isAuditor
    self.memberships = memberships
  }
}

/// New means to sign in with, for whoever asks.
package enum MeansChange: Hashable, Sendable {
  /// A password's verifier in its text form, for the version of the means that was looked at.
  case password(verifier: String, version: UInt64)
  /// A new sheet of codes, in the place of the one before.
  case codes(CodeSheet)
}

/// When a credential was last used.
package struct CredentialUse: Hashable, Sendable {
  /// Which.
  package var credential: ID
  /// When, in milliseconds since 1970.
  package var at: Int64

  /// A use.
  package init(credential: ID, at: Int64) {
    self.credential = credential
    self.at = at
  }
}

/// Somebody has signed in.
package struct SignedIn: Hashable, Sendable {
  /// The session: its ``NewSession/attempt`` is not part of the record, and what it makes of somebody
  /// is events of its own.
  package var session: NewSession
  /// Sessions of theirs that were over by then and are forgotten, at most ``Bound/list``.
  package var forgotten: [ID]

  /// A sign-in.
  package init(session: NewSession, forgotten: [ID]) {
    self.session = session
    self.session.attempt = nil
    self.session.standing = nil
    self.forgotten = forgotten
  }
}
