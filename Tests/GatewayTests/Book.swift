import Bytes
import Gateway
import HTTP
import Incidents

/// A department of a few, to look names up in.
struct Book: Facts {
  static let now: Int64 = 1_795_424_650_113
  static let ana = ID(high: 1, low: 1)
  static let team = ID(high: 2, low: 1)
  static let signIn = ID(high: 3, low: 1)

  var level: UInt8 { Command.newestLevel }
  func incident(_ id: ID) -> Incident? { nil }
  func person(_ id: ID) -> Person? { nil }
  func person(email: String) -> Person? {
    guard email == "ana@example.org" else { return nil }
    return Person(id: Self.ana, version: 1, name: "Ana", email: email)
  }
  func team(_ id: ID) -> Team? { nil }
  func team(named name: String) -> Team? {
    guard name == "Live Services" else { return nil }
    return Team(id: Self.team, version: 1, name: name, line: .second)
  }
  func service(_ id: ID) -> Service? { nil }
  func service(named key: String) -> Service? {
    guard key == "sign-in" else { return nil }
    return Service(NewService(id: Self.signIn, key: key, name: "Sign in"), version: 1)
  }
  func credential(_ id: ID) -> Credential? { nil }
  func credential(hash: [UInt8]) -> Credential? { nil }
  func alertGroup(id: ID) -> AlertGroup? { nil }
  func traces(of incident: ID) -> IncidentTraces { IncidentTraces() }
  func shift(_ id: ID) -> OnCallShift? { nil }
  func onCall(service: ID, role: OnCallRole, at: Int64) -> OnCallShift? { nil }
  func alertGroup(_ key: AlertGroupKey) -> AlertGroup? { nil }
  func hasActed(_ person: ID, on subject: ID) -> Bool { false }
  func settings() -> Settings? { nil }
  func majorIncident(of person: ID) -> ID? { nil }
  func leadsMajor(_ person: ID, beside incident: ID) -> Bool { false }
  func sessions(of person: ID) -> [Credential] { [] }
  func ledgerHash(at position: UInt64) -> [UInt8]? { nil }
  func lastHead() -> SignedHead? { nil }
  func arrangement(of service: ID) -> ServiceArrangement? { nil }
  func brokenGlass(by person: ID, at now: Int64) -> [BrokenGlass] { [] }
  func communication(_ id: ID) -> Communication? { nil }
  func message(_ id: ID) -> Message? { nil }
  func notice(_ id: ID) -> StaffNotice? { nil }
  func template(_ key: CommunicationTemplate.Key) -> CommunicationTemplate? { nil }
  func means(of person: ID) -> SignInMeans? { nil }
  func tally(_ key: ID) -> Tally? { nil }
  func lastUse(of credential: ID) -> Int64? { nil }
  func storm(of service: ID?) -> AlertStorm? { nil }
  func secret() -> [UInt8]? { nil }
  func leftAt(_ person: ID) -> Int64? { nil }
  func founding() -> Founding? { nil }
  func view(_ id: ID) -> SavedView? { nil }
  func directoryVersion() -> UInt64 { 0 }
  func webhooks() -> [Webhook] { [] }
  func delivery(_ id: ID) -> WebhookDelivery? { nil }
  func views(of owner: SavedView.Owner) -> [SavedView] { [] }
  func servicePolicy(_ service: ID) -> ServicePolicy? { nil }
  func servicePolicy(_ service: ID, version: UInt64) -> ServicePolicy? { nil }
  func calendar(named key: String) -> WorkCalendar? { nil }
  func terms(version: UInt32) -> PolicyTerms? { nil }

  /// A clerk who makes the same ids every time.
  static var clerk: Clerk<Book> { Clerk(facts: Book(), now: now, random: { (7, 7) }) }
  /// The id that the clerk makes.
  static var fresh: ID { clerk.makeID() }
}

/// What a body comes to, or why not.
func read<Wanted>(
  _ text: String,
  _ read: (Clerk<Book>, inout BodyReader) throws(Problem) -> Wanted
) throws(Problem) -> Wanted {
  var body = BodyReader(Array(text.utf8))
  let wanted = try read(Book.clerk, &body)
  try body.finish()
  return wanted
}

/// The problem that a body comes to: status, member and sentence.
func problem<Wanted>(
  _ text: String,
  _ body: (Clerk<Book>, inout BodyReader) throws(Problem) -> Wanted
) -> Wrong? {
  do throws(Problem) {
    _ = try read(text, body)
    return nil
  } catch {
    return Wrong(error.status.code, error.member, error.detail)
  }
}

/// What a test compares of a problem.
struct Wrong: Hashable, CustomStringConvertible {
  let status: Int
  let member: String?
  let detail: String

  init(_ status: Int, _ member: String?, _ detail: String) {
    self.status = status
    self.member = member
    self.detail = detail
  }

  var description: String { "\(status) \(member ?? "–") \(detail)" }
}
