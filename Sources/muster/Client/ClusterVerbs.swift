import EventLoop
import JSON
import TLS

/// Who is a member of the cluster, and who leads it.
enum ClusterVerbs {
  static let all = [status, members, add, replace, remove, transfer, skip] + JoinVerbs.all

  private static let addresses: [Verb.Option] = [
    .value("peer", "HOST:PORT", "Where its peers reach it.", isRequired: true),
    .value("client", "HOST:PORT", "Where clients reach it, over HTTPS.", isRequired: true),
  ]

  private static let status = ClientVerb.read(
    "cluster status", "Show the cluster as the node sees it that answers first."
  ) { _, client throws(Failure) in
    let reply = try client.read("/v1/cluster")
    return .init(reply: reply, text: ClusterText.page(reply.value, now: Clock.now()))
  }

  private static let members = ClientVerb.list(
    "cluster members", "List the members, and who of them votes.", of: "members"
  ) { _, client throws(Failure) in
    let reply = try client.read("/v1/cluster")
    return .init(reply: reply, text: ClusterText.members(reply.value))
  }

  private static let add = ClientVerb.write(
    "cluster add", "Add a node: it is sent the state, and votes once it has caught up.",
    arguments: [.init("NODE", "Its number, which no member has or had with the same files.")],
    options: addresses + JoinVerbs.inviting,
    notes: JoinVerbs.notes
  ) { invocation, client throws(Failure) in
    try Self.add(invocation, "NODE", replacing: nil, &client)
  }

  private static let replace = ClientVerb.write(
    "cluster replace",
    "Add a node in the place of another, which is removed once the new one votes.",
    arguments: [.init("OLD", "The number of the node that goes.")],
    options: [.value("with", "NODE", "The number of the new one.", isRequired: true)] + addresses
      + JoinVerbs.inviting + [Consent.yes],
    notes: JoinVerbs.notes
  ) { invocation, client throws(Failure) in
    let old = try number(invocation, "OLD")
    try Consent.obtain(
      "n\(old) leaves the cluster once the new node votes, and can never come back with the files that "
        + "it has.", invocation)
    return try Self.add(invocation, "with", replacing: old, &client)
  }

  private static let remove = ClientVerb.write(
    "cluster remove", "Remove a node for good.",
    arguments: [.init("NODE", "Its number.")],
    options: [Consent.yes]
  ) { invocation, client throws(Failure) in
    let node = try number(invocation, "NODE")
    try Consent.obtain(
      "n\(node) leaves the cluster, and can never come back with the files that it has.", invocation
    )
    let reply = try client.write("/v1/cluster/members/\(node)/removal")
    return .init(reply: reply, text: ClusterText.members(reply.value))
  }

  private static let transfer = ClientVerb.write(
    "cluster transfer", "Hand leadership over, to a node or to whoever is most caught up.",
    arguments: [.init("NODE", "The number of the node that shall lead.", isOptional: true)]
  ) { invocation, client throws(Failure) in
    let node = invocation["NODE"] == nil ? nil : try number(invocation, "NODE")
    let reply = try client.write("/v1/cluster/transfer") { json in
      if let node { json.member("node", node) }
    }
    return .init(reply: reply, text: "It is being handed over. See muster cluster status.\n")
  }

  private static let skip = ClientVerb.write(
    "cluster skip", "Have an entry of the log applied as nothing, when every node died of it.",
    options: [
      .value("index", "N", "The entry, as muster cluster status names it.", isRequired: true),
      Consent.yes,
    ],
    notes: [
      "Only while every member has stopped before the entry: whoever asked for what is in it was "
        + "never answered. Where only one node stopped, replace that node instead."
    ]
  ) { invocation, client throws(Failure) in
    let index = try invocation.number("index", in: 1...Int.max, usual: 1)
    try Consent.obtain(
      "What the entry at index \(index) asks for is never done, on any node.", invocation)
    let reply = try client.write("/v1/cluster/skips") { json in json.member("index", index) }
    return .init(reply: reply, text: "The entry at index \(index) is skipped.\n")
  }

  private static func add(
    _ invocation: Invocation, _ name: String, replacing old: Int?, _ client: inout Client
  ) throws(Failure) -> ClientVerb.Printed {
    let member = NewMember(
      node: try number(invocation, name), peer: try address(invocation, "peer"),
      client: "https://\(try address(invocation, "client"))", replaces: old)
    if let folder = invocation["authority"] {
      return try JoinVerbs.invite(member, authority: folder, invocation, &client)
    }
    let reply = try member.add(by: &client)
    return .init(reply: reply, text: ClusterText.members(reply.value))
  }

  /// A host and port, also as an address of HTTPS.
  private static func address(
    _ invocation: Invocation, _ name: String
  ) throws(Failure) -> Endpoint {
    var text = invocation.required(name)[...]
    if text.hasPrefix("https://") { text.removeFirst("https://".count) }
    guard let endpoint = Endpoint(String(text)), endpoint.port > 0, !endpoint.host.contains("/")
    else { throw .usage("--\(name) is a host and port, such as n4.example:8451.") }
    return endpoint
  }

  /// A node's number; "n4" is 4.
  private static func number(_ invocation: Invocation, _ name: String) throws(Failure) -> Int {
    let text = invocation.required(name)
    let digits = text.first == "n" ? text.dropFirst() : text[...]
    guard let number = Int(digits), (1...999).contains(number) else {
      throw .usage("\(name) is a node's number, such as 4 or n4, and not \"\(text)\".")
    }
    return number
  }
}

/// A node that is to be a member.
struct NewMember: Sendable {
  let node: Int
  let peer: String
  let client: String
  let replaces: Int?

  init(node: Int, peer: Endpoint, client: String, replaces: Int? = nil) {
    self.node = node
    self.peer = "\(peer)"
    self.client = client
    self.replaces = replaces
  }

  /// Has the cluster take it, and tells all members.
  func add(by client: inout Client) throws(Failure) -> Reply {
    try client.write("/v1/cluster/members") { json in
      json.member("node", node)
      json.member("peer", peer)
      json.member("client", self.client)
      if let replaces { json.member("replaces", replaces) }
    }
  }
}
