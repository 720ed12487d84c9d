import Bytes
import Incidents
import JSON

/// Triage as a person reads it in a terminal.
enum TriageText {
  /// The questions with their answers, and the definitions.
  static func questions(_ value: JSONValue) -> String {
    var text = ""
    for question in value["questions"]?.elements ?? [] {
      text += "\(line(question["question"]))\n"
      for answer in question["answers"]?.elements ?? [] {
        let option = "--\(line(question["factor"])) \(line(answer["answer"]))"
        text += "  \(option)\(gap(behind: option))\(line(answer["text"]))\n"
      }
    }
    text += "\nOr choose the definition that fits:\n"
    for anchor in value["anchors"]?.elements ?? [] {
      let option = "--anchor \(line(anchor["anchor"]))"
      text +=
        "  \(option)\(gap(behind: option))\(line(anchor["priority"])): \(line(anchor["text"]))\n"
    }
    return text
  }

  /// What was suggested, why, and whether what was chosen fits.
  static func suggestion(_ triage: JSONValue?) -> String {
    guard let triage, let suggestion = triage["suggestion"] else { return "Nothing was triaged.\n" }
    var text = "Suggested: \(line(suggestion["priority"]))"
    if let impact = suggestion["impact"]?.text, let urgency = suggestion["urgency"]?.text {
      text += ", by \(impact) impact and \(urgency) urgency"
    }
    text += ".\n"
    for reason in suggestion["reasons"]?.elements ?? [] { text += "  - \(line(reason))\n" }
    let unanswered = suggestion["unanswered"]?.elements.map(line) ?? []
    if !unanswered.isEmpty {
      text += "Not answered, so counted as the lowest: \(unanswered.joined(separator: ", ")).\n"
    }
    for doubt in triage["doubts"]?.elements ?? [] { text += "In doubt: \(line(doubt["text"]))\n" }
    for question in triage["questions"]?.elements ?? [] { text += "\(line(question["text"]))\n" }
    return text
  }

  /// What was proposed and is not decided, one line each; nothing where nothing is.
  static func proposals(_ value: JSONValue?) -> String {
    let open = value?.elements ?? []
    guard !open.isEmpty else { return "" }
    var table = TextTable("PROPOSAL", "TO", "BY", "WHY")
    for proposal in open {
      let survivor = proposal["of"]?.text.map { text in
        " of \(ID(text).map { Reference($0).text } ?? text)"
      }
      table.add(
        proposal["proposal"]?.integer.map { "\($0)" } ?? "",
        line(proposal["text"]) + (survivor ?? ""),
        proposal["person"]?["name"]?.text ?? "somebody", line(proposal["reason"]))
    }
    return "\n" + table.text(orElse: "")
  }

  private static func line(_ value: JSONValue?) -> String {
    Terminal.harmless(value?.text ?? "", keepingLines: false)
  }

  private static func gap(behind text: String) -> String {
    String(repeating: " ", count: max(2, 44 - text.count))
  }
}
