import Gateway
import HTTP
import Incidents
import Testing

@Suite("A problem")
struct ProblemTests {
  @Test func `of the domain keeps rule, guidance, what is missing and who may override`() {
    let refusal = Refusal(
      .reviewRequired, title: "A P1 incident closes after its post-incident review",
      detail: "The review is not finished.", guidance: "6.2 step 9", missing: ["review"],
      override: Refusal.Override(right: "service-delivery", needs: ["reason"]))
    let response = Problem(refusal).response
    #expect(response.status == .conflict)
    #expect(response.fields["Content-Type"] == "application/problem+json")
    #expect(
      String(decoding: response.body, as: UTF8.self)
        == #"{"type":"/rule/review-required","#
        + #""title":"A P1 incident closes after its post-incident review","status":409,"#
        + #""detail":"The review is not finished.","guidance":"6.2 step 9","#
        + #""missing":["review"],"override":{"right":"service-delivery","needs":["reason"]}}"#)
  }

  @Test(arguments: [
    (Refusal.Rule.credentialRevoked, 401), (.rightMissing, 403), (.notFound, 404),
    (.staleVersion, 412), (.alreadyResolved, 409), (.reviewRequired, 409), (.invalidField, 422),
  ])
  func `of the domain has the status of its sort`(rule: Refusal.Rule, status: Int) {
    #expect(Problem(Refusal(rule, title: "t", detail: "d")).status.code == status)
  }

  @Test func `keeps the three answers to a write apart`() {
    let notAccepted = Problem.notAccepted(retryAfterMilliseconds: 1_001)
    #expect(notAccepted.type == "/problem/not-accepted")
    #expect(notAccepted.response.status == .serviceUnavailable)
    #expect(notAccepted.response.fields["Retry-After"] == "2")

    let unknown = Problem.outcomeUnknown
    #expect(unknown.type == "/problem/outcome-unknown")
    #expect(unknown.response.status == .gatewayTimeout)
    #expect(unknown.response.fields["Retry-After"] == nil)
    #expect(unknown.detail.contains("same Idempotency-Key"))

    #expect(Problem.keyReused.response.status == .unprocessableContent)
  }

  @Test func `without a token tells which kind is wanted, and nothing else`() {
    let response = Problem.unauthenticated.response
    #expect(response.status == .unauthorized)
    #expect(response.fields["WWW-Authenticate"] == "Bearer realm=\"muster\"")
  }

  @Test func `is never kept or guessed at by a browser`() {
    let response = Problem.busy.response
    #expect(response.fields["Cache-Control"] == "no-store")
    #expect(response.fields["X-Content-Type-Options"] == "nosniff")
    #expect(response.fields["Retry-After"] == "1")
  }
}
