internal import Bytes

extension ContactMethod: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(kind)
    bytes.put(address)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(try bytes.value(), try bytes.string(max: Bound.email))
  }
}

extension PersonDetails: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(maybe: externalID)
    bytes.put(maybe: zone)
    bytes.put(contacts)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      externalID: try bytes.maybeText(max: Bound.key), zone: try bytes.maybe(),
      contacts: try bytes.values(max: Bound.contacts))
  }
}

extension Listing: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(maybe: externalID)
    bytes.put(isRetired)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      externalID: try bytes.maybeText(max: Bound.key), isRetired: try bytes.bool())
  }
}

extension PersonProfile: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(name)
    bytes.put(email)
    bytes.put(details)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      name: try bytes.string(max: Bound.name), email: try bytes.string(max: Bound.email),
      details: try bytes.value())
  }
}

extension TeamProfile: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(name)
    bytes.put(line)
    bytes.put(maybe: externalID)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      name: try bytes.string(max: Bound.name), line: try bytes.value(),
      externalID: try bytes.maybeText(max: Bound.key))
  }
}

extension ServiceProfile: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(key)
    bytes.put(name)
    bytes.put(maybe: firstLine)
    bytes.put(maybe: secondLine)
    bytes.put(maybe: thirdLine)
    bytes.put(maybe: owner)
    bytes.put(maybe: defaultPriority)
    bytes.put(maybe: externalID)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      key: try bytes.string(max: Bound.key), name: try bytes.string(max: Bound.name),
      firstLine: try bytes.maybeID(), secondLine: try bytes.maybeID(),
      thirdLine: try bytes.maybeID(), owner: try bytes.maybeID(),
      defaultPriority: try bytes.maybe(), externalID: try bytes.maybeText(max: Bound.key))
  }
}

extension DirectoryImport: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(version)
    bytes.put(added)
    bytes.put(changed)
    bytes.put(removed)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      version: try bytes.u64(), added: try bytes.u32(), changed: try bytes.u32(),
      removed: try bytes.u32())
  }
}

extension DirectoryChange: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(seen)
    bytes.put(rows)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(seen: try bytes.u64(), rows: try bytes.values(max: Bound.directoryRows))
  }
}

extension DirectoryRow: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(line)
    bytes.put(maybe: seen)
    bytes.put(step)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      line: try bytes.u32(), seen: try bytes.maybeNumber(), step: try bytes.value())
  }
}

extension DirectoryStep: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .addPerson(let id, let profile): bytes.put(1, id, profile)
    case .changePerson(let id, let profile): bytes.put(2, id, profile)
    case .removePerson(let id): bytes.put(3, id)
    case .addTeam(let id, let profile): bytes.put(4, id, profile)
    case .changeTeam(let id, let profile): bytes.put(5, id, profile)
    case .removeTeam(let id): bytes.put(6, id)
    case .setMember(let change):
      bytes.put(7 as UInt8)
      bytes.put(change)
    case .addService(let id, let profile): bytes.put(8, id, profile)
    case .changeService(let id, let profile): bytes.put(9, id, profile)
    case .removeService(let id): bytes.put(10, id)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1: self = .addPerson(try bytes.id(), try bytes.value())
    case 2: self = .changePerson(try bytes.id(), try bytes.value())
    case 3: self = .removePerson(try bytes.id())
    case 4: self = .addTeam(try bytes.id(), try bytes.value())
    case 5: self = .changeTeam(try bytes.id(), try bytes.value())
    case 6: self = .removeTeam(try bytes.id())
    case 7: self = .setMember(try bytes.value())
    case 8: self = .addService(try bytes.id(), try bytes.value())
    case 9: self = .changeService(try bytes.id(), try bytes.value())
    case 10: self = .removeService(try bytes.id())
    case let tag: throw .unknown(what: "DirectoryStep", value: UInt64(tag))
    }
  }
}

extension ByteWriter {
  fileprivate mutating func put(_ tag: UInt8, _ id: ID) {
    put(tag)
    put(id)
  }

  fileprivate mutating func put(_ tag: UInt8, _ id: ID, _ profile: some BinaryForm) {
    put(tag)
    put(id)
    put(profile)
  }
}
