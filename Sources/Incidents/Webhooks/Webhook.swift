package import Bytes

/// Where the department is told of things outside of this cluster: an address to which they are posted.
///
/// The secret that its posts are signed with is no part of it, and of no event: it is made from the
/// cluster's own secret, the id and the ``generation``, so nothing that is kept or shown has it.
package struct Webhook: Hashable, Sendable {
  /// How many there may be.
  package static let most = 50
  /// So long after another secret was asked for posts are signed with the one before too, in
  /// milliseconds: a day, for receivers to change over.
  package static let overlap = Span.day

  /// Made at the gateway.
  package var id: ID
  /// Counts its changes by people.
  package var version: UInt64
  /// What an administrator says of it.
  package var profile: WebhookProfile
  /// Which of its secrets is in use, from 1.
  package var generation: UInt32
  /// When that came into use.
  package var secretSince: Int64
  /// When it was made.
  package var createdAt: Int64
  /// When a post was last taken.
  package var lastSentAt: Int64?
  /// When the first post failed since one was last taken.
  package var failingSince: Int64?
  /// What became of that post and of those that failed since.
  package var failures: UInt32 = 0

  /// Whether it is told things, and the last of them was not taken.
  package var isFailing: Bool { profile.isEnabled && failingSince != nil }

  /// The generations by which what is posted at `time` is signed, the newest first.
  package func generations(at time: Int64) -> [UInt32] {
    generation > 1 && time - secretSince < Self.overlap
      ? [generation, generation - 1] : [generation]
  }

  /// Whether it wants what is about these teams.
  func wants(_ kind: WebhookKinds, about teams: (ID) -> Bool) -> Bool {
    guard profile.isEnabled, profile.kinds.contains(kind) else { return false }
    return profile.teams.isEmpty || profile.teams.contains(where: teams)
  }
}

/// What an administrator says of a webhook.
package struct WebhookProfile: Hashable, Sendable {
  /// What it is called, at most ``Bound/name`` bytes.
  package var name: String
  /// `https://…`, at most ``Bound/address`` bytes.
  package var address: String
  /// What it is told.
  package var kinds: WebhookKinds
  /// The teams whose incidents and messages it is told of, at most ``Bound/list``; empty for all.
  package var teams: [ID]
  /// Whether it is told anything now. What waits while it is not goes on to wait.
  package var isEnabled: Bool

  /// A profile.
  package init(
    name: String, address: String, kinds: WebhookKinds = .all, teams: [ID] = [],
    isEnabled: Bool = true
  ) {
    self.name = name
    self.address = address
    self.kinds = kinds
    self.teams = teams
    self.isEnabled = isEnabled
  }
}

/// What a webhook is told.
package struct WebhookKinds: OptionSet, Hashable, Sendable {
  package var rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Who is woken for an incident, and that senior management is told.
  package static let pages = WebhookKinds(rawValue: 1)
  /// What is owed to an incident and by when.
  package static let reminders = WebhookKinds(rawValue: 2)
  /// What people are told at once.
  package static let messages = WebhookKinds(rawValue: 4)

  /// All of them.
  package static let all: WebhookKinds = [.pages, .reminders, .messages]

  /// Their words, in the order of their urgency.
  package static let words: [(kind: WebhookKinds, word: String)] = [
    (.pages, "pages"), (.messages, "messages"), (.reminders, "reminders"),
  ]
}

/// A webhook is made or changed. What is left out stays.
package struct WebhookChange: Hashable, Sendable {
  /// Which; of a new one made at the gateway.
  package var id: ID
  /// Whether it is to be made.
  package var isNew: Bool
  /// What it is called.
  package var name: String?
  /// Where it is.
  package var address: String?
  /// What it is told.
  package var kinds: WebhookKinds?
  /// Of which teams.
  package var teams: [ID]?
  /// Whether it is told anything.
  package var isEnabled: Bool?
  /// Whether it gets another secret.
  package var rotates: Bool

  /// A change.
  package init(
    id: ID, isNew: Bool = false, name: String? = nil, address: String? = nil,
    kinds: WebhookKinds? = nil, teams: [ID]? = nil, isEnabled: Bool? = nil, rotates: Bool = false
  ) {
    self.id = id
    self.isNew = isNew
    self.name = name
    self.address = address
    self.kinds = kinds
    self.teams = teams
    self.isEnabled = isEnabled
    self.rotates = rotates
  }
}

/// A webhook was made or changed: all that it is from then on.
package struct WebhookSet: Hashable, Sendable {
  /// What is said of it.
  package var profile: WebhookProfile
  /// Which of its secrets is in use.
  package var generation: UInt32

  /// A webhook.
  package init(profile: WebhookProfile, generation: UInt32) {
    self.profile = profile
    self.generation = generation
  }
}

/// What an administrator wants posted.
package enum DeliveryWish: Hashable, Sendable {
  /// Something to try it with, under this new id.
  case test(ID)
  /// A delivery that is over, once more.
  case again(ID)
}
