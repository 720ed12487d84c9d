/// What must be agreed to before an act that cannot be undone.
enum Consent {
  /// The switch with which a script agrees.
  static let yes = Verb.Option.flag(
    "yes", "Do it without asking. Needed where nobody is at a terminal to be asked.")

  /// Who is there to agree.
  enum Asked {
    /// Somebody at a terminal, who types the line that this gives, or nothing.
    case atTerminal((_ question: String) -> String?)
    /// Nobody.
    case nobody
  }

  /// Says what will happen and has it agreed to; throws, with nothing done, where it is not.
  ///
  /// - Parameter consequence: What will happen, in whole sentences.
  static func obtain(
    _ consequence: String, _ invocation: Invocation, from asked: Asked = Self.asked
  ) throws(Failure) {
    if invocation.flag("yes") { return }
    guard case .atTerminal(let answer) = asked else {
      throw Failure(.refused, consequence + "\nNothing was changed. To do it, add --yes.")
    }
    guard answer(consequence + "\nType yes to do it: ") == "yes" else {
      throw Failure(.refused, "Nothing was changed.")
    }
  }

  /// Whoever types what this process reads.
  private static var asked: Asked {
    guard Terminal.isInteractive else { return .nobody }
    return .atTerminal { question in
      Terminal.ask(question)
      return readLine()
    }
  }
}
