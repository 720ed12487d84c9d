package import Bytes

// The binary form of a configuration: what an entry of kind `configuration` carries, and what a
// log's base and a snapshot keep.
extension Configuration {
  /// The first version knows of no skipped entries, the second of no behaviour level. The oldest that
  /// says all is written: a node of an older version reads it for as long as it may be a member.
  private static let version: UInt8 = 1
  private static let versionWithSkips: UInt8 = 2
  private static let versionWithLevel: UInt8 = 3
  /// The longest text in it, in bytes: a host name has at most 253.
  package static let longestText = 512

  /// Its binary form: version, members, learners, former members, then skipped entries and
  /// the behaviour level as the version has them.
  package func encoded() -> [UInt8] {
    var writer = ByteWriter(reserving: 16 + 96 * members.count + 16 * retired.count)
    let hasLevel = level != Self.firstLevel
    let version =
      hasLevel
      ? Self.versionWithLevel : skips.isEmpty ? Self.version : Self.versionWithSkips
    writer.put(version)
    writer.put(each: members) { writer, member in
      writer.put(member.id.rawValue)
      writer.put(member.incarnation)
      writer.put(member.peer)
      writer.put(member.client)
      writer.put(optional: member.replaces) { $0.put($1.rawValue) }
    }
    writer.put(each: learners) { $0.put($1.rawValue) }
    writer.put(each: retired) { writer, former in
      writer.put(former.id.rawValue)
      writer.put(former.incarnation)
    }
    if version != Self.version { writer.put(each: skips) { $0.put($1.rawValue) } }
    if hasLevel { writer.put(level) }
    return writer.bytes
  }

  /// The configuration in `bytes`.
  ///
  /// - Throws: What is wrong with them; bounds are checked before anything is kept. What has another form
  ///   than ``encoded()`` would give it is refused.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) {
    var reader = ByteReader(bytes)
    let version = try reader.u8()
    guard (Self.version...Self.versionWithLevel).contains(version) else {
      throw .unknown(what: "Configuration", value: UInt64(version))
    }
    let members = try reader.array(max: Self.mostMembers) { reader throws(MalformedBytes) in
      Member(
        id: NodeID(rawValue: try reader.u64()), incarnation: try reader.u64(),
        peer: try reader.string(max: Self.longestText),
        client: try reader.string(max: Self.longestText),
        replaces: try reader.optional { reader throws(MalformedBytes) in
          NodeID(rawValue: try reader.u64())
        })
    }
    let learners = try reader.array(max: Self.mostMembers) { reader throws(MalformedBytes) in
      NodeID(rawValue: try reader.u64())
    }
    let retired = try reader.array(max: Self.mostRetired) { reader throws(MalformedBytes) in
      Retired(id: NodeID(rawValue: try reader.u64()), incarnation: try reader.u64())
    }
    var skips: [LogIndex] = []
    if version != Self.version {
      skips = try reader.array(max: Self.mostSkips) { reader throws(MalformedBytes) in
        LogIndex(rawValue: try reader.u64())
      }
    }
    let level = version == Self.versionWithLevel ? try reader.u8() : Self.firstLevel
    try reader.finish()
    let ids = members.map(\.id)
    guard Set(ids).count == ids.count, Set(learners).count == learners.count,
      learners.allSatisfy(ids.contains)
    else { throw .unknown(what: "Configuration with its members", value: UInt64(members.count)) }
    self.init(members: members, learners: learners, retired: retired, skips: skips, level: level)
    // Every version of this code has written the oldest form that says all, in this order.
    guard encoded() == bytes else {
      throw .unknown(what: "Configuration in another form than its own", value: UInt64(version))
    }
  }
}
