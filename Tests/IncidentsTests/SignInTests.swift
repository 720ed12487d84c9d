import Bytes
import Incidents
import Testing

/// What a sign-in needs when it is applied, whatever the gateway made of it.
@Suite("Signing in, as it is decided")
struct SignInTests {
  private static let who = Office.Who.delivery
  private static let hour: Int64 = 3_600_000
  private static let session = ID(high: 14, low: 1)
  private static let attempt = SignInAttempt(
    account: ID(high: 13, low: 1), origin: ID(high: 13, low: 2), pair: ID(high: 13, low: 3))

  private var actor: Actor { .credential(id: Self.session, person: Self.who.id) }

  /// An office at level 2 where somebody has a password, of version 1.
  private func office() throws -> Office {
    var office = try Office(isRaised: true)
    try office.run(.changeMeans(.password(verifier: "$scrypt$…", version: 0)), as: Self.who.actor)
    return office
  }

  private func new(
    _ way: NewSession.Way = .password(version: 1), id: ID = session, person: ID = who.id
  ) -> NewSession {
    NewSession(
      id: id, person: person, hash: id.bytes + id.bytes, way: way, origin: "192.0.2.7",
      attempt: Self.attempt)
  }

  private func actor(of session: NewSession) -> Actor {
    .credential(id: session.id, person: session.person)
  }

  private static let sheet = CodeSheet(
    salt: [UInt8](repeating: 3, count: CodeSheet.saltSize),
    lines: [CodeSheet.Line](
      repeating: .unused(hash: [UInt8](repeating: 0xEE, count: Bound.hash)), count: CodeSheet.count)
  )

  @Test func `begins a session that acts as its person, and says how and from where`() throws {
    var office = try office()
    let events = try office.run(.signIn(new()), as: actor)
    #expect(
      events.map(\.fact) == [.signedIn(SignedIn(session: new(), forgotten: []))])
    let session = try #require(office.department.credential(Self.session))
    #expect(session.kind == .session)
    #expect(session.label == "a password from 192.0.2.7")
    try office.run(.declare(Declaration(id: Office.incident(3), title: "x")), as: actor)
    #expect(office.department.incident(Office.incident(3)) != nil)
  }

  @Test func `keeps nothing in the record that could be guessed at`() throws {
    var office = try office()
    try office.run(.signIn(new()), as: actor)
    try office.run(.changeMeans(.codes(Self.sheet)), as: actor)
    let verifier = Array("$scrypt$".utf8)
    for event in office.story.flatMap(\.events) {
      let body = event.encoded()
      #expect(!body.indices.contains { body[$0...].starts(with: verifier) })
      #expect(
        !body.indices.contains { body[$0...].starts(with: [UInt8](repeating: 0xEE, count: 8)) })
      #expect(!body.indices.contains { body[$0...].starts(with: Self.attempt.pair.bytes) })
    }
  }

  @Test func `takes what was looked at, and nothing that changed meanwhile`() throws {
    var office = try office()
    let right = actor
    #expect(office.rule(.signIn(new(.password(version: 2))), by: right) == .notSignedIn)
    #expect(office.rule(.signIn(new(.code(place: 0, version: 1))), by: right) == .notSignedIn)
    #expect(office.rule(.signIn(new()), by: Office.Who.admin.actor) == .notSignedIn)
    let nobody = new(person: ID(high: 99, low: 9))
    #expect(office.rule(.signIn(nobody), by: actor(of: nobody)) == .notSignedIn)
    try office.run(.deactivatePerson(Self.who.id))
    #expect(office.rule(.signIn(new()), by: right) == .notSignedIn)
  }

  @Test func `spends a code once, on whichever node`() throws {
    var office = try office()
    try office.run(.changeMeans(.codes(Self.sheet)), as: Self.who.actor)
    let first = new(.code(place: 3, version: 2))
    try office.run(.signIn(first), as: actor)
    let second = new(.code(place: 3, version: 2), id: ID(high: 14, low: 2))
    #expect(office.rule(.signIn(second), by: actor(of: second)) == .notSignedIn)
    #expect(office.department.means(of: Self.who.id)?.sheet?.unusedCount == 9)
    // A new sheet makes the old one's codes worth nothing.
    try office.run(.changeMeans(.codes(Self.sheet)), as: actor)
    let old = new(.code(place: 4, version: 2), id: ID(high: 14, low: 3))
    #expect(office.rule(.signIn(old), by: actor(of: old)) == .notSignedIn)
  }

  @Test func `charges an attempt without an event, and pays back what was right`() throws {
    var office = try office()
    #expect(try office.run(.attemptSignIn(Self.attempt), as: .system) == [])
    #expect(office.department.tally(Self.attempt.pair)?.failures == 1)
    try office.run(.signIn(new()), as: actor)
    #expect(office.department.tally(Self.attempt.pair)?.level(at: office.clock) ?? 0 == 0)
    #expect(office.department.tally(Self.attempt.account)?.level(at: office.clock) == 0)
  }

  @Test func `is told to come later when it was tried too often`() throws {
    var office = try office()
    // All within a second: four are free, then it is 1 s, 2, 4 and 8 after the one before.
    for _ in 0..<8 {
      try office.run(.attemptSignIn(Self.attempt), as: .system)
      office.clock -= Span.second
    }
    #expect(office.rule(.attemptSignIn(Self.attempt), by: .system) == .signInLater)
    office.clock += 16 * Span.second
    #expect(office.rule(.attemptSignIn(Self.attempt), by: .system) == nil)
    #expect(office.rule(.attemptSignIn(Self.attempt)) == .rightMissing, "Only the nodes ask.")
  }

  @Test func `ends after half an hour, at twelve hours, and goes on for a P1 only`() throws {
    var office = try office()
    let begun = office.clock
    try office.run(.signIn(new()), as: actor)
    let declare = Action.declare(Declaration(id: Office.incident(3), title: "x"))
    office.clock = begun + 30 * Span.minute
    #expect(office.rule(declare, by: actor) == .credentialRevoked)
    office.clock -= 1
    #expect(office.rule(declare, by: actor) == nil)

    try office.declare(.level(.p1))
    try office.act(Self.who, .changeRole(RoleChange(role: .lead, step: .take)))
    let noted = begun + 12 * Self.hour - Span.minute
    try office.run(.noteUses([CredentialUse(credential: Self.session, at: noted)]), as: .system)
    // What was noted cannot be later than the note.
    #expect(office.department.lastUse(of: Self.session).map { $0 < noted } == true)
    office.clock = noted
    try office.run(.noteUses([CredentialUse(credential: Self.session, at: noted)]), as: .system)
    office.clock = begun + 12 * Self.hour
    let events = try office.run(.extendSession, as: actor)
    #expect(
      events.map(\.fact)
        == [.sessionExtended(until: begun + 13 * Self.hour, incident: Office.incident)])
    #expect(try office.run(.extendSession, as: actor) == [], "Once an hour.")
    #expect(office.rule(declare, by: actor) == nil)
  }

  @Test func `forgets sessions that are over when the next one begins`() throws {
    var office = try office()
    try office.run(.signIn(new()), as: actor)
    office.clock += Self.hour
    let next = new(id: ID(high: 14, low: 2))
    try office.run(.signIn(next), as: actor(of: next))
    #expect(office.department.credential(Self.session) == nil)
    #expect(office.department.sessions(of: Self.who.id).map(\.id) == [next.id])
  }

  @Test func `by another password ends every other session`() throws {
    var office = try office()
    try office.run(.signIn(new()), as: actor)
    let other = new(id: ID(high: 14, low: 2))
    try office.run(.signIn(other), as: actor(of: other))
    let change = Action.changeMeans(.password(verifier: "$scrypt$another", version: 1))
    try office.run(change, as: actor)
    #expect(office.rule(.extendSession, by: actor(of: other)) == .credentialRevoked)
    #expect(office.rule(.extendSession, by: actor) == nil)
    #expect(office.rule(change, by: actor) == .staleVersion)
  }

  @Test func `is taken from somebody by an administrator only`() throws {
    var office = try office()
    try office.run(.signIn(new()), as: actor)
    #expect(office.rule(.clearMeans(Self.who.id), by: Office.Who.teamLead.actor) == .rightMissing)
    try office.run(.clearMeans(Self.who.id))
    #expect(office.department.means(of: Self.who.id) == SignInMeans(version: 2))
    #expect(office.rule(.extendSession, by: actor) == .credentialRevoked)
  }

  @Test func `makes of somebody what the provider's groups say, and leaves what none speaks of`()
    throws
  {
    var office = try office()
    let standing = GivenStanding(
      isAuditor: true,
      memberships: [
        .init(team: Office.liveServices, role: .member), .init(team: Office.product, role: nil),
        .init(team: ID(high: 99, low: 9), role: .member),
      ])
    var session = new(.provider)
    session.attempt = nil
    session.standing = standing
    let events = try office.run(.signIn(session), as: actor)
    #expect(
      events.map(\.fact) == [
        .signedIn(SignedIn(session: session, forgotten: [])),
        .standingGiven(administrator: false, auditor: true),
        .memberSet(
          MembershipChange(team: Office.liveServices, person: Self.who.id, role: .member)),
      ])
    let person = try #require(office.department.person(Self.who.id))
    #expect(person.isAuditor)
    #expect(person.memberships.map(\.role) == [.member])
    // Said again it changes nothing.
    session.id = ID(high: 14, low: 2)
    session.hash = session.id.bytes + session.id.bytes
    #expect(try office.run(.signIn(session), as: actor(of: session)).count == 1)
  }

  @Test func `is refused before every node knows it`() throws {
    let office = try Office()
    #expect(office.rule(.signIn(new()), by: actor) == .levelUnknown)
    #expect(office.rule(.attemptSignIn(Self.attempt), by: .system) == .levelUnknown)
  }
}
