import Bytes
package import Incidents
package import JSON

/// How a service is run, as the interface shows it.
extension JSONWriter {
  /// Writes how a service is run, as an object: what people say of it in the form in which it is taken,
  /// and what it lacks and owes at `now`.
  package mutating func write(
    _ arrangement: ServiceArrangement, of service: Service, _ names: NameBook<some Facts>,
    facts: some Facts, at now: Int64
  ) {
    object { json in
      json.service("service", service.id, names)
      json.standing(of: service, arrangement, names, facts: facts, at: now)
      json.object("profile") { json in json.members(of: arrangement.profile, facts) }
      json.member("version", Int(clamping: arrangement.version))
    }
  }

  /// Writes the members that say how a service stands at `now`.
  mutating func standing(
    of service: Service, _ arrangement: ServiceArrangement?, _ names: NameBook<some Facts>,
    facts: some Facts, at now: Int64
  ) {
    time("liveSince", arrangement?.liveSince)
    if let confirmation = arrangement?.confirmation {
      object("manualConfirmed") { json in
        json.person("by", confirmation.by, names)
        json.time("at", confirmation.at)
      }
    } else {
      null("manualConfirmed")
    }
    array("missing") { json in
      for gap in facts.gaps(of: service, at: now) {
        json.object { json in
          json.member("gap", gap.slug)
          json.member("text", gap.text)
        }
      }
    }
    array("duties") { json in
      for duty in facts.duties(of: service, at: now) { json.write(duty) }
    }
  }

  /// Writes something that is owed, as an object.
  mutating func write(_ duty: Duty) {
    object { json in
      json.member("duty", duty.slug)
      json.member("text", duty.text)
      json.time("due", duty.dueAt)
    }
  }
}

/// What people say, by the names by which they say it, so that it can be given back as it is.
extension JSONWriter {
  fileprivate mutating func members(of profile: ArrangementProfile, _ facts: some Facts) {
    member("productTeam", profile.productTeam.map { facts.teamName($0) })
    member("infrastructureTeam", profile.infrastructureTeam.map { facts.teamName($0) })
    if let exception = profile.smallerTeam {
      object("smallerTeam") { json in
        json.member("agreedBy", facts.address(exception.agreedBy))
        json.time("reviewAt", exception.reviewAt)
      }
    } else {
      null("smallerTeam")
    }
    member("thirdLineSupplier", profile.thirdLineSupplier)
    array("raci") { json in
      for roles in profile.activities {
        json.object { json in
          json.member("activity", Int(roles.activity.rawValue))
          json.name("accountable")
          json.write(roles.accountable, facts)
          json.parties("responsible", roles.responsible, facts)
          json.parties("consulted", roles.consulted, facts)
          json.parties("informed", roles.informed, facts)
        }
      }
    }
    array("stakeholders") { json in
      for stakeholder in profile.stakeholders {
        json.object { json in
          switch stakeholder.who {
          case .party(let party): json.member(of: party, facts)
          case .other(let name, let email):
            json.member("name", name)
            json.member("email", email)
          }
          json.member("priority", stakeholder.least.spelling)
        }
      }
    }
    array("suppliers") { json in
      for supplier in profile.suppliers {
        json.object { json in
          json.member("name", supplier.name)
          json.member("reference", supplier.reference)
          json.member("outOfHours", supplier.outOfHours)
        }
      }
    }
    member("manual", profile.manual)
    array("channels") { json in
      for word in profile.channels.words { json.value(word) }
    }
  }

  private mutating func parties(
    _ member: StaticString, _ parties: [Party], _ facts: some Facts
  ) {
    array(member) { json in
      for party in parties { json.write(party, facts) }
    }
  }

  private mutating func write(_ party: Party, _ facts: some Facts) {
    object { json in json.member(of: party, facts) }
  }

  private mutating func member(of party: Party, _ facts: some Facts) {
    switch party {
    case .role(let role): member("role", role.spelling)
    case .team(let id): member("team", facts.teamName(id))
    case .person(let id): member("person", facts.address(id))
    }
  }
}

extension Facts {
  fileprivate func teamName(_ id: ID) -> String { team(id)?.name ?? id.description }
  fileprivate func address(_ id: ID) -> String { person(id)?.email ?? id.description }
}
