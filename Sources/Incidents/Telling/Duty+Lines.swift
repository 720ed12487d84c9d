internal import Bytes

extension Incident {
  /// What is owed to the lines that had it, to suppliers and to the incident that it belongs to.
  var lineDuties: [Duty] {
    var duties: [Duty] = []
    for owed in around.unexplained {
      duties.append(
        Duty(
          slug: "give-reason", text: "Give the reason why it \(owed.what.words).",
          dueAt: owed.dueAt, owner: .leads(of: teams.owner)))
    }
    guard !status.isOver else { return duties }
    for supplier in around.suppliers {
      guard let next = supplier.nextUpdateAt else { continue }
      let number = supplier.outOfHours.map { " Out of hours: \($0)." } ?? ""
      duties.append(
        Duty(
          slug: "chase-supplier",
          text: "Hear from \(supplier.name), who promised to be heard of.\(number)", dueAt: next))
    }
    if status.isLive, around.parentResolvedAt != nil {
      duties.append(
        Duty(
          slug: "resolve-with-parent",
          text: "The major incident that it belongs to is resolved: is this one restored too?"))
    }
    return duties
  }
}

extension Incident.Unexplained.Deed {
  /// As it follows on "it".
  fileprivate var words: String {
    switch self {
    case .handOver(let from, let to): "went from \(from.word) to \(to.word)"
    case .override: "was closed without its review"
    }
  }
}

extension Duty {
  /// This duty while channels are impaired: nobody is told by what does not work.
  package func told(without channels: Channels) -> Duty {
    guard slug == "tell-all-staff", channels.contains(.mail) else { return self }
    var duty = self
    duty.text = "Tell all staff by another means now, and by e-mail when it is back."
    return duty
  }
}
