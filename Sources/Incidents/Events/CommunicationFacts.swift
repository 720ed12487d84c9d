package import Bytes

/// A communication was written, or written anew.
package struct CommunicationDrafted: Hashable, Sendable {
  /// What its author said.
  package var draft: CommunicationDraft
  /// How it reads.
  package var text: CommunicationText
}

/// A communication went a step further.
package struct CommunicationMoved: Hashable, Sendable {
  /// Which.
  package var communication: ID
  /// To whom it is.
  package var audience: CommunicationUpdate.Audience
  /// What became of it.
  package var step: Step

  /// What can become of a communication.
  package enum Step: Hashable, Sendable {
    /// A second person agreed to it.
    case approved
    /// It was sent.
    case sent(Sent)
    /// It shall not be sent.
    case withdrawn(reason: String?)
    /// What became of it for one group of its recipients.
    case delivered(Communication.Delivery)
  }

  /// That a communication was sent.
  package struct Sent: Hashable, Sendable {
    /// What happened, as it was told.
    package var what: String
    /// When the next one was promised.
    package var nextUpdateAt: Int64?
    /// Why it came late, if somebody said so.
    package var delayReason: String?
    /// Why it went without a second person, if it did.
    package var overrideReason: String?
    /// Whether whoever sent it is the second person.
    package var approves: Bool
  }
}

extension CommunicationMoved {
  /// Whether it was sent without the second person whose agreement it needed.
  var isOverride: Bool {
    if case .sent(let sent) = step { sent.overrideReason != nil } else { false }
  }
}

/// What became of a notice to everybody.
package enum NoticeChange: Hashable, Sendable {
  /// It is told from now on.
  case published(NoticeText)
  /// It is told no longer.
  case withdrawn
}
