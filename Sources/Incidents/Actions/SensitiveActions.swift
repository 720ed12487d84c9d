package import Bytes

/// Whether a breach is notified, as it was decided.
package struct NotificationChoice: Hashable, Sendable {
  /// Whether it is.
  package var isNotified: Bool
  /// Why, at most ``Bound/reason`` bytes.
  package var reason: String

  /// A choice.
  package init(isNotified: Bool, reason: String) {
    self.isNotified = isNotified
    self.reason = reason
  }
}

/// Who may know of a restricted incident.
package enum SightChange: Hashable, Sendable {
  /// Everybody, in spite of its cyber flag; because.
  case widen(reason: String)
  /// Not everybody, after all.
  case narrow
  /// Somebody who had nothing to do with it.
  case add(ID)
  /// Not somebody who had.
  case prune(ID)
}

/// A step on the way of what staff are told in the stead of an incident.
package enum FaceStep: Hashable, Sendable {
  /// Words for it.
  case draft(NoticeText)
  /// A second person agrees to the draft of this number, which becomes the notice of this id.
  case approve(number: UInt32, notice: ID)
  /// It is told no longer, or not at all.
  case withdraw(number: UInt32)
}
