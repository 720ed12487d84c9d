extension Incident {
  /// What is owed to those whom it concerns (policy sections 5 and 7).
  var outreachDuties: [Duty] {
    var duties: [Duty] = []
    if owesAllStaff, !status.isOver {
      duties.append(
        Duty(
          slug: "tell-all-staff",
          text: "It affects the whole department: "
            + (isRestricted ? "tell all staff by a public face" : "send all staff an e-mail")
            + ", or the lead says why that is not needed."))
    }
    if let late = owedExplanation {
      duties.append(
        Duty(
          slug: "explain-delay",
          text: "Say why the update that was due on \(DisplayTime.text(late.dueAt)) was late.",
          dueAt: late.reasonDueAt))
    }
    return duties
  }
}
