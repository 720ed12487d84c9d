package import Bytes
package import Incidents
package import Store

/// Who asks: the person behind a token, as this node knows them.
package struct Principal: Hashable, Sendable {
  /// The credential that they used.
  package let credential: ID
  /// The person, with their teams, lines and roles.
  package let person: Person
  /// What a key or certificate of a service is good for; nothing where a person asks. ``person`` then
  /// only stands for that service.
  package let scopes: KeyScopes?
  /// Whether the credential was issued to read and to change nothing.
  package let isReadOnly: Bool

  /// Whether their session would be over, were it not for a role on an open P1 or P2: it is to be
  /// extended, which is recorded.
  package let isToBeExtended: Bool

  /// The person behind what they showed, as `reader` has them now.
  ///
  /// This is the early check: it spares the log what cannot succeed. The last word has the decision
  /// when the command is applied, which checks credential and right again.
  ///
  /// - Parameters:
  ///   - proof: What they showed.
  ///   - reader: The state, in the transaction of what they ask.
  ///   - now: This node's clock, in milliseconds since 1970.
  package init(
    _ proof: Proof, in reader: StateReader, at now: Int64
  ) throws(AccessError) {
    guard let credential = reader.credential(hash: proof.hash), proof.fits(credential.kind) else {
      throw .unknownToken
    }
    guard credential.revokedAt == nil else { throw .revoked }
    var isToBeExtended = false
    switch credential.kind {
    case .personal, .service, .certificate:
      guard credential.works(at: now) else { throw .expired }
    case .session:
      switch reader.state(ofSession: credential, at: now) {
      case .live: break
      case .extended(let until, _): isToBeExtended = until > credential.expiresAt ?? 0
      case .ended: throw .expired
      }
    case .ingest: throw .onlyAlerts
    // No token of a person's has the hash of one: this is for a reader, not for the machine.
    case .join: throw .unknownToken
    }
    self.isToBeExtended = isToBeExtended
    self.credential = credential.id
    isReadOnly = credential.terms?.isReadOnly == true
    switch credential.kind {
    case .service, .certificate:
      guard let service = reader.service(credential.person) else { throw .revoked }
      person = Person(standingFor: service)
      scopes = credential.scopes
    case .personal, .session, .ingest, .join:
      guard let found = reader.person(credential.person), found.isActive else { throw .left }
      person = found
      scopes = nil
    }
  }

  /// Whether they may read at all.
  package var reads: Bool { scopes?.contains(.read) ?? true }

  /// Whom a command names as its actor.
  package var actor: Actor { .credential(id: credential, person: person.id) }
}

/// Why a token does not work. A stranger is told the same for each; the cases are for tests and for
/// the node's own log.
package enum AccessError: Error, Hashable, Sendable {
  /// No credential has this hash, as far as this node knows.
  case unknownToken
  /// It was revoked.
  case revoked
  /// It has run out.
  case expired
  /// Its person has left.
  case left
  /// It is an ingest key, which is nobody's: it posts alerts and does nothing else.
  case onlyAlerts
  /// It is a service's, without the scope to post alerts.
  case alertsMissing
}
