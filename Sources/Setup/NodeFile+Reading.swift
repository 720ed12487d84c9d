import Bytes
import Crypto
import Gateway
import Incidents
package import JSON
import OpenID
import TLS

/// How `node.json` is read: every key here, and what is allowed under it.
extension NodeFile {
  /// Node numbers fit a column and are never used again, so there is room for replacements.
  private static let numbers = 1...999
  /// One node for trying out, seven at most: more make every write slower, and nothing safer.
  package static let mostMembers = 7
  private static let memberCount = 1...mostMembers
  private static let epochs = 1...1_000_000
  private static let heartbeats = 10...1_000
  private static let elections = 100...30_000
  private static let levels = Int(Command.firstLevel)...Int(Command.newestLevel)
  private static let kept = 1_000...10_000_000
  /// Each costs a descriptor and about 35 KiB.
  private static let connections = 10...20_000
  private static let usualConnections = 2_000
  /// More than a node can answer in a second, and in ten: no quota at all.
  private static let perSecond = 1...1_000_000
  private static let burst = 1...10_000_000
  /// Bounds of the domain for a name and an e-mail address, in bytes.
  private static let longestName = 200
  private static let longestEmail = 254

  /// Reads the text of a configuration.
  ///
  /// - Parameters:
  ///   - bytes: The text, JSON.
  ///   - contents: What the file at a path holds, or `nil` where it cannot be read: for the one secret that
  ///     a configuration may name, and that does not stand in it.
  /// - Throws: What is wrong, with its line.
  package init(
    _ bytes: [UInt8], contents: (_ path: String) -> [UInt8]?
  ) throws(ConfigurationError) {
    var file = try ConfigurationReader(bytes)
    cluster = try file.text("cluster", "the cluster's UUID, as 8-4-4-4-12 hexadecimal digits") {
      ID($0)
    }
    node = try file.number("node", in: Self.numbers)
    name = try file.text("name", "what people call the node, such as \"n1\"") {
      Self.bounded($0, Self.longestName)
    }
    dataFolder = try file.text("dataFolder", "the path of a folder")
    (client, machines) = try file.object("client") { part throws(ConfigurationError) in
      let listening = try Listening(&part)
      let machines = try part.optionalText("machines", "an address and port") { SocketAddress($0) }
      return (listening, machines)
    }
    (peer, peerAuthority) = try file.object("peer") { part throws(ConfigurationError) in
      let listening = try Listening(&part)
      return (listening, try part.text("authority", "the path of a PEM file"))
    }
    members = try file.objects("members", count: Self.memberCount) {
      part throws(ConfigurationError) in try Member(&part, Self.numbers)
    }
    isJoining = try file.truth("joining")
    epoch = try file.number("epoch", in: Self.epochs, usual: 1)
    let log = try file.optionalObject("log") { part throws(ConfigurationError) in
      try part.number("keptEntries", in: Self.kept)
    }
    keptEntries = log ?? 10_000
    founding = try file.optionalObject("founding") { part throws(ConfigurationError) in
      try Founder(&part)
    }
    let timing = try file.optionalObject("timing") { part throws(ConfigurationError) in
      try Self.timing(&part)
    }
    (heartbeatMilliseconds, electionMilliseconds) = timing ?? Sites.one.timing
    let limits = try file.optionalObject("limits") { part throws(ConfigurationError) in
      try Self.limits(&part)
    }
    (mostConnections, quotas) = limits ?? (Self.usualConnections, Quotas())
    newestLevel = try file.optionalObject("behaviour") { part throws(ConfigurationError) in
      UInt8(try part.number("newest", in: Self.levels))
    }
    webhookAuthority = try file.optionalObject("webhooks") { part throws(ConfigurationError) in
      try part.text("authority", "the path of a PEM file")
    }
    provider = try Self.provider(&file, contents)
    try checkMembers(file)
    try file.finish()
  }

  /// The identity provider's part, which the room that speaks with it reads.
  private static func provider(
    _ file: inout ConfigurationReader, _ contents: (_ path: String) -> [UInt8]?
  ) throws(ConfigurationError) -> ProviderConfiguration? {
    guard let value = file.optionalValue("openID") else { return nil }
    return try ProviderConfiguration(value, file: contents)
  }

  /// How far the members are from each other: what is usual for the timing.
  private enum Sites: String {
    /// All in one place, or in places a few milliseconds apart.
    case one
    /// Up to 100 ms apart: a heartbeat is not late for a line that is slow at times, and an election
    /// is not begun for one that is silent for a second.
    case several

    var timing: (heartbeat: Int, election: Int) {
      switch self {
      case .one: (50, 1_000)
      case .several: (100, 3_000)
      }
    }
  }

  private static func timing(
    _ part: inout ConfigurationReader
  ) throws(ConfigurationError) -> (Int, Int) {
    let unit = " (milliseconds)"
    let sites =
      try part.optionalText("sites", "\"one\" or \"several\"") { Sites(rawValue: $0) } ?? .one
    let heartbeat = try part.number(
      "heartbeatMilliseconds", in: heartbeats, unit: unit, usual: sites.timing.heartbeat)
    let election = try part.number(
      "electionMilliseconds", in: elections, unit: unit, usual: sites.timing.election)
    // The clock of the core ticks every 10 ms.
    if heartbeat % 10 != 0 {
      throw part.refusal(of: "heartbeatMilliseconds", "must be a multiple of 10.")
    }
    if election % 10 != 0 || election < 3 * heartbeat {
      throw part.refusal(
        of: "electionMilliseconds", "must be a multiple of 10 and at least three heartbeats.")
    }
    return (heartbeat, election)
  }

  /// How much this node takes of its clients.
  private static func limits(
    _ part: inout ConfigurationReader
  ) throws(ConfigurationError) -> (connections: Int, Quotas) {
    let most = try part.number("clientConnections", in: connections, usual: usualConnections)
    var quotas = Quotas()
    for name in Quota.Name.allCases {
      let usual = quotas[name]
      let wished = try part.optionalObject(name.word) { part throws(ConfigurationError) in
        let perSecond = try part.number("perSecond", in: perSecond, usual: Int(usual.perSecond))
        let burst = try part.number("burst", in: burst, usual: max(Int(usual.burst), perSecond))
        guard burst >= perSecond else {
          throw part.refusal(
            of: "burst", "must be at least what comes back in a second: \(perSecond).")
        }
        return (burst: Int64(burst), perSecond: Int64(perSecond))
      }
      if let wished { quotas.set(name, burst: wished.burst, perSecond: wished.perSecond) }
    }
    return (most, quotas)
  }

  private func checkMembers(_ file: ConfigurationReader) throws(ConfigurationError) {
    let numbers = members.map(\.node)
    if zip(numbers, numbers.dropFirst()).contains(where: { $0 >= $1 }) {
      throw file.refusal(of: "members", "must be in ascending order of \"node\", each once.")
    }
    if !numbers.contains(node) {
      throw file.refusal(of: "members", "must have this node among them: \(node).")
    }
    if isJoining && (members.count < 2 || founding != nil) {
      throw file.refusal(
        of: "joining", "needs another member to join, and nothing under \"founding\".")
    }
    if epoch != 1 && !isJoining {
      throw file.refusal(of: "epoch", "goes with \"joining\": a cluster that is new begins with 1.")
    }
    if Set(members.map(\.peer)).count != members.count {
      throw file.refusal(of: "members", "must each have a \"peer\" of their own.")
    }
  }

  fileprivate static func bounded(_ text: String, _ most: Int) -> String? {
    (1...most).contains(text.utf8.count) ? text : nil
  }

  fileprivate static func email(_ text: String) -> String? {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
    return bounded(text, longestEmail)
  }

  fileprivate static func founderName(_ text: String) -> String? { bounded(text, longestName) }
}

extension NodeFile.Listening {
  fileprivate init(_ part: inout ConfigurationReader) throws(ConfigurationError) {
    address = try part.text("listen", "an address and port, such as \"127.0.0.1:8441\"") {
      SocketAddress($0)
    }
    certificate = try part.text("certificate", "the path of a PEM file")
    key = try part.text("key", "the path of a PEM file")
  }
}

extension NodeFile.Member {
  fileprivate init(
    _ part: inout ConfigurationReader, _ numbers: ClosedRange<Int>
  ) throws(ConfigurationError) {
    node = try part.number("node", in: numbers)
    peer = try part.text("peer", "a host and port, such as \"n1.example:8451\"") {
      Endpoint($0)
    }
    client = try part.text("client", "an address such as \"https://n1.example:8441\"") {
      text in
      guard text.hasPrefix("https://"), !text.dropFirst(8).isEmpty else { return nil }
      return text
    }
  }
}

extension NodeFile.Founder {
  fileprivate init(_ part: inout ConfigurationReader) throws(ConfigurationError) {
    (name, email, tokenHash) = try part.object("administrator") {
      part throws(ConfigurationError) in
      let name = try part.text("name", "a name of at most 200 bytes") {
        NodeFile.founderName($0)
      }
      let email = try part.text("email", "an e-mail address") { NodeFile.email($0) }
      let hash = try part.text("tokenHash", "the SHA-256 of a token, as 64 hexadecimal digits") {
        text in Hex.decode(text).flatMap { $0.count == SHA256.size ? $0 : nil }
      }
      guard hash.contains(where: { $0 != 0 }) else {
        throw part.refusal(
          of: "tokenHash", "is the example's, which no token has. Make one: muster token new")
      }
      return (name, email, hash)
    }
    team = try part.optionalText("team", "a name") ?? "Service Delivery"
  }
}
