internal import Bytes

/// Erases the contact details of somebody who left, once that is as long ago as incidents of the
/// ordinary kind are kept (policy section 10). Here it is decided, whatever whoever asks believed.
func decideErasure(
  _ id: ID, at stamp: Int64, facts: some Facts, settings: Settings
) -> [Event] {
  guard let person = facts.person(id), !person.isActive, !person.isErased,
    let left = facts.leftAt(id),
    stamp - left >= Int64(settings.retentionPeriods.ordinary) * Span.day
  else { return [] }
  var founding = facts.founding()
  if founding?.person != id { founding = nil }
  founding?.email = id.description
  let erased = ErasedContacts(
    version: person.version + 1, name: person.name, isAdministrator: person.isAdministrator,
    isAuditor: person.isAuditor, founding: founding)
  return [Event(subject: Subject(kind: .person, id: id), fact: .contactsErased(erased))]
}
