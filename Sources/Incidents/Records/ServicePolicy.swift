package import Bytes

/// What one service does otherwise than the department: a record of its own, so that it can be read and
/// changed without the service, and each of its versions is kept.
///
/// What it does not say is as the department's settings have it. An incident runs under the version that
/// was in force when it was declared (policy section 2); the calendar is the newest one's.
package struct ServicePolicy: Hashable, Sendable {
  /// The service.
  package internal(set) var service: ID
  /// One more with every change. There is none before the first.
  package internal(set) var version: UInt64
  /// The key of the calendar whose working hours it follows.
  package internal(set) var calendar: String?
  /// What impact and urgency come to here, if not to what guidance 2.3 says.
  package internal(set) var matrix: PriorityMatrix?
  /// Its targets and cadence, over the department's.
  package internal(set) var terms: PolicyTerms

  /// A policy that says nothing, which is what a service without one has.
  package init(of service: ID) {
    self.service = service
    version = 0
    terms = PolicyTerms()
  }

  /// This policy after a change; the version is not part of it.
  package func changed(by change: ServicePolicyChange) -> ServicePolicy {
    var policy = self
    change.calendar.take(into: &policy.calendar)
    change.matrix.take(into: &policy.matrix)
    if change.clears.contains(.targets) { policy.terms.targets = ByPriority() }
    if change.clears.contains(.cadence) { policy.terms.cadence = ByPriority() }
    if change.clears.contains(.countsFromDeclaration) { policy.terms.countsFromDeclaration = nil }
    if change.clears.contains(.pagesNewAlerts) { policy.terms.pagesNewAlerts = nil }
    policy.terms.take(change.terms)
    return policy
  }
}

/// A change of what a service does otherwise than the department.
package struct ServicePolicyChange: Hashable, Sendable {
  /// Whose.
  package var service: ID
  /// The calendar whose working hours it follows.
  package var calendar: Wish<String> = .keep
  /// What impact and urgency come to here.
  package var matrix: Wish<PriorityMatrix> = .keep
  /// What of the terms is as the department has it, before ``terms`` are taken over.
  package var clears: Parts = []
  /// What is said of targets and cadence.
  package var terms = PolicyTerms()

  /// Parts of the terms.
  package struct Parts: OptionSet, Hashable, Sendable {
    /// A bit each.
    package let rawValue: UInt8
    /// These parts.
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// All targets.
    package static let targets = Parts(rawValue: 1)
    /// The whole cadence.
    package static let cadence = Parts(rawValue: 2)
    /// From when clocks count.
    package static let countsFromDeclaration = Parts(rawValue: 4)
    /// Whether another alert wakes people.
    package static let pagesNewAlerts = Parts(rawValue: 8)
  }

  /// A change of nothing yet.
  package init(of service: ID) { self.service = service }
}

/// What a change wants of one thing.
package enum Wish<Value: Hashable & Sendable>: Hashable, Sendable {
  /// That it stays as it is.
  case keep
  /// That nothing is said about it any more.
  case clear
  /// That it is this.
  case set(Value)

  /// Brings it about.
  func take(into value: inout Value?) {
    switch self {
    case .keep: break
    case .clear: value = nil
    case .set(let wanted): value = wanted
    }
  }

  /// What it is to be, if it is to be something.
  package var wanted: Value? {
    guard case .set(let value) = self else { return nil }
    return value
  }
}

extension ServicePolicy: BinaryForm {
  /// Its binary form, version 1.
  package func encoded() -> [UInt8] { versioned(reserving: 256) }
  /// The record in `bytes`.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) { try self.init(versioned: bytes) }

  func write(to bytes: inout ByteWriter) {
    bytes.put(service)
    bytes.put(version)
    bytes.put(maybe: calendar)
    bytes.put(maybe: matrix)
    bytes.put(terms)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    service = try bytes.id()
    version = try bytes.u64()
    calendar = try bytes.maybeText(max: Bound.key)
    matrix = try bytes.maybe()
    terms = try bytes.value()
  }
}

extension ServicePolicyChange: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(service)
    bytes.put(calendar) { $0.put($1) }
    bytes.put(matrix) { $0.put($1) }
    bytes.put(clears.rawValue)
    bytes.put(terms)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    service = try bytes.id()
    calendar = try bytes.wish { bytes throws(MalformedBytes) in
      try bytes.string(max: Bound.key)
    }
    matrix = try bytes.wish { bytes throws(MalformedBytes) in try bytes.value() }
    clears = Parts(rawValue: try bytes.u8())
    terms = try bytes.value()
  }
}

extension ByteWriter {
  /// A wish, whose value `write` writes if there is one.
  mutating func put<Value>(_ wish: Wish<Value>, _ write: (inout ByteWriter, Value) -> Void) {
    switch wish {
    case .keep: put(0 as UInt8)
    case .clear: put(1 as UInt8)
    case .set(let value):
      put(2 as UInt8)
      write(&self, value)
    }
  }
}

extension ByteReader {
  /// A wish, whose value `read` reads if there is one.
  mutating func wish<Value>(
    _ read: (inout ByteReader) throws(MalformedBytes) -> Value
  ) throws(MalformedBytes) -> Wish<Value> {
    switch try u8() {
    case 0: return .keep
    case 1: return .clear
    case 2: return .set(try read(&self))
    case let tag: throw .unknown(what: "Wish", value: UInt64(tag))
    }
  }
}
