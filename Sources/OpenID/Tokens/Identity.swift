/// Who has signed in, as the provider says it (OpenID Connect Core 1.0, sections 2 and 5.1).
package struct Identity: Hashable, Sendable {
  /// Who says so.
  package let issuer: String
  /// By what the issuer knows them, for ever and for nobody else: with ``issuer`` what a person is
  /// found by. Neither name nor e-mail address may be used for that (section 5.7).
  package let subject: String
  /// Their e-mail address, if the provider tells it.
  package internal(set) var email: String?
  /// Whether the provider has seen that mail to the address reaches them.
  package internal(set) var isEmailVerified: Bool
  /// What they are called, if the provider tells it.
  package internal(set) var name: String?
  /// The groups that they are in, in the order of the token.
  package internal(set) var groups: [String]

  /// Bytes of a subject (section 2).
  package static let longestSubject = 255

  /// An identity.
  package init(
    issuer: String, subject: String, email: String? = nil, isEmailVerified: Bool = false,
    name: String? = nil, groups: [String] = []
  ) {
    self.issuer = issuer
    self.subject = subject
    self.email = email
    self.isEmailVerified = isEmailVerified
    self.name = name
    self.groups = groups
  }
}

extension Identity {
  /// What a token or an answer says of a person.
  ///
  /// - Parameter groupsClaim: The claim that names their groups.
  init<Failure>(
    issuer: String, members: Members<Failure>, groupsClaim: String, wrong: (String) -> Failure
  ) throws(Failure) {
    let subject = try members.text("sub")
    guard (1...Self.longestSubject).contains(subject.utf8.count),
      subject.utf8.allSatisfy({ (0x20..<0x7F).contains($0) })
    else { throw wrong("sub") }
    self.init(
      issuer: issuer, subject: subject, email: try members.optionalText("email"),
      isEmailVerified: try members.truth("email_verified") ?? false,
      name: try members.optionalText("name"), groups: try members.texts(groupsClaim) ?? [])
  }
}
