import Bytes
import Incidents

/// What importing a document of bank holidays changes: `{"england-and-wales": {"division": …, "events":
/// [{"title", "date", "notes", "bunting"}]}, …}`, as GOV.UK publishes it. Each division is the calendar of
/// the same key.
struct BankHolidayPlan {
  /// Calendars of the document, in its order.
  private(set) var entries: [Entry] = []

  struct Entry {
    let before: WorkCalendar
    let after: CalendarDefinition
    let differences: [CalendarDefinition.Difference]
  }

  /// The changes that it takes.
  var changes: [CalendarChange] {
    entries.map { CalendarChange($0.after, seen: $0.before.version) }
  }

  /// - Throws: What is wrong with the document, with the place of it.
  init(_ document: [UInt8], _ facts: some Facts) throws(Problem) {
    var body = BodyReader(document)
    try body.beginObject()
    while let key = try body.member() {
      guard let calendar = facts.workCalendar(key) else {
        throw .invalid("There is no calendar with the key \(key).", member: body.pointer)
      }
      guard entries.count < Bound.calendars else {
        throw .invalid("At most \(Bound.calendars) calendars at once.", member: body.pointer)
      }
      let after = calendar.definition.taking(try Self.division(key, &body))
      entries.append(
        Entry(
          before: calendar, after: after,
          differences: calendar.definition.differences(to: after)))
    }
    try body.finish()
    guard !entries.isEmpty else {
      throw .invalid("The document has no calendar in it.", member: "/england-and-wales")
    }
  }

  private static func division(
    _ key: String, _ body: inout BodyReader
  ) throws(Problem) -> [CalendarDefinition.Holiday] {
    var holidays: [CalendarDefinition.Holiday]?
    try body.beginObject()
    while let member = try body.member() {
      switch member {
      case "division":
        let name = try body.text(atMost: Bound.key)
        guard name == key else {
          throw .invalid("\(name) is not \(key), under which it stands.", member: body.pointer)
        }
      case "events": holidays = try events(&body)
      default: try body.skip()
      }
    }
    return try body.require(holidays, "events")
  }

  private static func events(
    _ body: inout BodyReader
  ) throws(Problem) -> [CalendarDefinition.Holiday] {
    var holidays: [CalendarDefinition.Holiday] = []
    try body.beginArray()
    while try body.element(atMost: Bound.holidays) {
      var (title, day): (String?, Int32?)
      try body.beginObject()
      while let member = try body.member() {
        switch member {
        case "title": title = try body.text(atMost: Bound.label)
        case "date":
          day = try body.optionalDay()
          if holidays.contains(where: { $0.day == day }) {
            throw .invalid("This day is listed already.", member: body.pointer)
          }
        default: try body.skip()
        }
      }
      holidays.append(
        CalendarDefinition.Holiday(
          day: try body.require(day, "date"), name: try body.require(title, "title")))
    }
    return holidays
  }
}
