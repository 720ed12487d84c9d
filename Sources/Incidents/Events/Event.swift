package import Bytes

/// A fact: something that happened, and is true from then on.
///
/// The ledger keeps the header (subject, times, label) in columns and ``encoded()`` as the body.
package struct Event: Hashable, Sendable {
  /// What it is about.
  package var subject: Subject
  /// When it really happened, if that is not the stamp.
  package var happenedAt: Int64?
  /// For whom it was recorded.
  package var onBehalfOf: ID?
  /// Who may see it: 0 is everybody who may see the subject, 1 is restricted.
  package var visibility: UInt8
  /// Whether it belongs to an exercise.
  package var exercise: Bool
  /// The version of the policy that it was decided under.
  package var policyVersion: UInt32
  /// What happened.
  package var fact: Fact

  /// An event.
  package init(
    subject: Subject, happenedAt: Int64? = nil, onBehalfOf: ID? = nil, visibility: UInt8 = 0,
    exercise: Bool = false, policyVersion: UInt32 = 1, fact: Fact
  ) {
    self.subject = subject
    self.happenedAt = happenedAt
    self.onBehalfOf = onBehalfOf
    self.visibility = visibility
    self.exercise = exercise
    self.policyVersion = policyVersion
    self.fact = fact
  }

  /// The stable number of its kind: 1 to 99 for the department, from 100 for incidents.
  package var kind: UInt16 { fact.kind }
}

/// What an event is about.
package struct Subject: Hashable, Sendable {
  /// What kind of thing.
  package var kind: Kind
  /// Which.
  package var id: ID

  /// Kinds of things that events are about.
  package enum Kind: UInt8, CaseIterable, Sendable {
    /// The department's settings.
    case settings = 1
    /// A person.
    case person = 2
    /// A team.
    case team = 3
    /// A service.
    case service = 4
    /// A credential.
    case credential = 5
    /// An on-call shift.
    case shift = 6
    /// An incident.
    case incident = 7
    /// A group of alerts that belongs to no incident.
    case alertGroup = 8
    /// A notice to everybody.
    case notice = 12
    /// A saved view.
    case view = 20
    /// A webhook.
    case webhook = 30
  }

  /// A subject.
  package init(kind: Kind, id: ID) {
    self.kind = kind
    self.id = id
  }
}

/// One case per kind of thing that happens.
package enum Fact: Hashable, Sendable {
  /// The cluster was founded.
  case founded(Founding)
  /// A person was added.
  case personAdded(NewPerson)
  /// A person left.
  case personDeactivated
  /// A team was added.
  case teamAdded(NewTeam)
  /// A membership began, changed or ended.
  case memberSet(MembershipChange)
  /// A service was added.
  case serviceAdded(NewService)
  /// A credential was issued.
  case credentialIssued(NewCredential)
  /// A credential was revoked.
  case credentialRevoked
  /// A span of on-call was assigned.
  case onCallAssigned(OnCallAssignment)
  /// Settings changed.
  case settingsChanged(SettingsChange)
  /// Alerts resolved that nobody here knew. Opens nothing.
  case strangeAlertResolved(AlertNotification)
  /// An ingest key was issued.
  case ingestKeyIssued(NewIngestKey)
  /// An incident is kept whatever its age.
  case holdSet(LegalHold)
  /// It is not any more.
  case holdReleased(reason: String)
  /// What was said of an incident is gone.
  case purged(Purge)
  /// The contact details of somebody who left are gone.
  case contactsErased(ErasedContacts)
  /// The alerts of an incident, said anew when another was purged.
  case alertsRestated(AlertsRestated)
  /// A service does something otherwise than the department, or no longer.
  case servicePolicyChanged(ServicePolicyChange)
  /// When people of a calendar work was settled.
  case calendarSet(CalendarDefinition)
  /// A filter of incidents was kept under a name.
  case viewSaved(SavedView)
  /// It was removed.
  case viewRemoved
  /// A key or certificate of a service was made known.
  case serviceKeyIssued(NewServiceKey)
  /// A token was issued with which one node may join the cluster.
  case joinTokenIssued(NewJoinToken)
  /// A node came with its token.
  case joinTokenUsed
  /// Every node knows this behaviour level, and from here on it is in force.
  case levelRaised(to: UInt8)
  /// Somebody signed in.
  case signedIn(SignedIn)
  /// Somebody chose a password, which ended their other sessions.
  case passwordSet(ended: [ID])
  /// Somebody had ten codes printed; those before work no more.
  case codesMade
  /// Password and codes were taken from somebody, and their sessions ended.
  case meansCleared(ended: [ID])
  /// A session goes on because its person has a role on an open P1 or P2.
  case sessionExtended(until: Int64, incident: ID)
  /// Whether somebody is an administrator or an auditor, as the identity provider has it.
  case standingGiven(administrator: Bool, auditor: Bool)
  /// A node vouched for the record up to a row.
  case headSigned(SignedHead)
  /// An administrator broke the glass before an incident or a team.
  case glassBroken(GlassBreak, until: Int64)
  /// Somebody known tried what they may not do.
  case attemptDenied(DeniedAttempt)
  /// Somebody was shown an incident that is restricted.
  case restrictedRead(RestrictedRead)
  /// An import changed the directory; what it changed follows, an event each.
  case directoryImported(DirectoryImport)
  /// A person was described anew.
  case personChanged(PersonProfile)
  /// A team was described anew. If it had been taken out of the directory, it is back.
  case teamChanged(TeamProfile)
  /// A team was taken out of the directory, and nobody is in it any more.
  case teamRetired
  /// A service was described anew. If it had been taken out of the directory, it is back.
  case serviceChanged(ServiceProfile)
  /// A service was taken out of the directory.
  case serviceRetired
  /// How a service is run was said anew.
  case serviceArranged(ArrangementProfile)
  /// Its manual has both reporting requirements.
  case manualConfirmed(ManualConfirmation)
  /// A service is live from now on.
  case serviceWentLive
  /// It is not live any more.
  case serviceWithdrawn(reason: String)
  /// The words around what is told were changed.
  case templateChanged(TemplateChange)
  /// Messages that had been kept long enough are gone.
  case messagesPruned([ID])
  /// Somebody has read a message. It is about the message's incident, or else about who read it.
  case messageAcknowledged(ID)
  /// A notice to everybody was published, or taken back.
  case noticeChanged(NoticeChange)
  /// A webhook was made or changed.
  case webhookSet(WebhookSet)
  /// A webhook went, and all that was posted to it.
  case webhookRemoved
  /// Somebody wants something posted to a webhook.
  case deliveryAsked(DeliveryWish)
  /// What became of what is posted to webhooks.
  case deliveriesMoved([DeliveryMove])

  /// An incident was declared.
  case declared(Declared)
  /// The on-call lead was paged.
  case leadNotified(person: ID, shift: ID)
  /// Nobody was on call; the duty contact was told.
  case noLeadOnCall(contact: ID)
  /// A person of the owning line said "we have it".
  case acknowledged(person: ID, at: Int64)
  /// The priority was stated, confirmed, raised or lowered.
  case priorityChanged(PriorityChanged)
  /// Another line owns it.
  case ownerMoved(OwnerMoved)
  /// A role was offered.
  case roleOffered(role: Role, to: ID, by: ID)
  /// An offer was declined.
  case roleDeclined(role: Role, by: ID)
  /// Somebody has a role from now on; one who had it before has it no more.
  case roleTaken(RoleTaken)
  /// Somebody put a role down.
  case roleLeft(role: Role, person: ID)
  /// An entry was written.
  case noted(Note)
  /// A communication was sent.
  case updated(CommunicationUpdate)
  /// The status changed.
  case statusMoved(StatusMoved)
  /// Technical support says that service is restored.
  case restoredProposed(by: ID, text: String?)
  /// Service is restored.
  case resolved(Incident.Resolved)
  /// The lead confirmed what they had agreed to by phone.
  case resolutionAgreed(by: ID)
  /// A version of the review was finished.
  case reviewed(Review, by: ID, version: UInt32)
  /// It was closed.
  case closed(atOnce: Bool)
  /// It was closed without what it owed. Counted.
  case closedByOverride(reason: String, by: ID)
  /// It was not over.
  case reopened(reason: String)
  /// It never was an incident.
  case cancelled(reason: String)
  /// It is the same as another.
  case duplicateSaid(of: ID, reason: String?)
  /// A duplicate left this one its start and its flags.
  case inherited(Inheritance)
  /// A flag was set.
  case flagSet(FlagRaising, by: ID)
  /// A flag was cleared.
  case flagCleared(Flag, reason: String)
  /// The specialist team was told.
  case flagReported(FlagReport)
  /// The department's ticket was recorded.
  case ticketRecorded(reference: String, updatedAt: Int64?)
  /// A notification changed or repeated what we know of its alerts.
  case alertReported(AlertReport)
  /// All of its alerts are clear.
  case alertCleared(AlertClearing)
  /// Its alerts cleared at this time, nobody touched it, and it closed by itself.
  case clearedWithoutAction(at: Int64)
  /// Somebody who has left has no role in it any more, and is offered none. Whoever is told, if
  /// anybody, sees to what the lead saw to.
  case leaverReleased(person: ID, roles: [Role], told: ID?)
  /// Somebody triaged it, and chose a priority.
  case triaged(Triaged)
  /// Somebody who may not decide it wants something done.
  case proposed(Proposal, by: ID)
  /// What somebody had proposed was accepted, and is done by the events that follow.
  case proposalAccepted(UInt32, by: ID)
  /// What somebody had proposed was declined.
  case proposalDeclined(UInt32, by: ID, reason: String)
  /// A flag that triage asked about does not hold.
  case flagDismissed(Flag, reason: String)
  /// It runs under a matrix that is not that of guidance 2.3.
  case matrixPinned(PriorityMatrix)
  /// A communication was written.
  case communicationDrafted(CommunicationDrafted)
  /// A communication went a step further.
  case communicationMoved(CommunicationMoved)
  /// A named stakeholder was added or taken off.
  case stakeholderChanged(StakeholderChange)
  /// How far it reaches was stated, or why all staff need not be told.
  case reachStated(ReachStatement)
  /// Why an update is late, by the time at which it was due.
  case delayExplained(reason: String, dueAt: Int64)
  /// Whether a breach is notified was decided.
  case notificationDecided(NotificationChoice)
  /// Who may know of it while it is restricted was changed.
  case sightChanged(SightChange)
  /// What staff are told in its stead went a step further.
  case faceMoved(FaceStep)
  /// It waits for something from now on.
  case waitingBegan(WaitingBegan)
  /// It waits no more since this time.
  case waitingEnded(at: Int64)
  /// Its due times were counted by a calendar that was changed.
  case clocksRecounted(ClocksRecounted)
  /// It closed by itself: it had been resolved for some days, and nothing was owed.
  case closedInTime
  /// A step of the chain was taken: people were woken for it.
  case paged(Paged)
  /// Somebody answered a page.
  case pageAnswered(PageAnswered)
  /// Senior management was told.
  case escalated(Escalation)
  /// People were reminded of what they owe it.
  case reminded([Reminder])
  /// The lead made their first assessment.
  case assessed(Assessment, by: ID)
  /// A date was set for its review.
  case reviewArranged(ReviewPlan, by: ID)
  /// An action of its review is done.
  case actionCompleted(number: UInt32, by: ID)
  /// Nobody could be reminded for a while.
  case gapNoted(ClusterGap)
  /// Its review is not held. Counted.
  case reviewWaived(WaiverReason, by: ID)
  /// A version of its report is kept byte for byte; the bytes follow.
  case reportKept(KeptReport)
  /// The bytes of the report that was kept just before.
  case reportBytes([UInt8])
  /// A P5 or P6 was answered for the first time, or again.
  case answered(Answer, by: ID)
  /// Why it was handed to another line was said afterwards.
  case reasonGiven(String, by: ID)
  /// Another service is affected, or not any more.
  case serviceAffected(AffectedChange)
  /// It has another lead service, and that one's teams.
  case leadServiceSet(LeadServiceSet)
  /// It belongs to another incident, or others belong to it.
  case familyChanged(FamilyChange)
  /// Something became of the incident that it belongs to.
  case parentSpoke(ParentNews)
  /// It gathers a storm of alerts, and what was opened before belongs to it.
  case umbrellaOpened(children: [ID])
  /// Somebody of none of its teams took it up, since nobody had acknowledged it in time (policy section 6).
  case takenUpInEmergency(by: ID)
  /// It has to do with an earlier incident, or with a change.
  case related(Relation)
  /// Somebody from outside its teams was brought in.
  case engaged(Engagement)
}
