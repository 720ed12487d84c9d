package import Incidents
package import Store

/// Who posts alerts: a monitoring system with a key or certificate of its service, or a person.
package struct AlertSender: Hashable, Sendable {
  /// Whom a command names as its actor.
  package let actor: Actor
  /// The key of the one service whose alerts it posts; with a person's token, labels name them.
  package let service: String?

  /// The sender behind what was shown, as `reader` knows them now. Whether a person may post alerts is
  /// decided when the command is applied.
  package init(
    _ proof: Proof, in reader: StateReader, at now: Int64
  ) throws(AccessError) {
    guard let credential = reader.credential(hash: proof.hash), proof.fits(credential.kind) else {
      throw .unknownToken
    }
    guard credential.isOfService else {
      actor = try Principal(proof, in: reader, at: now).actor
      service = nil
      return
    }
    guard credential.works(at: now) else {
      throw credential.revokedAt == nil ? .expired : .revoked
    }
    guard credential.kind == .ingest || credential.scopes.contains(.alerts) else {
      throw .alertsMissing
    }
    guard let service = reader.service(credential.person) else {
      throw .revoked
    }
    actor = .credential(id: credential.id, person: credential.person)
    self.service = service.key
  }
}
