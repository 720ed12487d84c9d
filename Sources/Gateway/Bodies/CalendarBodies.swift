import Bytes
import Incidents

extension Clerk {
  /// `POST /v1/calendars/{calendar}`: what is left out stays as it is, or is as with most.
  func calendar(_ key: String, _ body: inout BodyReader) throws(Problem) -> CalendarChange {
    let before = facts.workCalendar(key)
    var calendar = before?.definition ?? CalendarDefinition(key: key, name: "")
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "name": calendar.name = try body.text(atMost: Bound.name)
      case "zone": calendar.zone = try body.text(atMost: Bound.zone)
      case "workingDays": calendar.workingDays = try weekdays(&body)
      case "opens": calendar.opens = try minutes(&body)
      case "closes": calendar.closes = try minutes(&body)
      case "holidays": calendar.holidays = try holidays(&body)
      default: throw body.unknownMember(member)
      }
    }
    return CalendarChange(calendar, seen: before?.version ?? 0)
  }

  private func weekdays(_ body: inout BodyReader) throws(Problem) -> Weekdays {
    var days: Weekdays = []
    try body.beginArray()
    while try body.element(atMost: 7) {
      let name = try body.text(atMost: Bound.key)
      guard let place = Weekdays.names.firstIndex(of: name) else {
        throw .invalid("\"\(name)\" is no day of the week, such as monday.", member: body.pointer)
      }
      days.insert(Weekdays(rawValue: 1 << UInt8(place)))
    }
    return days
  }

  /// "09:00", as minutes after midnight.
  private func minutes(_ body: inout BodyReader) throws(Problem) -> UInt16 {
    let text = try body.text(atMost: Bound.key)
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }), let hour = UInt16(parts[0]),
      let minute = UInt16(parts[1]), hour <= 24, minute <= 59, hour * 60 + minute <= 24 * 60
    else {
      throw .invalid("\"\(text)\" is no time of day, such as 09:00.", member: body.pointer)
    }
    return hour * 60 + minute
  }

  private func holidays(
    _ body: inout BodyReader
  ) throws(Problem) -> [CalendarDefinition.Holiday] {
    var holidays: [CalendarDefinition.Holiday] = []
    try body.beginArray()
    while try body.element(atMost: Bound.holidays) {
      var (day, name): (Int32?, String?)
      try body.beginObject()
      while let member = try body.member() {
        switch member {
        case "date": day = try body.optionalDay()
        case "name": name = try body.text(atMost: Bound.label)
        default: throw body.unknownMember(member)
        }
      }
      holidays.append(
        CalendarDefinition.Holiday(
          day: try body.require(day, "date"), name: try body.require(name, "name")))
    }
    return holidays.sorted { ($0.day, $0.name) < ($1.day, $1.name) }
  }
}

/// Targets and cadence, of the department and of a service.
extension Clerk {
  /// A list of whole rows: `{"priority": "P3", "response": "2 hours", "resolution": "1 business day",
  /// "limit": "2 business days", "hours": "working"}`.
  func targets(_ body: inout BodyReader) throws(Problem) -> ByPriority<PriorityTarget> {
    var rows = ByPriority<PriorityTarget>()
    try body.beginArray()
    while try body.element(atMost: Priority.allCases.count) {
      var (priority, response): (Priority?, Allowance?)
      var target = PriorityTarget(response: .minutes(0))
      try body.beginObject()
      while let member = try body.member() {
        switch member {
        case "priority": priority = try body.word(Priority.self)
        case "response": response = try allowance(&body)
        case "resolution": target.resolution = try body.isNull() ? nil : try allowance(&body)
        case "limit": target.limit = try body.isNull() ? nil : try allowance(&body)
        case "hours": target.isAlways = try body.word(HoursWord.self) == .always
        default: throw body.unknownMember(member)
        }
      }
      target.response = try body.require(response, "response")
      rows[try body.require(priority, "priority")] = target
    }
    return rows
  }

  /// A list of rows: `{"priority": "P1", "every": "20 minutes"}`, or `"once"`, or `"never": true`.
  func cadence(_ body: inout BodyReader) throws(Problem) -> ByPriority<UpdateRule> {
    var rows = ByPriority<UpdateRule>()
    try body.beginArray()
    while try body.element(atMost: Priority.allCases.count) {
      var (priority, rule): (Priority?, UpdateRule?)
      try body.beginObject()
      while let member = try body.member() {
        switch member {
        case "priority": priority = try body.word(Priority.self)
        case "every": rule = .every(try allowance(&body))
        case "once": rule = .once(try allowance(&body))
        case "never": rule = try body.optionalBool() == true ? UpdateRule.none : rule
        default: throw body.unknownMember(member)
        }
      }
      rows[try body.require(priority, "priority")] = try body.require(rule, "every")
    }
    return rows
  }

  /// One of the cadences that are ready to be taken.
  func cadencePreset(_ body: inout BodyReader) throws(Problem) -> ByPriority<UpdateRule> {
    switch try body.word(CadenceWord.self) {
    case .responseColumn: ByPriority(UpdateRule.standard)
    case .gdsWay: ByPriority(UpdateRule.gdsWay)
    }
  }

  private func allowance(_ body: inout BodyReader) throws(Problem) -> Allowance {
    let text = try body.text(atMost: Bound.key)
    guard let allowance = Allowance(text) else {
      throw .invalid(
        "\"\(text)\" is no span such as 20 minutes, 4 hours or 2 business days; for short 20m, 4h, 2d.",
        member: body.pointer)
    }
    return allowance
  }
}

/// The hours in which a target runs.
private enum HoursWord: CaseIterable, Spelt {
  case always, working

  var spelling: String { self == .always ? "always" : "working" }
}

/// The cadences that are ready.
private enum CadenceWord: CaseIterable, Spelt {
  case responseColumn, gdsWay

  var spelling: String { self == .responseColumn ? "response-column" : "gds-way" }
}

extension Clerk {
  /// A member of the terms, of the department or of a service.
  func take(
    _ member: String, _ body: inout BodyReader, into terms: inout PolicyTerms
  ) throws(Problem) {
    guard try !body.isNull() else { return }
    switch member {
    case "targets": terms.targets = try targets(&body)
    case "cadence": terms.cadence.take(try cadence(&body))
    case "cadencePreset":
      // Rows of its own stand over the preset, whichever is said first.
      var rows = try cadencePreset(&body)
      rows.take(terms.cadence)
      terms.cadence = rows
    case "pagesNewAlerts": terms.pagesNewAlerts = try body.optionalBool()
    default: terms.countsFromDeclaration = try body.optionalBool()
    }
  }
}
