import Bytes
import Gateway
import Incidents
import Testing

@Suite("The body of an incident's request")
struct IncidentBodyTests {
  @Test func `declares with everything that can be said`() throws {
    let declaration = try read(
      """
      {"title": "Sign-in is down", "description": "Nobody gets in.", "service": "sign-in",
       "impact": "high", "urgency": "medium", "reference": "bench-7", "exercise": true,
       "source": {"kind": "first-line", "reference": "OSS-1"},
       "happenedAt": "2026-11-23T10:00:00+01:00"}
      """
    ) { clerk, body throws(Problem) in try clerk.declaration(&body) }
    #expect(
      declaration
        == Declaration(
          id: Book.fresh, title: "Sign-in is down", description: "Nobody gets in.",
          service: Book.signIn, choice: .matrix(impact: .high, urgency: .medium),
          source: Source(kind: .firstLine, reference: "OSS-1"), reference: "bench-7",
          happenedAt: 1_795_424_400_000, isExercise: true))
  }

  @Test func `declares with a title alone, and null is as good as nothing`() throws {
    let bare = Declaration(id: Book.fresh, title: "x")
    for text in [
      #"{"title":"x"}"#,
      #"{"title":"x","service":null,"description":null,"impact":null,"source":null}"#,
    ] {
      let declaration = try read(text) { clerk, body throws(Problem) in
        try clerk.declaration(&body)
      }
      #expect(declaration == bare)
    }
  }

  @Test(arguments: [
    ("", Wrong(422, "/title", "title is missing.")),
    ("{}", Wrong(422, "/title", "title is missing.")),
    ("[]", Wrong(400, "", "This must be an object.")),
    (#"{"title":1}"#, Wrong(400, "/title", "This must be a text.")),
    (#"{"titel":"x"}"#, Wrong(400, "/titel", #"This address knows no member "titel"."#)),
    (#"{"title":"x","title":"y"}"#, Wrong(400, "/title", "title is given twice.")),
    (
      #"{"title":"x","priority":"P7"}"#,
      Wrong(422, "/priority", #""P7" is none of P1, P2, P3, P4, P5, P6."#)
    ),
    (
      #"{"title":"x","impact":"high"}"#,
      Wrong(422, "/urgency", "impact says nothing without urgency.")
    ),
    (
      #"{"title":"x","impact":"high","urgency":"low","priority":"P1"}"#,
      Wrong(422, "/priority", "Give either impact and urgency or a priority, not both.")
    ),
    (
      #"{"title":"x","service":"sign-on"}"#,
      Wrong(
        422, "/service",
        #"No service has the key "sign-on". If it is not known which, leave it out."#)
    ),
    (
      #"{"title":"x","source":{"kind":"fax"}}"#,
      Wrong(
        422, "/source/kind", #""fax" is none of alert, first-line, staff, supplier, watching."#)
    ),
    (#"{"title":"x","source":{}}"#, Wrong(422, "/source/kind", "kind is missing.")),
    (
      #"{"title":"x","happenedAt":"yesterday"}"#,
      Wrong(
        422, "/happenedAt",
        #""yesterday" is no time as RFC 3339 writes it, such as 2026-11-23T09:04:00Z."#)
    ),
  ])
  func `of a declaration is refused with the place and the reason`(text: String, wrong: Wrong) {
    let found = problem(text) { clerk, body throws(Problem) in try clerk.declaration(&body) }
    #expect(found == wrong)
  }

  @Test func `of a declaration is bounded`() {
    let title = String(repeating: "é", count: 101)
    let found = problem(#"{"title":"\#(title)"}"#) { clerk, body throws(Problem) in
      try clerk.declaration(&body)
    }
    #expect(found == Wrong(422, "/title", "The text has 202 bytes, 200 are allowed."))
  }

  @Test(arguments: [
    #"{"title":"x""#, #"{"title":"x"}x"#, #"{"title":"x",}"#, #"{'title':'x'}"#, "\u{FEFF}{}",
    #"{"title":"\ud800"}"#, "{\"title\":\"a\nb\"}", "nul",
  ])
  func `that is not JSON is a 400`(text: String) {
    let found = problem(text) { clerk, body throws(Problem) in try clerk.declaration(&body) }
    #expect(found?.status == 400)
  }

  @Test func `gives, accepts, declines, takes and leaves roles`() throws {
    func role(_ text: String) throws -> IncidentAction {
      try read(text) { clerk, body throws(Problem) in try clerk.role(&body) }
    }
    #expect(
      try role(#"{"role":"comms-lead","action":"give","person":"ana@example.org"}"#)
        == .changeRole(RoleChange(role: .commsLead, step: .give(to: Book.ana))))
    for (word, step) in [
      ("accept", RoleChange.Step.accept), ("decline", .decline), ("take", .take),
      ("leave", .leave),
    ] {
      #expect(
        try role(#"{"role":"lead","action":"\#(word)"}"#)
          == .changeRole(RoleChange(role: .lead, step: step)))
    }
  }

  @Test(arguments: [
    (#"{"role":"lead","action":"give"}"#, Wrong(422, "/person", "person is missing.")),
    (
      #"{"role":"lead","action":"seize"}"#,
      Wrong(422, "/action", "action is one of give, accept, decline, take, leave.")
    ),
    (
      #"{"role":"lead","action":"take","person":"ana@example.org"}"#,
      Wrong(422, "/person", "person is only said with the action give.")
    ),
    (
      #"{"role":"lead","action":"give","person":"ben@example.org"}"#,
      Wrong(422, "/person", #"Nobody has the address "ben@example.org"."#)
    ),
  ])
  func `of a role is refused with the place and the reason`(text: String, wrong: Wrong) {
    #expect(problem(text) { clerk, body throws(Problem) in try clerk.role(&body) } == wrong)
  }

  @Test func `states a review with its actions`() throws {
    let action = try read(
      """
      {"summary": "s", "impact": "i", "cause": "c", "wentWell": ["w"], "attendees": ["ana@example.org"],
       "actions": [{"what": "renew", "owner": "ana@example.org", "due": "2026-11-23T09:00:00Z"}]}
      """
    ) { clerk, body throws(Problem) in try clerk.review(&body) }
    #expect(
      action
        == .review(
          Review(
            summary: "s", impact: "i", cause: .established("c"), wentWell: ["w"],
            actions: .some([
              ReviewAction(what: "renew", owner: Book.ana, due: 1_795_424_400_000)
            ]),
            attendees: [Book.ana])))
  }

  @Test(arguments: [
    (
      #"{"summary":"s","impact":"i","noActionsBecause":"n"}"#,
      Wrong(
        422, "/cause", "Give the cause, or say in causeNotEstablishedBecause why it is not known.")
    ),
    (
      #"{"summary":"s","impact":"i","cause":"c","actions":[]}"#,
      Wrong(
        422, "/actions",
        "Give at least one action, or say in noActionsBecause why there is none.")
    ),
    (
      #"{"summary":"s","impact":"i","cause":"c","actions":[{"what":"w"}]}"#,
      Wrong(422, "/actions/0/owner", "owner is missing.")
    ),
  ])
  func `of a review is refused with the place and the reason`(text: String, wrong: Wrong) {
    #expect(problem(text) { clerk, body throws(Problem) in try clerk.review(&body) } == wrong)
  }

  @Test func `closes with or without an override`() throws {
    func close(_ text: String) throws -> IncidentAction {
      try read(text) { clerk, body throws(Problem) in try clerk.closure(&body) }
    }
    #expect(try close("") == .close(overrideReason: nil))
    #expect(try close(#"{"override":null}"#) == .close(overrideReason: nil))
    #expect(try close(#"{"override":{"reason":"r"}}"#) == .close(overrideReason: "r"))
    // A reason that is missing is owed, and no mistake.
    #expect(try close(#"{"override":{}}"#) == .close(overrideReason: ""))
    #expect(try close(#"{"override":{"reason":null}}"#) == .close(overrideReason: ""))
  }
}
