/// When a leader submits the command that founds the department.
struct Founding: Sendable {
  /// Ticks between two attempts: an election may be under way.
  private static let interval: UInt64 = 20

  private var command: [UInt8]?
  private var isUnderWay = false
  private var notBefore: UInt64 = 0

  /// - Parameters:
  ///   - command: What the configuration says.
  ///   - isFounded: What the state says.
  init(command: [UInt8]?, isFounded: Bool) { self.command = isFounded ? nil : command }

  /// The command, if it is to be submitted now.
  mutating func command(at tick: UInt64) -> [UInt8]? {
    guard let command, !isUnderWay, tick >= notBefore else { return nil }
    isUnderWay = true
    notBefore = tick + Self.interval
    return command
  }

  /// Takes the answer. Applied or refused, the department is founded and this is over; true if so.
  mutating func take(_ answer: WriteAnswer) -> Bool {
    isUnderWay = false
    guard case .applied = answer else { return false }
    command = nil
    return true
  }
}
