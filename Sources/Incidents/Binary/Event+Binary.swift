package import Bytes

extension Event: BinaryForm {
  /// Its binary form, version 1. Whole in itself: the ledger's columns repeat some of it.
  package func encoded() -> [UInt8] { versioned(reserving: 384) }
  /// The event in `bytes`.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) { try self.init(versioned: bytes) }

  func write(to bytes: inout ByteWriter) {
    bytes.put(subject)
    bytes.put(maybe: happenedAt)
    bytes.put(maybe: onBehalfOf)
    bytes.put(visibility)
    bytes.put(exercise)
    bytes.put(policyVersion)
    bytes.put(kind)
    fact.write(to: &bytes)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      subject: try bytes.value(), happenedAt: try bytes.maybeTime(),
      onBehalfOf: try bytes.maybeID(), visibility: try bytes.u8(), exercise: try bytes.bool(),
      policyVersion: try bytes.u32(), fact: try Fact(kind: try bytes.u16(), from: &bytes))
  }
}

extension Fact {
  /// Writes what ``kind`` does not say.
  func write(to bytes: inout ByteWriter) {
    switch self {
    case .founded(let founding): bytes.put(founding)
    case .personAdded(let person): bytes.put(person)
    case .personDeactivated: break
    case .teamAdded(let team): bytes.put(team)
    case .memberSet(let change): bytes.put(change)
    case .serviceAdded(let service): bytes.put(service)
    case .credentialIssued(let credential): bytes.put(credential)
    case .credentialRevoked: break
    case .onCallAssigned(let assignment): bytes.put(assignment)
    case .settingsChanged(let change): bytes.put(change)
    case .strangeAlertResolved(let notification): bytes.put(notification)
    case .ingestKeyIssued(let key): bytes.put(key)
    case .serviceKeyIssued(let key): bytes.put(key)
    case .holdSet(let hold): bytes.put(hold)
    case .holdReleased(let reason): bytes.put(reason)
    case .purged(let purge): bytes.put(purge)
    case .contactsErased(let erased): bytes.put(erased)
    case .alertsRestated(let alerts): bytes.put(alerts)
    case .servicePolicyChanged(let change): bytes.put(change)
    case .calendarSet(let calendar): bytes.put(calendar)
    case .waitingBegan(let waiting): bytes.put(waiting)
    case .waitingEnded(let at): bytes.put(at)
    case .clocksRecounted(let recount): bytes.put(recount)
    case .closedInTime: break
    case .viewSaved(let view): bytes.put(view)
    case .viewRemoved: break
    case .joinTokenIssued(let token): bytes.put(token)
    case .joinTokenUsed: break
    case .levelRaised(let level): bytes.put(level)
    case .signedIn(let signedIn): bytes.put(signedIn)
    case .passwordSet(let ended), .meansCleared(let ended): bytes.put(ended)
    case .codesMade: break
    case .sessionExtended(let until, let incident):
      bytes.put(until)
      bytes.put(incident)
    case .standingGiven(let administrator, let auditor):
      bytes.put(administrator)
      bytes.put(auditor)
    case .headSigned(let head): bytes.put(head)
    case .glassBroken(let asked, let until):
      bytes.put(asked)
      bytes.put(until)
    case .attemptDenied(let attempt): bytes.put(attempt)
    case .restrictedRead(let read): bytes.put(read)
    case .directoryImported(let imported): bytes.put(imported)
    case .personChanged(let profile): bytes.put(profile)
    case .teamChanged(let profile): bytes.put(profile)
    case .teamRetired, .serviceRetired: break
    case .serviceChanged(let profile): bytes.put(profile)
    case .serviceArranged(let profile): bytes.put(profile)
    case .manualConfirmed(let confirmation): bytes.put(confirmation)
    case .serviceWentLive: break
    case .serviceWithdrawn(let reason): bytes.put(reason)
    case .declared(let declared): bytes.put(declared)
    case .leadNotified(let person, let shift):
      bytes.put(person)
      bytes.put(shift)
    case .noLeadOnCall(let contact): bytes.put(contact)
    case .acknowledged(let person, let at):
      bytes.put(person)
      bytes.put(at)
    case .priorityChanged(let change): bytes.put(change)
    case .ownerMoved(let move): bytes.put(move)
    case .roleOffered(let role, let person, let giver):
      bytes.put(role)
      bytes.put(person)
      bytes.put(giver)
    case .roleDeclined(let role, let person), .roleLeft(let role, let person):
      bytes.put(role)
      bytes.put(person)
    case .roleTaken(let taken): bytes.put(taken)
    case .noted(let note): bytes.put(note)
    case .updated(let update): bytes.put(update)
    case .statusMoved(let move): bytes.put(move)
    case .restoredProposed(let person, let text):
      bytes.put(person)
      bytes.put(maybe: text)
    case .resolved(let resolved): bytes.put(resolved)
    case .resolutionAgreed(let person): bytes.put(person)
    case .reviewed(let review, let person, let version):
      bytes.put(review)
      bytes.put(person)
      bytes.put(version)
    case .closed(let atOnce): bytes.put(atOnce)
    case .closedByOverride(let reason, let person):
      bytes.put(reason)
      bytes.put(person)
    case .reopened(let reason), .cancelled(let reason): bytes.put(reason)
    case .duplicateSaid(let survivor, let reason):
      bytes.put(survivor)
      bytes.put(maybe: reason)
    case .inherited(let inheritance): bytes.put(inheritance)
    case .flagSet(let raising, let person):
      bytes.put(raising)
      bytes.put(person)
    case .flagCleared(let flag, let reason):
      bytes.put(flag)
      bytes.put(reason)
    case .flagReported(let report): bytes.put(report)
    case .ticketRecorded(let reference, let updatedAt):
      bytes.put(reference)
      bytes.put(maybe: updatedAt)
    case .alertReported(let report): bytes.put(report)
    case .alertCleared(let clearing): bytes.put(clearing)
    case .clearedWithoutAction(let at): bytes.put(at)
    case .leaverReleased(let person, let roles, let told):
      bytes.put(person)
      bytes.put(UInt8(roles.count))
      for role in roles { bytes.put(role) }
      bytes.put(maybe: told)
    case .triaged(let triaged): bytes.put(triaged)
    case .proposed(let proposal, let person):
      bytes.put(proposal)
      bytes.put(person)
    case .proposalAccepted(let number, let person):
      bytes.put(number)
      bytes.put(person)
    case .proposalDeclined(let number, let person, let reason):
      bytes.put(number)
      bytes.put(person)
      bytes.put(reason)
    case .flagDismissed(let flag, let reason):
      bytes.put(flag)
      bytes.put(reason)
    case .matrixPinned(let matrix): bytes.put(matrix)
    case .templateChanged(let change): bytes.put(change)
    case .messagesPruned(let messages): bytes.put(messages)
    case .messageAcknowledged(let message): bytes.put(message)
    case .noticeChanged(let change): bytes.put(change)
    case .notificationDecided(let choice): bytes.put(choice)
    case .sightChanged(let change): bytes.put(change)
    case .faceMoved(let step): bytes.put(step)
    case .communicationDrafted(let drafted): bytes.put(drafted)
    case .communicationMoved(let moved): bytes.put(moved)
    case .stakeholderChanged(let change): bytes.put(change)
    case .reachStated(let statement): bytes.put(statement)
    case .delayExplained(let reason, let due):
      bytes.put(reason)
      bytes.put(due)
    case .paged(let paged): bytes.put(paged)
    case .pageAnswered(let answered): bytes.put(answered)
    case .escalated(let escalation): bytes.put(escalation)
    case .reminded(let reminders): bytes.put(reminders)
    case .assessed(let assessment, let person):
      bytes.put(assessment)
      bytes.put(person)
    case .reviewArranged(let plan, let person):
      bytes.put(plan)
      bytes.put(person)
    case .actionCompleted(let number, let person):
      bytes.put(number)
      bytes.put(person)
    case .gapNoted(let gap): bytes.put(gap)
    case .reviewWaived(let reason, let person):
      bytes.put(reason)
      bytes.put(person)
    case .reportKept(let report): bytes.put(report)
    case .reportBytes(let text): bytes.put(text)
    case .answered(let answer, let person):
      bytes.put(answer)
      bytes.put(person)
    case .reasonGiven(let reason, let person):
      bytes.put(reason)
      bytes.put(person)
    case .serviceAffected(let change): bytes.put(change)
    case .leadServiceSet(let set): bytes.put(set)
    case .familyChanged(let change): bytes.put(change)
    case .parentSpoke(let news): bytes.put(news)
    case .umbrellaOpened(let children): bytes.put(children)
    case .takenUpInEmergency(let person): bytes.put(person)
    case .related(let relation): bytes.put(relation)
    case .engaged(let engagement): bytes.put(engagement)
    case .webhookSet(let set): bytes.put(set)
    case .webhookRemoved: break
    case .deliveryAsked(let wish): bytes.put(wish)
    case .deliveriesMoved(let moves): bytes.put(moves)
    }
  }

  /// Reads what ``write(to:)`` wrote for this kind.
  init(kind: UInt16, from bytes: inout ByteReader) throws(MalformedBytes) {
    switch kind {
    case 1: self = .founded(try bytes.value())
    case 2: self = .personAdded(try bytes.value())
    case 3: self = .personDeactivated
    case 4: self = .teamAdded(try bytes.value())
    case 5: self = .memberSet(try bytes.value())
    case 6: self = .serviceAdded(try bytes.value())
    case 7: self = .credentialIssued(try bytes.value())
    case 8: self = .credentialRevoked
    case 9: self = .onCallAssigned(try bytes.value())
    case 10: self = .settingsChanged(try bytes.value())
    case 11: self = .strangeAlertResolved(try bytes.value())
    case 12: self = .ingestKeyIssued(try bytes.value())
    case 13: self = .joinTokenIssued(try bytes.value())
    case 28: self = .serviceKeyIssued(try bytes.value())
    case 33: self = .holdSet(try bytes.value())
    case 34: self = .holdReleased(reason: try bytes.string(max: Bound.reason))
    case 35: self = .purged(try bytes.value())
    case 67: self = .contactsErased(try bytes.value())
    case 36: self = .alertsRestated(try bytes.value())
    case 37: self = .servicePolicyChanged(try bytes.value())
    case 38: self = .calendarSet(try bytes.value())
    case 137: self = .waitingBegan(try bytes.value())
    case 138: self = .waitingEnded(at: try bytes.time())
    case 139: self = .clocksRecounted(try bytes.value())
    case 140: self = .closedInTime
    case 59: self = .viewSaved(try bytes.value())
    case 60: self = .viewRemoved
    case 14: self = .joinTokenUsed
    case 15: self = .levelRaised(to: try bytes.u8())
    case 16: self = .signedIn(try bytes.value())
    case 17: self = .passwordSet(ended: try bytes.ids(max: Bound.list))
    case 18: self = .codesMade
    case 19: self = .meansCleared(ended: try bytes.ids(max: Bound.list))
    case 20: self = .sessionExtended(until: try bytes.time(), incident: try bytes.id())
    case 21: self = .standingGiven(administrator: try bytes.bool(), auditor: try bytes.bool())
    case 29: self = .headSigned(try bytes.value())
    case 30: self = .glassBroken(try bytes.value(), until: try bytes.time())
    case 31: self = .attemptDenied(try bytes.value())
    case 32: self = .restrictedRead(try bytes.value())
    case 22: self = .directoryImported(try bytes.value())
    case 23: self = .personChanged(try bytes.value())
    case 24: self = .teamChanged(try bytes.value())
    case 25: self = .teamRetired
    case 26: self = .serviceChanged(try bytes.value())
    case 27: self = .serviceRetired
    case 41: self = .serviceArranged(try bytes.value())
    case 42: self = .manualConfirmed(try bytes.value())
    case 43: self = .serviceWentLive
    case 44: self = .serviceWithdrawn(reason: try bytes.string(max: Bound.reason))
    case 100: self = .declared(try bytes.value())
    case 101: self = .leadNotified(person: try bytes.id(), shift: try bytes.id())
    case 102: self = .noLeadOnCall(contact: try bytes.id())
    case 103: self = .acknowledged(person: try bytes.id(), at: try bytes.time())
    case 104: self = .priorityChanged(try bytes.value())
    case 105: self = .ownerMoved(try bytes.value())
    case 106:
      self = .roleOffered(role: try bytes.value(), to: try bytes.id(), by: try bytes.id())
    case 107: self = .roleDeclined(role: try bytes.value(), by: try bytes.id())
    case 108: self = .roleTaken(try bytes.value())
    case 109: self = .roleLeft(role: try bytes.value(), person: try bytes.id())
    case 110: self = .noted(try bytes.value())
    case 111: self = .updated(try bytes.value())
    case 112: self = .statusMoved(try bytes.value())
    case 113:
      self = .restoredProposed(by: try bytes.id(), text: try bytes.maybeText(max: Bound.text))
    case 114: self = .resolved(try bytes.value())
    case 115: self = .resolutionAgreed(by: try bytes.id())
    case 116:
      self = .reviewed(try bytes.value(), by: try bytes.id(), version: try bytes.u32())
    case 117: self = .closed(atOnce: try bytes.bool())
    case 118:
      self = .closedByOverride(
        reason: try bytes.string(max: Bound.reason), by: try bytes.id())
    case 119: self = .reopened(reason: try bytes.string(max: Bound.reason))
    case 120: self = .cancelled(reason: try bytes.string(max: Bound.reason))
    case 121:
      self = .duplicateSaid(
        of: try bytes.id(), reason: try bytes.maybeText(max: Bound.reason))
    case 122: self = .inherited(try bytes.value())
    case 123: self = .flagSet(try bytes.value(), by: try bytes.id())
    case 124:
      self = .flagCleared(try bytes.value(), reason: try bytes.string(max: Bound.reason))
    case 125: self = .flagReported(try bytes.value())
    case 126:
      self = .ticketRecorded(
        reference: try bytes.string(max: Bound.reference), updatedAt: try bytes.maybeTime())
    case 127: self = .alertReported(try bytes.value())
    case 128: self = .alertCleared(try bytes.value())
    case 129: self = .clearedWithoutAction(at: try bytes.time())
    case 130:
      self = .leaverReleased(
        person: try bytes.id(), roles: try bytes.roles(), told: try bytes.maybeID())
    case 131: self = .triaged(try bytes.value())
    case 132: self = .proposed(try bytes.value(), by: try bytes.id())
    case 133: self = .proposalAccepted(try bytes.u32(), by: try bytes.id())
    case 134:
      self = .proposalDeclined(
        try bytes.u32(), by: try bytes.id(), reason: try bytes.string(max: Bound.reason))
    case 135:
      self = .flagDismissed(try bytes.value(), reason: try bytes.string(max: Bound.reason))
    case 136: self = .matrixPinned(try bytes.value())
    case 49: self = .templateChanged(try bytes.value())
    case 50: self = .noticeChanged(try bytes.value())
    case 156: self = .notificationDecided(try bytes.value())
    case 157: self = .sightChanged(try bytes.value())
    case 158: self = .faceMoved(try bytes.value())
    case 51: self = .messagesPruned(try bytes.ids(max: Bound.pruned))
    case 52: self = .messageAcknowledged(try bytes.id())
    case 151: self = .communicationDrafted(try bytes.value())
    case 152: self = .communicationMoved(try bytes.value())
    case 153: self = .stakeholderChanged(try bytes.value())
    case 154: self = .reachStated(try bytes.value())
    case 155:
      self = .delayExplained(
        reason: try bytes.string(max: Bound.reason), dueAt: try bytes.time())
    case 160: self = .paged(try bytes.value())
    case 161: self = .pageAnswered(try bytes.value())
    case 162: self = .escalated(try bytes.value())
    case 163: self = .reminded(try bytes.values(max: Bound.reminders))
    case 164: self = .assessed(try bytes.value(), by: try bytes.id())
    case 165: self = .reviewArranged(try bytes.value(), by: try bytes.id())
    case 166: self = .actionCompleted(number: try bytes.u32(), by: try bytes.id())
    case 167: self = .gapNoted(try bytes.value())
    case 170: self = .reviewWaived(try bytes.value(), by: try bytes.id())
    case 171: self = .reportKept(try bytes.value())
    case 172: self = .reportBytes(try bytes.blob(max: Bound.report))
    case 142: self = .answered(try bytes.value(), by: try bytes.id())
    case 143:
      self = .reasonGiven(try bytes.string(max: Bound.reason), by: try bytes.id())
    case 144: self = .serviceAffected(try bytes.value())
    case 145: self = .leadServiceSet(try bytes.value())
    case 146: self = .familyChanged(try bytes.value())
    case Self.parentSpokeKind: self = .parentSpoke(try bytes.value())
    case 173: self = .umbrellaOpened(children: try bytes.ids(max: AlertStorm.most))
    case 174: self = .takenUpInEmergency(by: try bytes.id())
    case 148: self = .related(try bytes.relationThatHappened())
    case 149: self = .engaged(try bytes.value())
    case 80: self = .webhookSet(try bytes.value())
    case 81: self = .webhookRemoved
    case 82: self = .deliveryAsked(try bytes.value())
    case 83: self = .deliveriesMoved(try bytes.values(max: Bound.deliveries))
    default: throw .unknown(what: "event kind", value: UInt64(kind))
    }
  }
}

extension ByteReader {
  /// Each role at most once.
  fileprivate mutating func roles() throws(MalformedBytes) -> [Role] {
    let count = Int(try u8())
    guard count <= Role.allCases.count else {
      throw .overLimit(found: count, limit: Role.allCases.count)
    }
    var roles: [Role] = []
    for _ in 0..<count { roles.append(try value()) }
    return roles
  }
}

extension ByteReader {
  /// A relation as an event tells it: who belongs to whom is a change in the family.
  fileprivate mutating func relationThatHappened() throws(MalformedBytes) -> Relation {
    let relation: Relation = try value()
    if case .childOf = relation { throw .unknown(what: "Relation that happened", value: 1) }
    return relation
  }
}
