internal import Bytes

/// A node vouches for the record. Whether its signature is right whoever reads it can see for
/// themselves; here is seen to it that it is of this record, and later than the last.
func decideHead(_ head: SignedHead, facts: some Facts) throws(Refusal) -> [Event] {
  guard !head.signature.isEmpty, head.signature.count <= SignedHead.longestSignature,
    head.certificate.utf8.count <= SignedHead.longestCertificate
  else { throw .invalid("signature", "It has none, or its certificate is too long.") }
  guard head.position > facts.lastHead()?.position ?? 0 else { return [] }
  guard facts.ledgerHash(at: head.position) == head.hash else {
    throw .invalid("hash", "That row of the record has another hash, or is not there.")
  }
  return [Event(subject: Subject(kind: .settings, id: Settings.id), fact: .headSigned(head))]
}
