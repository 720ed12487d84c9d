internal import Bytes

extension SignInAttempt: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(account)
    bytes.put(origin)
    bytes.put(pair)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(account: try bytes.id(), origin: try bytes.id(), pair: try bytes.id())
  }
}

extension NewSession.Way: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .password(let version):
      bytes.put(1 as UInt8)
      bytes.put(version)
    case .code(let place, let version):
      bytes.put(2 as UInt8)
      bytes.put(place)
      bytes.put(version)
    case .provider: bytes.put(3 as UInt8)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1: self = .password(version: try bytes.u64())
    case 2: self = .code(place: try bytes.u8(), version: try bytes.u64())
    case 3: self = .provider
    case let tag: throw .unknown(what: "NewSession.Way", value: UInt64(tag))
    }
  }
}

extension NewSession: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(id)
    bytes.put(person)
    bytes.putRaw(hash)
    bytes.put(way)
    bytes.put(origin)
    bytes.put(maybe: attempt)
    bytes.put(maybe: standing)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      id: try bytes.id(), person: try bytes.id(), hash: try bytes.hash(), way: try bytes.value(),
      origin: try bytes.string(max: Bound.origin), attempt: try bytes.maybe(),
      standing: try bytes.maybe())
  }
}

extension GivenStanding: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(maybe: isAdministrator)
    bytes.put(maybe: isAuditor)
    bytes.put(memberships)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      isAdministrator: try bytes.maybeTruth(), isAuditor: try bytes.maybeTruth(),
      memberships: try bytes.values(max: Bound.list))
  }
}

extension GivenStanding.Membership: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(team)
    bytes.put(maybe: role)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(team: try bytes.id(), role: try bytes.maybe())
  }
}

extension MeansChange: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .password(let verifier, let version):
      bytes.put(1 as UInt8)
      bytes.put(verifier)
      bytes.put(version)
    case .codes(let sheet):
      bytes.put(2 as UInt8)
      bytes.put(sheet)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1:
      self = .password(
        verifier: try bytes.string(max: SignInMeans.longestVerifier), version: try bytes.u64())
    case 2: self = .codes(try bytes.value())
    case let tag: throw .unknown(what: "MeansChange", value: UInt64(tag))
    }
  }
}

extension CredentialUse: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(credential)
    bytes.put(at)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(credential: try bytes.id(), at: try bytes.time())
  }
}

extension SignedIn: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(session)
    bytes.put(forgotten)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    let session: NewSession = try bytes.value()
    // Neither is part of the record: what says one of them was not written as an event.
    guard session.attempt == nil, session.standing == nil else {
      throw .unknown(what: "sign-in with what is no part of the record", value: 1)
    }
    self.init(session: session, forgotten: try bytes.ids(max: Bound.list))
  }
}
