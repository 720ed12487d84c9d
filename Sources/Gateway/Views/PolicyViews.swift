import Bytes
import Incidents
import JSON

/// Targets and cadence as the interface shows them: the same rows that it takes.
extension JSONWriter {
  /// Writes what terms come to for every priority, over those below them.
  mutating func terms(_ all: [PolicyTerms]) {
    array("targets") { json in
      for priority in Priority.allCases {
        let target = all.lazy.compactMap { $0.targets[priority] }.first ?? .standard(priority)
        json.row(target, priority)
      }
    }
    array("cadence") { json in
      for priority in Priority.allCases {
        let rule = all.lazy.compactMap { $0.cadence[priority] }.first ?? .standard(priority)
        json.row(rule, priority)
      }
    }
    let counts = all.lazy.compactMap(\.countsFromDeclaration).first ?? false
    member("countsFromDeclaration", counts)
    member("pagesNewAlerts", all.lazy.compactMap(\.pagesNewAlerts).first ?? false)
  }

  /// Writes what terms say themselves, and nothing of the rest.
  mutating func own(_ terms: PolicyTerms) {
    array("targets") { json in
      for priority in Priority.allCases {
        if let target = terms.targets[priority] { json.row(target, priority) }
      }
    }
    array("cadence") { json in
      for priority in Priority.allCases {
        if let rule = terms.cadence[priority] { json.row(rule, priority) }
      }
    }
    own("countsFromDeclaration", terms.countsFromDeclaration)
    own("pagesNewAlerts", terms.pagesNewAlerts)
  }

  private mutating func own(_ name: StaticString, _ isSo: Bool?) {
    if let isSo { member(name, isSo) } else { null(name) }
  }

  private mutating func row(_ target: PriorityTarget, _ priority: Priority) {
    object { json in
      json.member("priority", priority.spelling)
      json.member("response", target.response.text)
      json.member("resolution", target.resolution?.text)
      json.member("limit", target.limit?.text)
      json.member("hours", target.isAlways ? "always" : "working")
    }
  }

  private mutating func row(_ rule: UpdateRule, _ priority: Priority) {
    object { json in
      json.member("priority", priority.spelling)
      switch rule {
      case .none: json.member("never", true)
      case .every(let allowance): json.member("every", allowance.text)
      case .once(let allowance): json.member("once", allowance.text)
      }
    }
  }
}
