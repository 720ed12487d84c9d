import Bytes
import Incidents
import Raft

/// The registers of a world whose nodes have real files: incidents of a department, whose ticket is
/// what the register holds. So the clients' writes are commands of the product.
enum Department {
  static let cluster = ID(high: 1, low: 1)
  private static let person = ID(high: 1, low: 2)
  private static let credential = ID(high: 1, low: 3)
  private static let team = ID(high: 1, low: 4)

  static func incident(_ register: Int) -> ID {
    ID(
      version7At: 1_700_000_000_000 + Int64(register),
      random: (UInt64(register) &* 0x9E37_79B9_7F4A_7C15, UInt64(register) &* 0xBF58_476D_1CE4_E5B9)
    )
  }

  static let registers = (0..<RegisterState.registers).map(incident)

  /// What must be in the log before any register can be written, in this order.
  static let founding: [[UInt8]] = {
    let found = Action.found(
      Founding(
        person: person, name: "Ana", email: "ana@example.org", credential: credential,
        tokenHash: [UInt8](repeating: 7, count: 32), team: team))
    let incidents = (0..<RegisterState.registers).map { register in
      Action.declare(Declaration(id: incident(register), title: "Register \(register)"))
    }
    return [encoded(found, by: .system, salt: [UInt8](repeating: 0, count: Bound.salt))]
      + incidents.map { encoded($0, by: actor, salt: [UInt8](repeating: 1, count: Bound.salt)) }
  }()

  private static var actor: Actor { .credential(id: credential, person: person) }

  /// A client's write as the product knows it.
  ///
  /// - Parameter version: The version of the incident for a swap to be done.
  static func encode(_ command: Command, version: UInt64?) -> [UInt8] {
    let (old, new): (UInt64, UInt64) =
      switch command.action {
      case .write(let value): (0, value)
      case .swap(let old, let new): (old, new)
      }
    var salt = ByteWriter(reserving: Bound.salt)
    salt.put(old)
    salt.put(UInt64(command.register))
    let key = IdempotencyKey(
      text: "\(command.key.client)-\(command.key.number)",
      requestHash: Array((command.encoded + [UInt8](repeating: 0, count: 32)).prefix(Bound.hash)))
    return encoded(
      .incident(incident(command.register), .recordTicket(reference: "\(new)", updatedAt: nil)),
      by: actor, key: key, salt: salt.bytes, version: version)
  }

  /// A command of the cluster itself, or of the one person.
  static func command(_ action: Action, by actor: Actor? = nil, salt: UInt64) -> [UInt8] {
    var bytes = ByteWriter(reserving: Bound.salt)
    bytes.put(salt)
    bytes.put(UInt64(0))
    return encoded(action, by: actor ?? self.actor, salt: bytes.bytes)
  }

  private static func encoded(
    _ action: Action, by actor: Actor, key: IdempotencyKey? = nil, salt: [UInt8],
    version: UInt64? = nil
  ) -> [UInt8] {
    Incidents.Command(
      actor: actor, key: key, receivedAt: 0, salt: salt, expectedVersion: version, action: action
    ).encoded()
  }

  /// The client's write that an entry holds; `nil` for one of the founding.
  static func decode(_ payload: [UInt8]) -> Command? {
    guard let command = try? Incidents.Command(decoding: payload),
      case .incident(_, .recordTicket(let reference, _)) = command.action,
      let numbers = command.key?.text.split(separator: "-").compactMap({ Int($0) }),
      numbers.count == 2, let new = UInt64(reference)
    else { return nil }
    var salt = ByteReader(command.salt)
    guard let old = try? salt.u64(), let register = try? salt.u64() else { return nil }
    return Command(
      key: Command.Key(client: numbers[0], number: numbers[1]), register: Int(register),
      action: command.expectedVersion == nil ? .write(new) : .swap(from: old, to: new))
  }
}
