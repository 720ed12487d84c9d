internal import Crypto
package import HTTP

extension RelyingParty {
  /// The request that exchanges a code for tokens, to be sent to the provider's token endpoint
  /// (RFC 6749, section 4.1.3; RFC 7636, section 4.5).
  package func tokenRequest(
    for code: AuthorisationCode, at provider: ProviderMetadata
  ) -> ClientRequest {
    var parameters = [
      Query.Parameter(name: "grant_type", value: "authorization_code"),
      Query.Parameter(name: "code", value: code.code),
      Query.Parameter(name: "redirect_uri", value: configuration.redirectURI.text),
      Query.Parameter(name: "code_verifier", value: code.verifier),
    ]
    var fields: Fields = [
      "Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded",
    ]
    switch configuration.authentication {
    case .none:
      parameters.append(Query.Parameter(name: "client_id", value: configuration.clientID))
    case .basic(let secret):
      fields.append("Authorization", basic(secret))
    case .post(let secret):
      parameters.append(Query.Parameter(name: "client_id", value: configuration.clientID))
      parameters.append(Query.Parameter(name: "client_secret", value: secret.text))
    }
    return ClientRequest(
      .post, provider.tokenEndpoint.target, host: provider.tokenEndpoint.authority,
      fields: fields, body: Array(Query(parameters).encoded.utf8))
  }

  /// The request for what else the provider tells of a person (OpenID Connect Core 1.0, section
  /// 5.3.1), or `nil` where it tells nothing.
  ///
  /// Many providers put an e-mail address and groups only there (section 5.4).
  package func userInfoRequest(
    with answer: TokenAnswer, at provider: ProviderMetadata
  ) -> ClientRequest? {
    guard let endpoint = provider.userInfoEndpoint else { return nil }
    return ClientRequest(
      .get, endpoint.target, host: endpoint.authority,
      fields: [
        "Accept": "application/json", "Authorization": "Bearer \(answer.accessToken)",
      ])
  }

  /// Bytes of an answer about a person.
  package static let largestUserInfo = 64 * 1024

  /// An identity with what the provider's answer adds to it (section 5.3.2).
  ///
  /// What the token says stays: it is signed. What it does not say is taken from the answer, if that
  /// is about the same person.
  ///
  /// - Parameters:
  ///   - identity: What the token says.
  ///   - status: The HTTP status of the answer.
  ///   - body: The answer.
  package func completing(
    _ identity: Identity, status: Int, body: [UInt8]
  ) throws(ProviderError) -> Identity {
    guard status == 200 else { throw .status(.userInfo, code: status) }
    let members = try Members(body, of: .userInfo, limit: Self.largestUserInfo)
    let told = try Identity(
      issuer: identity.issuer, members: members, groupsClaim: configuration.groupsClaim
    ) { .member(.userInfo, name: $0) }
    guard told.subject.isExactly(identity.subject) else { throw .otherPerson }
    var whole = identity
    if whole.email == nil {
      whole.email = told.email
      whole.isEmailVerified = told.isEmailVerified
    }
    whole.name = whole.name ?? told.name
    if whole.groups.isEmpty { whole.groups = told.groups }
    return whole
  }

  /// The value of an Authorization field (RFC 6749, section 2.3.1): name and secret are escaped
  /// before they are put together, which RFC 7617 alone would not do.
  private func basic(_ secret: ClientSecret) -> String {
    let pair = "\(percentEncoded(configuration.clientID)):\(percentEncoded(secret.text))"
    let spelt = Base64.encode(Array(pair.utf8))
    let padding = String(repeating: "=", count: (4 - spelt.utf8.count % 4) % 4)
    return "Basic \(spelt)\(padding)"
  }
}
