package import Bytes

/// That one person was paged for one incident at one time, as a link says it by which they answer.
///
/// Whoever has the link answers as that person, for a day, and nothing else can be done with it. That it
/// was made here is proved outside of this room.
package struct PagedPerson: Hashable, Sendable {
  /// So long after the page it is good, in milliseconds: a day.
  package static let life = Span.day

  /// For what.
  package var incident: ID
  /// Who.
  package var person: ID
  /// When, in milliseconds since 1970.
  package var at: Int64

  /// A page.
  package init(incident: ID, person: ID, at: Int64) {
    self.incident = incident
    self.person = person
    self.at = at
  }
}

/// An answer that came by a link.
package struct LinkAnswer: Hashable, Sendable {
  /// To which page.
  package var page: PagedPerson
  /// What.
  package var answer: PageAnswer

  /// An answer.
  package init(page: PagedPerson, answer: PageAnswer) {
    self.page = page
    self.answer = answer
  }
}

extension Facts {
  /// The page that a link is about, if it can still be answered at `now`.
  ///
  /// What was answered may be answered otherwise for as long as the chain goes on: once somebody has the
  /// incident nobody waits for another answer, and a link does not move what is closed.
  package func open(_ page: PagedPerson, at now: Int64) -> (Incident, Person, PersonalPage)? {
    guard page.at <= now, now - page.at < PagedPerson.life, let person = person(page.person),
      person.isActive, let incident = incident(page.incident),
      let found = incident.watch.paging.pages.last(where: { $0.person == page.person }),
      found.at == page.at, incident.awaits(found), incident.refusal(of: .answerPage) == nil
    else { return nil }
    return (incident, person, found)
  }
}

extension Incident {
  /// Whether somebody still waits for what the person who got this page answers.
  fileprivate func awaits(_ page: PersonalPage) -> Bool {
    switch page.state {
    case .waiting: true
    case .answered: watch.paging.nextAt != nil || asksToReopen
    case .superseded: false
    }
  }
}

/// Answers a page for the person whose link it came by.
func decideLink(
  _ link: LinkAnswer, at stamp: Int64, facts: some Facts, settings: Settings
) throws(Refusal) -> [Event] {
  guard let (incident, person, _) = facts.open(link.page, at: stamp) else { throw .pageOver }
  // Which credential asks does not matter to what is answered.
  let hearing = Hearing(
    asker: person, credential: person.id, stamp: stamp, facts: facts, settings: settings)
  let scene = Scene(hearing: hearing, incident: incident, standing: [])
  return try scene.answer(link.answer).map { event in
    guard case .pageAnswered = event.fact else { return event }
    var event = event
    event.onBehalfOf = person.id
    return event
  }
}

extension Refusal {
  /// What a link was for is over.
  fileprivate static var pageOver: Refusal {
    Refusal(
      .notFound, title: "This page waits for no answer any more",
      detail:
        "Somebody has it by now, or the link is older than a day. Sign in to see how it stands.")
  }
}
