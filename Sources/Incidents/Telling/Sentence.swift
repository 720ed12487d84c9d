internal import Bytes

extension Event {
  /// What happened, in one calm sentence, without its time. One of an exercise says so first.
  ///
  /// - Parameters:
  ///   - actor: Who caused it, as the ledger has it.
  ///   - names: What people, teams and services are called.
  package func sentence(by actor: Actor, names: Names) -> String {
    let who = names.actor(actor)
    let drill = exercise ? fact.drillSentence(by: who, names) : nil
    let plain = drill ?? fact.sentence(by: who, names)
    let sentence = CommunicationText.marked(plain, isExercise: exercise)
    guard let onBehalfOf else { return sentence }
    return "\(sentence) (On behalf of \(names.person(onBehalfOf)).)"
  }
}

extension Fact {
  fileprivate func sentence(by who: String, _ names: Names) -> String {
    switch self {
    case .founded(let founding): "The cluster was founded for \(founding.name)."
    case .personAdded(let person): "\(who) added \(person.name)."
    case .personDeactivated: "\(who) ended this person's sign-in."
    case .teamAdded(let team): "\(who) added the team \(team.name), \(team.line.word)."
    case .memberSet(let change): change.sentence(by: who, names)
    case .serviceAdded(let service): "\(who) added the service \(service.name)."
    case .credentialIssued(let credential):
      "\(who) issued a token to \(names.person(credential.person)): \(credential.label)."
    case .ingestKeyIssued(let key):
      "\(who) issued a key to post alerts of \(names.service(key.service)): \(key.label)."
    case .serviceKeyIssued(let key):
      "\(who) made a \(key.isCertificate ? "certificate" : "key") of \(names.service(key.service)) known, "
        + "to \(key.scopes.words.joined(separator: ", ")): \(key.label)."
    case .holdSet(let hold):
      "\(who) has this kept whatever its age, to be looked at again on \(DisplayTime.text(hold.reviewAt)): "
        + hold.reason
    case .holdReleased(let reason): "\(who) lets this go once it is old enough: \(reason)"
    case .purged(let purge):
      "What was said here, in \(purge.rows) entries, was purged: it had been kept long enough."
    case .contactsErased: "Their contact details were erased: they have been gone long enough."
    case .calendarSet(let calendar):
      "\(who) settled the calendar \(calendar.name): when its people work, and \(calendar.holidays.count) "
        + "holidays."
    case .servicePolicyChanged: "\(who) changed what this service does otherwise."
    case .viewSaved(let view): "\(who) saved the view \(view.name)."
    case .viewRemoved: "\(who) removed a saved view."
    case .alertsRestated: "Its alerts were said anew, as an earlier incident of theirs was purged."
    case .joinTokenIssued(let token):
      "\(who) issued a token to join the cluster with: \(token.label)."
    case .joinTokenUsed: "\(who) let a node join the cluster with a token."
    case .credentialRevoked: "\(who) revoked a token."
    case .onCallAssigned(let shift):
      "\(who) put \(names.person(shift.person)) on call for \(names.service(shift.service)) as "
        + "\(shift.role.word), from \(DisplayTime.text(shift.from)) to "
        + "\(DisplayTime.text(shift.until))."
    case .settingsChanged: "\(who) changed the settings."
    case .signedIn(let signedIn):
      "\(who) signed in with \(signedIn.session.way.words)"
        + (signedIn.session.origin.isEmpty ? "." : " from \(signedIn.session.origin).")
    case .passwordSet: "\(who) chose a password; their other sessions ended."
    case .codesMade: "\(who) had ten codes printed; those before work no more."
    case .meansCleared: "\(who) took password and codes from somebody, whose sessions ended."
    case .standingGiven(let administrator, let auditor):
      "\(who) is \(administrator ? "" : "not ")an administrator and \(auditor ? "" : "not ")an "
        + "auditor, by the identity provider's groups."
    case .sessionExtended(let until, let incident):
      "\(who) stays signed in until \(DisplayTime.text(until)), for a role on "
        + "\(Reference(incident).text)."
    case .levelRaised(let level):
      "Every node knows behaviour level \(level): it is in force."
    case .headSigned(let head): "Node \(head.node) signed the record up to row \(head.position)."
    case .glassBroken(let asked, let until): asked.sentence(by: who, until: until, names)
    case .attemptDenied(let attempt):
      "\(who) tried \(attempt.what) and may not"
        + (attempt.count == 1 ? "." : "; \(attempt.count) times.")
    case .restrictedRead(let read):
      "\(names.person(read.person)) was shown \(Reference(read.incident).text), which is restricted."
    case .directoryImported(let imported):
      "\(who) imported the directory: \(imported.added) added, \(imported.changed) changed, "
        + "\(imported.removed) removed."
    case .personChanged(let profile): "\(who) described \(profile.name) anew."
    case .teamChanged(let profile): "\(who) described the team \(profile.name) anew."
    case .teamRetired: "\(who) took this team out of the directory."
    case .serviceChanged(let profile): "\(who) described the service \(profile.name) anew."
    case .serviceRetired: "\(who) took this service out of the directory."
    case .serviceArranged: "\(who) said how this service is run."
    case .manualConfirmed(let confirmation):
      "\(names.person(confirmation.by)) confirmed that its manual has both reporting requirements, as "
        + "read on \(DisplayTime.text(confirmation.at))."
    case .serviceWentLive: "\(who) took this service live."
    case .serviceWithdrawn(let reason):
      "\(who) said that this service is not live any more: \(reason)"
    case .templateChanged(let change): change.sentence(by: who)
    case .messagesPruned(let messages):
      "\(messages.count) messages went, which had been kept for thirty days."
    case .messageAcknowledged: "\(who) read a message."
    case .noticeChanged(let change): change.sentence(by: who)
    case .webhookSet, .webhookRemoved, .deliveryAsked, .deliveriesMoved: webhookSentence(by: who)
    case .strangeAlertResolved(let notification):
      "\(notification.members.count) alerts resolved that nobody here knew."
    default: incidentSentence(by: who, names)
    }
  }

  private func incidentSentence(by who: String, _ names: Names) -> String {
    switch self {
    case .declared(let declared): declared.sentence(by: who, names)
    case .leadNotified(let person, _):
      "\(names.person(person)), on call as lead, was paged."
    case .noLeadOnCall(let contact):
      "Nobody was on call; the duty contact \(names.person(contact)) was paged."
    case .acknowledged(let person, _): "\(names.person(person)) acknowledged it: we have it."
    case .priorityChanged(let change): change.sentence(by: who)
    case .ownerMoved(let move): move.sentence(by: who)
    case .roleOffered(let role, let person, let giver):
      "\(names.person(giver)) offered the role of \(role.word) to \(names.person(person))."
    case .roleDeclined(let role, let person):
      "\(names.person(person)) declined the role of \(role.word)."
    case .roleTaken(let taken): taken.sentence(names)
    case .roleLeft(let role, let person): "\(names.person(person)) is no longer \(role.word)."
    case .noted(let note): note.sentence(by: who)
    case .updated(let update): "\(who) told \(update.audience.word): \(update.text)"
    case .statusMoved(let move): move.sentence(by: who)
    case .communicationDrafted(let drafted): drafted.sentence(by: who, names)
    case .communicationMoved(let moved): moved.sentence(by: who)
    case .stakeholderChanged(let change): change.sentence(by: who, names)
    case .reachStated(let statement): statement.sentence(by: who)
    case .notificationDecided(let choice): choice.sentence(by: who)
    case .sightChanged(let change): change.sentence(by: who, names)
    case .faceMoved(let step): step.sentence(by: who)
    case .delayExplained(let reason, let due):
      "\(who) said why the update that was due on \(DisplayTime.text(due)) is late: \(reason)"
    case .restoredProposed(let person, let text):
      "\(names.person(person)) proposes that service is restored" + tail(text)
    case .resolved(let resolved): resolved.sentence(names)
    case .resolutionAgreed(let person):
      "\(names.person(person)) confirmed the resolution that was agreed by phone."
    case .reviewed(_, let person, let version):
      "\(names.person(person)) finished version \(version) of the post-incident review."
    case .closed(let atOnce):
      atOnce ? "It closed as it was resolved." : "\(who) closed it."
    case .closedByOverride(let reason, let person):
      "\(names.person(person)) closed it without its review"
        + (reason.isEmpty ? ", and did not say why." : tail(reason))
    case .reopened(AlertNotification.reopening): "It is open again. \(AlertNotification.reopening)"
    case .reopened(let reason): "\(who) reopened it" + tail(reason)
    case .cancelled(let reason): "\(who) cancelled it" + tail(reason)
    case .duplicateSaid(let survivor, let reason):
      "\(who) said it is a duplicate of \(names.incident(survivor))" + tail(reason)
    case .inherited(let inheritance):
      "It took over the start and the flags of its duplicate \(names.incident(inheritance.from))."
    case .flagSet(let raising, let person):
      "\(names.person(person)) flagged it as \(raising.flag.phrase). Report it to the "
        + "\(raising.flag.team) now" + tail(raising.note)
    case .flagCleared(let flag, let reason):
      "\(who) cleared the flag for \(flag.phrase)" + tail(reason)
    case .flagReported(let report):
      "\(report.by) told the \(report.flag.team)"
        + (report.reference.map { " (reference \($0))." } ?? ".")
    case .ticketRecorded(let reference, let updatedAt):
      updatedAt == nil
        ? "\(who) recorded its ticket \(reference)."
        : "\(who) updated its ticket\(reference.isEmpty ? "" : " \(reference)")."
    case .alertReported(let report): report.sentence
    case .alertCleared(let clearing):
      clearing.wasTouched
        ? "All of its alerts are clear. Is service restored?" : "All of its alerts are clear."
    case .leaverReleased(let person, let roles, let told):
      roles.isEmpty
        ? "\(names.person(person)) has left: what they were offered here is offered no more."
        : "\(names.person(person)) has left and is no longer "
          + roles.map(\.word).joined(separator: ", ") + "."
          + (told.map { " \(names.person($0)) was told to see to it." } ?? "")
    case .triaged(let triaged): triaged.sentence(by: who)
    case .proposed(let proposal, let person):
      "\(names.person(person)) proposes to \(proposal.matter.words)" + tail(proposal.reason)
    case .proposalAccepted(let number, let person):
      "\(who) accepted proposal \(number), by \(names.person(person))."
    case .proposalDeclined(let number, let person, let reason):
      "\(who) declined proposal \(number), by \(names.person(person))" + tail(reason)
    case .flagDismissed(let flag, let reason):
      "\(who) said that it is not \(flag.phrase)" + tail(reason)
    case .matrixPinned: "It runs under its service's own matrix of impact and urgency."
    case .paged, .pageAnswered, .escalated, .reminded, .assessed, .reviewArranged, .actionCompleted,
      .gapNoted:
      watchSentence(by: who, names)
    case .reviewWaived(let reason, let person):
      "\(names.person(person)) waived its post-incident review: \(reason.words(names))."
    case .reportKept(let report): report.sentence(by: who)
    case .reportBytes: "The report itself."
    case .clearedWithoutAction(let at):
      "Cleared without action: its alerts cleared at \(DisplayTime.text(at)) and nobody had touched "
        + "it, so it closed."
    case .waitingBegan(let waiting): waiting.sentence(by: who)
    case .waitingEnded: "\(who) said that it waits no more."
    case .clocksRecounted(let recount):
      "Due times were counted anew, by the calendar \(recount.calendar) as it is now"
        + (recount.dueAt.map { ": resolution is due \(DisplayTime.text($0))." } ?? ".")
    case .closedInTime:
      "It closed by itself: it had been resolved for \(Grace.closing) business days and nothing was owed."
    case .answered, .reasonGiven, .serviceAffected, .leadServiceSet, .familyChanged, .parentSpoke,
      .umbrellaOpened, .takenUpInEmergency, .related, .engaged:
      lineSentence(by: who, names)
    case .founded, .personAdded, .personDeactivated, .teamAdded, .memberSet, .serviceAdded,
      .credentialIssued, .credentialRevoked, .onCallAssigned, .settingsChanged,
      .strangeAlertResolved, .ingestKeyIssued, .serviceKeyIssued, .joinTokenIssued, .joinTokenUsed,
      .levelRaised,
      .signedIn, .passwordSet, .codesMade, .meansCleared, .sessionExtended, .standingGiven,
      .directoryImported, .personChanged, .teamChanged, .teamRetired, .serviceChanged,
      .serviceRetired, .headSigned, .glassBroken, .attemptDenied, .restrictedRead, .holdSet,
      .holdReleased, .purged, .alertsRestated, .contactsErased, .servicePolicyChanged,
      .serviceArranged, .manualConfirmed, .serviceWentLive, .serviceWithdrawn, .templateChanged,
      .messagesPruned, .messageAcknowledged, .noticeChanged,
      .calendarSet, .viewSaved, .viewRemoved, .webhookSet, .webhookRemoved, .deliveryAsked,
      .deliveriesMoved:
      preconditionFailure("Told with the department.")
    }
  }
}

extension MembershipChange {
  fileprivate func sentence(by who: String, _ names: Names) -> String {
    switch role {
    case .member: "\(who) made \(names.person(person)) a member of \(names.team(team))."
    case .teamLead: "\(who) made \(names.person(person)) a lead of \(names.team(team))."
    case .serviceDelivery:
      "\(who) put \(names.person(person)) into Service Delivery of \(names.team(team))."
    case nil: "\(who) took \(names.person(person)) out of \(names.team(team))."
    }
  }
}

extension Declared {
  /// Whether it was an alert, and neither a person nor a service's system of its own accord.
  var isByAlert: Bool { reporter == nil && source.kind == .alert }

  fileprivate func sentence(by who: String, _ names: Names) -> String {
    let service =
      if let id = self.service {
        " on \(names.service(id))"
      } else if let name = unknownService {
        " on the unknown service \(name)"
      } else {
        ""
      }
    let declarer = isByAlert ? "An alert" : who
    let again = recurrenceOf.map { " It happened before: \(names.incident($0))." } ?? ""
    return "\(declarer) declared it\(service), provisionally \(classification.priority).\(again)"
  }
}

extension PriorityChanged {
  fileprivate func sentence(by who: String) -> String {
    let subject = byAlert ? "An alert" : who
    let from = before.priority
    let to = after.priority
    let confirmation = after.isConfirmed && !before.isConfirmed
    let what =
      switch move {
      case .stated where from == to:
        confirmation ? "confirmed it as \(to)" : "stated it again as \(to), provisionally"
      case .stated:
        confirmation
          ? "confirmed it as \(to), provisionally \(from) until now"
          : "changed it from \(from) to \(to), provisionally"
      case .raised: "raised it from \(from) to \(to)"
      case .lowered: "lowered it from \(from) to \(to)"
      case .unchanged: "kept it at \(to) with other factors"
      }
    return "\(subject) \(what)" + tail(reason)
  }
}

extension StatusMoved {
  fileprivate func sentence(by who: String) -> String {
    let what =
      from == to
      ? "gave it another place in the backlog" : "moved it from \(from.word) to \(to.word)"
    let rank = place.rank.map { ", at rank \($0)" } ?? ""
    let again = place.lookAgainAt.map { ", to be looked at again \(DisplayTime.text($0))" } ?? ""
    return "\(who) \(what)\(rank)\(again)" + tail(note)
  }
}

extension OwnerMoved {
  fileprivate func sentence(by who: String) -> String {
    var again = isBounce ? ", which had it before" : ""
    if let extras {
      if isBounce { again += "; it lay there for \(extras.lay.words)" }
      if let supplier = extras.supplier { again += ": \(supplier)" }
    }
    return followsPriority
      ? "With its priority it moved from \(from.word) to \(to.word)\(again)."
      : "\(who) handed it from \(from.word) to \(to.word)\(again)" + tail(reason)
  }
}

extension RoleTaken {
  fileprivate func sentence(_ names: Names) -> String {
    let name = names.person(person)
    let after = previous.map { ", after \(names.person($0))" } ?? ""
    return switch manner {
    case .acknowledging: "\(name) is \(role.word), having acknowledged it first."
    case .accepting: "\(name) accepted the role of \(role.word)\(after)."
    case .taking: "\(name) took the role of \(role.word)\(after)."
    case .resolving: "\(name) took the role of \(role.word)\(after), to resolve it."
    }
  }
}

extension Note {
  fileprivate func sentence(by who: String) -> String {
    switch kind {
    case .action: "Action, by \(who): \(text)"
    case .decision: "Decision, noted by \(who): \(text)"
    case .discussion: "Discussion, noted by \(who): \(text)"
    case .finding: "Finding, by \(who): \(text)"
    case .communication: "Communication, noted by \(who): \(text)"
    case .evidence: "Evidence, from \(who): \(text)"
    case .correction: "Correction of entry \(corrects ?? 0), by \(who): \(text)"
    }
  }
}

extension CommunicationUpdate.Audience {
  /// As it is called in a sentence.
  package var word: String {
    switch self {
    case .team: "the incident team"
    case .stakeholders: "stakeholders"
    case .allStaff: "all staff"
    case .statusPage: "readers of the status page"
    }
  }
}

extension Incident.Resolved {
  fileprivate func sentence(_ names: Names) -> String {
    let agreed =
      switch agreement {
      case .lead: "as its lead"
      case .phone(let name): "with the agreement of \(name) by phone"
      case .phoneConfirmed(let name, _): "with the agreement of \(name)"
      case .notNeeded: ""
      }
    let manner = agreed.isEmpty ? "" : " \(agreed)"
    return "\(names.person(person)) resolved it\(manner): \(fix)"
  }
}

extension OnCallRole {
  /// "lead" or "second".
  package var word: String {
    switch self {
    case .lead: "lead"
    case .second: "second"
    }
  }
}

extension Flag {
  /// As it is called in a sentence.
  package var phrase: String {
    switch self {
    case .cyber: "a cyber security incident"
    case .data: "a data breach or loss"
    }
  }
}

extension GlassBreak {
  fileprivate func sentence(by who: String, until: Int64, _ names: Names) -> String {
    let what =
      switch scope {
      case .incident: "this incident"
      case .team(let team): "what \(names.team(team)) has to do with"
      }
    return "\(who) broke the glass: they may see and do everything about \(what) until "
      + "\(DisplayTime.text(until)), because: \(reason)"
  }
}

extension WaiverReason {
  /// Why a review is not held, as policy section 4 words it.
  package func words(_ names: Names) -> String {
    switch self {
    case .neverMajor: "never a P1 or P2"
    case .falseAlarm: "false alarm, no one affected"
    case .covered(let other): "covered by the review of \(names.incident(other))"
    }
  }
}

extension KeptReport {
  fileprivate func sentence(by who: String) -> String {
    switch name {
    case .reviewed(let version): "Version \(version) of the report is kept, byte for byte."
    case .redacted(let number):
      "\(who) made redacted version r\(number) of the report: \(redactions.count) "
        + "\(redactions.count == 1 ? "thing is" : "things are") withheld."
    }
  }
}
