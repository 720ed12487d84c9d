import JSON
import Testing

@testable import muster

@Suite("A refusal in words")
struct ProblemTextTests {
  private func failure(_ problem: String) -> Failure {
    ProblemText.failure(422, Array(problem.utf8), renewal: "")
  }

  @Test func `names the option that is called as the wrong field is`() {
    let refused = failure(
      #"""
      {"type":"/rule/invalid-field","title":"Something in this request is not right",
      "detail":"\"nextUpdateAt\" must lie between the years 1970 and 9999.",
      "missing":["nextUpdateAt"],"override":null}
      """#)
    let options: [Verb.Option] = [
      .value("text", "TEXT", "What."), .value("next-update-at", "TIME", "When."),
    ]
    #expect(
      ProblemText.naming(options, in: refused).message == """
        Something in this request is not right.
        --next-update-at must lie between the years 1970 and 9999.
        """)
    #expect(ProblemText.naming([], in: refused) == refused)
  }

  @Test func `names the field where the sentence does not`() {
    let refused = failure(
      #"""
      {"type":"/rule/invalid-field","title":"Something in this request is not right",
      "detail":"An address has a name, an @ and a domain.","missing":["email"]}
      """#)
    let options: [Verb.Option] = [.value("email", "EMAIL", "Which.")]
    #expect(ProblemText.naming(options, in: refused).message.hasSuffix("\nIn: --email."))
    #expect(refused.message.hasSuffix("\nIn: \"email\"."))
  }

  @Test func `names the option where only the member is told`() {
    let refused = failure(
      #"{"type":"/problem/malformed","title":"No","detail":"A time.","member":"/happenedAt"}"#)
    let options: [Verb.Option] = [.value("happened-at", "TIME", "When.")]
    #expect(ProblemText.naming(options, in: refused).message == "No.\nA time.\nAt: --happened-at")
    #expect(refused.message.hasSuffix("\nAt: /happenedAt"))
  }

  @Test func `says the section, what is missing and who may override it`() {
    let refused = failure(
      #"""
      {"type":"/rule/review-required","title":"A P1 closes after its review","detail":"There is none.",
      "guidance":"6.2 step 9","missing":["review"],
      "override":{"right":"service-delivery","needs":["reason"]}}
      """#)
    #expect(
      refused.message == """
        A P1 closes after its review.
        There is none.
        Missing: review.
        May be overridden by: service-delivery, with reason.
        Guidance: 6.2 step 9.
        """)
  }
}
