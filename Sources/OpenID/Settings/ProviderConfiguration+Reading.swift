import HTTP
package import JSON

/// How the settings of a provider are read: every key here, and what is allowed under it.
extension ProviderConfiguration {
  /// Bytes of the names that the provider gives: of us, of a scope, of a claim.
  static let longestName = 256
  /// Bytes of the name of a group: a distinguished name of a directory is the longest.
  static let longestGroup = 1_024
  /// Bytes of what a directory knows a team by.
  static let longestTeam = 200
  /// Bytes of a path.
  private static let longestPath = 4_096
  /// Scopes that are asked for.
  private static let mostScopes = 32
  /// Rules: a few for each team.
  private static let mostRules = 1_000

  /// Reads the object that stands at `path` of a file.
  ///
  /// - Parameters:
  ///   - value: The object.
  ///   - path: Where it stands, for what is said of it.
  ///   - file: What the file at a path holds, or `nil` where it cannot be read. Only the client's
  ///     secret is in one, so that the settings themselves are none.
  package init(
    _ value: JSONValue, path: String = "openID", file: (_ path: String) -> [UInt8]?
  ) throws(ConfigurationError) {
    var part = try SettingsReader(value, path: path)
    let loopback = try part.truth("allowHTTPOnLoopback")
    let address = loopback ? "an https address, or an http one of this machine" : "an https address"
    let issuer = try part.text(
      "issuer", "\(address) without a query, exactly as the provider spells it"
    ) { text in
      WebAddress(text, allowingHTTPOnLoopback: loopback).flatMap {
        $0.hasQuery || text.utf8.count > Self.longestIssuer ? nil : $0
      }
    }
    let clientID = try part.text("clientID", "what the provider calls this client, in ASCII") {
      Self.isName($0) ? $0 : nil
    }
    let authentication = try Self.authentication(&part, file)
    let redirectURI = try part.text(
      "redirectURI", "\(address), exactly as it is registered at the provider"
    ) {
      WebAddress($0, allowingHTTPOnLoopback: loopback)
    }
    let scopes = try Self.scopes(&part)
    let groupsClaim = try part.optionalText("groupsClaim", "the name of a claim") {
      (1...Self.longestName).contains($0.utf8.count) ? $0 : nil
    }
    let rules = try part.list("rules", "objects", most: Self.mostRules) {
      value, path throws(ConfigurationError) in try RoleRule(value, path: path)
    }
    try Self.check(rules, part)
    let authority = try part.optionalText("authority", "the path of a PEM file") {
      (1...Self.longestPath).contains($0.utf8.count) ? $0 : nil
    }
    try part.finish()
    self.init(
      issuer: issuer, clientID: clientID, authentication: authentication,
      redirectURI: redirectURI, scopes: scopes,
      groupsClaim: groupsClaim ?? Self.usualGroupsClaim, rules: rules, authority: authority,
      allowsHTTPOnLoopback: loopback)
  }

  /// How a secret is shown.
  private enum Way: String {
    case basic
    case post
  }

  private static func authentication(
    _ part: inout SettingsReader, _ file: (_ path: String) -> [UInt8]?
  ) throws(ConfigurationError) -> ClientAuthentication {
    let way = try part.optionalText("clientAuthentication", "\"basic\" or \"post\"") {
      Way(rawValue: $0)
    }
    let path = try part.optionalText("clientSecretFile", "the path of a file") {
      (1...longestPath).contains($0.utf8.count) ? $0 : nil
    }
    guard let path else {
      guard way == nil else {
        throw part.refusal(of: "clientAuthentication", "needs a \"clientSecretFile\".")
      }
      return .none
    }
    guard let bytes = file(path) else {
      throw part.refusal(of: "clientSecretFile", "is \"\(path)\", which cannot be read.")
    }
    guard let secret = ClientSecret(file: bytes) else {
      throw part.refusal(
        of: "clientSecretFile",
        "is \"\(path)\", which must hold the secret alone: 1 to \(ClientSecret.longest) "
          + "characters of ASCII.")
    }
    switch way ?? .basic {
    case .basic: return .basic(secret)
    case .post: return .post(secret)
    }
  }

  private static func scopes(
    _ part: inout SettingsReader
  ) throws(ConfigurationError) -> [String] {
    guard part.has("scopes") else { return usualScopes }
    let scopes = try part.list("scopes", "texts", most: mostScopes) {
      value, path throws(ConfigurationError) in
      // RFC 6749, section 3.3: no blanks, quotes and backslashes.
      guard case .string(let scope) = value.kind, isName(scope),
        !scope.utf8.contains(where: { " \"\\".utf8.contains($0) })
      else {
        throw ConfigurationError(
          line: value.line, "\"\(path)\" must be the name of a scope, such as \"email\".")
      }
      return scope
    }
    guard scopes.contains("openid") else {
      throw part.refusal(of: "scopes", "must have \"openid\" among them.")
    }
    return scopes
  }

  private static func check(
    _ rules: [RoleRule], _ part: SettingsReader
  ) throws(ConfigurationError) {
    var seen: Set<RoleRule> = []
    var teams: Set<[String]> = []
    for (index, rule) in rules.enumerated() {
      var isFirst = seen.insert(rule).inserted
      if case .member(let membership) = rule.grant {
        isFirst = teams.insert([rule.group, membership.team]).inserted
      }
      guard isFirst else {
        throw part.refusal(
          of: "rules", "says something about one group twice: the second is rule \(index + 1).")
      }
    }
  }

  /// Whether a text is printable ASCII of a length that a name may have.
  private static func isName(_ text: String) -> Bool {
    (1...longestName).contains(text.utf8.count)
      && text.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
  }
}

extension RoleRule {
  /// What a rule may make of a person beside a member of a team.
  private enum Person: String {
    case administrator
    case auditor
  }

  fileprivate init(_ value: JSONValue, path: String) throws(ConfigurationError) {
    var part = try SettingsReader(value, path: path)
    group = try part.text("group", "a group, exactly as the provider spells it") {
      (1...ProviderConfiguration.longestGroup).contains($0.utf8.count) ? $0 : nil
    }
    let person = try part.optionalText("is", "\"administrator\" or \"auditor\"") {
      Person(rawValue: $0)
    }
    let team = try part.optionalText("team", "what the directory knows the team by") {
      (1...ProviderConfiguration.longestTeam).contains($0.utf8.count) ? $0 : nil
    }
    let roles = TeamRole.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
    let role = try part.optionalText("role", "one of \(roles)") { TeamRole(rawValue: $0) }
    try part.finish()
    switch (person, team, role) {
    case (.administrator?, nil, nil): grant = .administrator
    case (.auditor?, nil, nil): grant = .auditor
    case (nil, let team?, let role):
      grant = .member(Membership(team: team, role: role ?? .member))
    default:
      throw part.refusal(of: "group", "must have either \"is\" or \"team\" beside it.")
    }
  }
}
