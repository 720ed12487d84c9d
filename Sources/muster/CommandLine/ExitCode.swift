/// How a command ended, for the shell and for scripts.
package enum ExitCode: Int32, Sendable, CaseIterable {
  /// It was done.
  case done = 0
  /// It was refused: by a rule, or because what it is about does not exist.
  case refused = 1
  /// The command line or a file that it names is wrong.
  case usage = 2
  /// No node could be reached or would take it. Nothing was done.
  case unavailable = 3
  /// It was sent, and what became of it is not known.
  case unknown = 4
  /// The token is missing, wrong, or does not give the right.
  case unauthorised = 5

  /// What the help pages say of it.
  package var meaning: String {
    switch self {
    case .done: "done"
    case .refused: "refused, or there is no such thing"
    case .usage: "the command line or a file that it names is wrong"
    case .unavailable: "no node could be reached or would take it; nothing was done"
    case .unknown: "it was sent, and what became of it is not known"
    case .unauthorised: "the token is missing, wrong, or does not give the right"
    }
  }
}

/// Why a command was not done: a sentence for a person and a code for a script.
package struct Failure: Error, Hashable, Sendable {
  /// How the process ends.
  package let code: ExitCode
  /// What is the matter and what to do, in whole sentences.
  package let message: String
  /// The problem (RFC 9457) as the interface told it, if it did.
  package let problem: [UInt8]?

  /// A failure.
  package init(_ code: ExitCode, _ message: String, problem: [UInt8]? = nil) {
    self.code = code
    self.message = message
    self.problem = problem
  }

  /// The command line is wrong.
  package static func usage(_ message: String) -> Failure { Failure(.usage, message) }
}
