import COpenSSL

/// OpenSSL's errors of this thread. They stay until somebody takes them, and would be mistaken for
/// the errors of the next call.
enum ErrorQueue {
  /// Forgets all.
  static func clear() { ERR_clear_error() }

  /// Takes the earliest error out and forgets the others.
  static func take() -> (reason: Int32, text: String) {
    let code = ERR_get_error()
    defer { ERR_clear_error() }
    guard code != 0 else { return (0, "no reason given") }
    guard let text = unsafe ERR_reason_error_string(code) else {
      return (tls_error_reason(code), "error \(code)")
    }
    return (tls_error_reason(code), unsafe String(cString: text))
  }
}
