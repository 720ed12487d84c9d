import Bytes
import EventLoop
import Glibc
import Incidents
import Raft
import Replication
import SQLite
import Store
import Testing

@Suite("A node's search index", .serialized)
struct SearchLaneTests {
  private func command(_ action: Action, by actor: Actor) -> [UInt8] {
    Command(
      actor: actor, receivedAt: 0, salt: [UInt8](repeating: 1, count: Bound.salt), action: action
    ).encoded()
  }

  private func founding() -> [UInt8] {
    command(
      .found(
        Founding(
          person: ID(high: 1, low: 1), name: "Ana", email: "ana@example.org",
          credential: ID(high: 1, low: 2), tokenHash: [UInt8](repeating: 7, count: 32),
          team: ID(high: 1, low: 3))), by: .system)
  }

  private func declare(_ number: UInt64, _ title: String) -> [UInt8] {
    command(
      .declare(Declaration(id: ID(high: 9, low: number), title: title)),
      by: .credential(id: ID(high: 1, low: 2), person: ID(high: 1, low: 1)))
  }

  private func eventually(_ condition: () async -> Bool) async -> Bool {
    for _ in 0..<1_500 {
      if await condition() { return true }
      try? await Task.sleep(for: .milliseconds(10))
    }
    return false
  }

  private func found(_ text: String, on node: Node) async throws -> [String] {
    let query = try SearchQuery(text)
    return try await node.search(within: .seconds(2)) { reader, searcher, _ in
      try reader.read { reader throws(StoreError) in
        try searcher.find(query, limit: 10, in: reader).items.map(\.incident.title)
      }
    }
  }

  private func write(_ bytes: [UInt8], on node: Node) async -> LogIndex {
    for _ in 0..<500 {
      // Before the cluster is founded it is refused.
      if case .outcome(let entry) = await node.submit(bytes), case .applied = entry.result {
        return entry.position.index
      }
      try? await Task.sleep(for: .milliseconds(20))
    }
    Issue.record("It was not taken.")
    return .zero
  }

  /// The bytes of the index's file.
  private func bytes(in folder: String) throws -> [UInt8] {
    try Files.read("\(folder)/\(SearchFile.name)", atMost: 1 << 24)
  }

  private func holds(_ text: String, in folder: String) throws -> Bool {
    String(decoding: try bytes(in: folder), as: UTF8.self).contains(text)
  }

  /// Changes what lies in the file behind SQLite's back, as a disk does; once it lies there.
  private func flip(_ text: String, to other: String, in folder: String) async {
    let path = "\(folder)/\(SearchFile.name)"
    let isThere = await eventually {
      // While the file is being made anew there may be none.
      guard let database = try? Database(path: path, access: .write, busyMilliseconds: 100),
        // Before its first read a connection knows of no write-ahead log.
        (try? database.execute("SELECT id FROM place")) != nil,
        (try? database.checkpoint(.truncate)) != nil
      else { return false }
      return (try? holds(text, in: folder)) == true
    }
    #expect(isThere, "\(text)")
    let wanted = Array(text.utf8)
    guard let bytes = try? bytes(in: folder),
      let place = bytes.indices.dropLast(wanted.count).first(where: {
        bytes[$0..<$0 + wanted.count].elementsEqual(wanted)
      })
    else { return }
    let opened = unsafe fopen(path, "r+")
    guard let file = unsafe opened else { return }
    unsafe fseek(file, place, SEEK_SET)
    unsafe fputs(other, file)
    unsafe fclose(file)
  }

  @Test func `follows the ledger, and is made anew when it is lost, damaged or of another ledger`()
    async throws
  {
    let cluster = try LiveCluster(ports: 18_494...18_496)
    let configurations = cluster.configurations.map { configuration in
      var quick = configuration
      quick.foundingCommand = founding()
      quick.search = SearchPace(
        look: .milliseconds(10), trouble: .milliseconds(50), check: .milliseconds(240),
        // So that it is behind each time, and gives back what it took.
        rows: 1)
      return quick
    }
    var nodes = try configurations.map { try Node.start($0) }
    let first = await write(declare(1, "The mail is slow"), on: nodes[0])
    #expect(await nodes[0].waitIndexed(first, upTo: .seconds(5)))
    #expect(try await found("mail", on: nodes[0]) == ["The mail is slow"])
    #expect(await !nodes[0].waitIndexed(LogIndex(rawValue: 1_000), upTo: .milliseconds(30)))

    let folder = configurations[2].dataFolder
    for damage in ["lost", "damaged", "of another ledger"] {
      await nodes[2].stop()
      let path = "\(folder)/\(SearchFile.name)"
      switch damage {
      case "lost": try SearchStore.remove(from: folder)
      case "damaged":
        try Files.write([UInt8](repeating: 7, count: 40_000), to: path, mode: 0o600)
      default:
        let database = try Database(path: path, access: .write)
        try database.run("UPDATE place SET hash = zeroblob(32)")
      }
      nodes[2] = try Node.start(configurations[2])
      let node = nodes[2]
      #expect(await eventually { node.search.rows > 0 && node.search.trouble == nil }, "\(damage)")
      #expect(await node.waitIndexed(first, upTo: .seconds(5)), "\(damage)")
      #expect(try await found("slow", on: node) == ["The mail is slow"], "\(damage)")
    }

    // What a reader trips over is made anew without a stop.
    let node = nodes[2]
    let database = try Database(path: "\(folder)/\(SearchFile.name)", access: .write)
    try database.execute(
      "PRAGMA busy_timeout = 2000; UPDATE chapter_data SET block = x'00000000FFFFFFFF0FFFFFFFFF0F'")
    _ = try? await found("slow", on: node)
    #expect(
      await eventually { (try? await found("slow", on: node)) == ["The mail is slow"] })

    // What nobody trips over is found by the look at the file: a word of a text, and of the schema.
    for (word, flipped) in [("The mail is", "The mahl is"), ("USING fts5", "USING ftr5")] {
      await flip(word, to: flipped, in: folder)
      #expect(await eventually { (try? holds(flipped, in: folder)) == false }, "\(flipped)")
      #expect(
        await eventually { (try? await found("mail", on: node)) == ["The mail is slow"] },
        "\(flipped)")
      #expect(await eventually { node.search.trouble == nil }, "\(flipped)")
    }
    for node in nodes { await node.stop() }
  }
}
