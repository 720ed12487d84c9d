import Bytes
import Raft
import Testing

@Suite struct `The binary form of a configuration` {
  private static let members: [Configuration.Member] = [
    .init(id: 1, incarnation: 7, peer: "n1:1", client: "https://n1"), .init(id: 2), .init(id: 3),
  ]

  @Test(arguments: [
    Configuration(members: members),
    Configuration(members: members, learners: [3], retired: [.init(id: 4, incarnation: 9)]),
    Configuration(members: members, skips: [2, 5]),
    Configuration(members: members, skips: [5], level: 2),
  ])
  func `is read back as it was written`(configuration: Configuration) throws {
    #expect(try Configuration(decoding: configuration.encoded()) == configuration)
  }

  /// Two members, each by its id alone; then learners, skipped entries and a level as far as they are said.
  private func bytes(
    version: UInt8, ids: [UInt64] = [1, 2], learners: [UInt64] = [], skips: [UInt64]? = nil,
    level: UInt8? = nil
  ) -> [UInt8] {
    var writer = ByteWriter()
    writer.put(version)
    writer.put(each: ids) { writer, id in
      writer.put(id)
      writer.put(0 as UInt64)
      writer.put("")
      writer.put("")
      writer.put(optional: UInt64?.none) { $0.put($1) }
    }
    writer.put(each: learners) { $0.put($1) }
    writer.put(each: [UInt64]()) { $0.put($1) }
    if let skips { writer.put(each: skips) { $0.put($1) } }
    if let level { writer.put(level) }
    return writer.bytes
  }

  @Test func `is the only one that says the same`() throws {
    let ids = [Configuration.Member(id: 1), Configuration.Member(id: 2)]
    #expect(
      bytes(version: 1, learners: [1, 2])
        == Configuration(members: ids, learners: [1, 2]).encoded())
    #expect(bytes(version: 2, skips: [5]) == Configuration(members: ids, skips: [5]).encoded())
    #expect(
      bytes(version: 3, skips: [], level: 2) == Configuration(members: ids, level: 2).encoded())
    for wrong in [
      // That nothing is skipped, and that the level is the first, is said by an older version.
      bytes(version: 2, skips: []),
      bytes(version: 3, skips: [], level: Configuration.firstLevel),
      bytes(version: 2, skips: [5, 2]),
      bytes(version: 1, ids: [2, 1]),
      bytes(version: 1, ids: [1, 1]),
      bytes(version: 1, learners: [2, 1]),
      bytes(version: 1, learners: [2, 2]),
    ] {
      #expect(throws: MalformedBytes.self) { try Configuration(decoding: wrong) }
    }
  }
}
