import Access
import Bytes
import Crypto
import EventLoop
import HTTP
import Incidents
import JSON
import Store
import TLS

/// Signing in and out, and what somebody signs in with.
@ClientLoop extension Exchange {
  /// What comes as the proof of who somebody is.
  private enum Secret {
    case password(Password)
    case code(OneTimeCode)
  }

  /// `POST /v1/sign-in`: an account with its password or one of its printed codes.
  ///
  /// An attempt is charged to its account and its origin before it is looked at, at the latest after
  /// ``SignInThrottle/longestHold``. Neither the answer nor its time tells whether there is such an
  /// account, or what it signs in with.
  func signIn() async throws(Problem) -> Response {
    _ = try idempotencyKey()
    let (account, secret) = try signInBody()
    let visitor = try self.visitor(account)
    guard api.passwords.enter(isKnown: visitor.isKnown) else { throw .signInBusy }
    defer { api.passwords.leave() }
    try await admit(visitor)
    let (person, way) = try await prove(account, secret)
    return try await begin(person, by: way, visitor)
  }

  /// `POST /v1/sign-out`: ends the session, and takes its cookie away.
  func signOut() async throws(Problem) -> Response {
    let done = try await submit { asker, clerk throws(Problem) in
      var body = BodyReader(self.request.body)
      try clerk.nothing(&body)
      try body.finish()
      return .revokeCredential(asker.principal.credential)
    }
    var response = done.response
    response.fields.append("Set-Cookie", Cookie.session.clearing)
    return response
  }

  private func signInBody() throws(Problem) -> (account: String, Secret) {
    var (account, password, code): (String?, String?, String?)
    var body = BodyReader(request.body)
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "account": account = try body.text(atMost: Bound.email)
      case "password": password = try body.text(atMost: Password.longest)
      case "code": code = try body.text(atMost: OneTimeCode.longest)
      default: throw body.unknownMember(member)
      }
    }
    try body.finish()
    let known = try body.require(account, "account")
    switch (password, code) {
    case (let typed?, nil):
      guard let password = Password(typed) else { throw Problem(.notSignedIn) }
      return (known, .password(password))
    case (nil, let typed?):
      // What is no code at all is none of theirs.
      guard let code = OneTimeCode(typed) else { throw Problem(.notSignedIn) }
      return (known, .code(code))
    default: throw .malformed("Send the account with either its password or a printed code.")
    }
  }

  // MARK: - Who is at the door

  /// Whoever wants to sign in, as far as guesses are counted.
  struct Visitor {
    let account: String
    /// What it is counted under; nothing for who comes from the identity provider, which counts.
    let attempt: SignInAttempt?
    /// The browser, known from before or new.
    let mark: DeviceMark
    let isKnown: Bool
    let address: String
    let secret: [UInt8]
  }

  /// The visitor at an account.
  func visitor(_ account: String) throws(Problem) -> Visitor {
    let reader = api.reader
    let secret = try reader.within(deadline) { () throws(Problem) in reader.secret() }
    guard let secret else { throw .signInNotReady }
    let known = request.fields.bytes(of: "Cookie")
      .flatMap { Cookie.device.value(in: $0) }
      .flatMap { DeviceMark($0, account: account, secret: secret) }
    let origin =
      known.map { SignInOrigin.device($0.device) }
      ?? remote.flatMap { SignInOrigin(address: $0.bytes) } ?? .network([])
    let keys = ThrottleKeys(account: account, origin: origin, secret: secret)
    let mark = known ?? DeviceMark(device: ID(version7At: Wall.now(), random: randomUInt64Pair()))
    return Visitor(
      account: account,
      attempt: SignInAttempt(account: keys.account, origin: keys.origin, pair: keys.pair),
      mark: mark, isKnown: known != nil, address: remote?.host ?? "", secret: secret)
  }

  /// Has an attempt charged, and waits until it may be looked at.
  func admit(_ visitor: Visitor) async throws(Problem) {
    guard let attempt = visitor.attempt else { return }
    let reader = api.reader
    let now = Wall.now()
    // By what this node knows; when it is applied, all that was let through elsewhere counts too.
    let verdict = try reader.within(deadline) { () throws(Problem) in
      attempt.throttle(reader).verdict(at: now)
    }
    if case .later(let wait) = verdict { throw Problem(.signInLater(after: wait)) }
    _ = try await own(.attemptSignIn(attempt))
    let fresh = api.reader
    let slot = try fresh.within(deadline) { () throws(Problem) in fresh.tally(attempt.pair)?.at }
    let wait = min((slot ?? now) - Wall.now(), SignInThrottle.longestHold)
    if wait > 0 { await api.pause(.milliseconds(wait)) }
  }

  /// Has something done that the gateway asks for itself.
  private func own(_ action: Action) async throws(Problem) -> Done {
    let command = Command(
      actor: .system, receivedAt: Wall.now(), salt: secureRandom(Bound.salt), action: action)
    return try await submit(command, foreseen: .proceed)
  }

  // MARK: - The proof

  private func prove(
    _ account: String, _ secret: Secret
  ) async throws(Problem) -> (person: ID, way: NewSession.Way) {
    let reader = api.reader
    let (person, means) = try reader.within(deadline.renewed) { () throws(Problem) in
      let person = reader.person(email: account).flatMap { $0.isActive ? $0.id : nil }
      return (person, person.flatMap { reader.means(of: $0) })
    }
    let version = means?.version ?? 0
    switch secret {
    case .password(let password):
      let verifier = means?.verifier.flatMap { PasswordVerifier($0) }
      let isRight = await api.passwords.check(password, against: verifier)
      guard isRight, let person else { throw Problem(.notSignedIn) }
      return (person, .password(version: version))
    case .code(let code):
      let place = (means?.sheet ?? Self.nobodysSheet).place(of: code)
      guard let place, let person, means?.sheet != nil else { throw Problem(.notSignedIn) }
      return (person, .code(place: UInt8(place), version: version))
    }
  }

  /// What is looked at where there is no sheet, so that it takes as long.
  private static let nobodysSheet = CodeSheet.make().sheet

  /// Begins a session for somebody who has proved who they are.
  func begin(
    _ person: ID, by way: NewSession.Way, _ visitor: Visitor, standing: GivenStanding? = nil
  ) async throws(Problem) -> Response {
    let now = Wall.now()
    let secret = SessionSecret.make()
    let session = NewSession(
      id: ID(version7At: now, random: randomUInt64Pair()), person: person, hash: secret.hash,
      way: way, origin: visitor.address, attempt: visitor.attempt, standing: standing)
    let command = Command(
      actor: .credential(id: session.id, person: person), receivedAt: now,
      salt: secureRandom(Bound.salt), action: .signIn(session))
    let renewed = Exchange(
      api: api, request: request, remote: remote, certificate: certificate,
      deadline: deadline.renewed)
    let done = try await renewed.submit(command, foreseen: .proceed)
    let value = SignInSession(at: now)
    var response = done.answer { json in
      json.member("person", person.description)
      json.time("endsAt", value.endsAt)
    }
    let rule = SignInSession.Rule.standard
    response.fields.append(
      "Set-Cookie", Cookie.session.setting(secret.spelling, seconds: rule.longest / 1_000))
    let mark = visitor.mark.spelling(account: visitor.account, secret: visitor.secret)
    response.fields.append("Set-Cookie", Cookie.device.setting(mark, seconds: Self.deviceMemory))
    return response
  }

  /// A browser is known for a year, in seconds.
  private static let deviceMemory: Int64 = 365 * 86_400
}

/// What somebody signs in with.
@ClientLoop extension Exchange {
  /// `GET /v1/me/sign-in`: whether there is a password, how many codes are left, and the sessions.
  func showSignIn() async throws(Problem) -> Response {
    try await point { desk throws(Problem) in
      let person = desk.principal.person.id
      let means = desk.reader.means(of: person)
      let sessions = desk.reader.sessions(of: person).filter {
        desk.reader.works($0, at: desk.now)
      }
      return Content.json(version: means?.version ?? 0) { json in
        json.object { json in
          json.member("password", means?.verifier != nil)
          json.member("codesLeft", means?.sheet?.unusedCount ?? 0)
          json.array("sessions") { json in
            for session in sessions {
              json.write(
                session, lastUsedAt: desk.reader.lastUse(of: session.id),
                isCurrent: session.id == desk.principal.credential)
            }
          }
        }
      }
    }
  }

  /// `POST /v1/me/password`: a first one, or another in the place of the current one, which must come
  /// with it. Ends every other session.
  func setPassword() async throws(Problem) -> Response {
    let key = try idempotencyKey()
    let expected = try expectedVersion()
    var (current, chosen): (String?, String?)
    var body = BodyReader(request.body)
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "current": current = try body.optionalText(atMost: Password.longest)
      case "password": chosen = try body.text(atMost: Password.longest + 1)
      default: throw body.unknownMember(member)
      }
    }
    try body.finish()
    let typed = try body.require(chosen, "password")
    let asker = try await prepare { asker, _ throws(Problem) in asker }.asker
    let person = asker.principal.person
    let password: Password
    do throws(PasswordRefusal) {
      password = try Password(choosing: typed, name: person.name, email: person.email)
    } catch {
      throw .invalid("\(error)", member: "/password")
    }
    guard api.passwords.enter(isKnown: true) else { throw .signInBusy }
    defer { api.passwords.leave() }
    let version = try await checkCurrent(current, of: person)
    guard let verifier = await api.passwords.verifier(of: password) else { throw .busy }
    let command = asker.command(
      .changeMeans(.password(verifier: verifier.text, version: version)), key: key,
      expecting: expected)
    let renewed = Exchange(
      api: api, request: request, remote: remote, certificate: certificate,
      deadline: deadline.renewed)
    return try await renewed.submit(command, foreseen: .proceed).response
  }

  /// Looks at the password that somebody has now, which is a guess like any other.
  private func checkCurrent(_ typed: String?, of person: Person) async throws(Problem) -> UInt64 {
    let reader = api.reader
    let means = try reader.within(deadline) { () throws(Problem) in reader.means(of: person.id) }
    guard let text = means?.verifier else { return means?.version ?? 0 }
    guard let typed, let password = Password(typed) else {
      throw .invalid("Send the password that you have now as \"current\".", member: "/current")
    }
    try await admit(try visitor(person.email))
    guard await api.passwords.check(password, against: PasswordVerifier(text)) else {
      throw .invalid("That is not the password that you have now.", member: "/current")
    }
    return means?.version ?? 0
  }

  /// `POST /v1/me/codes`: ten new codes, shown this once.
  func makeCodes() async throws(Problem) -> Response {
    let (codes, sheet) = CodeSheet.make()
    let done = try await submit { _, clerk throws(Problem) in
      var body = BodyReader(self.request.body)
      try clerk.nothing(&body)
      try body.finish()
      return .changeMeans(.codes(sheet))
    }
    // A repeat keeps the sheet of the first time, whose codes nobody has any more.
    return done.answer { json in
      guard !done.isRepeat else { return }
      json.array("codes") { json in
        for code in codes { json.value(code.spelling) }
      }
    }
  }

  /// `POST /v1/people/{person}/sign-in/removal`: password, codes and sessions of somebody end.
  func clearMeans(of name: PersonName) async throws(Problem) -> Response {
    let done = try await submit { asker, clerk throws(Problem) in
      var body = BodyReader(self.request.body)
      try clerk.nothing(&body)
      try body.finish()
      return .clearMeans(try clerk.facts.person(name, asker: asker.principal.person).id)
    }
    return done.response
  }
}
