import CLinux

/// What epoll tells about a descriptor.
package struct Readiness: OptionSet, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// There are bytes, or a connection, to take.
  package static let readable = Readiness(rawValue: EPOLLIN.rawValue)
  /// There is room to write, or a connect has ended.
  package static let writable = Readiness(rawValue: EPOLLOUT.rawValue)
  /// The other side has sent its last byte.
  package static let ended = Readiness(rawValue: EPOLLRDHUP.rawValue)
  /// The connection is gone in both directions.
  package static let hungUp = Readiness(rawValue: EPOLLHUP.rawValue)
  /// The connection has failed; `SO_ERROR` says how.
  package static let failed = Readiness(rawValue: EPOLLERR.rawValue)
}

/// Something that waits for a descriptor on an ``EventLoop``.
package protocol ReadyHandler: AnyObject {
  /// Called on the loop's thread at each *change* of readiness (edge-triggered): who is told
  /// "readable" reads until there is nothing left, or comes back by itself.
  func ready(_ events: Readiness)
}
