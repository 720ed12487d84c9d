internal import Bytes

/// What is told of an incident, as far as its own record has it.
extension Incident {
  /// Makes true what there is from behaviour level 2 on.
  mutating func evolveOutreach(_ event: Event, at stamp: Int64, by timing: Timing) {
    switch event.fact {
    case .communicationDrafted(let drafted):
      if let approver = drafted.draft.approver, !outreach.approvers.contains(approver) {
        extras.outreach.approvers.append(approver)
      }
    case .communicationMoved(let moved):
      if case .sent(let sent) = moved.step {
        take(
          CommunicationUpdate(
            audience: moved.audience, text: sent.what, nextUpdateAt: sent.nextUpdateAt),
          at: stamp, by: timing)
      }
    case .stakeholderChanged(let change):
      if change.isAdded {
        inherit([change.stakeholder])
      } else {
        extras.outreach.stakeholders.removeAll { $0 == change.stakeholder }
      }
    case .delayExplained(_, let due):
      if outreach.unexplained?.dueAt == due {
        extras.outreach.unexplained = nil
      } else {
        extras.outreach.explainedDue = due
      }
    default: break
    }
  }

  mutating func inherit(_ stakeholders: [InformedParty]) {
    for stakeholder in stakeholders
    where !outreach.stakeholders.contains(stakeholder)
      && outreach.stakeholders.count < Bound.list
    {
      extras.outreach.stakeholders.append(stakeholder)
    }
  }

  mutating func state(_ statement: ReachStatement, _ mark: Mark) {
    switch statement {
    case .department(let isAll):
      extras.outreach.affectsAll = Reach(isDepartment: isAll, mark: mark)
    case .allStaffNotNeeded(let because):
      extras.outreach.allStaffNotNeeded = Statement(text: because, mark: mark)
    }
  }

  /// Something was told, to `audience`.
  ///
  /// - Parameters:
  ///   - due: When an update was due by then, if one was.
  ///   - calendar: Of its service.
  mutating func tell(
    _ audience: CommunicationUpdate.Audience, due: Int64?, delayReason: String?, at stamp: Int64,
    by calendar: @autoclosure () -> WorkCalendar
  ) {
    if audience == .allStaff { extras.outreach.allStaffToldAt = stamp }
    guard audience != .team else { return }
    defer { extras.outreach.explainedDue = nil }
    guard let due, stamp > due, delayReason == nil, outreach.explainedDue != due else { return }
    extras.outreach.unexplained = Delay(
      dueAt: due, sentAt: stamp,
      reasonDueAt: calendar().endOfNextWorkingDay(after: stamp))
  }
}

extension Clocks {
  /// When the update that is owed now is due.
  var updateDue: Int64? { update?.stoppedAt == nil ? update?.dueAt : nil }
}

/// Makes true what an event about an incident means for what is told: the rows of its communications
/// and of the messages to people. Only from behaviour level 2 on.
///
/// - Parameters:
///   - incident: As it is after the event.
///   - before: As it was.
func reachOut(
  _ event: Event, to incident: inout Incident, before: Incident, by actor: Actor, at stamp: Int64,
  in records: inout some Records
) {
  switch event.fact {
  case .updated(let update):
    let due = before.clocks.updateDue
    incident.tell(
      update.audience, due: due, delayReason: update.extras.delayReason, at: stamp,
      by: records.calendar(of: before.service))
    if let person = actor.person {
      records.put(Communication(update, sentBy: person, at: stamp, on: incident))
    }
  case .communicationDrafted(let drafted):
    guard let person = actor.person else { return }
    draft(drafted, by: person, on: incident, at: stamp, in: &records)
  case .communicationMoved(let moved):
    guard let person = actor.person else { return }
    if case .sent(let sent) = moved.step {
      let due = before.clocks.updateDue
      incident.tell(
        moved.audience, due: due, delayReason: sent.delayReason, at: stamp,
        by: records.calendar(of: before.service))
    }
    move(moved, by: person, on: incident, at: stamp, in: &records)
  // A drill has no ticket: what would have been one is in the timeline alone.
  case .ticketRecorded where incident.isExercise: incident.ticket = before.ticket
  case .reachStated(let statement):
    guard let person = actor.person else { return }
    incident.state(statement, Incident.Mark(person: person, at: stamp))
  default:
    if let person = actor.person {
      incident.evolveSensitive(event.fact, Incident.Mark(person: person, at: stamp))
    }
    tell(of: event, on: incident, before: before, by: actor, at: stamp, in: &records)
  }
}

private func draft(
  _ drafted: CommunicationDrafted, by person: ID, on incident: Incident, at stamp: Int64,
  in records: inout some Records
) {
  let known = records.communication(drafted.draft.id)
  let communication = Communication(
    id: drafted.draft.id, version: (known?.version ?? 0) + 1, incident: incident.id,
    draft: drafted.draft, text: drafted.text, author: person, draftedAt: stamp,
    approval: nil, state: .draft, deliveries: [])
  records.put(communication)
  var box = Outbox(incident, at: stamp)
  let about = Message.About.approvalAsked(communication: communication.id, by: person)
  for approver in communication.approvers(of: incident) where approver != person {
    box.add(.person(approver), about)
  }
  box.put(in: &records)
}

private func move(
  _ moved: CommunicationMoved, by person: ID, on incident: Incident, at stamp: Int64,
  in records: inout some Records
) {
  var communication = known(
    records.communication(moved.communication), "communication", moved.communication)
  let mark = Incident.Mark(person: person, at: stamp)
  communication.version += 1
  switch moved.step {
  case .approved:
    communication.approval = mark
    communication.state = .approved
  case .withdrawn(let reason):
    communication.ending = mark
    communication.reason = reason
    communication.state = .withdrawn
  case .delivered(let delivery): communication.take(delivery)
  case .sent(let sent):
    if sent.approves { communication.approval = mark }
    communication.ending = mark
    communication.reason = sent.overrideReason
    communication.state =
      incident.isExercise && moved.audience.isWide ? .wouldHaveBeenSent : .sent
    if let reason = sent.overrideReason {
      var box = Outbox(incident, at: stamp)
      let about = Message.About.sentWithoutApproval(
        communication: communication.id, by: person, reason: reason)
      for recipient in [communication.author, person] + communication.approvers(of: incident) {
        box.add(.person(recipient), about)
      }
      box.put(in: &records)
    }
  }
  records.put(communication)
}

extension Communication {
  /// One that was sent before it was written down.
  init(
    _ update: CommunicationUpdate, sentBy person: ID, at stamp: Int64, on incident: Incident
  ) {
    let id = ID(following: incident.id, version: incident.version, place: 255)
    let isHome = incident.isExercise && update.audience.isWide
    self.init(
      id: id, version: 1, incident: incident.id,
      draft: CommunicationDraft(
        id: id, audience: update.audience, what: update.text, affected: update.extras.affected,
        meanwhile: update.extras.meanwhile, nextUpdateAt: update.nextUpdateAt,
        delayReason: update.extras.delayReason),
      text: CommunicationText(subject: incident.title, body: update.text)
        .marked(isExercise: incident.isExercise),
      author: person, draftedAt: stamp, approval: nil,
      state: isHome ? .wouldHaveBeenSent : .sent,
      ending: Incident.Mark(person: person, at: stamp), deliveries: [])
  }

  /// Who is asked to agree to it: whom its author named; or for an all-staff message on less than a P1
  /// the leads, each once.
  fileprivate func approvers(of incident: Incident) -> [ID] {
    if let approver = draft.approver { return [approver] }
    guard draft.audience == .allStaff, incident.classification.priority != .p1 else { return [] }
    var found: [ID] = []
    for holder in [incident.roles.lead, incident.roles.commsLead] {
      if let person = holder?.person, person != author, !found.contains(person) {
        found.append(person)
      }
    }
    return found
  }

  fileprivate mutating func take(_ delivery: Delivery) {
    if let place = deliveries.firstIndex(where: { $0.group == delivery.group }) {
      deliveries[place] = delivery
    } else {
      deliveries.append(delivery)
    }
  }
}

/// Makes a change of the words around what is told true.
///
/// One that was removed and is written again begins at a version that none before it had, or somebody who
/// saw the old one would overwrite the new.
func take(_ change: TemplateChange, at stamp: Int64, in records: inout some Records) {
  let version = records.template(change.key).map { $0.version + 1 } ?? UInt64(clamping: stamp)
  let template = change.text.map {
    CommunicationTemplate(key: change.key, version: version, text: $0)
  }
  records.put(template, for: change.key)
}

/// Makes true that somebody has read a message.
func acknowledge(
  _ id: ID, by actor: Actor, at stamp: Int64, in records: inout some Records
) {
  guard var message = records.message(id), let person = actor.person else { return }
  message.acknowledgements.append(Incident.Mark(person: person, at: stamp))
  records.put(message)
}
