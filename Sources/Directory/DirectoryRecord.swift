internal import Incidents

/// A row of a document as text: what JSON and CSV have in common.
struct DirectoryRecord {
  var kind: Kind
  /// The line where it stands, counted from 1.
  var line: Int
  /// What is said of it; what is empty is not said.
  var cells: [Column: String] = [:]
  /// Ways to reach a person, in order.
  var contacts: [String] = []

  /// What a row is about.
  enum Kind: String, CaseIterable {
    case person
    case team
    case membership
    case service

    /// What it is called in JSON, in a list.
    var list: String {
      switch self {
      case .person: "people"
      case .team: "teams"
      case .membership: "memberships"
      case .service: "services"
      }
    }

    /// What may be said of it, in the order of writing.
    var columns: [Column] {
      switch self {
      case .person: [.id, .name, .email, .timeZone]
      case .team: [.id, .name, .line]
      case .membership: [.team, .person, .role]
      case .service:
        [.id, .name, .key, .firstLine, .secondLine, .thirdLine, .owner, .defaultPriority]
      }
    }

    /// What must be said of it.
    var required: [Column] {
      switch self {
      case .person: [.id, .name, .email]
      case .team: [.id, .name, .line]
      case .membership: [.team, .person, .role]
      case .service: [.id, .name, .key]
      }
    }
  }

  /// Things that are said of a row. JSON and CSV call them alike.
  enum Column: String, CaseIterable {
    case id
    case name
    case email
    case timeZone
    case line
    case key
    case firstLine
    case secondLine
    case thirdLine
    case owner
    case defaultPriority
    case team
    case person
    case role
  }
}

/// Rows as text, of rows as they are meant.
extension DirectoryDocument {
  /// Every row, in the order of writing.
  var records: [DirectoryRecord] {
    people.map(\.record) + teams.map(\.record) + memberships.map(\.record) + services.map(\.record)
  }
}

extension PersonRow {
  /// The row as text.
  var record: DirectoryRecord {
    var record = DirectoryRecord(kind: .person, line: line)
    record.cells = [.id: id, .name: name, .email: email]
    record.cells[.timeZone] = zone?.name
    record.contacts = contacts.map { "\($0.kind.word):\($0.address)" }
    return record
  }
}

extension TeamRow {
  /// The row as text.
  var record: DirectoryRecord {
    var record = DirectoryRecord(kind: .team, line: line)
    record.cells = [.id: id, .name: name, .line: Words.word(support)]
    return record
  }
}

extension MembershipRow {
  var record: DirectoryRecord {
    var record = DirectoryRecord(kind: .membership, line: line)
    record.cells = [.team: team, .person: person, .role: Words.word(role)]
    return record
  }
}

extension ServiceRow {
  /// The row as text.
  var record: DirectoryRecord {
    var record = DirectoryRecord(kind: .service, line: line)
    record.cells = [.id: id, .key: key, .name: name]
    record.cells[.firstLine] = firstLine
    record.cells[.secondLine] = secondLine
    record.cells[.thirdLine] = thirdLine
    record.cells[.owner] = owner
    record.cells[.defaultPriority] = defaultPriority?.description
    return record
  }
}

/// The words of a document, which are those of the interface.
enum Words {
  static func word(_ line: Line) -> String {
    switch line {
    case .first: "first"
    case .second: "second"
    case .third: "third"
    }
  }

  static func word(_ role: MemberRole) -> String {
    switch role {
    case .member: "member"
    case .teamLead: "team-lead"
    case .serviceDelivery: "service-delivery"
    }
  }
}
