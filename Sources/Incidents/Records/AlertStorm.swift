package import Bytes

/// What alerts opened of late for one service, and where it is gathered (policy section 10): more than
/// ``AlertStorm/most`` incidents within `Grace.storm` are a storm, which one more incident gathers. It is
/// beside the record: it matters for minutes, and no fold of the ledger needs it.
package struct AlertStorm: Hashable, Sendable {
  /// So many incidents alerts open for a service one by one, within `Grace.storm`.
  package static let most = 10

  /// The service; all zeros for what belongs to none that is known.
  package var service: ID
  /// What was opened last, oldest first, at most ``most``.
  package internal(set) var openings: [Opening] = []
  /// The incident that gathers the storm, and when it gathered something last.
  package internal(set) var umbrella: Opening?

  /// That alerts opened an incident.
  package struct Opening: Hashable, Sendable {
    /// Which.
    package var incident: ID
    /// When.
    package var at: Int64
  }

  /// Calm.
  init(of service: ID?) { self.service = Self.key(of: service) }

  /// By what the storm of a service is kept.
  package static func key(of service: ID?) -> ID { service ?? ID(high: 0, low: 0) }

  /// The incidents that alerts opened a short while ago, if they were as many as make the next one a storm.
  func gathered(at stamp: Int64) -> [ID]? {
    let recent = openings.filter { stamp - $0.at < Grace.storm }
    return recent.count < Self.most ? nil : recent.map(\.incident)
  }
}

extension AlertStorm: BinaryForm {
  /// Its binary form, version 1.
  package func encoded() -> [UInt8] { versioned(reserving: 32 + 24 * openings.count) }
  /// The storm in `bytes`.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) { try self.init(versioned: bytes) }

  func write(to bytes: inout ByteWriter) {
    bytes.put(service)
    bytes.put(openings)
    bytes.put(maybe: umbrella)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    service = try bytes.id()
    openings = try bytes.values(max: Self.most)
    umbrella = try bytes.maybe()
  }
}

extension AlertStorm.Opening: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(incident)
    bytes.put(at)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(incident: try bytes.id(), at: try bytes.time())
  }
}

/// Keeps what a notification opened, or that it was gathered, once its events are true.
func keepStorm(of sent: AlertNotification, at stamp: Int64, in records: inout some Records) {
  guard records.level >= 2 else { return }
  if let opened = records.incident(sent.incident) {
    // A notification that is said again opens nothing.
    guard opened.declaredAt == stamp, opened.source.kind == .alert else { return }
    var storm = records.storm(of: opened.service) ?? AlertStorm(of: opened.service)
    let opening = AlertStorm.Opening(incident: opened.id, at: stamp)
    if opened.around.isUmbrella {
      storm.umbrella = opening
    } else {
      storm.openings = storm.openings.suffix(AlertStorm.most - 1) + [opening]
    }
    records.put(storm)
  } else if let group = records.alertGroup(id: sent.group), group.version == 1,
    let umbrella = records.incident(group.incident), umbrella.around.isUmbrella,
    var storm = records.storm(of: umbrella.service), storm.umbrella?.incident == umbrella.id
  {
    storm.umbrella?.at = stamp
    records.put(storm)
  }
}
