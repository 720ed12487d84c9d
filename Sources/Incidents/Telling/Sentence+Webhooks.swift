internal import Bytes

/// What happened to webhooks, told to people.
extension Fact {
  func webhookSentence(by who: String) -> String {
    switch self {
    case .webhookSet(let set):
      "\(who) settled the webhook \(set.profile.name)\(set.profile.isEnabled ? "" : ", switched off"), "
        + "with its secret number \(set.generation)."
    case .webhookRemoved: "\(who) removed a webhook and what was posted to it."
    case .deliveryAsked(.test): "\(who) tried a webhook."
    case .deliveryAsked(.again): "\(who) had a webhook told something once more."
    case .deliveriesMoved(let moves):
      "What is posted to webhooks: \(moves.map(\.what.words).joined(separator: "; "))."
    default: preconditionFailure("Told with the department.")
    }
  }
}

extension DeliveryMove.What {
  fileprivate var words: String {
    switch self {
    case .claimed(let claim, let mayRepeat):
      "node \(claim.node) sends one\(mayRepeat ? ", which may have arrived already" : "")"
    case .sent: "one was taken"
    case .putOff(let answer, let until):
      "one is tried again from \(DisplayTime.text(until)), as \(answer.words)"
    case .failed(let answer?): "one failed, as \(answer.words)"
    case .failed(nil): "one failed, as its time was over"
    case .forgotten: "one went, which had been kept for seven days"
    }
  }
}
