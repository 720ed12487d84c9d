import Access
import Bytes
import Crypto
import Incidents
import Testing

@Suite("A session")
struct SessionTests {
  private static let hour: Int64 = 3_600_000
  private static let minute: Int64 = 60_000
  private static let incident = ID(high: 3, low: 3)

  /// Begins at 0.
  private func session() -> SignInSession { SignInSession(at: 0) }

  /// Used every ten minutes until `time`, extended where that is due.
  private func session(usedUntil time: Int64, incident: ID? = nil) -> SignInSession {
    var session = session()
    for now in stride(from: 0, through: time, by: 600_000) {
      switch session.state(at: now, incident: incident) {
      case .live: session.lastUsedAt = now
      case .extended(let until, _):
        session.endsAt = until
        session.lastUsedAt = now
      case .ended: return session
      }
    }
    return session
  }

  @Test func `ends half an hour after its last use`() {
    var session = session()
    #expect(session.state(at: 30 * Self.minute - 1) == .live)
    #expect(session.state(at: 30 * Self.minute) == .ended(.idle))
    session.lastUsedAt = 10 * Self.minute
    #expect(session.state(at: 40 * Self.minute - 1) == .live)
    #expect(session.state(at: 40 * Self.minute) == .ended(.idle))
  }

  @Test func `ends after twelve hours however much it is used`() {
    let session = session(usedUntil: 12 * Self.hour)
    #expect(session.state(at: 12 * Self.hour - 1) == .live)
    #expect(session.state(at: 12 * Self.hour) == .ended(.whole))
  }

  @Test func `is extended an hour at a time for a role on an open P1 or P2`() {
    var session = session(usedUntil: 12 * Self.hour - 1)
    let now = 12 * Self.hour
    #expect(
      session.state(at: now, incident: Self.incident)
        == .extended(until: now + Self.hour, incident: Self.incident))
    session.endsAt = now + Self.hour
    session.lastUsedAt = now
    #expect(session.state(at: now + 29 * Self.minute) == .live)
    // The incident is over: so is the reason to go on.
    #expect(session.state(at: now + Self.hour) == .ended(.whole))
  }

  @Test func `is taken up after an idle time by who has such a role, without a longer end`() {
    let session = session()
    #expect(
      session.state(at: 2 * Self.hour, incident: Self.incident)
        == .extended(until: 12 * Self.hour, incident: Self.incident))
  }

  @Test func `is not extended over 36 hours, nor after it lay for twelve`() {
    let session = session(usedUntil: 48 * Self.hour, incident: Self.incident)
    #expect(session.endsAt == 36 * Self.hour)
    #expect(session.state(at: 36 * Self.hour, incident: Self.incident) == .ended(.whole))
    #expect(self.session().state(at: 12 * Self.hour, incident: Self.incident) == .ended(.whole))
  }

  @Test func `ends at once when it is revoked`() {
    var session = session()
    session.revokedAt = 5
    #expect(session.state(at: 6, incident: Self.incident) == .ended(.revoked))
  }

  @Test func `has a secret that is spelt in one way and never printed`() {
    let secret = SessionSecret.make()
    #expect(secret.spelling.utf8.count == SessionSecret.length)
    #expect(SessionSecret(secret.spelling) == secret)
    #expect(SessionSecret(secret.spelling + "A") == nil)
    #expect(SessionSecret(String(repeating: "A", count: 42) + "B") == nil)
    let zeros = SessionSecret(String(repeating: "A", count: 43))
    #expect(zeros?.hash == SHA256.hash([UInt8](repeating: 0, count: 32)))
    #expect("\(secret)" == "…")
    #expect(!String(reflecting: secret).contains(secret.spelling))
  }
}

@Suite("A cookie")
struct CookieTests {
  private func session(in field: String) -> String? {
    Cookie.session.value(in: Array(field.utf8)[...])
  }

  @Test func `is set for this host, its own pages and no script`() {
    #expect(
      Cookie.session.setting("abc-_9", seconds: 43_200)
        == "__Host-muster=abc-_9; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=43200")
    #expect(
      Cookie.device.clearing
        == "__Host-muster-device=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0")
  }

  @Test(arguments: [
    "__Host-muster=abc", "a=b; __Host-muster=abc", "__Host-muster=abc; a=b",
    "__Host-muster=abc;a", "a=x,y \"z; __Host-muster=abc; ; =",
    "__Host-muster-device=d; __Host-muster=abc",
    "__host-muster=x; __Host-muster=abc",
  ])
  func `is found among others`(field: String) {
    #expect(session(in: field) == "abc")
  }

  @Test(arguments: [
    "", "__Host-muster", "__Host-muster=", "__Host-muster=abc; __Host-muster=abc",
    "__Host-muster=abc; __Host-muster=", "muster=abc", "__host-muster=abc", "__Host-muster =abc",
    "__Host-muster= abc", "__Host-muster=\"abc\"", "__Host-muster=a=b", "__Host-muster=a b",
    "__Host-muster=abé", "  __Host-muster=abc", "a=\"; x=__Host-muster=abc",
    String(repeating: "a=b; ", count: 64) + "__Host-muster=abc",
  ])
  func `is not found where it is spelt otherwise, twice or too far back`(field: String) {
    #expect(session(in: field) == nil)
  }
}
