package import Bytes

extension Declaration {
  /// What behaviour level 2 adds to a declaration. One without any of it travels as level 1 sends it,
  /// byte for byte.
  package struct Extras: Hashable, Sendable {
    /// The answers and the definition by which its priority was found.
    package var triage: Triage
    /// The incident that it is a recurrence of, if somebody says so.
    package var recurrenceOf: ID?

    /// These.
    package init(triage: Triage = Triage(), recurrenceOf: ID? = nil) {
      self.triage = triage
      self.recurrenceOf = recurrenceOf
    }
  }
}

extension Declaration {
  /// How its priority is stated on a service: outright, by its triage, by the service's setting, or P2.
  func choice(on service: Service?) -> PriorityChoice {
    choice ?? extras.triage.choice ?? .level(service?.defaultPriority ?? .p2)
  }

  /// What its triage suggests beside what is chosen; `nil` if nothing was triaged.
  package func triaged(in facts: some Facts) -> Triaged? {
    guard !extras.triage.isEmpty else { return nil }
    let matrix = facts.matrix(of: service)
    let chosen = choice(on: service.flatMap(facts.service)).priority(by: matrix)
    return Triaged(extras.triage, by: matrix, chosen: chosen)
  }
}

extension Facts {
  /// The matrix of a service now: a new incident of it runs under this one for good (policy section 2).
  package func matrix(of service: ID?) -> PriorityMatrix {
    guard level >= 2, let service else { return .standard }
    return servicePolicy(service)?.matrix ?? .standard
  }
}

extension Declaration.Extras: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(triage)
    bytes.put(maybe: recurrenceOf)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    triage = try bytes.value()
    recurrenceOf = try bytes.maybeID()
  }
}
