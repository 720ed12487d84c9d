import Access
import Crypto
import EventLoop
import Synchronization

/// The one thread on which passwords are looked at: about four a second, each in 32 MiB.
///
/// That is the bound of all guessing at this node together. Whoever has signed in before with their
/// browser does not wait behind strangers: some of the places are kept for them.
@ClientLoop final class PasswordLane {
  /// Attempts that may wait, which is some ten seconds' work.
  static let places = 40
  /// Of these, for browsers that are known.
  static let reserved = 16

  private let thread = ThreadExecutor(name: "passwords")
  private var taken = 0

  /// Whether there is a place; it is taken until ``leave()``.
  func enter(isKnown: Bool) -> Bool {
    guard taken < (isKnown ? Self.places : Self.places - Self.reserved) else { return false }
    taken += 1
    return true
  }

  /// Gives a place back.
  func leave() { taken -= 1 }

  /// Whether `password` is that of `verifier`, or of nobody.
  func check(_ password: Password, against verifier: PasswordVerifier?) async -> Bool {
    await run {
      // Without memory for it nobody is signed in.
      (try? PasswordVerifier.check(password, against: verifier)) ?? false
    }
  }

  /// What to keep of a password that was chosen; `nil` if there is no memory to work it out.
  func verifier(of password: Password) async -> PasswordVerifier? {
    await run { try? PasswordVerifier(password) }
  }

  private func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { waiter in
      thread.submit { waiter.resume(returning: work()) }
    }
  }
}
