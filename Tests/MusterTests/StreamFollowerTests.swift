import EventLoop
import TLS
import Testing

@testable import muster

/// Nodes that speak by a script, one line of it for each time that one is asked, and a clock that only
/// they and the pauses move.
private struct ScriptedLine: StreamLine {
  enum Step {
    case says(String)
    case isQuiet(Duration)
    /// A node is not there, hangs or is killed.
    case isLost
  }

  private struct Lost: Error {}

  var script: [[Step]]
  var asked: [(node: String, request: String)] = []
  var clock: Int64 = 0

  mutating func hear(
    _ node: Endpoint, _ request: [UInt8], _ take: ([UInt8]) throws -> Bool
  ) throws {
    asked.append((node.description, String(decoding: request, as: UTF8.self)))
    guard !script.isEmpty else {
      clock += Duration.seconds(5).nanoseconds
      throw Lost()
    }
    for step in script.removeFirst() {
      switch step {
      case .says(let text): guard try take(Array(text.utf8)) else { return }
      case .isQuiet(let length): clock += length.nanoseconds
      case .isLost: throw Lost()
      }
    }
  }

  func now() -> Int64 { clock }
  mutating func pause(_ microseconds: UInt32) { clock += Int64(microseconds) * 1_000 }
}

/// The same, to be looked at while it is used.
private final class SharedLine: StreamLine {
  var line: ScriptedLine

  init(_ script: [[ScriptedLine.Step]]) { line = ScriptedLine(script: script) }

  func hear(_ node: Endpoint, _ request: [UInt8], _ take: ([UInt8]) throws -> Bool) throws {
    var line = self.line
    defer { self.line = line }
    try line.hear(node, request, take)
  }

  func now() -> Int64 { line.now() }
  func pause(_ microseconds: UInt32) { line.pause(microseconds) }
}

@Suite("Following the stream from node to node")
struct StreamFollowerTests {
  private typealias Step = ScriptedLine.Step

  private static let head = Step.says(
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
  private static func beat(_ id: String) -> Step { .says("id: \(id)\n: still here\n\n") }
  private static func entry(_ id: String) -> Step {
    .says("id: \(id)\nevent: entry\ndata: {\"id\":\"\(id)\"}\n\n")
  }

  /// Follows with a patience of 15 seconds until the entry `last`, and tells which there were.
  private func follow(_ line: SharedLine, until last: String) throws -> [String] {
    var follower = StreamFollower(
      try EndpointList.parse("n1:1,n2:2,n3:3"), on: line, credential: .token("t"),
      patience: .seconds(15))
    var told: [String] = []
    try follower.follow(
      "/v1/stream",
      each: { _, _, id in
        told.append(id)
        return id != last
      }, moved: { _, _ in })
    return told
  }

  @Test(arguments: [Duration.seconds(15), .seconds(40), .seconds(3_600)])
  func `goes on where a node that was quiet for long is lost`(silence: Duration) throws {
    let line = SharedLine([
      [Self.head, Self.entry("a"), Self.beat("b"), .isQuiet(silence), .isLost],
      [Self.head, Self.entry("c")],
    ])
    #expect(try follow(line, until: "c") == ["a", "c"])
    #expect(line.line.asked.map(\.node) == ["n1:1", "n2:2"])
    #expect(line.line.asked[1].request.contains("Last-Event-ID: b\r\n"))
  }

  @Test func `counts its patience anew once a node lets it follow`() throws {
    let away: [Step] = [.isQuiet(.seconds(5)), .isLost]
    let line = SharedLine([
      away, away, [Self.head, Self.beat("a"), .isQuiet(.seconds(40)), .isLost], away, away,
      [Self.head, Self.entry("b")],
    ])
    #expect(try follow(line, until: "b") == ["b"])
  }

  @Test func `gives up when no node lets it follow for that long, and says where to go on`() throws
  {
    let line = SharedLine([[Self.head, Self.beat("a"), .isQuiet(.seconds(40)), .isLost]])
    let failure = #expect(throws: Failure.self) { try follow(line, until: "b") }
    #expect(failure?.code == .unavailable)
    #expect(failure?.message.contains("muster watch --after a") == true)
    // The one that was lost, and three more within the fifteen seconds behind it.
    #expect(line.line.asked.map(\.node) == ["n1:1", "n2:2", "n3:3", "n1:1"])
  }

  @Test func `ends where nobody wants more, though nothing happens`() throws {
    let line = SharedLine([[Self.head, Self.beat("a"), Self.beat("b"), Self.entry("c")]])
    var follower = StreamFollower(
      try EndpointList.parse("n1:1"), on: line, credential: .token("t"), patience: .seconds(15))
    var pieces = 0
    try follower.follow(
      "/v1/stream", each: { _, _, _ in true },
      goesOn: {
        pieces += 1
        return pieces < 2
      }, moved: { _, _ in })
    #expect(pieces == 2)
  }
}
