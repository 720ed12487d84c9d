import Glibc

/// A refusal of the operating system, by its number.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The `errno` of the call.
  package let number: Int32

  /// The refusal of number `number`.
  package init(_ number: Int32) { self.number = number }

  /// The refusal of the system call that failed last on this thread.
  package static var last: SystemError { SystemError(errno) }

  /// What the system says about it, with its number.
  package var description: String {
    let room = 128
    let text = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: room) { buffer in
      // POSIX's strerror_r, since the Glibc module is built without _GNU_SOURCE.
      guard let start = buffer.baseAddress, unsafe strerror_r(number, start, room) == 0 else {
        return "unknown error"
      }
      return unsafe String(cString: start)
    }
    return "\(text) (error \(number))"
  }
}
