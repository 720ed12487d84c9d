internal import Bytes

/// Makes a change of how a service is run true.
func evolveArrangement(_ event: Event, at stamp: Int64, in records: inout some Records) {
  let id = event.subject.id
  var arrangement = records.arrangement(of: id) ?? ServiceArrangement(service: id)
  arrangement.version += 1
  switch event.fact {
  case .serviceArranged(let profile):
    // Whoever confirmed what is in a manual did not see another one.
    if profile.manual != arrangement.profile.manual { arrangement.confirmation = nil }
    arrangement.profile = profile
  case .manualConfirmed(let confirmation): arrangement.confirmation = confirmation
  case .serviceWentLive: arrangement.liveSince = stamp
  case .serviceWithdrawn: arrangement.liveSince = nil
  default: preconditionFailure("\(event.fact) is not about how a service is run.")
  }
  records.put(arrangement)
}
