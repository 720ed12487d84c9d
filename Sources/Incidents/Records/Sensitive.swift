package import Bytes

extension Incident {
  /// What a flag asks of an incident beside its duty: who may know of it, whether a breach is notified,
  /// and what staff are told in its stead (policy section 8).
  package struct Sensitive: Hashable, Sendable {
    /// Who told the cyber security team, as a name.
    package internal(set) var cyberReportedBy: String?
    /// Who told the data privacy team, as a name.
    package internal(set) var dataReportedBy: String?
    /// Whether the breach is notified, once that is decided.
    package internal(set) var notification: NotificationDecision?
    /// Why it may be known to everybody in spite of its cyber flag.
    package internal(set) var widened: Statement?
    /// People who may know of it because somebody named them; at most ``Bound/list``.
    package internal(set) var named: [ID] = []
    /// People who may not know of it any more, though they had acted or been paged; at most
    /// ``Bound/list``.
    package internal(set) var pruned: [ID] = []
    /// What staff are told in its stead, in the order of numbers; at most ``Bound/faces``.
    package internal(set) var faces: [Face] = []

    /// Nothing.
    package init() {}

    /// Who told the team of a flag, as a name.
    package func reporter(of flag: Flag) -> String? {
      switch flag {
      case .cyber: cyberReportedBy
      case .data: dataReportedBy
      }
    }
  }

  /// Whether a breach is notified.
  package struct NotificationDecision: Hashable, Sendable {
    /// What was decided, and why.
    package var choice: NotificationChoice
    /// By whom, and when.
    package var mark: Mark
  }

  /// What staff are told in the stead of an incident: text of its own, which becomes a ``StaffNotice`` that
  /// names no incident.
  package struct Face: Hashable, Sendable {
    /// Its words.
    package var text: NoticeText
    /// Who wrote it, and when.
    package var author: Mark
    /// Who agreed, and when: then it was published, unless it belongs to an exercise.
    package var approval: Mark?
    /// The notice that it became.
    package var notice: ID?
    /// Who took it back, and when.
    package var withdrawal: Mark?
  }

  /// What a flag asks of it.
  package var sensitive: Sensitive { extras.sensitive }

  /// Whether a flag is set and was not cleared.
  package func isSet(_ flag: Flag) -> Bool { state(of: flag).map { $0.clearedAt == nil } ?? false }
}

/// What everybody who signs in is told, by an incident that they may not know of. It says nothing of
/// which.
package struct StaffNotice: Hashable, Sendable {
  /// Made at the gateway when it was agreed to; no other thing's id.
  package var id: ID
  /// Its words.
  package var text: NoticeText
  /// Since when it is told.
  package var publishedAt: Int64

  /// A notice.
  package init(id: ID, text: NoticeText, publishedAt: Int64) {
    self.id = id
    self.text = text
    self.publishedAt = publishedAt
  }
}

/// The words of a notice.
package struct NoticeText: Hashable, Sendable {
  /// One line, at most ``Bound/title`` bytes.
  package var title: String
  /// What staff need to know, at most ``Bound/notice`` bytes.
  package var body: String
  /// In which language.
  package var language: String

  /// Words.
  package init(title: String, body: String, language: String = "en") {
    self.title = title
    self.body = body
    self.language = language
  }
}
