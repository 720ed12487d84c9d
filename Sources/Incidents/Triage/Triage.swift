/// What somebody answered of the seven factors of guidance 2.1 and 2.2, and which definition of
/// guidance section 3 they chose. All of it may be missing.
package struct Triage: Hashable, Sendable {
  /// How many staff are affected.
  package var scope: Scope?
  /// What business function is blocked.
  package var function: Function?
  /// Whether anybody senior is affected.
  package var seniority: Seniority?
  /// What is the matter with data.
  package var data: DataEffect?
  /// Whether there is a deadline.
  package var deadline: Deadline?
  /// Whether staff can work around it.
  package var workaround: Workaround?
  /// Whether it gets worse.
  package var rate: Rate?
  /// The definition that fits.
  package var anchor: Anchor?

  /// Answers and a definition.
  package init(
    scope: Scope? = nil, function: Function? = nil, seniority: Seniority? = nil,
    data: DataEffect? = nil, deadline: Deadline? = nil, workaround: Workaround? = nil,
    rate: Rate? = nil, anchor: Anchor? = nil
  ) {
    self.scope = scope
    self.function = function
    self.seniority = seniority
    self.data = data
    self.deadline = deadline
    self.workaround = workaround
    self.rate = rate
    self.anchor = anchor
  }

  /// A factor: a question that has an answer in words.
  package enum Factor: UInt8, CaseIterable, Sendable {
    /// How many staff are affected.
    case scope = 1
    /// What business function is blocked.
    case function = 2
    /// Who of the senior staff is affected.
    case seniority = 3
    /// What is the matter with data.
    case data = 4
    /// Whether there is a deadline.
    case deadline = 5
    /// Whether staff can work around it.
    case workaround = 6
    /// Whether it gets worse.
    case rate = 7
  }

  /// How many staff are affected.
  package enum Scope: UInt8, CaseIterable, Sendable {
    /// One person.
    case one = 0
    /// Fewer than a whole team.
    case few = 1
    /// A team, a site or a large group.
    case group = 2
    /// All of it.
    case department = 3
  }

  /// What business function is blocked.
  package enum Function: UInt8, CaseIterable, Sendable {
    /// Nothing.
    case nothingBlocked = 0
    /// A critical service is degraded, or an important one is blocked.
    case degradedOrImportantBlocked = 1
    /// A critical service is blocked.
    case criticalBlocked = 2
  }

  /// Who of the senior staff is affected.
  package enum Seniority: UInt8, CaseIterable, Sendable {
    /// Nobody senior.
    case nobody = 0
    /// The Senior Civil Service.
    case scs = 1
    /// Ministers or their Private Offices.
    case ministers = 2
  }

  /// What is the matter with data.
  package enum DataEffect: UInt8, CaseIterable, Sendable {
    /// Nothing.
    case unaffected = 0
    /// Other than sensitive data is inaccessible.
    case other = 1
    /// Sensitive data is inaccessible, incorrect or at risk.
    case sensitive = 2
  }

  /// Whether there is a deadline.
  package enum Deadline: UInt8, CaseIterable, Sendable {
    /// None.
    case none = 0
    /// Within days.
    case days = 1
    /// Immovable and imminent.
    case imminent = 2
  }

  /// Whether staff can work around it.
  package enum Workaround: UInt8, CaseIterable, Sendable {
    /// Easily.
    case easy = 0
    /// Partial or hard.
    case partial = 1
    /// There is no way.
    case none = 2
  }

  /// Whether it gets worse.
  package enum Rate: UInt8, CaseIterable, Sendable {
    /// No.
    case stable = 0
    /// Lost redundancy is slow.
    case slow = 1
    /// Fast.
    case fast = 2
  }
}

extension Triage {
  /// An answer to a factor: the more urgent, the greater.
  package protocol Answer: RawRepresentable<UInt8>, CaseIterable, Comparable, Sendable {
    /// Its word in the interface.
    var slug: String { get }
    /// As a person reads it.
    var words: String { get }
  }

  /// The answer to a factor, if it was given.
  package func answer(to factor: Factor) -> (any Answer)? {
    switch factor {
    case .scope: scope
    case .function: function
    case .seniority: seniority
    case .data: data
    case .deadline: deadline
    case .workaround: workaround
    case .rate: rate
    }
  }

  /// The factors that were not answered.
  package var unanswered: [Factor] { Factor.allCases.filter { answer(to: $0) == nil } }

  /// Whether any factor was answered.
  package var hasAnswers: Bool { unanswered.count < Factor.allCases.count }

  /// Whether it says nothing at all.
  package var isEmpty: Bool { anchor == nil && !hasAnswers }
}

extension Triage.Answer {
  /// Less urgent is smaller.
  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
