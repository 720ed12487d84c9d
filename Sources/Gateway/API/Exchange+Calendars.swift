import Access
import Bytes
import EventLoop
import HTTP
import Incidents
import JSON
import Store

/// The calendars by which working time is counted.
@ClientLoop extension Exchange {
  /// `GET /v1/calendars`: all of them, without their holidays.
  func listCalendars() async throws(Problem) -> Response {
    try await list { desk throws(Problem) in
      let calendars = try desk.reader.calendars()
      return Content.json { json in
        json.page(calendars, next: nil) { json, calendar in
          json.object { json in json.summary(calendar, at: desk.now) }
        }
      }
    }
  }

  /// `GET /v1/calendars/{calendar}`.
  func showCalendar(_ key: String) async throws(Problem) -> Response {
    try await point { desk throws(Problem) in
      guard let calendar = desk.reader.workCalendar(key) else { throw .notFound("calendar") }
      return Content.json(version: calendar.version) { json in
        json.object { json in
          json.summary(calendar, at: desk.now)
          json.array("holidays") { json in
            for holiday in calendar.definition.holidays {
              json.object { json in
                json.member("date", CalendarDefinition.Holiday.text(Int64(holiday.day)))
                json.member("name", holiday.name)
              }
            }
          }
        }
      }
    }
  }

  /// `POST /v1/calendars/{calendar}`: what is left out stays; a key that is new is a new calendar.
  func setCalendar(_ key: String) async throws(Problem) -> Response {
    let done = try await submit { _, clerk throws(Problem) in
      .setCalendars([
        try self.read(clerk) { clerk, body throws(Problem) in
          try clerk.calendar(key, &body)
        }
      ])
    }
    return done.response
  }

  /// `POST /v1/bank-holidays?dryRun=true`: a document of GOV.UK, as a whole or not at all.
  func importBankHolidays() async throws(Problem) -> Response {
    if try flag("dryRun") {
      return try await list { [request] desk throws(Problem) in
        let plan = try BankHolidayPlan(request.body, desk.reader)
        return Content.json { json in
          json.object { json in
            json.object("result") { json in
              json.member("dryRun", true)
              json.write(plan)
            }
          }
        }
      }
    }
    var plan: BankHolidayPlan?
    let done = try await submit { _, clerk throws(Problem) in
      let made = try BankHolidayPlan(self.request.body, clerk.facts)
      plan = made
      return .setCalendars(made.changes)
    }
    return done.answer { json in
      if let plan { json.write(plan) }
    }
  }
}

extension StateReader {
  /// Every calendar: those that ship, each as it was settled here, and those that were added.
  func calendars() throws(Problem) -> [WorkCalendar] {
    let settled = try ask { reader throws(StoreError) in try reader.settledCalendars() }
    let shipped = WorkCalendar.shipped.filter { calendar in
      !settled.contains { $0.key == calendar.key }
    }
    return (settled + shipped).sorted { $0.key < $1.key }
  }

  /// What administrators owe the settings.
  func settingsDuties(_ settings: Settings, at now: Int64) throws(Problem) -> [Duty] {
    try calendarDuties(at: now) + (level >= 2 ? contactDuties(settings) : [])
  }

  /// What administrators owe the calendars that somebody follows.
  func calendarDuties(at now: Int64) throws(Problem) -> [Duty] {
    let policies = try ask { reader throws(StoreError) in try reader.servicePolicies() }
    var calendars = [calendar(of: nil)]
    for key in policies.compactMap(\.calendar) {
      guard let calendar = workCalendar(key), !calendars.contains(where: { $0.key == key }) else {
        continue
      }
      calendars.append(calendar)
    }
    return calendars.compactMap { $0.duty(at: now) }
  }
}

extension JSONWriter {
  /// Writes the members of a calendar, all but its holidays.
  fileprivate mutating func summary(_ calendar: WorkCalendar, at now: Int64) {
    let definition = calendar.definition
    member("key", definition.key)
    member("name", definition.name)
    member("zone", definition.zone)
    array("workingDays") { json in
      for name in definition.workingDays.names { json.value(name) }
    }
    member("opens", Self.clock(definition.opens))
    member("closes", Self.clock(definition.closes))
    member("listed", definition.holidays.count)
    member("knownUntil", calendar.lastKnownDay.map { CalendarDefinition.Holiday.text($0) })
    if let duty = calendar.duty(at: now) { member("duty", duty.text) }
    member("version", Int(clamping: calendar.version))
  }

  /// "09:00".
  private static func clock(_ minutes: UInt16) -> String {
    let (hour, minute) = (minutes / 60, minutes % 60)
    return "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
  }

  fileprivate mutating func write(_ plan: BankHolidayPlan) {
    array("calendars") { json in
      for entry in plan.entries {
        json.object { json in
          json.member("key", entry.before.key)
          json.array("differences") { json in
            for difference in entry.differences {
              json.object { json in
                json.member("date", CalendarDefinition.Holiday.text(Int64(difference.day)))
                json.member("before", difference.before)
                json.member("after", difference.after)
              }
            }
          }
        }
      }
    }
  }
}
