import Access
import Bytes
import Crypto
import EventLoop
import HTTP
import Incidents
import OpenID
import Store
import TLS

/// Signing in at the department's identity provider (OpenID Connect, authorisation code with PKCE).
@ClientLoop extension Exchange {
  /// `GET /v1/sign-in/provider`: sends the browser to the provider. `?to=` is where it comes back to.
  func goToProvider() async throws(Problem) -> Response {
    let (provider, party, _) = try relyingParty()
    let now = Wall.now()
    let description = try await said { () throws(ProviderTrouble) in
      try await provider.describe(at: now)
    }
    let path = try request.query["to"].map { text throws(Problem) in
      guard let path = ReturnPath(text) else {
        throw .malformed("to is a path of this site, such as /incidents.")
      }
      return path
    }
    let mark = BrowserMark(random: secureRandom(BrowserMark.size))
    let address = party.begin(
      at: description, browser: mark, random: secureRandom(16), returningTo: path, at: now)
    var response = Response.api(.seeOther, [])
    response.fields.append("Location", address)
    response.fields.append(
      "Set-Cookie", Cookie.provider.setting(mark.spelling, seconds: Self.providerPatience))
    return response
  }

  /// `GET /v1/sign-in/provider/callback`: the browser is back with a code.
  func returnFromProvider() async throws(Problem) -> Response {
    let (provider, party, secret) = try relyingParty()
    let now = Wall.now()
    let description = try await said { () throws(ProviderTrouble) in
      try await provider.describe(at: now)
    }
    let mark = request.fields.bytes(of: "Cookie")
      .flatMap { Cookie.provider.value(in: $0) }.flatMap { BrowserMark($0) }
    let code: AuthorisationCode
    do throws(SignInRefusal) {
      code = try party.receive(request.query, browser: mark, from: description, at: now)
    } catch {
      throw .notProvided("\(error)")
    }
    let identity = try await said { () throws(ProviderTrouble) in
      try await provider.identity(of: code, by: party, at: now)
    }
    let (person, standing) = try whoever(identity, provider.configuration.rules)
    let visitor = Visitor(
      account: person.email, attempt: nil,
      mark: DeviceMark(device: ID(version7At: now, random: randomUInt64Pair())), isKnown: false,
      address: remote?.host ?? "", secret: secret)
    var response = try await begin(person.id, by: .provider, visitor, standing: standing)
    response.fields.append("Set-Cookie", Cookie.provider.clearing)
    return response.asPage(goingTo: code.returnPath?.text ?? "/")
  }

  /// What the browser may take at the provider, in seconds.
  private static let providerPatience: Int64 = 600

  private func relyingParty() throws(Problem) -> (IdentityProvider, RelyingParty, [UInt8]) {
    guard let provider = api.site.provider else { throw .noProvider }
    let reader = api.reader
    let secret = try reader.within(deadline) { () throws(Problem) in reader.secret() }
    guard let secret else { throw .signInNotReady }
    let party = RelyingParty(configuration: provider.configuration, secret: secret)
    return (provider, party, secret)
  }

  private func said<Value>(
    _ ask: () async throws(ProviderTrouble) -> Value
  ) async throws(Problem) -> Value {
    do throws(ProviderTrouble) {
      return try await ask()
    } catch {
      throw .providerTrouble("\(error)")
    }
  }

  /// The person with the address that the provider has verified, and what its groups make of them.
  ///
  /// Addresses are the administrators' to give, and unique: nobody becomes another person by changing
  /// theirs at the provider, unless the department lets them have that address.
  private func whoever(
    _ identity: Identity, _ rules: [RoleRule]
  ) throws(Problem) -> (Person, GivenStanding?) {
    guard let email = identity.email, identity.isEmailVerified else {
      throw .notProvided(
        "The sign-in provider gives no verified e-mail address, by which people are known here.")
    }
    let reader = api.reader
    return try reader.within(deadline.renewed) { () throws(Problem) in
      guard let person = reader.person(email: email), person.isActive else {
        throw .notProvided(
          "Nobody with the address \(email) is known here. Ask an administrator to add you.")
      }
      return (person, rules.isEmpty ? nil : GivenStanding(identity.groups, rules, reader))
    }
  }
}

extension GivenStanding {
  /// What groups make of somebody by these rules; teams go by id or name.
  fileprivate init(_ groups: [String], _ rules: [RoleRule], _ facts: some Facts) {
    let appointment = Appointment(of: groups, by: rules)
    let speaks = { (grant: RoleRule.Grant) in rules.contains { $0.grant == grant } }
    var memberships: [Membership] = []
    for rule in rules {
      guard case .member(let named) = rule.grant,
        let team = ID(named.team).flatMap({ facts.team($0) }) ?? facts.team(named: named.team),
        !memberships.contains(where: { $0.team == team.id }), memberships.count < Bound.list
      else { continue }
      let given = appointment.memberships.first { $0.team == named.team }?.role
      memberships.append(Membership(team: team.id, role: given.map(MemberRole.init)))
    }
    self.init(
      isAdministrator: speaks(.administrator) ? appointment.isAdministrator : nil,
      isAuditor: speaks(.auditor) ? appointment.isAuditor : nil, memberships: memberships)
  }
}

extension MemberRole {
  fileprivate init(_ role: RoleRule.TeamRole) {
    self =
      switch role {
      case .member: .member
      case .teamLead: .teamLead
      case .serviceDelivery: .serviceDelivery
      }
  }
}

extension Response {
  /// A page that goes on by itself. A redirection would still belong to the provider's page, and the
  /// browser would keep the session's cookie back.
  fileprivate func asPage(goingTo path: String) -> Response {
    let safe = path.replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
      .replacing("'", with: "&#39;").replacing("<", with: "&lt;")
    let text = """
      <!doctype html><html lang="en"><meta charset="utf-8"><title>Signed in – Muster</title>
      <meta http-equiv="refresh" content="0; url=\(safe)">
      <p>You are signed in. <a href="\(safe)">Go on</a>.</p></html>

      """
    var page = Response.api(.ok, Array(text.utf8), type: "text/html; charset=utf-8")
    for cookie in fields.all("Set-Cookie") { page.fields.append("Set-Cookie", cookie) }
    return page
  }
}
