import JSON
import Testing

@testable import muster

@Suite("Triage in a terminal")
struct TriageTextTests {
  @Test func `is told with its reasons, doubts and questions`() throws {
    let triage = try JSONValue(
      parsing: Array(
        (#"{"suggestion":{"priority":"P4","impact":"medium","urgency":"low","reasons":["One.","Two."],"#
          + #""unanswered":["data","rate"]},"doubts":[{"text":"Far."}],"#
          + #""questions":[{"text":"Is this a data breach?"}]}"#).utf8))
    #expect(
      TriageText.suggestion(triage) == """
        Suggested: P4, by medium impact and low urgency.
          - One.
          - Two.
        Not answered, so counted as the lowest: data, rate.
        In doubt: Far.
        Is this a data breach?

        """)
  }

  @Test func `leads to proposals, one line each`() throws {
    #expect(TriageText.proposals(try JSONValue(parsing: Array("[]".utf8))).isEmpty)
    let proposals = try JSONValue(
      parsing: Array(
        (#"[{"proposal":2,"text":"call it a duplicate","of":"0198","person":{"name":"Eve"},"#
          + #""reason":null}]"#).utf8))
    let text = TriageText.proposals(proposals)
    #expect(text.contains("call it a duplicate of 0198"))
    #expect(text.contains("Eve"))
  }

  @Test func `is asked with the options that answer it`() throws {
    let value = try JSONValue(
      parsing: Array(
        (#"{"questions":[{"factor":"rate","question":"Worse?","answers":"#
          + #"[{"answer":"fast","text":"yes, fast"}]}],"#
          + #""anchors":[{"anchor":"cosmetic","priority":"P5","text":"A bug."}]}"#).utf8))
    let gap = { (count: Int) in String(repeating: " ", count: count) }
    #expect(
      TriageText.questions(value) == """
        Worse?
          --rate fast\(gap(33))yes, fast

        Or choose the definition that fits:
          --anchor cosmetic\(gap(27))P5: A bug.

        """)
  }
}
