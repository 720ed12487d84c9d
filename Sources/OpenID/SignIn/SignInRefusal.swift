/// Why a callback does not sign anybody in. The person may always begin again.
package enum SignInRefusal: Error, Hashable, Sendable {
  /// A parameter has to be there once, and is missing, there twice or too long.
  case parameter(String)
  /// The browser did not bring the mark that it was given when the sign-in began.
  case browserUnknown
  /// This state was not made here, for this provider and this browser.
  case stateUnknown
  /// The sign-in began more than ten minutes ago.
  case tooLate
  /// The answer is of another issuer than the one that the browser was sent to.
  case otherIssuer(String)
  /// The person, or somebody for them, said no at the provider.
  case denied
  /// The provider sent the browser back with an error (RFC 6749, section 4.1.2.1).
  case refused(error: String, detail: String)
}

extension SignInRefusal: CustomStringConvertible {
  /// A sentence that says what is wrong, and one that says what to do.
  package var description: String {
    switch self {
    case .parameter(let name):
      "The sign-in provider's answer has no single \"\(name)\". Sign in again."
    case .browserUnknown:
      "This browser did not begin the sign-in, or keeps no cookies. "
        + "Sign in again, in one browser from beginning to end."
    case .stateUnknown:
      "This sign-in was not begun here in this browser. Sign in again."
    case .tooLate: "This sign-in began more than ten minutes ago. Sign in again."
    case .otherIssuer(let issuer):
      "The answer came from another sign-in provider, \"\(issuer.shortened)\". "
        + "Sign in again, and tell an administrator if it stays so."
    case .denied:
      "The sign-in provider did not allow it. Ask whoever runs it for access to Muster."
    case .refused(let error, let detail):
      "The sign-in provider answered \"\(error.shortened)\""
        + (detail.isEmpty ? ". " : " (\(detail.shortened)). ")
        + "Sign in again later, and tell an administrator if it stays so."
    }
  }
}
