internal import Bytes

extension Incident {
  /// What behaviour level 2 adds to the record of an incident. One that has none of it is kept as
  /// level 1 keeps it, byte for byte.
  package struct Extras: Hashable, Sendable {
    /// Who needs it kept, if somebody does.
    package internal(set) var hold: LegalHold?
    /// How its priority was found and what is proposed, if anything was said of that.
    package internal(set) var deliberation: Incident.Deliberation?
    /// Where it stands in the backlog, if that was said.
    package internal(set) var backlogPlace: BacklogPlace?
    /// Whom it concerns beside its team, and what is owed to them.
    package internal(set) var outreach = Outreach()
    /// What a flag asks of it beside its duty.
    package internal(set) var sensitive = Sensitive()
    /// What the clock has to do with it.
    package internal(set) var watch: Watch?
    /// What is around it.
    package internal(set) var around = Surroundings()

    /// What its report and the counts tell of it.
    package internal(set) var marks: ReportMarks?

    /// None.
    package init() {}
  }

  /// Who needs it kept, if somebody does.
  package var hold: LegalHold? { extras.hold }
}

extension Incident.Extras: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(maybe: hold)
    bytes.put(maybe: deliberation)
    bytes.put(maybe: backlogPlace)
    bytes.put(outreach)
    bytes.put(sensitive)
    bytes.put(maybe: watch)
    bytes.put(maybe: marks)
    bytes.put(maybe: around == Incident.Surroundings() ? nil : around)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    hold = try bytes.maybe()
    deliberation = try bytes.maybe()
    backlogPlace = try bytes.maybe()
    outreach = try bytes.value()
    sensitive = try bytes.value()
    watch = try bytes.maybe()
    marks = try bytes.maybe()
    if let around: Incident.Surroundings = try bytes.maybe() {
      // Nothing has two forms.
      guard around != Incident.Surroundings() else {
        throw .unknown(what: "Surroundings that say nothing", value: 0)
      }
      self.around = around
    }
  }
}
