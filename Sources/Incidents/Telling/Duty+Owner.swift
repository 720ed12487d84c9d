package import Bytes

/// To whom duties fall as things stand.
extension Incident {
  /// Whoever bears a duty: those who have the role, and in the place of nobody or of somebody who has
  /// left the leads of the team that owns the incident.
  package func bearers(of duty: Duty, _ facts: some Facts) -> [Reminder.Addressee] {
    func active(_ people: [ID]) -> [Reminder.Addressee] {
      let there = people.filter { facts.person($0)?.isActive == true }
      return there.isEmpty ? [.leads(of: teams.owner)] : there.map { .person($0) }
    }
    return switch duty.owner {
    case .role(.commsLead):
      active((roles.commsLead ?? roles.lead).map { [$0.person] } ?? [])
    case .role(let role): active(roles.holders(of: role).map(\.person))
    case .team(let team): [.team(team)]
    case .leads(let team): [.leads(of: team)]
    case .person(let person): active([person])
    }
  }
}

extension Facts {
  /// Whether somebody is on call by a shift: what pager, roster and gaps share. Who has left is not, from
  /// the second behaviour level on.
  package func stands(_ shift: OnCallShift) -> Bool { level < 2 || isThere(shift.person) }

  /// Whether somebody is known and has not left.
  package func isThere(_ id: ID) -> Bool { person(id)?.isActive == true }

  /// Who sees to what a team owes: whoever leads it, and where nobody does its Service Delivery. Where it
  /// has neither, nobody: that falls to the administrators.
  package func keepers(of id: ID) -> [Reminder.Addressee] {
    let there = team(id)?.members.filter { isThere($0.person) } ?? []
    if there.contains(where: { $0.role == .teamLead }) { return [.leads(of: id)] }
    return there.filter { $0.role == .serviceDelivery }.map { .person($0.person) }
  }
}

extension Person {
  /// What a duty is to a person whom it may fall to.
  package enum Share: UInt8, CaseIterable, Sendable {
    /// It is theirs.
    case mine = 1
    /// It is their team's, or that of a team that they lead.
    case team = 2
  }

  /// What a duty with these bearers is to this person, if anything.
  package func share(of bearers: [Reminder.Addressee]) -> Share? {
    if bearers.contains(.person(id)) { return .mine }
    let isTeams = bearers.contains { bearer in
      memberships.contains { membership in
        switch bearer {
        case .person: false
        case .team(let team): membership.team == team
        case .leads(let team): membership.team == team && membership.role == .teamLead
        }
      }
    }
    return isTeams ? .team : nil
  }
}

/// A span over which nobody is on call as lead of a service: a duty of whoever leads its team (policy
/// section 6).
package struct OnCallGap: Hashable, Sendable {
  /// How far ahead gaps are looked for: fourteen days.
  package static let horizon = 14 * Span.day

  /// The service.
  package var service: ID
  /// The first instant.
  package var from: Int64
  /// The first instant after it.
  package var until: Int64

  /// The gaps of a service.
  ///
  /// - Parameters:
  ///   - service: The service.
  ///   - shifts: Spans of on-call that touch the time between; others than of leads of the service do
  ///     not count, in whatever order.
  ///   - from: The first instant.
  ///   - until: The first instant after it.
  ///   - stands: Whether somebody is on call by a shift at all: who has left leaves a gap.
  package static func gaps(
    of service: ID, in shifts: [OnCallShift], from: Int64, until: Int64,
    stands: (OnCallShift) -> Bool
  ) -> [OnCallGap] {
    let spans = shifts.filter { $0.service == service && $0.role == .lead && stands($0) }
      .sorted { ($0.from, $0.until) < ($1.from, $1.until) }
    var gaps: [OnCallGap] = []
    var covered = from
    for span in spans where span.from < until {
      if span.from > covered {
        gaps.append(OnCallGap(service: service, from: covered, until: span.from))
      }
      covered = max(covered, span.until)
    }
    if covered < until { gaps.append(OnCallGap(service: service, from: covered, until: until)) }
    return gaps
  }
}
