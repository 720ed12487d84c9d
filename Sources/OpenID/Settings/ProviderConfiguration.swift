package import HTTP

/// What a department settles about the provider that its people sign in with.
package struct ProviderConfiguration: Hashable, Sendable {
  /// Who the provider is, exactly as it spells itself.
  package let issuer: WebAddress
  /// What the provider calls us.
  package let clientID: String
  /// How we show that we are it.
  package let authentication: ClientAuthentication
  /// Where the provider sends browsers back to, exactly as it is registered there.
  package let redirectURI: WebAddress
  /// What is asked for: "openid" and whatever the claims need (OpenID Connect Core 1.0, section 5.4).
  package let scopes: [String]
  /// The claim that names a person's groups.
  package let groupsClaim: String
  /// What those groups make of a person.
  package let rules: [RoleRule]
  /// The PEM file of the authority that signed the provider's certificate, if it is a private one.
  package let authority: String?
  /// Whether addresses may be plain HTTP where they are this machine itself: for trying out.
  package let allowsHTTPOnLoopback: Bool

  /// What is asked for where nothing is settled.
  package static let usualScopes = ["openid", "profile", "email"]
  /// The claim that most providers can be told to send.
  package static let usualGroupsClaim = "groups"
  /// Bytes of an issuer: the address of its document is a little longer.
  package static let longestIssuer = WebAddress.longest - 64

  /// A configuration.
  ///
  /// - Precondition: The issuer has no query and at most ``longestIssuer`` bytes, and the client's
  ///   name no line end.
  package init(
    issuer: WebAddress, clientID: String, authentication: ClientAuthentication,
    redirectURI: WebAddress, scopes: [String] = usualScopes,
    groupsClaim: String = usualGroupsClaim, rules: [RoleRule] = [], authority: String? = nil,
    allowsHTTPOnLoopback: Bool = false
  ) {
    precondition(
      !issuer.hasQuery && issuer.text.utf8.count <= Self.longestIssuer,
      "\(issuer) cannot be an issuer.")
    precondition(!clientID.utf8.contains(UInt8(ascii: "\n")), "\(clientID) has a line end.")
    self.issuer = issuer
    self.clientID = clientID
    self.authentication = authentication
    self.redirectURI = redirectURI
    self.scopes = scopes
    self.groupsClaim = groupsClaim
    self.rules = rules
    self.authority = authority
    self.allowsHTTPOnLoopback = allowsHTTPOnLoopback
  }
}
