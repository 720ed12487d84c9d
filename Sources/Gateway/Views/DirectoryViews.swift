import Bytes
package import Incidents
package import JSON

/// The department as the interface shows it. Nothing here has a secret in it.
extension JSONWriter {
  /// Writes a person, as an object.
  package mutating func write(_ person: Person, _ names: NameBook<some Facts>) {
    object { json in
      json.member("id", person.id.description)
      json.member("name", person.name)
      if person.isErased {
        json.member("contactsErased", true)
      } else {
        json.member("email", person.email)
      }
      json.member("active", person.isActive)
      json.member("administrator", person.isAdministrator)
      json.member("auditor", person.isAuditor)
      json.array("teams") { json in
        for membership in person.memberships {
          json.object { json in
            json.member("id", membership.team.description)
            json.member("name", names.team(membership.team))
            json.member("line", membership.line.spelling)
            json.member("role", membership.role.spelling)
          }
        }
      }
      if let id = person.details?.externalID { json.member("externalId", id) }
      if let zone = person.details?.zone { json.member("timeZone", zone.name) }
      json.member("version", Int(clamping: person.version))
    }
  }

  /// Writes a token, as an object: all of it that may be shown.
  ///
  /// - Parameters:
  ///   - token: The token, or a session.
  ///   - lastUsedAt: When it was last used, as far as that was noted.
  ///   - isCurrent: Whether it is what asks; nothing where that is of no interest.
  package mutating func write(
    _ token: Credential, lastUsedAt: Int64? = nil, isCurrent: Bool? = nil
  ) {
    object { json in
      json.member("id", token.id.description)
      json.member("label", token.label)
      json.time("issuedAt", token.createdAt)
      json.time("revokedAt", token.revokedAt)
      if let lastUsedAt { json.time("lastUsedAt", lastUsedAt) }
      if let isCurrent { json.member("current", isCurrent) }
      if let end = token.expiresAt { json.time("expiresAt", end) }
      if let terms = token.terms {
        json.member("prefix", terms.prefix)
        if !token.isOfService { json.member("readOnly", terms.isReadOnly) }
      }
      if token.kind.hasScopes {
        json.member("certificate", token.kind == .certificate)
        json.array("scopes") { json in
          for word in token.scopes.words { json.value(word) }
        }
      }
      json.member("version", Int(clamping: token.version))
    }
  }

  /// Writes a team, as an object.
  package mutating func write(_ team: Team, _ names: NameBook<some Facts>) {
    object { json in
      json.member("id", team.id.description)
      json.member("name", team.name)
      json.member("line", team.line.spelling)
      json.array("members") { json in
        for member in team.members {
          json.object { json in
            json.member("id", member.person.description)
            json.member("name", names.person(member.person))
            json.member("role", member.role.spelling)
          }
        }
      }
      json.listing(team.listing)
      json.member("version", Int(clamping: team.version))
    }
  }

  /// Writes a service, as an object, with the members that `more` writes.
  package mutating func write(
    _ service: Service, _ names: NameBook<some Facts>,
    more: (inout JSONWriter) -> Void = { _ in }
  ) {
    object { json in
      json.member("id", service.id.description)
      json.member("key", service.key)
      json.member("name", service.name)
      json.team("firstLine", service.firstLine, names)
      json.team("secondLine", service.secondLine, names)
      json.team("thirdLine", service.thirdLine, names)
      json.person("owner", service.owner, names)
      json.member("defaultPriority", service.defaultPriority?.spelling)
      json.listing(service.listing)
      more(&json)
      json.member("version", Int(clamping: service.version))
    }
  }

  /// Writes a span of on-call, as an object.
  package mutating func write(_ shift: OnCallShift, _ names: NameBook<some Facts>) {
    object { json in
      json.member("id", shift.id.description)
      json.service("service", shift.service, names)
      json.person("person", shift.person, names)
      json.member("role", shift.role.spelling)
      json.time("from", shift.from)
      json.time("until", shift.until)
      json.member("version", Int(clamping: shift.version))
    }
  }

  /// Writes the settings, as an object, with what administrators owe them.
  package mutating func write(
    _ settings: Settings, duties: [Duty] = [], _ names: NameBook<some Facts>
  ) {
    object { json in
      json.team("defaultTeam", settings.defaultTeam, names)
      json.person("dutyContact", settings.dutyContact, names)
      json.array("severities") { json in
        for rule in settings.severities {
          json.object { json in
            json.member("severity", rule.severity)
            json.member("priority", rule.priority.spelling)
          }
        }
      }
      json.member("alertServiceLabel", settings.alertServiceLabel)
      json.object("retention") { json in
        json.member("ordinaryDays", Int(settings.retentionPeriods.ordinary))
        json.member("seriousDays", Int(settings.retentionPeriods.serious))
      }
      json.array("seniorManagement") { json in
        for person in settings.extras.seniorManagement ?? [] { json.person(nil, person, names) }
      }
      json.write(settings.contacts, names)
      json.member("calendar", settings.extras.calendar ?? WorkCalendar.standardKey)
      json.terms([settings.extras.terms ?? PolicyTerms()])
      json.array("duties") { json in
        for duty in duties {
          json.object { json in
            json.member("duty", duty.slug)
            json.member("text", duty.text)
            json.time("due", duty.dueAt)
          }
        }
      }
      json.object("escalation") { json in
        json.member("p1Seconds", Int(settings.escalationWaits.p1))
        json.member("p2Seconds", Int(settings.escalationWaits.p2))
        json.member("againSeconds", Int(settings.escalationWaits.again))
      }
      json.object("reportTemplate") { json in json.write(settings.reportTemplate) }
      json.member("policyVersion", Int(settings.policyVersion))
      json.member("version", Int(clamping: settings.version))
    }
  }
}

extension JSONWriter {
  /// Writes how a team or service stands in the directory, if there is something to say.
  fileprivate mutating func listing(_ listing: Listing?) {
    if let id = listing?.externalID { member("externalId", id) }
    if listing?.isRetired == true { member("retired", true) }
  }
}

/// Those whom other things name: an id with what a person calls it.
extension JSONWriter {
  /// Writes a person's id and name under `member`, or as an element; `null` for nobody.
  mutating func person(_ member: StaticString?, _ id: ID?, _ names: NameBook<some Facts>) {
    named(member, id) { names.person($0) }
  }

  /// Writes a team's id and name under `member`; `null` for none.
  mutating func team(_ member: StaticString?, _ id: ID?, _ names: NameBook<some Facts>) {
    named(member, id) { names.team($0) }
  }

  /// Writes a service's id, key and name under `member`; `null` for none.
  mutating func service(_ member: StaticString, _ id: ID?, _ names: NameBook<some Facts>) {
    guard let id else { return null(member) }
    object(member) { json in
      let service = names.service(id)
      json.member("id", id.description)
      json.member("key", service?.key)
      json.member("name", service?.name)
    }
  }

  private mutating func named(_ member: StaticString?, _ id: ID?, _ name: (ID) -> String?) {
    guard let id else { return null(member) }
    object(member) { json in
      json.member("id", id.description)
      json.member("name", name(id))
    }
  }
}
