import Access
package import Bytes
import Crypto
package import Incidents

/// Each reads the body of one address of the department into what it asks for.
extension Clerk {
  /// `POST /v1/people`.
  package func newPerson(_ body: inout BodyReader) throws(Problem) -> NewPerson {
    var (name, email): (String?, String?)
    var (isAdministrator, isAuditor) = (false, false)
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "name": name = try body.text(atMost: Bound.name)
      case "email": email = try body.text(atMost: Bound.email)
      case "administrator": isAdministrator = try body.optionalBool() ?? false
      case "auditor": isAuditor = try body.optionalBool() ?? false
      default: throw body.unknownMember(member)
      }
    }
    return NewPerson(
      id: makeID(), name: try body.require(name, "name"),
      email: try body.require(email, "email"), isAdministrator: isAdministrator,
      isAuditor: isAuditor)
  }

  /// `POST /v1/people/{person}/tokens`: what the person calls the token, and what bounds it.
  ///
  /// - Parameters:
  ///   - body: The body.
  ///   - prefix: The token's first characters.
  package func tokenWish(
    _ body: inout BodyReader, prefix: String
  ) throws(Problem) -> (label: String, terms: TokenTerms) {
    var label: String?
    var terms = TokenTerms(prefix: prefix)
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "label": label = try body.optionalText(atMost: Bound.label)
      case "expiresAt": terms.expiresAt = try body.optionalTime()
      case "readOnly": terms.isReadOnly = try body.optionalBool() ?? false
      default: throw body.unknownMember(member)
      }
    }
    return (label ?? "token", terms)
  }

  /// `POST /v1/services/{service}/keys`.
  ///
  /// - Parameters:
  ///   - service: The service that it stands for.
  ///   - token: The key, unless the body has a certificate.
  ///   - body: The body.
  func serviceKey(
    of service: Service, token: Token, _ body: inout BodyReader
  ) throws(Problem) -> NewServiceKey {
    var (label, pem): (String?, String?)
    var expiresAt: Int64?
    var scopes: KeyScopes = []
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "label": label = try body.optionalText(atMost: Bound.label)
      case "expiresAt": expiresAt = try body.optionalTime()
      case "certificate": pem = try body.optionalText(atMost: Self.longestCertificate)
      case "scopes":
        for word in try body.texts(atMost: Bound.key) {
          guard let scope = KeyScopes.named.first(where: { $0.word == word })?.scope else {
            let words = KeyScopes.named.map(\.word).joined(separator: ", ")
            throw .invalid("There is no scope \"\(word)\". There are \(words).", member: "/scopes")
          }
          scopes.insert(scope)
        }
      default: throw body.unknownMember(member)
      }
    }
    var (hash, prefix) = (token.hash, token.shown)
    if let pem {
      guard let certificate = try? Certificate(pem: pem) else {
        throw .invalid(
          "certificate is the text of a certificate's PEM file.", member: "/certificate")
      }
      hash = certificate.fingerprint
      prefix = String(Hex.encode(hash).prefix(TokenTerms.shown))
      expiresAt = min(expiresAt ?? .max, certificate.notAfter)
    }
    return NewServiceKey(
      id: makeID(), service: service.id, hash: hash, label: label ?? "key",
      terms: TokenTerms(prefix: prefix, expiresAt: expiresAt), scopes: scopes,
      isCertificate: pem != nil)
  }

  /// A certificate has one or two kilobytes.
  private static var longestCertificate: Int { 16 * 1_024 }

  /// `POST /v1/cluster/join-tokens`.
  package func newJoinToken(_ body: inout BodyReader) throws(Problem) -> NewJoinToken {
    var (hash, label): (String?, String?)
    var expiresAt: Int64?
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "hash": hash = try body.text(atMost: 2 * Bound.hash)
      case "label": label = try body.text(atMost: Bound.label)
      case "expiresAt": expiresAt = try body.optionalTime()
      default: throw body.unknownMember(member)
      }
    }
    guard let bytes = Hex.decode(try body.require(hash, "hash")), bytes.count == Bound.hash else {
      throw .invalid("hash is a SHA-256 as 64 hexadecimal digits.", member: "/hash")
    }
    return NewJoinToken(
      id: makeID(), hash: bytes, label: try body.require(label, "label"),
      expiresAt: try body.require(expiresAt, "expiresAt"))
  }

  /// A body without members, as of `POST /v1/tokens/{token}/revocation`.
  package func nothing(_ body: inout BodyReader) throws(Problem) {
    try body.beginObject()
    if let member = try body.member() { throw body.unknownMember(member) }
  }

  /// `POST /v1/teams`.
  package func newTeam(_ body: inout BodyReader) throws(Problem) -> NewTeam {
    var name: String?
    var line: Line?
    var members: [Team.Member] = []
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "name": name = try body.text(atMost: Bound.name)
      case "line": line = try body.word(Line.self)
      case "members":
        guard try !body.isNull() else { continue }
        try body.beginArray()
        while try body.element(atMost: Bound.list) {
          let (person, role) = try membership(&body)
          members.append(Team.Member(person: person, role: role ?? .member))
        }
      default: throw body.unknownMember(member)
      }
    }
    return NewTeam(
      id: makeID(), name: try body.require(name, "name"), line: try body.require(line, "line"),
      members: members)
  }

  /// `POST /v1/teams/{team}/members`: a role of `null` is leaving.
  package func member(of team: ID, _ body: inout BodyReader) throws(Problem) -> MembershipChange {
    let (person, role) = try membership(&body)
    return MembershipChange(team: team, person: person, role: role)
  }

  private func membership(_ body: inout BodyReader) throws(Problem) -> (ID, MemberRole?) {
    var person: ID?
    var role: MemberRole? = .member
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "person": person = try optionalPerson(&body)
      case "role": role = try body.isNull() ? nil : try body.word(MemberRole.self)
      default: throw body.unknownMember(member)
      }
    }
    return (try body.require(person, "person"), role)
  }

  /// `POST /v1/services`.
  package func newService(_ body: inout BodyReader) throws(Problem) -> NewService {
    var service = NewService(id: makeID(), key: "", name: "")
    var (key, name): (String?, String?)
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "key": key = try body.text(atMost: Bound.key)
      case "name": name = try body.text(atMost: Bound.name)
      case "firstLine": service.firstLine = try optionalTeam(&body)
      case "secondLine": service.secondLine = try optionalTeam(&body)
      case "thirdLine": service.thirdLine = try optionalTeam(&body)
      case "owner": service.owner = try optionalPerson(&body)
      case "defaultPriority":
        service.defaultPriority = try body.isNull() ? nil : try body.word(Priority.self)
      default: throw body.unknownMember(member)
      }
    }
    service.key = try body.require(key, "key")
    service.name = try body.require(name, "name")
    return service
  }

  /// `POST /v1/on-call`.
  package func onCall(_ body: inout BodyReader) throws(Problem) -> OnCallAssignment {
    var (service, person): (ID?, ID?)
    var role = OnCallRole.lead
    var (from, until): (Int64?, Int64?)
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "service": service = try optionalService(&body)
      case "person": person = try optionalPerson(&body)
      case "role": role = try body.word(OnCallRole.self)
      case "from": from = try body.optionalTime()
      case "until": until = try body.optionalTime()
      default: throw body.unknownMember(member)
      }
    }
    return OnCallAssignment(
      id: makeID(), service: try body.require(service, "service"),
      person: try body.require(person, "person"), role: role,
      from: try body.require(from, "from"), until: try body.require(until, "until"))
  }

  /// `POST /v1/settings`: what is left out stays as it is.
  package func settings(_ body: inout BodyReader) throws(Problem) -> SettingsChange {
    var change = SettingsChange()
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "defaultTeam": change.defaultTeam = try optionalTeam(&body)
      case "dutyContact": change.dutyContact = try optionalPerson(&body)
      case "severities":
        guard try !body.isNull() else { continue }
        change.severities = try severities(&body)
      case "retention":
        guard try !body.isNull() else { continue }
        change.extras.retention = try retention(&body)
      case "seniorManagement":
        guard try !body.isNull() else { continue }
        change.extras.seniorManagement = try people(&body)
      case "contacts":
        guard try !body.isNull() else { continue }
        change.extras.contacts = try contacts(&body)
      case "calendar": change.extras.calendar = try body.optionalText(atMost: Bound.key)
      case "targets", "cadence", "cadencePreset", "countsFromDeclaration",
        "pagesNewAlerts":
        var terms = change.extras.terms ?? PolicyTerms()
        try take(member, &body, into: &terms)
        change.extras.terms = terms
      case "escalation":
        guard try !body.isNull() else { continue }
        change.extras.escalation = try escalationWaits(&body)
      case "reportTemplate":
        guard try !body.isNull() else { continue }
        change.extras.reportTemplate = try reportTemplate(&body)
      case "alertServiceLabel":
        change.extras.alertServiceLabel = try body.optionalText(atMost: Bound.key)
      default: throw body.unknownMember(member)
      }
    }
    return change
  }

  private func retention(_ body: inout BodyReader) throws(Problem) -> RetentionPeriods {
    var (ordinary, serious): (UInt64?, UInt64?)
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "ordinaryDays": ordinary = try body.optionalPosition()
      case "seriousDays": serious = try body.optionalPosition()
      default: throw body.unknownMember(member)
      }
    }
    return RetentionPeriods(
      ordinary: UInt32(clamping: try body.require(ordinary, "ordinaryDays")),
      serious: UInt32(clamping: try body.require(serious, "seriousDays")))
  }

  private func severities(_ body: inout BodyReader) throws(Problem) -> [SeverityRule] {
    var rules: [SeverityRule] = []
    try body.beginArray()
    while try body.element(atMost: Bound.list) {
      var severity: String?
      var priority: Priority?
      try body.beginObject()
      while let member = try body.member() {
        switch member {
        case "severity": severity = try body.text(atMost: Bound.key)
        case "priority": priority = try body.word(Priority.self)
        default: throw body.unknownMember(member)
        }
      }
      rules.append(
        SeverityRule(
          severity: try body.require(severity, "severity"),
          priority: try body.require(priority, "priority")))
    }
    return rules
  }
}
