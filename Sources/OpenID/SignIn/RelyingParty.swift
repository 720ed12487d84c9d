package import HTTP

/// Muster as the one that relies on a provider for who somebody is: the authorisation code flow with
/// PKCE (OpenID Connect Core 1.0, section 3.1; RFC 7636).
///
/// Each step is a function: what was fetched, random bytes and the time come from outside.
///
///     1. begin(at:…)          the address that the browser is sent to
///     2. receive(_:…)         the browser comes back with a code
///     3. tokenRequest(for:…)  the code is exchanged, over a connection of the server's own
///     4. identity(of:…)       who it is
package struct RelyingParty: Sendable {
  /// What it relies on.
  package let configuration: ProviderConfiguration
  private let secret: [UInt8]

  /// Bytes that the cluster's secret has at least: as many as a code of it.
  package static let shortestSecret = 32

  /// A party of this configuration.
  ///
  /// - Parameters:
  ///   - configuration: What it relies on.
  ///   - secret: The same on every node, and known to nobody else. Whoever has it can make a state,
  ///     and still signs nobody in without the provider.
  package init(configuration: ProviderConfiguration, secret: [UInt8]) {
    precondition(secret.count >= Self.shortestSecret, "A secret of \(secret.count) bytes.")
    self.configuration = configuration
    self.secret = secret
  }

  /// The address at which a person signs in (section 3.1.2.1).
  ///
  /// - Parameters:
  ///   - provider: What the provider says of itself.
  ///   - browser: The mark that the browser is given in a cookie with this answer, or has already.
  ///   - random: Sixteen bytes that nobody can foretell.
  ///   - path: Where the person wanted to go.
  ///   - now: Milliseconds since 1970.
  package func begin(
    at provider: ProviderMetadata, browser: BrowserMark, random: [UInt8],
    returningTo path: ReturnPath?, at now: Int64
  ) -> String {
    let attempt = SignInAttempt(random: random, returnPath: path, at: now)
    let seal = seal(browser)
    return provider.authorizationEndpoint.adding(
      Query([
        Query.Parameter(name: "response_type", value: "code"),
        Query.Parameter(name: "client_id", value: configuration.clientID),
        Query.Parameter(name: "redirect_uri", value: configuration.redirectURI.text),
        Query.Parameter(name: "scope", value: configuration.scopes.joined(separator: " ")),
        Query.Parameter(name: "state", value: attempt.state(seal)),
        Query.Parameter(name: "nonce", value: attempt.nonce(seal)),
        Query.Parameter(
          name: "code_challenge", value: CodeChallenge.of(verifier: attempt.verifier(seal))),
        Query.Parameter(name: "code_challenge_method", value: CodeChallenge.method),
      ]))
  }

  /// Takes the answer that a browser brings back (sections 3.1.2.5 to 3.1.2.7; RFC 9207).
  ///
  /// An error is believed no more than a code: both must be for a sign-in that this browser began.
  ///
  /// - Parameters:
  ///   - query: What stands behind the redirect address.
  ///   - browser: What its cookie spells, if it has brought one.
  ///   - provider: What the provider says of itself.
  ///   - now: Milliseconds since 1970.
  package func receive(
    _ query: Query, browser: BrowserMark?, from provider: ProviderMetadata, at now: Int64
  ) throws(SignInRefusal) -> AuthorisationCode {
    let state = try query.once("state", atMost: SignInAttempt.longestState)
    guard let state else { throw .parameter("state") }
    guard let browser else { throw .browserUnknown }
    let seal = seal(browser)
    guard let attempt = SignInAttempt(state: state, seal: seal) else { throw .stateUnknown }
    guard now < attempt.expiresAt else { throw .tooLate }
    try checkIssuer(query, provider)
    if let error = try query.once("error", atMost: AuthorisationCode.longest) {
      guard error != "access_denied" else { throw .denied }
      let detail = try query.once("error_description", atMost: AuthorisationCode.longest)
      throw .refused(error: error.shortened, detail: (detail ?? "").shortened)
    }
    let code = try query.once("code", atMost: AuthorisationCode.longest)
    guard let code, !code.isEmpty else { throw .parameter("code") }
    return AuthorisationCode(
      returnPath: attempt.returnPath, code: code, verifier: attempt.verifier(seal),
      nonce: attempt.nonce(seal), begunAt: attempt.begunAt)
  }

  /// Who has signed in, as the ID token that a code was exchanged for says (section 3.1.3.7).
  ///
  /// When it is refused with ``TokenRefusal/asksForFreshKeys``, fetch the keys and ask once more.
  package func identity(
    of answer: TokenAnswer, for code: AuthorisationCode, signedBy keys: KeySet, at now: Int64
  ) throws(TokenRefusal) -> Identity {
    let issuer = configuration.issuer.text
    let token = try IDToken(try SignedToken(answer.idToken).payload(signedBy: keys))
    try token.check(issuer: issuer, client: configuration.clientID)
    try token.check(at: now, begunAt: code.begunAt)
    try token.check(nonce: code.nonce)
    try token.check(accessToken: answer.accessToken)
    return try token.identity(issuer: issuer, groupsClaim: configuration.groupsClaim)
  }

  /// Refuses the answer of another issuer, and one that should name its issuer and does not (RFC
  /// 9207, section 2.4).
  private func checkIssuer(
    _ query: Query, _ provider: ProviderMetadata
  ) throws(SignInRefusal) {
    let issuer = try query.once("iss", atMost: WebAddress.longest)
    guard let issuer else {
      guard !provider.namesIssuerInCallback else { throw .parameter("iss") }
      return
    }
    guard issuer.isExactly(configuration.issuer.text) else { throw .otherIssuer(issuer) }
  }

  private func seal(_ browser: BrowserMark) -> SignInAttempt.Seal {
    SignInAttempt.Seal(secret: secret, configuration: configuration, browser: browser)
  }
}

extension Query {
  /// A parameter, which may not be there twice (RFC 6749, section 3.1).
  fileprivate func once(
    _ name: String, atMost longest: Int
  ) throws(SignInRefusal) -> String? {
    let values = all(name)
    guard values.count <= 1, values.allSatisfy({ $0.utf8.count <= longest }) else {
      throw .parameter(name)
    }
    return values.first
  }
}

extension RelyingParty: CustomStringConvertible, CustomReflectable {
  /// Never the secret, so that no log line or failed test can print it.
  package var description: String {
    "The client \(configuration.clientID) of \(configuration.issuer)"
  }

  /// Nothing to look into.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
