package import Bytes

/// A calendar by which working time is counted: a definition that holds, ready to count with.
///
/// Nothing in it changes as it is used, and a count costs less than a microsecond: see
/// ``adding(_:to:)``.
package struct WorkCalendar: Hashable, Sendable {
  /// What was settled.
  package let definition: CalendarDefinition
  /// One more with every change; 0 as it ships.
  package let version: UInt64

  let zone: ZoneRule
  /// Holidays that would be days of work, in ascending order.
  let closed: [Int64]
  /// For the k-th working day of a week that begins on a Thursday, as 1 January 1970 did, its place.
  let places: [Int64]
  /// Whether each day of work is as long as any other: the clocks never change during it.
  let isEven: Bool

  /// A calendar that counts by `definition`.
  ///
  /// - Returns: `nil` unless the definition holds: see its `check()`.
  package init?(_ definition: CalendarDefinition, version: UInt64) {
    do throws(Refusal) { try definition.check() } catch { return nil }
    guard let zone = ZoneRule(definition.zone) else { return nil }
    self.definition = definition
    self.version = version
    self.zone = zone
    closed = definition.holidays.map { Int64($0.day) }.filter {
      definition.workingDays.has(($0 + 4) % 7)
    }
    places = (0..<7).filter { definition.workingDays.has(($0 + 4) % 7) }
    let work = Int64(definition.opens) * 60..<Int64(definition.closes) * 60
    isEven = zone.changingTimes.map { $0.allSatisfy { !$0.overlaps(work) } } ?? false
  }

  /// What it is known by.
  package var key: String { definition.key }

  /// One business day, in milliseconds of working time: usually eight hours.
  package var businessDay: Int64 {
    Int64(definition.closes - definition.opens) * Span.minute
  }

  /// The last day that it knows the holidays of: 31 December of the last year it lists any of, as days
  /// since 1970. `nil` if it lists none at all.
  package var lastKnownDay: Int64? {
    guard let last = definition.holidays.last else { return nil }
    let year = CivilDate(daysSince1970: Int64(last.day)).year
    return CivilDate(year: year, month: 12, day: 31).daysSince1970
  }
}

extension WorkCalendar: BinaryForm {
  /// Its binary form, version 1.
  package func encoded() -> [UInt8] { versioned(reserving: 4_096) }
  /// The record in `bytes`.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) { try self.init(versioned: bytes) }

  func write(to bytes: inout ByteWriter) {
    bytes.put(version)
    bytes.put(definition)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    let version = try bytes.u64()
    guard let calendar = WorkCalendar(try bytes.value(), version: version) else {
      throw .unknown(what: "calendar that cannot be counted by, of version", value: version)
    }
    self = calendar
  }
}

extension CalendarDefinition: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(key)
    bytes.put(name)
    bytes.put(zone)
    bytes.put(workingDays.rawValue)
    bytes.put(opens)
    bytes.put(closes)
    bytes.put(holidays)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      key: try bytes.string(max: Bound.key), name: try bytes.string(max: Bound.name),
      zone: try bytes.string(max: Bound.zone), workingDays: Weekdays(rawValue: try bytes.u8()),
      opens: try bytes.u16(), closes: try bytes.u16(),
      holidays: try bytes.values(max: Bound.holidays))
  }
}

extension CalendarDefinition.Holiday: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(UInt32(bitPattern: day))
    bytes.put(name)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      day: Int32(bitPattern: try bytes.u32()), name: try bytes.string(max: Bound.label))
  }
}
