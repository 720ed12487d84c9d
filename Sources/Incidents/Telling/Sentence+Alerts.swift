/// What alerts said, in a sentence.
extension AlertReport {
  var sentence: String {
    var parts: [String] = []
    if !firing.isEmpty { parts.append("\(firing.count) firing" + Self.names(of: firing)) }
    if !resolved.isEmpty { parts.append("\(resolved.count) resolved" + Self.names(of: resolved)) }
    if repeats > 0 { parts.append("\(repeats) said again") }
    if late > 0 { parts.append("\(late) late") }
    if truncated > 0 { parts.append("\(truncated) left out by the sender") }
    var sentence = "Alerts: \(parts.joined(separator: ", "))."
    if isFlapping { sentence += " They had just cleared: it is flapping." }
    if proposesReopen { sentence += " It was over: reopen it?" }
    return sentence
  }

  /// What the first of them are called, in brackets; each name once.
  private static func names(of members: [AlertMember]) -> String {
    var names: [String] = []
    for member in members where !member.name.isEmpty && !names.contains(member.name) {
      guard names.count < 3 else { return " (\(names.joined(separator: ", ")) and others)" }
      names.append(member.name)
    }
    return names.isEmpty ? "" : " (\(names.joined(separator: ", ")))"
  }
}
