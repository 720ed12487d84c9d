internal import Bytes

extension Triage: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(maybe: scope)
    bytes.put(maybe: function)
    bytes.put(maybe: seniority)
    bytes.put(maybe: data)
    bytes.put(maybe: deadline)
    bytes.put(maybe: workaround)
    bytes.put(maybe: rate)
    bytes.put(maybe: anchor)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      scope: try bytes.maybe(), function: try bytes.maybe(), seniority: try bytes.maybe(),
      data: try bytes.maybe(), deadline: try bytes.maybe(), workaround: try bytes.maybe(),
      rate: try bytes.maybe(), anchor: try bytes.maybe())
  }
}

extension Classification.Factors: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(impact)
    bytes.put(urgency)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(impact: try bytes.value(), urgency: try bytes.value())
  }
}

/// The factors that were not answered follow from the answers.
extension Triaged: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(triage)
    bytes.put(suggestion.priority)
    bytes.put(maybe: suggestion.factors)
    bytes.put(suggestion.reasons)
    bytes.put(chosen)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    let triage: Triage = try bytes.value()
    let priority: Priority = try bytes.value()
    let factors: Classification.Factors? = try bytes.maybe()
    let suggestion = Suggestion(
      priority: priority, factors: factors,
      reasons: try bytes.texts(max: Bound.triageReasons, each: Bound.reason),
      unanswered: factors == nil ? [] : triage.unanswered)
    self.init(triage: triage, suggestion: suggestion, chosen: try bytes.value())
  }
}
