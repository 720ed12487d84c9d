import Access
import Bytes
import Crypto
import EventLoop
import HTTP
import Incidents
import Store

/// Answering a page by the link in it, in any browser and without signing in.
///
/// Mail scanners fetch what a link names: so a GET only asks, and it takes the form to answer.
@ClientLoop extension Exchange {
  /// Members of the form.
  private static let mostParameters = 8

  /// `GET /a/{link}`.
  func showPageLink(_ text: String) async throws(Problem) -> Response {
    switch try await openPage(text) {
    case .open(let found): return .page(status: .ok, title: "Answer a page", body: found.form)
    case .over: return .pageOver
    case .tooMany: return .pageTooMany
    }
  }

  /// `POST /a/{link}`.
  func answerPageLink(_ text: String) async throws(Problem) -> Response {
    let found: OpenPage
    switch try await openPage(text) {
    case .open(let page): found = page
    case .over: return .pageOver
    case .tooMany: return .pageTooMany
    }
    guard let form = Query(form: request.body, limit: Self.mostParameters),
      let answer = PageAnswer(form)
    else {
      let body = "<p role=\"alert\">Choose one of the answers; minutes are a whole number.</p>"
      return .page(
        status: .unprocessableContent, title: "Answer a page", body: body + found.form)
    }
    let command = Command(
      actor: .system, receivedAt: Wall.now(), salt: secureRandom(Bound.salt),
      action: .answerByLink(LinkAnswer(page: found.page, answer: answer)))
    do throws(Problem) {
      _ = try await submit(command, foreseen: .proceed)
    } catch {
      guard error.status == .notFound else { throw error }
      return .pageOver
    }
    return .page(
      status: .ok, title: "Answered",
      body: "<p>Your answer to \(found.reference) is recorded: \(answer.words).</p>"
        + "<p>It does not acknowledge the incident: sign in to see to it.</p>")
  }

  /// What a link leads to.
  private enum Found {
    case open(OpenPage)
    /// It is none of ours, or no answer is wanted.
    case over
    /// It was used too often just now.
    case tooMany
  }

  /// The page that a link is about, if the link is ours and an answer is wanted. What this node does not
  /// know may not have reached it yet, so it makes sure first.
  private func openPage(_ text: String) async throws(Problem) -> Found {
    // To make one up costs whoever asks more than it costs here: no quorum is troubled by it.
    guard
      let page = try look({ reader in reader.secret().flatMap { PageLink(text, secret: $0) } })?
        .page
    else { return .over }
    // Whoever has the link needs no credential, so nothing else counts what they ask.
    let name = "page \(page.incident) \(page.person) \(page.at)"
    let hash = SHA256.hash(Array(name.utf8))
    guard api.fairness.take(byLink: hash, at: api.quotaClock()) else { return .tooMany }
    try await confirm(orElse: Problem.notReadable)
    let found = try look { reader in
      reader.open(page, at: Wall.now()).map { incident, person, sent in
        OpenPage(page: page, incident: incident, person: person, sent: sent)
      }
    }
    return found.map { .open($0) } ?? .over
  }

  private func look<Value>(_ body: (StateReader) -> Value?) throws(Problem) -> Value? {
    let reader = api.reader
    return try reader.within(deadline) { () throws(Problem) in body(reader) }
  }
}

/// A page that waits for an answer.
private struct OpenPage {
  let page: PagedPerson
  let incident: Incident
  let person: Person
  let sent: PersonalPage

  var reference: String { incident.reference.text }

  /// What is asked. Of what is restricted it says no more than the reference.
  var form: String {
    let exercise = incident.isExercise ? "<p><strong>EXERCISE</strong></p>" : ""
    let what =
      incident.isRestricted
      ? reference
      : "\(reference) (\(incident.classification.priority)): \(incident.title)"
    var before = ""
    if case .answered(let answer, let at) = sent.state {
      before = "<p>You answered at \(DisplayTime.text(at)): \(answer.words).</p>"
    }
    return """
      \(exercise)<p>\(person.name.escapedForPage), you were paged at \(DisplayTime.text(sent.at)) for \
      \(what.escapedForPage)</p>\(before)
      <form method="post">
      <p><button name="answer" value="on-it">I am on it</button></p>
      <p><button name="answer" value="cannot-help">I cannot help</button></p>
      <p><label>I see to it in <input name="minutes" inputmode="numeric" size="5"> minutes</label>
      <button name="answer" value="eta">Say so</button></p>
      </form>
      """
  }
}

extension PageAnswer {
  /// What the form says.
  fileprivate init?(_ form: Query) {
    switch form["answer"] {
    case "on-it": self = .onIt
    case "cannot-help": self = .cannotHelp
    case "eta":
      guard let minutes = form["minutes"].flatMap({ UInt32($0) }),
        (1...Bound.pageMinutes).contains(minutes)
      else { return nil }
      self = .eta(minutes: minutes)
    default: return nil
    }
  }
}

extension Response {
  /// A page that sends its form back to where it came from, and does nothing else.
  private static let formPolicy =
    "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

  /// A link that is none of ours, or of which nothing is wanted any more: nobody learns which.
  fileprivate static var pageOver: Response {
    page(
      status: .gone, title: "This link is over",
      body: "<p>Somebody has it by now, or the link is older than a day or was changed on its way. "
        + "Sign in to see how things stand.</p>")
  }

  /// A link that is used faster than anybody answers.
  fileprivate static var pageTooMany: Response {
    var response = page(
      status: .tooManyRequests, title: "Too many answers at once",
      body:
        "<p>Nothing was recorded this time. Wait a few seconds, then send your answer again.</p>")
    response.fields.append("Retry-After", "1")
    return response
  }

  fileprivate static func page(status: Status, title: String, body: String) -> Response {
    let text = """
      <!doctype html><html lang="en"><meta charset="utf-8">
      <meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
      <title>\(title) – Muster</title>
      <h1>\(title)</h1>
      \(body)
      </html>

      """
    return .api(
      status, Array(text.utf8), type: "text/html; charset=utf-8", policy: formPolicy)
  }
}

extension String {
  /// As text of a page.
  fileprivate var escapedForPage: String {
    replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
  }
}
