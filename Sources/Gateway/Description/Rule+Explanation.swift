import Incidents

/// What the rules of the domain are called, and what to do about each.
extension Refusal.Rule {
  /// The rule, and what to do.
  var explanation: (title: String, advice: String) {
    switch self {
    case .credentialRevoked:
      ("The credential is revoked, or its person has left", "Get another token.")
    case .rightMissing:
      ("The asker lacks the right", "Ask somebody with a right that missing names.")
    case .notFound:
      ("No such thing", "Check the id. What you may not know of is answered so too.")
    case .staleVersion:
      (
        "The version seen is not the one there is",
        "Read it again, and send the new ETag in If-Match."
      )
    case .invalidField:
      ("A field is empty, too long or contradicts another", "Change the field that detail names.")
    case .alreadyExists:
      ("An id, name, key or address is taken", "Use the one that there is, or another name.")
    case .alreadyFounded:
      ("The cluster is founded already", "Nothing: it is done.")
    case .notFounded:
      ("The cluster is not founded yet", "Found the cluster first.")
    case .levelUnknown:
      (
        "It needs a behaviour level that is not in force yet: some node runs an older version",
        "Wait until every node runs this version: muster cluster status."
      )
    case .alreadyResolved:
      ("It is resolved already", "Reopen it if it is back.")
    case .notResolved:
      ("It is not resolved yet", "Resolve it first.")
    case .alreadyOver:
      ("It is over: closed, cancelled or a duplicate", "Declare another, or reopen this one.")
    case .reopenTooLate:
      (
        "It was closed too long ago to be reopened",
        "Declare a new incident, and say that it is a recurrence."
      )
    case .backlogPriority:
      (
        "Only P3 to P5 wait in the backlog",
        "Change its priority first, if it is less than it seemed."
      )
    case .leadAgrees:
      ("The lead agrees that service is restored", "Have the lead agree, or take the lead.")
    case .nothingToAgree:
      ("There is nothing to agree to", "Nothing: nobody asked for it.")
    case .reviewRequired:
      (
        "A confirmed P1 or P2 closes after its review",
        "Finish the review, or close with an override and its reason."
      )
    case .reviewNotOwed:
      ("No review is owed that could be waived", "Nothing: no review is owed.")
    case .openFlagDuty:
      (
        "It does not close with an open cyber or data duty",
        "Tell the specialist team and record that, or clear the flag."
      )
    case .roleNotOffered:
      ("The role was not offered to the asker", "Take the role, or have it given to you.")
    case .roleNotHeld:
      ("The asker, or the person named, does not have the role", "Look who has the role.")
    case .personUnavailable:
      ("The person named cannot take it", "Name somebody else.")
    case .flagNotSet:
      ("The flag is not set", "Nothing: the flag is not there.")
    case .lineUnavailable:
      (
        "It is already with that line, or no team works as that line here",
        "Hand it to another line."
      )
    case .tooMany:
      ("One more would be over the bound", "Take something away first.")
    case .notSignedIn:
      (
        "The account, the password or the code is not right",
        "Try again, or ask an administrator to clear what you sign in with."
      )
    case .signInLater:
      (
        "Too many attempts to sign in: this one is not looked at",
        "Wait for as long as Retry-After says."
      )
    case .joinTokenSpent:
      ("The token to join with was used or revoked", "Issue another token.")
    case .joinTokenExpired:
      ("The token to join with is out of its time", "Issue another token.")
    case .lastAdministrator:
      ("The last administrator stays", "Make somebody else an administrator first.")
    case .answerPriority:
      ("Only a P5 or P6 is answered and nothing more", "Acknowledge and resolve it.")
    case .serviceIncomplete:
      ("The service lacks something that it needs for that", "Complete what missing names.")
    case .noSuchProposal:
      ("The proposal was decided, or never made", "Look which proposals are open.")
    case .approvalRequired:
      (
        "An all-staff message on less than a P1 is agreed to by a second person",
        "Have a second person approve it, or send it with an override and its reason."
      )
    case .communicationOver:
      ("The communication was sent or withdrawn already", "Draft another.")
    case .alwaysRestricted:
      (
        "What is or may be a data breach stays restricted",
        "Clear the data flag first, if it does not hold."
      )
    case .toldByFace:
      (
        "Staff hear of a restricted incident by its public face alone",
        "Write a public face, and have a second person agree to it."
      )
    case .nothingOwed:
      ("What it asks for is not owed", "Nothing: it is not owed.")
    }
  }
}
