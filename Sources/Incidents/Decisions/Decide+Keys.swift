internal import Bytes

// Keys and certificates of services: what they are good for, and that there are no two of one secret.

extension Person {
  /// Whom a key or certificate of a service acts as: nobody in any team, with no right but what its
  /// scopes say, who sees nothing restricted.
  package init(standingFor service: Service) {
    self.init(id: service.id, version: service.version, name: service.name, email: "")
  }
}

extension KeyScopes {
  /// Refuses what they do not say.
  func check(_ action: Action) throws(Refusal) {
    let needed: KeyScopes
    switch action {
    case .alert: needed = .alerts
    case .declare, .incident(_, .note): needed = .declare
    default:
      throw Refusal(
        .rightMissing, title: "A service key does not do this",
        detail: "It declares incidents of its service, adds entries to them, posts its alerts and "
          + "reads. Whatever else is done takes a person, with a token of their own.")
    }
    guard contains(needed) else { throw .scopeMissing(needed) }
  }
}

extension Refusal {
  /// A key or certificate is good for other things.
  package static func scopeMissing(_ scope: KeyScopes) -> Refusal {
    let words = scope.words.joined(separator: ", ")
    return Refusal(
      .rightMissing, title: "This key is not good for this",
      detail: "It was issued without the scope \(words). An administrator issues one that has it.",
      missing: ["scope:\(words)"])
  }

  /// A key or certificate stands for one service.
  static func keysOwnService(_ service: Service) -> Refusal {
    Refusal(
      .rightMissing, title: "This key is another service's",
      detail: "It stands for \(service.name), and says nothing of incidents of other services.")
  }
}

extension Hearing {
  func issue(_ new: NewServiceKey) throws(Refusal) -> [Event] {
    try require(.administrator, to: "issue service keys")
    guard let service = facts.service(new.service) else {
      throw .notFound("service", new.service)
    }
    guard !service.isRetired else {
      throw .invalid("service", "\(service.name) was taken out of the directory.")
    }
    guard !new.scopes.isEmpty, KeyScopes.all.isSuperset(of: new.scopes) else {
      let words = KeyScopes.all.words.joined(separator: ", ")
      throw .invalid("scopes", "Give at least one of the scopes \(words).")
    }
    guard !new.terms.isReadOnly else {
      throw .invalid("readOnly", "The scope read says that a key reads; leave readOnly out.")
    }
    guard !new.isCertificate || new.terms.expiresAt != nil else {
      throw .invalid("expiresAt", "A certificate has an end.")
    }
    try check(new.terms)
    try check(newCredential: new.id, hash: new.hash, label: new.label)
    return [event(.credential, new.id, .serviceKeyIssued(new))]
  }

  /// What every credential must be before it is issued.
  func check(newCredential id: ID, hash: [UInt8], label: String) throws(Refusal) {
    try Check.hash(hash)
    try Check.name(label, "label", max: Bound.label)
    guard facts.credential(id) == nil else {
      throw .exists("id", "A token of this id is known.")
    }
    guard facts.credential(hash: hash) == nil else {
      throw .exists("hash", "This very token or certificate is known already.")
    }
  }

  func check(_ terms: TokenTerms?) throws(Refusal) {
    guard let end = terms?.expiresAt else { return }
    try Check.time(end, "expiresAt")
    guard end > stamp else {
      throw .invalid("expiresAt", "That is over already: a token runs out at a time to come.")
    }
  }
}
