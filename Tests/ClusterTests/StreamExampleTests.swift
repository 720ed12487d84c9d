import EventLoop
import Testing
import muster

/// The example of the page "Read the stream", run as it stands there, and the command that does all of it.
@Suite("The page \u{201C}Read the stream\u{201D}", .serialized)
struct StreamExampleTests {
  private static let page =
    "/" + "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")
    + "/Sources/Gateway/Gateway.docc/ReadTheStream.md"

  /// The first block of code for a shell.
  private static func example() throws -> String {
    let text = String(decoding: try Files.read(page, atMost: 1 << 16), as: UTF8.self)
    let parts = text.split(separator: "```sh\n", maxSplits: 1)
    return String(try #require(parts.dropFirst().first).split(separator: "```", maxSplits: 1)[0])
  }

  @Test(.enabled(if: RealCluster.has("curl")))
  func `follows, tells what happens, and ends with whoever reads it`() throws {
    let cluster = try RealCluster()
    try cluster.told {
      defer { try? cluster.removeScratch() }
      try cluster.waitForLevel(2, on: RealCluster.nodes)
      try cluster.shell("cat > follow <<'EXAMPLE'\n\(Self.example())EXAMPLE")
      // A new cluster has no stream until it has chosen its secret.
      try cluster.shell(
        """
        for try in $(seq 30); do
          timeout 60 env node="$node" sh follow > told & follower=$!
          sleep 1
          grep -q '^: still here' told && break
        done
        muster incident declare --title "Nobody is told of this" --priority P4
        muster incident declare --title "Sign-in is down" --priority P1
        for try in $(seq 100); do grep -q '^data: ' told && break; sleep 0.1; done
        kill $follower
        """)
      let told = try cluster.written("told").split(separator: "\n").map(String.init)
      #expect(told.first == "retry: 1000")
      #expect(told.contains("event: entry"))
      let data = told.filter { $0.hasPrefix("data: ") }
      #expect(data.first?.contains(#""title":"Sign-in is down""#) == true)
      #expect(data.allSatisfy { !$0.contains("Nobody is told of this") })

      // Behind a reader who has enough it ends, and by SIGPIPE, as a shell expects.
      try cluster.shell(
        """
        (timeout 60 muster watch --json || echo $? > ended) | head -n 1 > first & reader=$!
        for try in $(seq 60); do
          test -e ended && break
          muster incident declare --title "Number $try" --priority P4
          sleep 0.5
        done
        wait $reader
        """)
      #expect(try cluster.written("ended") == "141")
      #expect(try cluster.written("first").hasPrefix(#"{"id":""#))
    }
  }
}
