internal import Bytes

/// The first assessment, the date of the review, and what follows from it (policy section 4).
extension Scene {
  func assess(_ assessment: Assessment) throws(Refusal) -> [Event] {
    try Check.required(assessment.what, "what", max: Bound.reason)
    try Check.required(assessment.affected, "affected", max: Bound.reason)
    try Check.required(assessment.next, "next", max: Bound.reason)
    let assessed = event(.assessed(assessment, by: asker))
    return incident.status == .open ? [assessed, status(.investigating)] : [assessed]
  }

  func arrange(_ plan: ReviewPlan) throws(Refusal) -> [Event] {
    try Check.time(plan.at, "at")
    try Check.count(plan.attendees.count, "list of attendees")
    for person in plan.attendees where facts.person(person) == nil {
      throw .notFound("person", person)
    }
    guard incident.owesReview, !incident.isReviewed else {
      throw Refusal(
        .nothingOwed, title: "No review is owed",
        detail: "A review is owed of what was confirmed as a P1 or P2, until it is finished.",
        guidance: "6.2 step 9")
    }
    guard incident.watch.reviewPlan != plan else { return [] }
    return [event(.reviewArranged(plan, by: asker))]
  }

  /// Whoever it falls to, or who answers for the incident, says that an action is done.
  func complete(_ number: UInt32) throws(Refusal) -> [Event] {
    guard let action = incident.watch.actions.first(where: { $0.number == number }) else {
      throw Refusal(
        .notFound, title: "There is no such action",
        detail: "The review of \(incident.reference.text) has no action \(number).")
    }
    guard action.action.owner == asker || !standing.isDisjoint(with: .deciding) else {
      throw .rightMissing("complete an action of somebody else", needs: .deciding)
    }
    guard action.done == nil else { return [] }
    return [event(.actionCompleted(number: number, by: asker))]
  }
}
