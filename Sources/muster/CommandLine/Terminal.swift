import EventLoop
import Glibc

/// What the person at the keyboard, or the script, reads.
package enum Terminal {
  /// Writes to standard output.
  package static func print(_ text: String) { write(text, to: STDOUT_FILENO) }

  /// Whether somebody may still read standard output: the other end of a pipe may be gone.
  static var isHeard: Bool {
    var entry = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
    guard unsafe poll(&entry, 1, 0) > 0 else { return true }
    return Int32(entry.revents) & (POLLERR | POLLHUP) == 0
  }

  /// Ends the program without a word, because nobody reads what it prints: as the shell is used to, by
  /// SIGPIPE. Only for what goes on for ever, and so has nothing to be done first.
  static func leaveUnheard() -> Never {
    signal(SIGPIPE, SIG_DFL)
    raise(SIGPIPE)
    exit(128 + SIGPIPE)
  }

  /// A document as it came where a file or a program takes it; where a person looks at it, without what
  /// steers a terminal.
  ///
  /// - Parameter isSeen: Whether a person looks.
  static func document(_ text: String, isSeen: Bool = Self.isShown) -> String {
    isSeen ? harmless(text) : text
  }

  /// Writes a line to standard error: progress, and what went wrong.
  package static func note(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

  /// The text without characters that steer a terminal, such as escape sequences in a title, or
  /// that change the order in which the rest is shown. Other characters that are not seen, such as
  /// those that join letters of a script, are left where they are.
  ///
  /// - Parameter keepingLines: Whether line feeds stay; otherwise they become spaces.
  package static func harmless(_ text: String, keepingLines: Bool = true) -> String {
    var safe = ""
    for scalar in text.unicodeScalars {
      let isLineFeed = scalar == "\n"
      if isLineFeed && keepingLines {
        safe.unicodeScalars.append(scalar)
      } else if isLineFeed || scalar == "\t" {
        safe.unicodeScalars.append(" ")
      } else if !steers(scalar) {
        safe.unicodeScalars.append(scalar)
      }
    }
    return safe
  }

  /// Whether a character moves, colours or reorders what is around it, or breaks the line.
  private static func steers(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate: true
    case .format:
      // Joiners belong to the spelling of many languages; all else of this kind is for machines.
      scalar != "\u{200C}" && scalar != "\u{200D}"
    default: false
    }
  }

  /// Writes a question to standard error, and leaves the cursor behind it.
  static func ask(_ question: String) { write(question, to: STDERR_FILENO) }

  /// Whether a person reads what is printed, and no program.
  package static var isShown: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Whether a person types what is read.
  static var isInteractive: Bool { isatty(STDIN_FILENO) == 1 }

  /// A line that nobody may read over a shoulder: it is not shown as it is typed.
  static func secret(_ prompt: String) throws(Failure) -> String {
    guard isInteractive else { return try line() }
    var state = termios()
    unsafe tcgetattr(STDIN_FILENO, &state)
    let before = state
    write(prompt, to: STDERR_FILENO)
    var silent = before
    silent.c_lflag &= ~tcflag_t(ECHO)
    unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
    let showAgain: @Sendable () -> String = {
      var before = before
      unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
      return ""
    }
    defer {
      _ = showAgain()
      write("\n", to: STDERR_FILENO)
    }
    // A terminal that shows nothing any more is a poor thing to leave behind.
    return try Interruption.bidding(showAgain) { () throws(Failure) in try line() }
  }

  private static func line() throws(Failure) -> String {
    guard let line = readLine(), !line.isEmpty else {
      throw .usage("Nothing was typed, and no line came by a pipe.")
    }
    return line
  }

  /// Whether something that was to be printed could not be.
  private static let lost = Lock(false)

  /// What is said at the end where output was lost; `nil` where none was.
  static var loss: Failure? {
    guard lost.withLock({ $0 }) else { return nil }
    return .usage(
      "What was asked is done, and standard output could not be written: see whether its disk is full. "
        + "Reads can be asked again; a secret that is shown once is lost: revoke it and make another."
    )
  }

  /// Takes note that something could not be written. Where nobody reads any more there is nobody to tell.
  private static func fail(_ file: Int32, _ error: Int32) {
    if file == STDOUT_FILENO, error != EPIPE { lost.withLock { $0 = true } }
  }

  /// Opens what nobody reads or fills in the place of standard streams that are closed: a file or pipe of
  /// ours would be taken for them.
  static func reserveStandardStreams() {
    for file in STDIN_FILENO...STDERR_FILENO where fcntl(file, F_GETFD) == -1 {
      // The lowest number that is free is this one.
      _ = unsafe open("/dev/null", file == STDIN_FILENO ? O_RDONLY : O_WRONLY)
    }
  }

  private static func write(_ text: String, to file: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return fail(file, errno) }
      rest = rest.dropFirst(count)
    }
  }
}

/// The environment of the process.
package enum Environment {
  /// The value of a variable, or `nil` if it is not set or empty.
  package static func value(_ name: String) -> String? {
    guard let text = unsafe getenv(name) else { return nil }
    let value = unsafe String(cString: text)
    return value.isEmpty ? nil : value
  }

  /// The absolute form of a path, which may be relative to the current folder.
  package static func absolute(_ path: String) throws(Failure) -> String {
    guard path.utf8.first != UInt8(ascii: "/") else { return path }
    guard let here = unsafe getcwd(nil, 0) else {
      throw .usage("The current folder cannot be found.")
    }
    defer { unsafe free(here) }
    return unsafe "\(String(cString: here))/\(path)"
  }
}
