import Access
import Bytes
import EventLoop
import HTTP
import Incidents
import JSON
import Raft
import Replication
import Store
import TLS

/// Who is a member of the cluster, and who leads it. Only administrators change that, with a token that
/// does more than read, and only the leader takes it; another node says who leads.
///
/// No command of the log does it: so what a command is asked for is asked for here.
@ClientLoop extension Exchange {
  /// `POST /v1/cluster/members`: a node that is to be a member. It begins as a learner, and votes by
  /// itself once it has caught up. Said again with the same words it changes nothing.
  func addMember() async throws(Problem) -> Response {
    try await administer()
    var body = BodyReader(request.body)
    let member = try Self.member(&body)
    try body.finish()
    let known = api.cluster.status.configuration.member(member.id)
    if let known, known.peer == member.peer, known.client == member.client { return members() }
    return try await make(.add(member))
  }

  /// `POST /v1/cluster/members/{node}/removal`. What it has on its disk is of no use any more.
  func removeMember(_ node: Int) async throws(Problem) -> Response {
    try await administer()
    var body = BodyReader(request.body)
    try body.beginObject()
    if let member = try body.member() { throw body.unknownMember(member) }
    try body.finish()
    guard let node = UInt64(exactly: node), node > 0 else { throw .notFound("member") }
    let id = NodeID(rawValue: node)
    if api.cluster.status.configuration.retired.contains(where: { $0.id == id }),
      api.cluster.status.configuration.member(id) == nil
    {
      return members()
    }
    return try await make(.remove(id))
  }

  /// `POST /v1/cluster/skips`: the entry at `index` is applied as nothing, everywhere.
  ///
  /// It is asked for when no node can confirm what is the latest, for all have stopped. So who may
  /// ask is looked up in what this node has.
  func skipEntry() async throws(Problem) -> Response {
    let proof = try self.proof()
    _ = try idempotencyKey()
    try admit(proof)
    var body = BodyReader(request.body)
    var index: UInt64?
    try body.beginObject()
    while let name = try body.member() {
      guard name == "index" else { throw body.unknownMember(name) }
      index = try body.optionalPosition()
    }
    try body.finish()
    return try await make(.skip(LogIndex(rawValue: try body.require(index, "index"))))
  }

  /// `POST /v1/cluster/transfer`: leadership goes to `node`, or to whoever is most caught up. Whether
  /// it came about shows in `GET /v1/cluster`.
  func transferLeadership() async throws(Problem) -> Response {
    try await administer()
    var body = BodyReader(request.body)
    var target: NodeID?
    try body.beginObject()
    while let name = try body.member() {
      guard name == "node" else { throw body.unknownMember(name) }
      target = try body.optionalPosition().map(NodeID.init)
    }
    try body.finish()
    guard api.cluster.status.role == .leader else {
      throw .notAccepted(retryAfterMilliseconds: 1_000)
    }
    if let target, !api.cluster.status.configuration.voters.contains(target) {
      throw .invalid("\(target) is no voter.", member: "/node")
    }
    api.cluster.handOver(to: target)
    return members()
  }

  /// `GET /v1/cluster/join-tokens`: for administrators and auditors.
  func listJoinTokens() async throws(Problem) -> Response {
    let window = try Window(request.query)
    return try await list { desk throws(Problem) in
      guard desk.principal.person.mayAudit else { throw .administratorsOnly }
      let tokens = try desk.reader.ask { reader throws(StoreError) in try reader.joinTokens() }
      let piece = try window.piece(of: tokens) { $0.id.description }
      return Content.json { json in
        json.page(piece.items, next: piece.next) { json, token in json.write(token) }
      }
    }
  }

  /// Lets administrators through. Their credential is looked at after all that was acknowledged
  /// before: what they ask for is not looked at again when it is applied.
  private func administer() async throws(Problem) {
    let proof = try self.proof()
    _ = try idempotencyKey()
    try await confirm(orElse: Problem.notAccepted)
    try admit(proof)
  }

  private func admit(_ proof: Proof) throws(Problem) {
    let reader = api.reader
    let principal = try reader.within(deadline) { () throws(Problem) in
      try reader.principal(of: proof)
    }
    guard principal.person.isAdministrator else { throw .administratorsOnly }
    guard !principal.isReadOnly else { throw .onlyReads }
  }

  private func make(_ change: MemberChange) async throws(Problem) -> Response {
    switch await api.cluster.change(change) {
    case .done: return members()
    case .refused(let why): throw .membership(why)
    case .notLeader, .superseded: throw .notAccepted(retryAfterMilliseconds: 1_000)
    case .unknown: throw .outcomeUnknown
    }
  }

  private func members() -> Response {
    Response.api(
      .ok, Content.json { json in json.object { $0.members(of: api.cluster.status) } }.body)
  }

  private static func member(
    _ body: inout BodyReader
  ) throws(Problem) -> Configuration.Member {
    var (node, replaces): (UInt64?, UInt64?)
    var (peer, client): (String?, String?)
    try body.beginObject()
    while let name = try body.member() {
      switch name {
      case "node": node = try body.optionalPosition()
      case "peer":
        let text = try body.text(atMost: Configuration.longestText)
        guard Endpoint(text) != nil else {
          throw .invalid("peer is a host and port, such as n4.example:8451.", member: "/peer")
        }
        peer = text
      case "client":
        let text = try body.text(atMost: Configuration.longestText)
        guard text.hasPrefix("https://") else {
          throw .invalid("client is an address such as https://n4.example:8441.", member: "/client")
        }
        client = text
      case "replaces": replaces = try body.optionalPosition()
      default: throw body.unknownMember(name)
      }
    }
    let number = try body.require(node, "node")
    guard number > 0 else { throw .invalid("Nodes are numbered from 1.", member: "/node") }
    return Configuration.Member(
      id: NodeID(rawValue: number), peer: try body.require(peer, "peer"),
      client: try body.require(client, "client"), replaces: replaces.map(NodeID.init))
  }
}

extension JSONWriter {
  /// Writes who is a member, by this node's log, as the member `members`.
  mutating func members(of status: NodeStatus) {
    array("members") { json in
      for member in status.configuration.members {
        json.object { json in
          json.member("node", Int(clamping: member.id.rawValue))
          json.member("votes", status.configuration.voters.contains(member.id))
          json.member("peer", member.peer)
          json.member("client", member.client)
          json.member("known", member.incarnation != 0)
          if let old = member.replaces { json.member("replaces", Int(clamping: old.rawValue)) }
        }
      }
    }
    member("changing", status.uncommittedChange != nil)
  }
}
