/// A time zone by its name, of those whose rule is known here.
///
/// The list is short and of our own making: a system's table of zones differs from node to node and
/// from year to year, and replicas may not. A zone without a name of letters, such as Dubai's, has no
/// rule that ``ZoneRule`` can hold.
package enum Zone: UInt8, CaseIterable, Sendable {
  /// Coordinated universal time.
  case utc = 1
  /// The United Kingdom.
  case london = 2
  /// Ireland.
  case dublin = 3
  /// Portugal.
  case lisbon = 4
  /// Belgium and, by the same rule, most of the European Union.
  case brussels = 5
  /// France.
  case paris = 6
  /// Germany.
  case berlin = 7
  /// Spain.
  case madrid = 8
  /// Italy.
  case rome = 9
  /// Greece.
  case athens = 10
  /// Kenya.
  case nairobi = 11
  /// India.
  case kolkata = 12
  /// Hong Kong.
  case hongKong = 13
  /// Japan.
  case tokyo = 14
  /// New South Wales.
  case sydney = 15
  /// New Zealand.
  case auckland = 16
  /// The east of the United States.
  case newYork = 17
  /// The west of the United States.
  case losAngeles = 18

  /// The zone of this name, or `nil` for one that is not in the list.
  package init?(named name: String) {
    guard let zone = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = zone
  }

  /// Its name in the database of zones that everybody uses.
  package var name: String { entry.name }

  /// When its clocks show what.
  package var rule: ZoneRule {
    guard let rule = ZoneRule(entry.rule) else {
      preconditionFailure("The rule of \(name) cannot be read: \(entry.rule)")
    }
    return rule
  }

  private var entry: (name: String, rule: String) {
    switch self {
    case .utc: ("UTC", "UTC0")
    case .london: ("Europe/London", "GMT0BST,M3.5.0/1,M10.5.0")
    case .dublin: ("Europe/Dublin", "GMT0IST,M3.5.0/1,M10.5.0")
    case .lisbon: ("Europe/Lisbon", "WET0WEST,M3.5.0/1,M10.5.0")
    case .brussels: ("Europe/Brussels", Self.central)
    case .paris: ("Europe/Paris", Self.central)
    case .berlin: ("Europe/Berlin", Self.central)
    case .madrid: ("Europe/Madrid", Self.central)
    case .rome: ("Europe/Rome", Self.central)
    case .athens: ("Europe/Athens", "EET-2EEST,M3.5.0/3,M10.5.0/4")
    case .nairobi: ("Africa/Nairobi", "EAT-3")
    case .kolkata: ("Asia/Kolkata", "IST-5:30")
    case .hongKong: ("Asia/Hong_Kong", "HKT-8")
    case .tokyo: ("Asia/Tokyo", "JST-9")
    case .sydney: ("Australia/Sydney", "AEST-10AEDT,M10.1.0,M4.1.0/3")
    case .auckland: ("Pacific/Auckland", "NZST-12NZDT,M9.5.0,M4.1.0/3")
    case .newYork: ("America/New_York", "EST5EDT,M3.2.0,M11.1.0")
    case .losAngeles: ("America/Los_Angeles", "PST8PDT,M3.2.0,M11.1.0")
    }
  }

  /// The rule of central Europe.
  private static let central = "CET-1CEST,M3.5.0,M10.5.0/3"
}
