package import Bytes

/// One case per thing that can be asked for.
package enum Action: Hashable, Sendable {
  /// Begin: the first administrator, their credential and the default team.
  case found(Founding)
  /// A new person.
  case addPerson(NewPerson)
  /// A person leaves: their credentials stop working at once.
  case deactivatePerson(ID)
  /// A new team.
  case addTeam(NewTeam)
  /// Somebody joins, changes their role in, or leaves a team.
  case setMember(MembershipChange)
  /// A new service.
  case addService(NewService)
  /// A new credential for a person; its secret stays outside, only its hash travels.
  case issueCredential(NewCredential)
  /// A new key with which a monitoring system posts alerts of one service.
  case issueIngestKey(NewIngestKey)
  /// Keep an incident whatever its age, or no longer.
  case hold(HoldChange)
  /// Let what is said of an incident go, whose time is over.
  case purge(ID)
  /// Erase the contact details of somebody who left long ago. Only the cluster itself asks for it.
  case eraseContacts(ID)
  /// Make a key or certificate of a service known.
  case issueServiceKey(NewServiceKey)
  /// A token with which one node may join the cluster.
  case issueJoinToken(NewJoinToken)
  /// A node has come with its token, which works no more.
  case useJoinToken(ID)
  /// A credential that shall work no more.
  case revokeCredential(ID)
  /// Somebody is on call for a service over a span of time.
  case assignOnCall(OnCallAssignment)
  /// Department-wide settings.
  case changeSettings(SettingsChange)
  /// A new incident.
  case declare(Declaration)
  /// Something about one incident.
  case incident(ID, IncidentAction)
  /// What a monitoring system says.
  case alert(AlertNotification)
  /// Incidents that alerts opened and nobody touched, some time after their alerts cleared. Only the
  /// cluster itself asks for it, for at most ``Bound/cleared`` of them at once.
  case closeCleared([ClearedIncident])
  /// What people who have left still hold. Only the cluster itself asks for it, for at most
  /// ``Bound/releases`` at once.
  case releaseLeavers([Release])
  /// Somebody, who is not known yet, wants to sign in: is it looked at now? Asked by the gateway.
  case attemptSignIn(SignInAttempt)
  /// Somebody has proved who they are. Its actor is the session that begins.
  case signIn(NewSession)
  /// A new password or new codes for whoever asks.
  case changeMeans(MeansChange)
  /// A person's password, codes and sessions are taken from them.
  case clearMeans(ID)
  /// The session that asks goes on, for an incident.
  case extendSession
  /// When credentials were last used. Noted by the gateways, at most ``Bound/uses`` at once.
  case noteUses([CredentialUse])
  /// What tallies and marks are made with, chosen once by whoever leads: ``Bound/secret`` random bytes.
  case keepSecret([UInt8])
  /// A node vouches for the record so far. Only the cluster itself asks for it.
  case signHead(SignedHead)
  /// An administrator sees and does what only others may, for a while.
  case breakGlass(GlassBreak)
  /// What its actor tried and may not do, at most ``Bound/attempts``. Noted by the gateways.
  case noteAttempts([DeniedAttempt])
  /// Who was shown what is restricted, at most ``Bound/reads``. Noted by the gateways.
  case noteReads([RestrictedRead])
  /// The directory changes, row by row, as a whole.
  case importDirectory(DirectoryChange)
  /// A service does something otherwise than the department.
  case changeServicePolicy(ServicePolicyChange)
  /// How a service is run is said anew.
  case arrangeService(ArrangementChange)
  /// Its manual has both reporting requirements.
  case confirmManual(ManualReading)
  /// A service goes live, or is not live any more.
  case setLive(LiveChange)
  /// Other words around what is told.
  case changeTemplate(TemplateChange)
  /// Whoever asks has read a message that is for them.
  case acknowledgeMessage(ID)
  /// Messages that have been kept long enough go, at most ``Bound/pruned``. Only the cluster itself asks
  /// for it.
  case pruneMessages([ID])
  /// A notice to everybody is taken back.
  case withdrawNotice(ID)
  /// Calendars are settled, at most ``Bound/calendars`` at once.
  case setCalendars([CalendarChange])
  /// Incidents whose time has come: to be counted by another calendar, or to close. Only the cluster
  /// itself asks for it, for at most ``Bound/timed`` at once.
  case keepTime([ID])
  /// What has come due of incidents: reminders, and pages. Only the cluster itself asks for it, for at
  /// most ``Bound/dues`` of them at once.
  case fireDues([Due])
  /// Open incidents say that nobody could be reminded for a while. Only the cluster itself asks for it,
  /// for at most ``Bound/dues`` of them at once.
  case noteGap(ClusterGap, [ID])
  /// Keep a filter of incidents under a name.
  case saveView(SavedView)
  /// A saved view goes.
  case removeView(ID)
  /// Keep the report that a finished review made due. Only the cluster itself asks for it.
  case keepReport(ID, WrittenReport)
  /// A webhook is made or changed.
  case changeWebhook(WebhookChange)
  /// A webhook goes, and all that was posted to it.
  case removeWebhook(ID)
  /// Something is posted to a webhook.
  case postDelivery(DeliveryWish, to: ID)
  /// What becomes of what is posted. Only the cluster itself asks for it, for at most
  /// ``Bound/deliveries`` at once.
  case moveDeliveries([DeliveryStep])
  /// A page is answered by a link that it had. Asked by the gateway, which has proved the link.
  case answerByLink(LinkAnswer)
}

/// One case per thing that can be asked of an incident.
package enum IncidentAction: Hashable, Sendable {
  /// "We have it." With the time at which it was really said, if that was earlier.
  case acknowledge(happenedAt: Int64?)
  /// State, confirm or propose a priority.
  case setPriority(PriorityChange)
  /// Give, accept, decline, take or leave a role.
  case changeRole(RoleChange)
  /// An entry for the timeline.
  case note(Note)
  /// A communication that was sent.
  case update(CommunicationUpdate)
  /// Work began, impact stopped, or it went to the backlog.
  case move(StatusChange)
  /// Hand it to another line of support.
  case handOver(HandOver)
  /// Technical support says that service is restored; the lead has yet to agree.
  case proposeRestored(text: String?)
  /// It is resolved.
  case resolve(Resolution)
  /// The lead confirms a resolution that they had agreed to by phone.
  case agreeResolution
  /// The post-incident review, finished in this version.
  case review(Review)
  /// Close it, with the reason of an override if a gate is in the way.
  case close(overrideReason: String?)
  /// It is not over.
  case reopen(reason: String)
  /// It never was an incident.
  case cancel(reason: String)
  /// It is the same as another.
  case duplicate(of: ID, reason: String?)
  /// It may be a cyber security incident or a data breach.
  case setFlag(FlagRaising)
  /// It is not, after all.
  case clearFlag(Flag, reason: String)
  /// The specialist team was told.
  case recordFlagReport(FlagReport)
  /// The ticket in the department's system, and when it was last updated.
  case recordTicket(reference: String, updatedAt: Int64?)
  /// What somebody wants done who may not decide it.
  case propose(Proposal)
  /// Accept or decline what was proposed.
  case decideProposal(ProposalDecision)
  /// A flag that triage asked about does not hold.
  case dismissFlag(Flag, reason: String)
  /// Words for somebody, to be sent later.
  case draftCommunication(CommunicationDraft)
  /// A step on a communication's way.
  case moveCommunication(CommunicationStep)
  /// A named stakeholder is added or taken off.
  case changeStakeholders(StakeholderChange)
  /// How far it reaches, and what that means for all staff.
  case stateReach(ReachStatement)
  /// Why an update is late.
  case explainDelay(reason: String)
  /// Whether a breach is notified.
  case decideNotification(NotificationChoice)
  /// Who may know of it while it is restricted.
  case changeSight(SightChange)
  /// A step on the way of what staff are told in its stead.
  case moveFace(FaceStep)
  /// It waits for somebody or something.
  case wait(Waiting)
  /// It waits no more. With the time at which that really ended, if that was earlier.
  case endWait(happenedAt: Int64?)
  /// The lead's first assessment.
  case assess(Assessment)
  /// Set a date for the review, and say who takes part.
  case arrangeReview(ReviewPlan)
  /// An action of the review is done: its number.
  case completeAction(UInt32)
  /// Answer a page.
  case answerPage(PageAnswer)
  /// Tell senior management.
  case escalate(reason: String)
  /// Its review is not held, for one of the fixed reasons.
  case waiveReview(WaiverReason)
  /// Keep a version of the report from which something is withheld.
  case keepRedacted(WrittenReport)
  /// The first answer to a P5 or P6.
  case answer(Answer)
  /// Why it was handed to another line, which was not said then.
  case giveReason(String)
  /// It affects another service, and how.
  case affect(AffectedChange)
  /// Its lead service is this one.
  case setService(LeadServiceChange)
  /// It has to do with another incident, or with a change.
  case relate(Relation)
  /// Somebody from outside its teams is brought in.
  case engage(Engagement)
}
