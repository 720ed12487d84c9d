extension Incident.Status {
  /// Whether an incident of this status takes what has to do with lines, services, other incidents and
  /// those who are brought in, or the rule that refuses it.
  func refusal(ofLines action: IncidentAction.Kind) -> Refusal.Rule? {
    switch (self, action) {
    // What was left unsaid, and what it had to do with others, can always be said.
    case (_, .giveReason), (_, .relate): nil
    case (.open, _), (.investigating, _), (.mitigated, _), (.backlog, _): nil
    case (.resolved, .affect), (.resolved, .setService), (.resolved, .engage),
      (.inReview, .affect), (.inReview, .setService), (.inReview, .engage):
      nil
    case (.resolved, _), (.inReview, _): .alreadyResolved
    case (.closed, _), (.cancelled, _), (.duplicate, _): .alreadyOver
    }
  }
}
