extension RightsTable {
  /// The table of rights, as compiled in: the page Rights of this room's documentation.
  package static let standard: RightsTable = {
    var table = RightsTable()
    for right in Right.allCases {
      for holder in Holder.allCases { table[right, holder] = allowance(right, holder) }
    }
    return table
  }()

  /// One row after the other, in the order of the page; whoever a row does not name is denied.
  private static func allowance(_ right: Right, _ holder: Holder) -> Allowance {
    switch (right, holder) {
    case (.contribute, .auditor): .denied
    case (.contribute, _): .granted

    case (.acknowledge, .firstLine): .limited(.handOver)
    case (.acknowledge, .responder), (.acknowledge, .serviceDelivery), (.acknowledge, .lead),
      (.acknowledge, .commsLead), (.acknowledge, .teamLead):
      .granted

    case (.confirmPriority, .firstLine), (.confirmPriority, .responder): .limited(.propose)
    case (.confirmPriority, .serviceDelivery), (.confirmPriority, .lead),
      (.confirmPriority, .teamLead):
      .granted

    case (.lower, .responder): .limited(.propose)
    case (.lower, .serviceDelivery), (.lower, .lead), (.lower, .teamLead): .granted

    case (.assign, .responder): .limited(.onlySelf)
    case (.assign, .serviceDelivery), (.assign, .lead), (.assign, .teamLead): .granted

    case (.sendUpdates, .responder): .limited(.draft)
    case (.sendUpdates, .serviceDelivery), (.sendUpdates, .lead), (.sendUpdates, .commsLead):
      .granted

    case (.resolveMajor, .responder): .limited(.takingTheLead)
    case (.resolveMajor, .serviceDelivery), (.resolveMajor, .teamLead): .limited(.takingIt)
    case (.resolveMajor, .lead): .granted

    case (.resolveMinor, .firstLine): .limited(.ownQueue)
    case (.resolveMinor, .responder), (.resolveMinor, .serviceDelivery), (.resolveMinor, .lead),
      (.resolveMinor, .teamLead):
      .granted

    case (.review, .serviceDelivery), (.review, .lead), (.review, .teamLead): .granted

    case (.clearFlag, .lead): .grantedWithSpecialists

    case (.arrange, .responder): .limited(.ownShifts)
    case (.arrange, .serviceDelivery): .limited(.ownService)
    case (.arrange, .teamLead): .limited(.ownTeam)
    case (.arrange, .administrator): .granted
    case (.arrange, .auditor): .limited(.read)

    case (.administer, .administrator): .granted
    case (.administer, .auditor): .limited(.read)

    // Default deny.
    case (.acknowledge, _), (.confirmPriority, _), (.lower, _), (.assign, _), (.sendUpdates, _),
      (.resolveMajor, _), (.resolveMinor, _), (.review, _), (.clearFlag, _), (.arrange, _),
      (.administer, _):
      .denied
    }
  }
}
