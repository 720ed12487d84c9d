/// Why something was not done, and what would do.
///
/// A refused command changes nothing. The gateway turns ``kind-swift.property`` into a status and
/// the rest into a problem of RFC 9457.
package struct Refusal: Error, Hashable, Sendable {
  /// The rule that refuses.
  package var rule: Rule
  /// The rule in one sentence.
  package var title: String
  /// What it means here, and what to do.
  package var detail: String
  /// The section of the guidance that the rule comes from; `nil` where it comes from how a record is kept.
  package var guidance: String?
  /// What would satisfy it.
  package var missing: [String]
  /// Who may override it, and with what.
  package var override: Override?
  /// The version that there is, where another one was seen.
  package var version: UInt64?
  /// What sort of refusal it is.
  package var kind: Kind { rule.kind }

  /// Who may override a rule.
  package struct Override: Hashable, Sendable {
    /// The right that it takes: `service-delivery`.
    package var right: String
    /// What must come with it: `reason`.
    package var needs: [String]

    /// An override.
    package init(right: String, needs: [String]) {
      self.right = right
      self.needs = needs
    }
  }

  /// Sorts of refusal.
  package enum Kind: UInt8, CaseIterable, Sendable {
    /// The credential does not work: 401.
    case unauthenticated = 1
    /// The asker lacks the right: 403.
    case forbidden = 2
    /// It does not exist: 404.
    case notFound = 3
    /// It is not in a state for that, or not the version that was seen: 409.
    case conflict = 4
    /// The request makes no sense by itself: 422.
    case invalid = 5
    /// A rule of the process stands in the way: 409.
    case rule = 6
    /// It was tried too often: 429.
    case later = 7
  }

  /// The rules that refuse, with their stable slugs.
  package enum Rule: String, CaseIterable, Sendable {
    /// The credential is revoked, or its person has left.
    case credentialRevoked = "credential-revoked"
    /// The asker lacks the right.
    case rightMissing = "right-missing"
    /// No such thing.
    case notFound = "not-found"
    /// The version seen is not the one there is.
    case staleVersion = "stale-version"
    /// A field is empty, too long or contradicts another.
    case invalidField = "invalid-field"
    /// An id, name, key or address is taken.
    case alreadyExists = "already-exists"
    /// The cluster is founded already.
    case alreadyFounded = "already-founded"
    /// The cluster is not founded yet.
    case notFounded = "not-founded"
    /// It needs a behaviour level that is not in force yet: some node runs an older version.
    case levelUnknown = "level-unknown"
    /// It is resolved already.
    case alreadyResolved = "already-resolved"
    /// It is not resolved yet.
    case notResolved = "not-resolved"
    /// It is over: closed, cancelled or a duplicate.
    case alreadyOver = "already-over"
    /// It was closed too long ago to be reopened.
    case reopenTooLate = "reopen-too-late"
    /// Only P3 to P5 wait in the backlog.
    case backlogPriority = "backlog-priority"
    /// The lead agrees that service is restored.
    case leadAgrees = "lead-agrees"
    /// There is nothing to agree to.
    case nothingToAgree = "nothing-to-agree"
    /// A confirmed P1 or P2 closes after its review.
    case reviewRequired = "review-required"
    /// No review is owed that could be waived.
    case reviewNotOwed = "review-not-owed"
    /// It does not close with an open cyber or data duty.
    case openFlagDuty = "open-flag-duty"
    /// The role was not offered to the asker.
    case roleNotOffered = "role-not-offered"
    /// The asker, or the person named, does not have the role.
    case roleNotHeld = "role-not-held"
    /// The person named cannot take it.
    case personUnavailable = "person-unavailable"
    /// The flag is not set.
    case flagNotSet = "flag-not-set"
    /// It is already with that line, or no team works as that line here.
    case lineUnavailable = "line-unavailable"
    /// One more would be over the bound.
    case tooMany = "too-many"
    /// The account, the password or the code is not right.
    case notSignedIn = "not-signed-in"
    /// Too many attempts to sign in: this one is not looked at.
    case signInLater = "sign-in-later"
    /// The token to join with was used or revoked.
    case joinTokenSpent = "join-token-spent"
    /// The token to join with is out of its time.
    case joinTokenExpired = "join-token-expired"
    /// The last administrator stays.
    case lastAdministrator = "last-administrator"
    /// Only a P5 or P6 is answered and nothing more.
    case answerPriority = "answer-priority"
    /// The service lacks something that it needs for that.
    case serviceIncomplete = "service-incomplete"
    /// The proposal was decided, or never made.
    case noSuchProposal = "no-such-proposal"
    /// An all-staff message on less than a P1 is agreed to by a second person.
    case approvalRequired = "approval-required"
    /// The communication was sent or withdrawn already.
    case communicationOver = "communication-over"
    /// What is or may be a data breach stays restricted.
    case alwaysRestricted = "always-restricted"
    /// Staff hear of a restricted incident by its public face alone.
    case toldByFace = "told-by-face"
    /// What it asks for is not owed.
    case nothingOwed = "nothing-owed"

    /// What sort of refusal it makes.
    package var kind: Kind {
      switch self {
      case .credentialRevoked, .notSignedIn: .unauthenticated
      case .signInLater: .later
      case .rightMissing: .forbidden
      case .notFound: .notFound
      case .invalidField, .tooMany: .invalid
      case .staleVersion, .alreadyExists, .alreadyFounded, .notFounded, .alreadyResolved,
        .notResolved, .alreadyOver, .joinTokenSpent, .joinTokenExpired, .roleNotOffered,
        .roleNotHeld, .flagNotSet, .nothingToAgree, .nothingOwed, .levelUnknown, .noSuchProposal,
        .communicationOver, .reviewNotOwed:
        .conflict
      case .reopenTooLate, .backlogPriority, .leadAgrees, .reviewRequired, .openFlagDuty,
        .personUnavailable, .lineUnavailable, .lastAdministrator,
        .serviceIncomplete, .approvalRequired, .alwaysRestricted, .answerPriority,
        .toldByFace:
        .rule
      }
    }

    /// The section of the guidance that it comes from; `nil` for what any record and any credential
    /// must be, of which the guidance says nothing.
    package var guidance: String? {
      switch self {
      case .openFlagDuty, .flagNotSet, .alwaysRestricted, .toldByFace: "1"
      case .answerPriority: "3"
      case .rightMissing, .lineUnavailable, .serviceIncomplete: "4"
      case .backlogPriority: "5.2"
      case .roleNotOffered, .roleNotHeld, .personUnavailable: "6.1"
      case .noSuchProposal: "6.2 step 2"
      case .nothingOwed: "6.2 step 6"
      case .approvalRequired, .communicationOver: "6.2 step 7"
      case .alreadyResolved, .notResolved, .leadAgrees, .nothingToAgree: "6.2 step 8"
      case .alreadyOver, .reopenTooLate, .reviewRequired, .reviewNotOwed: "6.2 step 9"
      case .credentialRevoked, .notSignedIn, .signInLater, .notFound, .staleVersion, .invalidField,
        .alreadyExists, .tooMany, .alreadyFounded, .notFounded, .levelUnknown, .joinTokenSpent,
        .joinTokenExpired, .lastAdministrator:
        nil
      }
    }

    /// What would satisfy it, where a refusal says nothing more exact; empty where nothing would, since
    /// something is not there, or is done, taken or wrong in itself.
    package var need: [String] {
      switch self {
      case .credentialRevoked, .notSignedIn: ["credential"]
      case .rightMissing: ["right"]
      case .staleVersion: ["version"]
      case .notFounded: ["founding"]
      case .levelUnknown: ["level"]
      case .alreadyResolved: ["reopening"]
      case .notResolved, .nothingToAgree: ["resolution"]
      case .alreadyOver, .reopenTooLate: ["declaration"]
      case .backlogPriority, .answerPriority: ["priority"]
      case .leadAgrees: ["agreement"]
      case .reviewRequired: ["review"]
      case .openFlagDuty: ["report"]
      case .roleNotOffered: ["offer"]
      case .roleNotHeld: ["role"]
      case .personUnavailable: ["person"]
      case .flagNotSet: ["flag"]
      case .lineUnavailable: ["line"]
      case .signInLater: ["time"]
      case .joinTokenSpent, .joinTokenExpired: ["join-token"]
      case .lastAdministrator: ["administrator"]
      case .serviceIncomplete: ["arrangement"]
      case .approvalRequired: ["approval"]
      case .communicationOver: ["communication"]
      case .alwaysRestricted: ["cleared-flag"]
      case .toldByFace: ["public-face"]
      case .notFound, .invalidField, .alreadyExists, .alreadyFounded, .tooMany, .reviewNotOwed,
        .noSuchProposal, .nothingOwed:
        []
      }
    }
  }

  /// A refusal. Where it names no section of its own, or nothing that would satisfy it, it has those of the
  /// rule.
  package init(
    _ rule: Rule, title: String, detail: String, guidance: String? = nil, missing: [String] = [],
    override: Override? = nil, version: UInt64? = nil
  ) {
    self.rule = rule
    self.title = title
    self.detail = detail
    self.guidance = guidance ?? rule.guidance
    self.missing = missing.isEmpty ? rule.need : missing
    self.override = override
    self.version = version
  }
}
