internal import Bytes

/// Makes a change of the directory true.
func evolveDirectory(_ event: Event, in records: inout some Records) {
  let id = event.subject.id
  switch event.fact {
  case .directoryImported(let imported):
    var settings = known(records.settings(), "settings", id)
    settings.version += 1
    settings.directory = imported.version
    records.put(settings)
  case .personChanged(let profile):
    var person = known(records.person(id), "person", id)
    person.version += 1
    person.name = profile.name
    person.email = profile.email
    person.details = profile.details.isEmpty ? nil : profile.details
    records.put(person)
  case .teamChanged(let profile):
    var team = known(records.team(id), "team", id)
    team.version += 1
    team.name = profile.name
    team.listing = profile.externalID.map { Listing(externalID: $0) }
    records.put(team)
  case .teamRetired: retire(team: id, in: &records)
  case .serviceChanged(let profile):
    let service = known(records.service(id), "service", id)
    records.put(Service(NewService(id: id, profile), version: service.version + 1))
  case .serviceRetired:
    var service = known(records.service(id), "service", id)
    service.version += 1
    service.listing = Listing(externalID: service.listing?.externalID, isRetired: true)
    records.put(service)
  default: preconditionFailure("\(event.fact) is not of the directory.")
  }
}

private func retire(team id: ID, in records: inout some Records) {
  var team = known(records.team(id), "team", id)
  for member in team.members {
    var person = known(records.person(member.person), "person", member.person)
    person.version += 1
    person.memberships.removeAll { $0.team == id }
    records.put(person)
  }
  forgetViews(of: .team(id), in: &records)
  team.version += 1
  team.members = []
  team.listing = Listing(externalID: team.listing?.externalID, isRetired: true)
  records.put(team)
}
