import EventLoop
import Gateway
import JSON
import Setup
import Testing

@Suite("A node's configuration")
struct NodeFileTests {
  static let whole = """
    {
      "cluster": "01a20e6c-edc7-7770-be3d-933d70c105e5",
      "node": 1,
      "name": "n1",
      "dataFolder": "data",
      "client": {
        "listen": "127.0.0.1:8441", "certificate": "a.crt", "key": "a.key" },
      "peer": {
        "listen": "127.0.0.1:8451", "certificate": "p.crt", "key": "p.key",
        "authority": "ca.crt" },
      "members": [
        { "node": 1, "peer": "n1:8451", "client": "https://n1:8441" },
        { "node": 2, "peer": "n2:8451", "client": "https://n2:8441" }
      ]
    }
    """

  private func read(_ text: String) throws(ConfigurationError) -> NodeFile {
    try NodeFile(Array(text.utf8)) { _ in nil }
  }

  @Test func `says how far the members are apart, which is what is usual then`() throws {
    func timing(_ text: String) throws(ConfigurationError) -> [Int] {
      let file = try read(
        Self.whole.replacing(
          "\"dataFolder\": \"data\",", with: "\"dataFolder\": \"data\", \"timing\": \(text),"))
      return [file.heartbeatMilliseconds, file.electionMilliseconds]
    }
    #expect(try timing("{}") == [50, 1_000])
    #expect(try timing("{\"sites\": \"one\"}") == [50, 1_000])
    #expect(try timing("{\"sites\": \"several\"}") == [100, 3_000])
    #expect(
      try timing("{\"sites\": \"several\", \"electionMilliseconds\": 5000}") == [100, 5_000])
    #expect(throws: ConfigurationError.self) { try timing("{\"sites\": \"many\"}") }
  }

  @Test func `is read, with the usual where nothing is said`() throws {
    let file = try read(Self.whole)
    #expect(file.node == 1 && file.members.count == 2)
    #expect(file.heartbeatMilliseconds == 50 && file.electionMilliseconds == 1_000)
    #expect(file.mostConnections == 2_000)
    #expect(file.quotas == Quotas())
    #expect(file.founding == nil)
    #expect(!file.isJoining && file.keptEntries == 10_000)
  }

  /// What is put in place of what, the line that is named, and what is said.
  static let wrongs: [(String, String, Int, String)] = [
    (
      "\"n1\"", "\"n1\", \"nmae\": 1", 4, "\"nmae\" is not known. Allowed here: cluster, node, name"
    ),
    (
      "\"node\": 1,\n", "\"node\": \"1\",\n", 3,
      "\"node\" must be a whole number from 1 to 999, not \"1\""
    ),
    ("\"node\": 1,\n", "\"node\": 0,\n", 3, "not 0"),
    ("\"node\": 1,\n", "\"node\": 1.5,\n", 3, "not 1.5"),
    ("\"node\": 1,\n", "\"node\": 1, \"epoch\": 2,\n", 3, "goes with \"joining\""),
    ("\"node\": 1,\n", "\"node\": 3,\n", 11, "must have this node among them: 3"),
    ("\"node\": 1,\n", "", 1, "\"node\" is missing"),
    ("01a20e6c", "zz", 2, "\"cluster\" must be the cluster's UUID"),
    ("127.0.0.1:8441", "somewhere", 7, "\"client.listen\" must be an address and port"),
    ("\"authority\": \"ca.crt\"", "\"autority\": \"ca.crt\"", 8, "\"peer.authority\" is missing"),
    ("\"node\": 2", "\"node\": 1", 11, "ascending order"),
    ("n2:8451", "n1:8451", 11, "a \"peer\" of their own"),
    ("https://n2", "http://n2", 13, "\"members[1].client\" must be an address such as"),
    ("\"name\": \"n1\",", "\"name\": \"n1\", \"name\": \"n2\",", 4, "given twice"),
    ("\"dataFolder\": \"data\",", "\"dataFolder\": \"data\"", 6, "a comma or } was expected"),
    (
      "\"dataFolder\": \"data\",",
      "\"dataFolder\": \"data\",\n\"timing\": {\"heartbeatMilliseconds\": 500},", 6,
      "at least three heartbeats"
    ),
  ]

  @Test func `may say that the node joins, and how much of the log it keeps`() throws {
    let file = try read(
      Self.whole.replacing(
        "\"node\": 1,\n",
        with: "\"node\": 1, \"joining\": true, \"log\": {\"keptEntries\": 5000},\n",
        maxReplacements: 1))
    #expect(file.isJoining && file.keptEntries == 5_000)
  }

  @Test func `may say what each credential may ask, one by one`() throws {
    func quotas(_ text: String) throws(ConfigurationError) -> NodeFile {
      try read(
        Self.whole.replacing(
          "\"dataFolder\": \"data\",", with: "\"dataFolder\": \"data\", \"limits\": {\(text)},"))
    }
    let file = try quotas(
      """
      "person": {"perSecond": 5000}, "alerts": {"burst": 40, "perSecond": 20}, "urgent": {"burst": 300}
      """)
    var wished = Quotas()
    // A burst is never less than what comes back in a second.
    wished.set(.person, burst: 5_000, perSecond: 5_000)
    wished.set(.alerts, burst: 40, perSecond: 20)
    wished.set(.urgent, burst: 300, perSecond: 20)
    #expect(file.quotas == wished)
    #expect(file.mostConnections == 2_000)
    #expect(try quotas(#""clientConnections": 99"#).quotas == Quotas())
    for (wrong, said) in [
      (#""person": {"perSecond": 0}"#, "\"limits.person.perSecond\" must be a whole number from 1"),
      (#""urgent": {"burst": 5, "perSecond": 6}"#, "at least what comes back in a second: 6"),
      (
        #""nobody": {}"#,
        "Allowed in \"limits\": clientConnections, person, urgent, service, alerts"
      ),
    ] {
      let error = #expect(throws: ConfigurationError.self) { try quotas(wrong) }
      #expect(error?.description.contains(said) == true, "\(error?.description ?? "")")
    }
  }

  @Test(arguments: wrongs)
  func `is refused with the line and what is allowed`(
    part: String, wrong: String, line: Int, said: String
  ) {
    let text = Self.whole.replacing(part, with: wrong, maxReplacements: 1)
    #expect(text != Self.whole)
    let error = #expect(throws: ConfigurationError.self) { try read(text) }
    #expect(error?.description.contains(said) == true, "\(error?.description ?? "")")
    #expect(error?.line == line, "\(error?.description ?? "")")
  }

  @Test(arguments: [(65_536, 2_000), (2_000, 1_744), (1_024, 768), (256, 0), (10, 0)])
  func `keeps descriptors for itself, whatever clients come`(
    descriptors: Int, connections: Int
  ) throws {
    #expect(try read(Self.whole).connections(of: descriptors) == connections)
  }

  @Test func `that is the shipped example wants a token of its own`() throws {
    let folder = "\(#filePath)".split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
    let bytes = try Files.read(folder + "/Deploy/node.example.json", atMost: 64 * 1_024)
    let text = String(decoding: bytes, as: UTF8.self)
    let error = #expect(throws: ConfigurationError.self) { try read(text) }
    #expect(error?.description.contains("muster token new") == true)
    let own = text.replacing(
      String(repeating: "0", count: 64), with: String(repeating: "1", count: 64))
    #expect(try read(own).members.count == 3)
  }
}
