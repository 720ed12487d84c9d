import CLinux
import Glibc

/// An open descriptor with one owner, closed when the owner lets go of it.
package struct Descriptor: ~Copyable, Sendable {
  /// The number that the system calls know it by.
  package let number: Int32

  /// Takes over an open descriptor.
  package init(owning number: Int32) {
    precondition(number >= 0, "\(number) is no descriptor.")
    self.number = number
  }

  deinit { close(number) }

  /// Hands the number over to somebody who closes it.
  package consuming func release() -> Int32 {
    let number = number
    discard self
    return number
  }
}

extension Descriptor {
  /// Raises this process's bound on open descriptors as far as the system lets it.
  ///
  /// - Returns: The bound that holds now.
  @discardableResult
  package static func raiseLimit() -> Int {
    var limit = rlimit()
    unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = limit.rlim_max
    // Refused, the old bound holds, and that is what is answered.
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return Int(clamping: limit.rlim_cur)
  }
}
