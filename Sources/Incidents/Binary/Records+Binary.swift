package import Bytes

extension Person: BinaryForm {
  /// Its binary form, version 1.
  package func encoded() -> [UInt8] { versioned(reserving: 256) }
  /// The record in `bytes`.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) { try self.init(versioned: bytes) }

  func write(to bytes: inout ByteWriter) {
    bytes.put(id)
    bytes.put(version)
    bytes.put(name)
    bytes.put(email)
    bytes.put(isActive)
    bytes.put(isAdministrator)
    bytes.put(isAuditor)
    bytes.put(memberships)
    bytes.put(atEnd: details)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      id: try bytes.id(), version: try bytes.u64(), name: try bytes.string(max: Bound.name),
      email: try bytes.string(max: Bound.email), isActive: try bytes.bool(),
      isAdministrator: try bytes.bool(), isAuditor: try bytes.bool(),
      memberships: try bytes.values(max: Bound.list), details: try bytes.atEnd())
  }
}

extension Person.Membership: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(team)
    bytes.put(line)
    bytes.put(role)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(team: try bytes.id(), line: try bytes.value(), role: try bytes.value())
  }
}

extension Team: BinaryForm {
  /// Its binary form, version 1.
  package func encoded() -> [UInt8] { versioned(reserving: 256) }
  /// The record in `bytes`.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) { try self.init(versioned: bytes) }

  func write(to bytes: inout ByteWriter) {
    bytes.put(id)
    bytes.put(version)
    bytes.put(name)
    bytes.put(line)
    bytes.put(members)
    bytes.put(atEnd: listing)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      id: try bytes.id(), version: try bytes.u64(), name: try bytes.string(max: Bound.name),
      line: try bytes.value(), members: try bytes.values(max: Bound.members),
      listing: try bytes.atEnd())
  }
}

extension Service: BinaryForm {
  /// Its binary form, version 1.
  package func encoded() -> [UInt8] { versioned(reserving: 256) }
  /// The record in `bytes`.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) { try self.init(versioned: bytes) }

  func write(to bytes: inout ByteWriter) {
    bytes.put(version)
    bytes.put(
      NewService(
        id: id, key: key, name: name, firstLine: firstLine, secondLine: secondLine,
        thirdLine: thirdLine, owner: owner, defaultPriority: defaultPriority, listing: listing))
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    let version = try bytes.u64()
    self.init(try bytes.value(), version: version)
  }
}

extension Credential: BinaryForm {
  /// Its binary form, version 1.
  package func encoded() -> [UInt8] { versioned(reserving: 256) }
  /// The record in `bytes`.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) { try self.init(versioned: bytes) }

  func write(to bytes: inout ByteWriter) {
    bytes.put(id)
    bytes.put(version)
    bytes.put(person)
    bytes.put(kind)
    bytes.putRaw(hash)
    bytes.put(label)
    bytes.put(createdAt)
    bytes.put(maybe: revokedAt)
    if kind.hasScopes { bytes.put(scopes.rawValue) }
    // Only these have one, so that the others are written as they ever were.
    if kind == .join || kind == .session {
      bytes.put(maybe: expiresAt)
    } else {
      bytes.put(atEnd: terms)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      id: try bytes.id(), version: try bytes.u64(), person: try bytes.id(),
      kind: try bytes.value(), hash: try bytes.hash(),
      label: try bytes.string(max: Bound.label), createdAt: try bytes.time(),
      revokedAt: try bytes.maybeTime())
    if kind.hasScopes { scopes = KeyScopes(rawValue: try bytes.u8()) }
    if kind == .join || kind == .session {
      expiresAt = try bytes.maybeTime()
    } else {
      terms = try bytes.atEnd()
      expiresAt = terms?.expiresAt
    }
  }
}

extension OnCallShift: BinaryForm {
  /// Its binary form, version 1.
  package func encoded() -> [UInt8] { versioned(reserving: 128) }
  /// The record in `bytes`.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) { try self.init(versioned: bytes) }

  func write(to bytes: inout ByteWriter) {
    bytes.put(version)
    bytes.put(
      OnCallAssignment(
        id: id, service: service, person: person, role: role, from: from, until: until))
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    let version = try bytes.u64()
    self.init(try bytes.value(), version: version)
  }
}

extension Settings: BinaryForm {
  /// Its binary form, version 1.
  package func encoded() -> [UInt8] { versioned(reserving: 256) }
  /// The record in `bytes`.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) { try self.init(versioned: bytes) }

  func write(to bytes: inout ByteWriter) {
    bytes.put(version)
    bytes.put(policyVersion)
    bytes.put(defaultTeam)
    bytes.put(dutyContact)
    bytes.put(severities)
    // Without an import or what level 2 adds they are written as they ever were.
    if directory > 0 || extras != Extras() { bytes.put(directory) }
    bytes.put(atEnd: extras, unless: Extras())
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      version: try bytes.u64(), policyVersion: try bytes.u32(), defaultTeam: try bytes.id(),
      dutyContact: try bytes.id(), severities: try bytes.values(max: Bound.list))
    guard bytes.remaining > 0 else { return }
    directory = try bytes.u64()
    extras = try bytes.atEnd(unless: Extras())
    guard directory > 0 || extras != Extras() else {
      throw .unknown(what: "version of the directory", value: 0)
    }
  }
}

extension Subject: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(kind)
    bytes.put(id)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(kind: try bytes.value(), id: try bytes.id())
  }
}

extension Outcome: BinaryForm {
  /// The most bytes of an encoded outcome.
  package static let largest = 64
  /// Its binary form, version 1.
  package func encoded() -> [UInt8] { versioned(reserving: 32) }
  /// The outcome in `bytes`.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) { try self.init(versioned: bytes) }

  func write(to bytes: inout ByteWriter) {
    bytes.put(subject)
    bytes.put(version)
    bytes.put(status)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      subject: try bytes.value(), version: try bytes.u64(), status: try bytes.value())
  }
}

extension Refusal: BinaryForm {
  /// Its binary form, version 1, for an answer that travels between nodes.
  package func encoded() -> [UInt8] { versioned(reserving: 512) }
  /// The refusal in `bytes`.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) { try self.init(versioned: bytes) }

  func write(to bytes: inout ByteWriter) {
    bytes.put(rule.rawValue)
    bytes.put(title)
    bytes.put(detail)
    bytes.put(maybe: guidance)
    bytes.put(missing)
    bytes.put(optional: override) {
      $0.put($1.right)
      $0.put($1.needs)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    guard let rule = Rule(rawValue: try bytes.string(max: Bound.key)) else {
      throw .unknown(what: "Refusal.Rule", value: 0)
    }
    self.init(
      rule, title: try bytes.string(max: Bound.reason),
      detail: try bytes.string(max: Bound.text),
      guidance: try bytes.maybeText(max: Bound.key),
      missing: try bytes.texts(max: Bound.list, each: Bound.reason),
      override: try Self.override(&bytes))
  }

  private static func override(_ bytes: inout ByteReader) throws(MalformedBytes) -> Override? {
    guard try bytes.bool() else { return nil }
    return Override(
      right: try bytes.string(max: Bound.key),
      needs: try bytes.texts(max: Bound.list, each: Bound.key))
  }
}
