package import Bytes

// The binary form of a configuration: what an entry of kind `configuration` carries, and what a
// log's base and a snapshot keep.
extension Configuration {
  /// The first version, which knows of no skipped entries, and the one that this code knows too. It
  /// writes the first as long as that says all.
  private static let version: UInt8 = 1
  private static let versionWithSkips: UInt8 = 2
  /// The longest text in it, in bytes: a host name has at most 253.
  package static let longestText = 512

  /// Its binary form: version, members, learners, former members, skipped entries if there are any.
  package func encoded() -> [UInt8] {
    var writer = ByteWriter(reserving: 16 + 96 * members.count + 16 * retired.count)
    writer.put(skips.isEmpty ? Self.version : Self.versionWithSkips)
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
    if !skips.isEmpty { writer.put(each: skips) { $0.put($1.rawValue) } }
    return writer.bytes
  }

  /// The configuration in `bytes`.
  ///
  /// - Throws: What is wrong with them; bounds are checked before anything is kept.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) {
    var reader = ByteReader(bytes)
    let version = try reader.u8()
    guard version == Self.version || version == Self.versionWithSkips else {
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
    if version == Self.versionWithSkips {
      skips = try reader.array(max: Self.mostSkips) { reader throws(MalformedBytes) in
        LogIndex(rawValue: try reader.u64())
      }
    }
    try reader.finish()
    let ids = members.map(\.id)
    guard Set(ids).count == ids.count, learners.allSatisfy(ids.contains) else {
      throw .unknown(what: "Configuration with its members", value: UInt64(members.count))
    }
    self.init(members: members, learners: learners, retired: retired, skips: skips)
  }
}
