import Crypto
package import HTTP
import JSON

/// What a provider says of itself: where to send the browser, and where to ask (OpenID Connect
/// Discovery 1.0, section 3).
package struct ProviderMetadata: Hashable, Sendable {
  /// Bytes of its document: those of the large providers have some three thousand.
  package static let largest = 64 * 1024

  /// By what its tokens name it: the configured issuer, which the document must agree with.
  package let issuer: WebAddress
  /// Where a person signs in.
  package let authorizationEndpoint: WebAddress
  /// Where a code is exchanged for tokens.
  package let tokenEndpoint: WebAddress
  /// Where its keys are.
  package let keySetAddress: WebAddress
  /// Where more can be asked about a person, if anywhere.
  package let userInfoEndpoint: WebAddress?
  /// Whether each callback names the issuer (RFC 9207, section 3). One that then does not is refused.
  package let namesIssuerInCallback: Bool

  /// Where the document of an issuer is (OpenID Connect Discovery 1.0, section 4.1).
  package static func address(of configuration: ProviderConfiguration) -> WebAddress {
    let issuer = configuration.issuer.text
    let base = issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer
    let text = "\(base)/.well-known/openid-configuration"
    guard
      let address = WebAddress(text, allowingHTTPOnLoopback: configuration.allowsHTTPOnLoopback)
    else { preconditionFailure("\(text) is longer than an issuer's bound allows.") }
    return address
  }

  /// Reads the document that the provider of `configuration` answered with, and checks that it is
  /// that provider's and that signing in with it works (sections 3 and 4.3).
  ///
  /// What a document leaves out is not held against it: many say less than they can do.
  package init(
    parsing bytes: [UInt8], for configuration: ProviderConfiguration
  ) throws(ProviderError) {
    let members = try Members(bytes, of: .metadata, limit: Self.largest)
    let issuer = try members.text("issuer")
    guard issuer.isExactly(configuration.issuer.text) else {
      throw .otherIssuer(found: issuer, configured: configuration.issuer.text)
    }
    self.issuer = configuration.issuer

    func address(_ name: String) throws(ProviderError) -> WebAddress? {
      guard let text = try members.optionalText(name) else { return nil }
      guard
        let address = WebAddress(text, allowingHTTPOnLoopback: configuration.allowsHTTPOnLoopback)
      else { throw .insecureAddress(member: name, address: text) }
      return address
    }
    func required(_ name: String) throws(ProviderError) -> WebAddress {
      guard let address = try address(name) else { throw .member(.metadata, name: name) }
      return address
    }
    authorizationEndpoint = try required("authorization_endpoint")
    tokenEndpoint = try required("token_endpoint")
    keySetAddress = try required("jwks_uri")
    userInfoEndpoint = try address("userinfo_endpoint")
    namesIssuerInCallback =
      try members.truth("authorization_response_iss_parameter_supported") ?? false
    try Self.checkAbilities(members, configuration)
  }

  /// Refuses a provider that lists what it can do, and not what is needed.
  private static func checkAbilities(
    _ members: Members<ProviderError>, _ configuration: ProviderConfiguration
  ) throws(ProviderError) {
    func check(_ member: String, has any: [String]) throws(ProviderError) {
      guard let listed = try members.texts(member) else { return }
      guard listed.contains(where: { found in any.contains { $0.isExactly(found) } }) else {
        throw .unsupported(
          member: member, needed: any.map { "\"\($0)\"" }.joined(separator: " or "))
      }
    }
    try check("response_types_supported", has: ["code"])
    try check("response_modes_supported", has: ["query"])
    try check("grant_types_supported", has: ["authorization_code"])
    try check("code_challenge_methods_supported", has: ["S256"])
    try check(
      "id_token_signing_alg_values_supported", has: KeySet.algorithms.map(\.rawValue))
    try check(
      "token_endpoint_auth_methods_supported", has: [configuration.authentication.method])
  }
}

extension Members<ProviderError> {
  /// The members of a document that a provider sent.
  init(
    _ bytes: [UInt8], of document: ProviderError.Document, limit: Int
  ) throws(ProviderError) {
    guard bytes.count <= limit else { throw .tooLarge(document, limit: limit) }
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: bytes)
    } catch {
      throw .malformed(document, detail: error.detail)
    }
    guard let members = Members(value, wrong: { .member(document, name: $0) }) else {
      throw .malformed(document, detail: "it is of another kind")
    }
    self = members
  }
}
