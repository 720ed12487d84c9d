internal import Bytes

extension Founding: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(person)
    bytes.put(name)
    bytes.put(email)
    bytes.put(credential)
    bytes.putRaw(tokenHash)
    bytes.put(team)
    bytes.put(teamName)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      person: try bytes.id(), name: try bytes.string(max: Bound.name),
      email: try bytes.string(max: Bound.email), credential: try bytes.id(),
      tokenHash: try bytes.hash(), team: try bytes.id(),
      teamName: try bytes.string(max: Bound.name))
  }
}

extension NewPerson: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(id)
    bytes.put(name)
    bytes.put(email)
    bytes.put(isAdministrator)
    bytes.put(isAuditor)
    bytes.put(atEnd: details)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      id: try bytes.id(), name: try bytes.string(max: Bound.name),
      email: try bytes.string(max: Bound.email), isAdministrator: try bytes.bool(),
      isAuditor: try bytes.bool(), details: try bytes.atEnd())
  }
}

extension NewTeam: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(id)
    bytes.put(name)
    bytes.put(line)
    bytes.put(members)
    bytes.put(atEnd: listing)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      id: try bytes.id(), name: try bytes.string(max: Bound.name), line: try bytes.value(),
      members: try bytes.values(max: Bound.list), listing: try bytes.atEnd())
  }
}

extension Team.Member: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(person)
    bytes.put(role)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(person: try bytes.id(), role: try bytes.value())
  }
}

extension MembershipChange: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(team)
    bytes.put(person)
    bytes.put(maybe: role)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(team: try bytes.id(), person: try bytes.id(), role: try bytes.maybe())
  }
}

extension NewService: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(id)
    bytes.put(key)
    bytes.put(name)
    bytes.put(maybe: firstLine)
    bytes.put(maybe: secondLine)
    bytes.put(maybe: thirdLine)
    bytes.put(maybe: owner)
    bytes.put(maybe: defaultPriority)
    bytes.put(atEnd: listing)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      id: try bytes.id(), key: try bytes.string(max: Bound.key),
      name: try bytes.string(max: Bound.name), firstLine: try bytes.maybeID(),
      secondLine: try bytes.maybeID(), thirdLine: try bytes.maybeID(),
      owner: try bytes.maybeID(), defaultPriority: try bytes.maybe(),
      listing: try bytes.atEnd())
  }
}

extension NewIngestKey: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(id)
    bytes.put(service)
    bytes.putRaw(hash)
    bytes.put(label)
    bytes.put(atEnd: terms)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      id: try bytes.id(), service: try bytes.id(), hash: try bytes.hash(),
      label: try bytes.string(max: Bound.label), terms: try bytes.atEnd())
  }
}

extension NewServiceKey: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(id)
    bytes.put(service)
    bytes.putRaw(hash)
    bytes.put(label)
    bytes.put(terms)
    bytes.put(scopes.rawValue)
    bytes.put(isCertificate)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      id: try bytes.id(), service: try bytes.id(), hash: try bytes.hash(),
      label: try bytes.string(max: Bound.label), terms: try bytes.value(),
      scopes: KeyScopes(rawValue: try bytes.u8()), isCertificate: try bytes.bool())
  }
}

extension NewJoinToken: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(id)
    bytes.putRaw(hash)
    bytes.put(label)
    bytes.put(expiresAt)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      id: try bytes.id(), hash: try bytes.hash(), label: try bytes.string(max: Bound.label),
      expiresAt: try bytes.time())
  }
}

extension NewCredential: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(id)
    bytes.put(person)
    bytes.putRaw(hash)
    bytes.put(label)
    bytes.put(atEnd: terms)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      id: try bytes.id(), person: try bytes.id(), hash: try bytes.hash(),
      label: try bytes.string(max: Bound.label), terms: try bytes.atEnd())
  }
}

extension TokenTerms: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(prefix)
    bytes.put(maybe: expiresAt)
    bytes.put(isReadOnly)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      prefix: try bytes.string(max: Self.shown), expiresAt: try bytes.maybeTime(),
      isReadOnly: try bytes.bool())
  }
}

extension OnCallAssignment: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(id)
    bytes.put(service)
    bytes.put(person)
    bytes.put(role)
    bytes.put(from)
    bytes.put(until)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      id: try bytes.id(), service: try bytes.id(), person: try bytes.id(),
      role: try bytes.value(), from: try bytes.time(), until: try bytes.time())
  }
}

extension SettingsChange: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(maybe: defaultTeam)
    bytes.put(maybe: dutyContact)
    bytes.put(optional: severities) { $0.put($1) }
    bytes.put(atEnd: extras, unless: Settings.Extras())
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      defaultTeam: try bytes.maybeID(), dutyContact: try bytes.maybeID(),
      severities: try bytes.bool() ? try bytes.values(max: Bound.list) : nil,
      extras: try bytes.atEnd(unless: Settings.Extras()))
  }
}

extension SeverityRule: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(severity)
    bytes.put(priority)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(severity: try bytes.string(max: Bound.key), priority: try bytes.value())
  }
}
