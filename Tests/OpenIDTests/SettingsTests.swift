import HTTP
import JSON
import OpenID
import Testing

@Suite("The settings of a provider")
struct SettingsTests {
  private static let whole = """
    {
      "issuer": "https://id.example/realms/staff",
      "clientID": "muster",
      "clientSecretFile": "/etc/muster/openid-secret",
      "clientAuthentication": "post",
      "redirectURI": "https://muster.example/sign-in/callback",
      "scopes": ["openid", "email", "groups"],
      "groupsClaim": "roles",
      "rules": [
        { "group": "muster-admins", "is": "administrator" },
        { "group": "audit", "is": "auditor" },
        { "group": "ops-leads", "team": "T-17", "role": "team-lead" },
        { "group": "ops", "team": "T-17" }
      ],
      "authority": "/etc/muster/id-ca.pem"
    }
    """

  private static func read(
    _ text: String, file: (String) -> [UInt8]? = { _ in Array("s3cret\n".utf8) }
  ) throws -> ProviderConfiguration {
    try ProviderConfiguration(try JSONValue(parsing: Array(text.utf8)), file: file)
  }

  @Test func `are read whole`() throws {
    var asked: [String] = []
    let read = try Self.read(Self.whole) { path in
      asked.append(path)
      return Array("s3cret\n".utf8)
    }
    #expect(asked == ["/etc/muster/openid-secret"])
    #expect(
      read
        == ProviderConfiguration(
          issuer: try #require(WebAddress("https://id.example/realms/staff")), clientID: "muster",
          authentication: .post(try #require(ClientSecret(file: Array("s3cret".utf8)))),
          redirectURI: try #require(WebAddress("https://muster.example/sign-in/callback")),
          scopes: ["openid", "email", "groups"], groupsClaim: "roles",
          rules: [
            RoleRule(group: "muster-admins", grant: .administrator),
            RoleRule(group: "audit", grant: .auditor),
            RoleRule(
              group: "ops-leads", grant: .member(.init(team: "T-17", role: .teamLead))),
            RoleRule(group: "ops", grant: .member(.init(team: "T-17", role: .member))),
          ], authority: "/etc/muster/id-ca.pem"))
    #expect(!"\(read)".contains("s3cret"))
  }

  @Test func `need no more than who, as whom, and where to return`() throws {
    let read = try Self.read(
      """
      {"issuer": "https://id.example", "clientID": "m", "redirectURI": "https://m.example/c"}
      """)
    #expect(
      read
        == ProviderConfiguration(
          issuer: try #require(WebAddress("https://id.example")), clientID: "m",
          authentication: .none, redirectURI: try #require(WebAddress("https://m.example/c"))))
    #expect(read.scopes == ["openid", "profile", "email"])
    #expect(read.groupsClaim == "groups")
  }

  @Test(arguments: [
    ("\"https://id.example/realms/staff\"", "\"http://id.example\"", 2),
    ("\"https://id.example/realms/staff\"", "\"https://id.example?a=b\"", 2),
    ("\"https://id.example/realms/staff\"", "7", 2),
    ("\"clientID\": \"muster\"", "\"clientID\": \"\"", 3),
    ("\"clientID\": \"muster\"", "\"clientID\": \"a\\nb\"", 3),
    ("\"post\"", "\"private_key_jwt\"", 5),
    ("\"https://muster.example/sign-in/callback\"", "\"/callback\"", 6),
    ("\"openid\", ", "", 7),
    ("\"groups\"]", "\"a b\"]", 7),
    ("\"groups\"]", "7]", 7),
    ("[\"openid\", \"email\", \"groups\"]", "\"openid\"", 7),
    ("\"roles\"", "\"\"", 8),
    ("\"is\": \"auditor\"", "\"is\": \"boss\"", 11),
    ("\"is\": \"auditor\"", "\"role\": \"member\"", 11),
    ("\"is\": \"auditor\"", "\"is\": \"auditor\", \"team\": \"T-1\"", 11),
    ("\"team-lead\"", "\"chief\"", 12),
    ("\"group\": \"ops\"", "\"group\": \"ops-leads\"", 9),
    ("\"group\": \"ops\"", "\"grp\": \"ops\"", 13),
    ("\"group\": \"ops\"", "\"group\": \"ops\", \"note\": \"x\"", 13),
    ("\"/etc/muster/id-ca.pem\"", "\"\"", 15),
    ("\"authority\"", "\"autority\"", 15),
  ])
  func `are refused with the line that is wrong`(old: String, new: String, line: Int) throws {
    let place = try #require(Self.whole.firstRange(of: old))
    let text = Self.whole.replacingCharacters(in: place, with: new)
    let error = try #require(throws: ConfigurationError.self) { try Self.read(text) }
    #expect(error.line == line, "\(error)")
    #expect(error.reason.hasPrefix("\"openID."))
    #expect(error.reason.hasSuffix("."))
  }

  @Test func `are refused when the secret cannot be read, or has none to go with`() throws {
    let none = try #require(throws: ConfigurationError.self) {
      try Self.read(Self.whole) { _ in nil }
    }
    #expect(
      none
        == ConfigurationError(
          line: 4,
          "\"openID.clientSecretFile\" is \"/etc/muster/openid-secret\", which cannot be read."))
    let empty = try #require(throws: ConfigurationError.self) {
      try Self.read(Self.whole) { _ in [] }
    }
    #expect(empty.line == 4)
    #expect(
      throws: ConfigurationError(
        line: 2, "\"openID.clientAuthentication\" needs a \"clientSecretFile\".")
    ) {
      try Self.read(
        """
        {"issuer": "https://id.example", "clientID": "m", "redirectURI": "https://m.example/c",
         "clientAuthentication": "basic"}
        """)
    }
  }

  @Test func `let a provider be on this machine where they say so`() throws {
    let text = """
      {"issuer": "http://127.0.0.1:9400", "clientID": "m",
       "redirectURI": "http://localhost:8441/c", "allowHTTPOnLoopback": true}
      """
    #expect(try Self.read(text).allowsHTTPOnLoopback)
    let place = try #require(text.firstRange(of: "true"))
    #expect(throws: ConfigurationError.self) {
      try Self.read(text.replacingCharacters(in: place, with: "false"))
    }
  }
}

extension String {
  fileprivate func replacingCharacters(
    in range: Range<String.Index>, with other: String
  ) -> String {
    "\(self[..<range.lowerBound])\(other)\(self[range.upperBound...])"
  }
}

@Suite("What groups make of a person")
struct AppointmentTests {
  private static let rules = [
    RoleRule(group: "ops-leads", grant: .member(.init(team: "T-17", role: .teamLead))),
    RoleRule(group: "ops", grant: .member(.init(team: "T-17", role: .member))),
    RoleRule(group: "admins", grant: .administrator),
    RoleRule(group: "desk", grant: .member(.init(team: "T-1", role: .member))),
    RoleRule(group: "audit", grant: .auditor),
  ]

  private static func appointment(_ groups: String...) -> Appointment {
    Appointment(of: groups, by: rules)
  }

  @Test func `is nothing without a rule`() {
    #expect(Self.appointment().isEmpty)
    #expect(Self.appointment("all-staff", "Admins", "admins ", "").isEmpty)
    #expect(Appointment(of: ["admins"], by: []).isEmpty)
  }

  @Test func `is what the rules say, in their order and not in that of the groups`() {
    let whole = Appointment(
      isAdministrator: true, isAuditor: true,
      memberships: [.init(team: "T-17", role: .member), .init(team: "T-1", role: .member)])
    #expect(Self.appointment("desk", "audit", "ops", "admins", "other") == whole)
    #expect(Self.appointment("other", "admins", "admins", "ops", "audit", "desk") == whole)
  }

  @Test func `is of one role in a team: that of the first rule`() {
    #expect(
      Self.appointment("ops", "ops-leads")
        == Appointment(memberships: [.init(team: "T-17", role: .teamLead)]))
    #expect(
      Self.appointment("ops") == Appointment(memberships: [.init(team: "T-17", role: .member)]))
  }

  @Test func `is not made by a group that only Unicode takes for the same`() {
    let rules = [RoleRule(group: "caf\u{E9}", grant: .administrator)]
    #expect("caf\u{E9}" == "cafe\u{301}")
    #expect(Appointment(of: ["cafe\u{301}"], by: rules).isEmpty)
    #expect(Appointment(of: ["caf\u{E9}"], by: rules).isAdministrator)
  }
}
