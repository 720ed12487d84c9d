package import Bytes

extension Command {
  /// Its binary form, version 1. At most ``largest`` bytes for any command that is decided to be
  /// acceptable.
  package func encoded() -> [UInt8] { versioned(reserving: 512) }

  /// The command in `bytes`.
  ///
  /// - Throws: If they are more than ``largest``, not of version 1, or anything in them is over its
  ///   bound.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) {
    guard bytes.count <= Command.largest else {
      throw .overLimit(found: bytes.count, limit: Command.largest)
    }
    try self.init(versioned: bytes)
  }
}

extension Command: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(level)
    bytes.put(actor)
    bytes.put(maybe: key)
    bytes.put(receivedAt)
    bytes.putRaw(salt)
    bytes.put(maybe: expectedVersion)
    bytes.put(action)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    let level = try bytes.u8()
    let actor: Actor = try bytes.value()
    let key: IdempotencyKey? = try bytes.maybe()
    let receivedAt = try bytes.time()
    let salt = try bytes.raw(Bound.salt)
    let expectedVersion = try bytes.maybeNumber()
    let action: Action = try bytes.value()
    // A node that only knows the level that it claims could not read it.
    guard level >= action.level else { throw .unknown(what: "level", value: UInt64(level)) }
    self.init(
      actor: actor, key: key, receivedAt: receivedAt, salt: salt, level: level,
      expectedVersion: expectedVersion, action: action)
  }
}

extension Actor: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .system: bytes.put(0 as UInt8)
    case .credential(let id, let person):
      bytes.put(1 as UInt8)
      bytes.put(id)
      bytes.put(person)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 0: self = .system
    case 1: self = .credential(id: try bytes.id(), person: try bytes.id())
    case let tag: throw .unknown(what: "Actor", value: UInt64(tag))
    }
  }
}

extension IdempotencyKey: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(text)
    bytes.putRaw(requestHash)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      text: try bytes.string(max: Bound.idempotencyKey), requestHash: try bytes.hash())
  }
}

extension Action: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .found(let founding): bytes.put(1 as UInt8, founding)
    case .addPerson(let person): bytes.put(2 as UInt8, person)
    case .deactivatePerson(let person):
      bytes.put(3 as UInt8)
      bytes.put(person)
    case .addTeam(let team): bytes.put(4 as UInt8, team)
    case .setMember(let change): bytes.put(5 as UInt8, change)
    case .addService(let service): bytes.put(6 as UInt8, service)
    case .issueCredential(let credential): bytes.put(7 as UInt8, credential)
    case .revokeCredential(let credential):
      bytes.put(8 as UInt8)
      bytes.put(credential)
    case .assignOnCall(let assignment): bytes.put(9 as UInt8, assignment)
    case .changeSettings(let change): bytes.put(10 as UInt8, change)
    case .declare(let declaration): bytes.put(11 as UInt8, declaration)
    case .incident(let id, let action):
      bytes.put(12 as UInt8)
      bytes.put(id)
      bytes.put(action)
    case .alert(let notification): bytes.put(13 as UInt8, notification)
    case .closeCleared(let cleared):
      bytes.put(14 as UInt8)
      bytes.put(cleared)
    case .releaseLeavers(let releases):
      bytes.put(15 as UInt8)
      bytes.put(releases)
    case .issueIngestKey(let key): bytes.put(16 as UInt8, key)
    case .issueJoinToken(let token): bytes.put(17 as UInt8, token)
    case .useJoinToken(let token):
      bytes.put(18 as UInt8)
      bytes.put(token)
    case .attemptSignIn(let attempt): bytes.put(19 as UInt8, attempt)
    case .signIn(let session): bytes.put(20 as UInt8, session)
    case .changeMeans(let change): bytes.put(21 as UInt8, change)
    case .clearMeans(let person):
      bytes.put(22 as UInt8)
      bytes.put(person)
    case .extendSession: bytes.put(23 as UInt8)
    case .noteUses(let uses):
      bytes.put(24 as UInt8)
      bytes.put(uses)
    case .keepSecret(let secret):
      bytes.put(25 as UInt8)
      bytes.putRaw(secret)
    case .importDirectory(let change): bytes.put(26 as UInt8, change)
    case .issueServiceKey(let key): bytes.put(27 as UInt8, key)
    case .hold(let change): bytes.put(33 as UInt8, change)
    case .purge(let incident):
      bytes.put(34 as UInt8)
      bytes.put(incident)
    case .eraseContacts(let person):
      bytes.put(59 as UInt8)
      bytes.put(person)
    case .signHead(let head): bytes.put(28 as UInt8, head)
    case .breakGlass(let asked): bytes.put(29 as UInt8, asked)
    case .noteAttempts(let attempts):
      bytes.put(30 as UInt8)
      bytes.put(attempts)
    case .noteReads(let reads):
      bytes.put(31 as UInt8)
      bytes.put(reads)
    case .changeServicePolicy(let change): bytes.put(35 as UInt8, change)
    case .arrangeService(let change): bytes.put(38 as UInt8, change)
    case .confirmManual(let reading): bytes.put(39 as UInt8, reading)
    case .setLive(let change): bytes.put(40 as UInt8, change)
    case .changeTemplate(let change): bytes.put(43 as UInt8, change)
    case .acknowledgeMessage(let message):
      bytes.put(44 as UInt8)
      bytes.put(message)
    case .pruneMessages(let messages):
      bytes.put(45 as UInt8)
      bytes.put(messages)
    case .withdrawNotice(let notice):
      bytes.put(46 as UInt8)
      bytes.put(notice)
    case .setCalendars(let changes):
      bytes.put(36 as UInt8)
      bytes.put(changes)
    case .keepTime(let incidents):
      bytes.put(37 as UInt8)
      bytes.put(incidents)
    case .fireDues(let dues):
      bytes.put(47 as UInt8)
      bytes.put(dues)
    case .noteGap(let gap, let incidents):
      bytes.put(48 as UInt8)
      bytes.put(gap)
      bytes.put(incidents)
    case .saveView(let view): bytes.put(53 as UInt8, view)
    case .removeView(let view):
      bytes.put(54 as UInt8)
      bytes.put(view)
    case .keepReport(let incident, let report):
      bytes.put(56 as UInt8)
      bytes.put(incident)
      bytes.put(report)
    case .changeWebhook(let change): bytes.put(80 as UInt8, change)
    case .removeWebhook(let webhook):
      bytes.put(81 as UInt8)
      bytes.put(webhook)
    case .postDelivery(let wish, let webhook):
      bytes.put(82 as UInt8)
      bytes.put(wish)
      bytes.put(webhook)
    case .moveDeliveries(let steps):
      bytes.put(83 as UInt8)
      bytes.put(steps)
    case .answerByLink(let link): bytes.put(84 as UInt8, link)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    switch try bytes.u8() {
    case 1: self = .found(try bytes.value())
    case 2: self = .addPerson(try bytes.value())
    case 3: self = .deactivatePerson(try bytes.id())
    case 4: self = .addTeam(try bytes.value())
    case 5: self = .setMember(try bytes.value())
    case 6: self = .addService(try bytes.value())
    case 7: self = .issueCredential(try bytes.value())
    case 8: self = .revokeCredential(try bytes.id())
    case 9: self = .assignOnCall(try bytes.value())
    case 10: self = .changeSettings(try bytes.value())
    case 11: self = .declare(try bytes.value())
    case 12: self = .incident(try bytes.id(), try bytes.value())
    case 13: self = .alert(try bytes.value())
    case 14: self = .closeCleared(try bytes.values(max: Bound.cleared))
    case 15: self = .releaseLeavers(try bytes.values(max: Bound.releases))
    case 16: self = .issueIngestKey(try bytes.value())
    case 17: self = .issueJoinToken(try bytes.value())
    case 18: self = .useJoinToken(try bytes.id())
    case 19: self = .attemptSignIn(try bytes.value())
    case 20: self = .signIn(try bytes.value())
    case 21: self = .changeMeans(try bytes.value())
    case 22: self = .clearMeans(try bytes.id())
    case 23: self = .extendSession
    case 24: self = .noteUses(try bytes.values(max: Bound.uses))
    case 25: self = .keepSecret(try bytes.raw(Bound.secret))
    case 26: self = .importDirectory(try bytes.value())
    case 27: self = .issueServiceKey(try bytes.value())
    case 33: self = .hold(try bytes.value())
    case 34: self = .purge(try bytes.id())
    case 59: self = .eraseContacts(try bytes.id())
    case 28: self = .signHead(try bytes.value())
    case 29: self = .breakGlass(try bytes.value())
    case 30: self = .noteAttempts(try bytes.values(max: Bound.attempts))
    case 31: self = .noteReads(try bytes.values(max: Bound.reads))
    case 35: self = .changeServicePolicy(try bytes.value())
    case 38: self = .arrangeService(try bytes.value())
    case 39: self = .confirmManual(try bytes.value())
    case 40: self = .setLive(try bytes.value())
    case 43: self = .changeTemplate(try bytes.value())
    case 44: self = .acknowledgeMessage(try bytes.id())
    case 45: self = .pruneMessages(try bytes.ids(max: Bound.pruned))
    case 46: self = .withdrawNotice(try bytes.id())
    case 36: self = .setCalendars(try bytes.values(max: Bound.calendars))
    case 37: self = .keepTime(try bytes.ids(max: Bound.timed))
    case 47: self = .fireDues(try bytes.values(max: Bound.dues))
    case 48: self = .noteGap(try bytes.value(), try bytes.ids(max: Bound.dues))
    case 53: self = .saveView(try bytes.value())
    case 54: self = .removeView(try bytes.id())
    case 56: self = .keepReport(try bytes.id(), try bytes.value())
    case 80: self = .changeWebhook(try bytes.value())
    case 81: self = .removeWebhook(try bytes.id())
    case 82: self = .postDelivery(try bytes.value(), to: try bytes.id())
    case 83: self = .moveDeliveries(try bytes.values(max: Bound.deliveries))
    case 84: self = .answerByLink(try bytes.value())
    case let tag: throw .unknown(what: "Action", value: UInt64(tag))
    }
  }
}

extension IncidentAction: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(kind)
    switch self {
    case .acknowledge(let happenedAt): bytes.put(maybe: happenedAt)
    case .setPriority(let change): bytes.put(change)
    case .changeRole(let change): bytes.put(change)
    case .note(let note): bytes.put(note)
    case .update(let update): bytes.put(update)
    case .move(let change): bytes.put(change)
    case .handOver(let handOver): bytes.put(handOver)
    case .proposeRestored(let text): bytes.put(maybe: text)
    case .resolve(let resolution): bytes.put(resolution)
    case .agreeResolution: break
    case .review(let review): bytes.put(review)
    case .close(let reason): bytes.put(maybe: reason)
    case .reopen(let reason): bytes.put(reason)
    case .cancel(let reason): bytes.put(reason)
    case .duplicate(let survivor, let reason):
      bytes.put(survivor)
      bytes.put(maybe: reason)
    case .setFlag(let raising): bytes.put(raising)
    case .clearFlag(let flag, let reason):
      bytes.put(flag)
      bytes.put(reason)
    case .recordFlagReport(let report): bytes.put(report)
    case .recordTicket(let reference, let updatedAt):
      bytes.put(reference)
      bytes.put(maybe: updatedAt)
    case .propose(let proposal): bytes.put(proposal)
    case .decideProposal(let decision): bytes.put(decision)
    case .dismissFlag(let flag, let reason):
      bytes.put(flag)
      bytes.put(reason)
    case .draftCommunication(let draft): bytes.put(draft)
    case .moveCommunication(let step): bytes.put(step)
    case .changeStakeholders(let change): bytes.put(change)
    case .stateReach(let statement): bytes.put(statement)
    case .explainDelay(let reason): bytes.put(reason)
    case .decideNotification(let choice): bytes.put(choice)
    case .changeSight(let change): bytes.put(change)
    case .moveFace(let step): bytes.put(step)
    case .wait(let waiting): bytes.put(waiting)
    case .endWait(let happenedAt): bytes.put(maybe: happenedAt)
    case .assess(let assessment): bytes.put(assessment)
    case .arrangeReview(let plan): bytes.put(plan)
    case .completeAction(let number): bytes.put(number)
    case .answerPage(let answer): bytes.put(answer)
    case .escalate(let reason): bytes.put(reason)
    case .waiveReview(let reason): bytes.put(reason)
    case .keepRedacted(let report): bytes.put(report)
    case .answer(let answer): bytes.put(answer)
    case .giveReason(let reason): bytes.put(reason)
    case .affect(let change): bytes.put(change)
    case .setService(let change): bytes.put(change)
    case .relate(let relation): bytes.put(relation)
    case .engage(let engagement): bytes.put(engagement)
    }
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    let kind: Kind = try bytes.value()
    switch kind {
    case .acknowledge: self = .acknowledge(happenedAt: try bytes.maybeTime())
    case .setPriority: self = .setPriority(try bytes.value())
    case .changeRole: self = .changeRole(try bytes.value())
    case .note: self = .note(try bytes.value())
    case .update: self = .update(try bytes.value())
    case .move: self = .move(try bytes.value())
    case .handOver: self = .handOver(try bytes.value())
    case .proposeRestored:
      self = .proposeRestored(text: try bytes.maybeText(max: Bound.text))
    case .resolve: self = .resolve(try bytes.value())
    case .agreeResolution: self = .agreeResolution
    case .review: self = .review(try bytes.value())
    case .close: self = .close(overrideReason: try bytes.maybeText(max: Bound.reason))
    case .reopen: self = .reopen(reason: try bytes.string(max: Bound.reason))
    case .cancel: self = .cancel(reason: try bytes.string(max: Bound.reason))
    case .duplicate:
      self = .duplicate(of: try bytes.id(), reason: try bytes.maybeText(max: Bound.reason))
    case .setFlag: self = .setFlag(try bytes.value())
    case .clearFlag:
      self = .clearFlag(try bytes.value(), reason: try bytes.string(max: Bound.reason))
    case .recordFlagReport: self = .recordFlagReport(try bytes.value())
    case .recordTicket:
      self = .recordTicket(
        reference: try bytes.string(max: Bound.reference), updatedAt: try bytes.maybeTime())
    case .propose: self = .propose(try bytes.value())
    case .decideProposal: self = .decideProposal(try bytes.value())
    case .dismissFlag:
      self = .dismissFlag(try bytes.value(), reason: try bytes.string(max: Bound.reason))
    case .draftCommunication: self = .draftCommunication(try bytes.value())
    case .moveCommunication: self = .moveCommunication(try bytes.value())
    case .changeStakeholders: self = .changeStakeholders(try bytes.value())
    case .stateReach: self = .stateReach(try bytes.value())
    case .explainDelay: self = .explainDelay(reason: try bytes.string(max: Bound.reason))
    case .decideNotification: self = .decideNotification(try bytes.value())
    case .changeSight: self = .changeSight(try bytes.value())
    case .moveFace: self = .moveFace(try bytes.value())
    case .wait: self = .wait(try bytes.value())
    case .endWait: self = .endWait(happenedAt: try bytes.maybeTime())
    case .assess: self = .assess(try bytes.value())
    case .arrangeReview: self = .arrangeReview(try bytes.value())
    case .completeAction: self = .completeAction(try bytes.u32())
    case .answerPage: self = .answerPage(try bytes.value())
    case .answer: self = .answer(try bytes.value())
    case .giveReason: self = .giveReason(try bytes.string(max: Bound.reason))
    case .affect: self = .affect(try bytes.value())
    case .setService: self = .setService(try bytes.value())
    case .relate: self = .relate(try bytes.value())
    case .engage: self = .engage(try bytes.value())
    case .escalate: self = .escalate(reason: try bytes.string(max: Bound.reason))
    case .waiveReview: self = .waiveReview(try bytes.value())
    case .keepRedacted: self = .keepRedacted(try bytes.value())
    }
  }
}

extension ByteWriter {
  fileprivate mutating func put(_ tag: UInt8, _ value: some BinaryForm) {
    put(tag)
    put(value)
  }
}
