import Bytes
import Crypto
import EventLoop
import HTTP
import Incidents
import JSON
import Raft
import Replication
import Store

/// What a node says of itself.
@ClientLoop extension Exchange {
  /// How long ago a node may have heard from its leader and still call itself ready.
  private static let longestSilence: Int64 = 2_000

  /// `GET /livez`.
  func live() -> Response {
    Response.api(.ok, Content.json { json in json.object { $0.member("live", true) } }.body)
  }

  /// `GET /readyz`.
  func ready() -> Response {
    let status = api.cluster.status
    let reason = Self.hindrance(status)
    let isReady = reason == nil
    let content = Content.json { json in
      json.object { json in
        json.member("ready", isReady)
        if let reason { json.member("reason", reason) }
        json.member("role", status.role.rawValue)
        json.member("leader", status.leader.map { Int(clamping: $0.rawValue) })
      }
    }
    return Response.api(isReady ? .ok : .serviceUnavailable, content.body)
  }

  /// Why a node can take no work, or `nil` if it can.
  private static func hindrance(_ status: NodeStatus) -> String? {
    if status.isStopping { return "it is stopping" }
    if let index = status.stopsBefore {
      return "applying the entry at \(index) ended it twice: it applies nothing from there on"
    }
    if let index = status.divergedAfter {
      return "its state is not that of the others after \(index): it waits for another"
    }
    guard let silence = status.leaderContactAge, silence <= longestSilence else {
      return "it hears no leader"
    }
    return status.hasHeardCommit ? nil : "it does not know yet what is committed"
  }

  /// `GET /v1/cluster`. Answers without a leader too: that is when it is asked.
  func showCluster() async throws(Problem) -> Response {
    let proof = try self.proof()
    let reader = api.reader
    let (applied, digest, webhooks) = try reader.within(deadline) { () throws(Problem) in
      _ = try reader.principal(of: proof)
      return try reader.ask { reader throws(StoreError) in
        let applied = try reader.applied()
        return (applied, try reader.newestDigest(at: applied), reader.webhooks())
      }
    }
    let status = api.cluster.status
    let timings = await api.cluster.writeTimings().medians
    let content = Content.json { json in
      json.object { json in
        json.member("cluster", api.site.cluster.description)
        json.member("epoch", Int(clamping: api.cluster.epoch))
        json.member("node", Int(clamping: status.node.rawValue))
        json.member("name", api.site.name)
        json.member("role", status.role.rawValue)
        json.member("term", Int(clamping: status.term.rawValue))
        json.member("leader", status.leader.map { Int(clamping: $0.rawValue) })
        json.member("leaderAddress", status.leader.flatMap { address(of: $0) })
        json.member(
          "leaderContactMilliseconds", status.leaderContactAge.map { Int(clamping: $0) })
        json.member("stopping", status.isStopping)
        json.time("certificatesEnd", api.papersEnd)
        json.object("indexes") { json in
          json.member("base", Int(clamping: status.base.rawValue))
          json.member("last", Int(clamping: status.last.rawValue))
          json.member("durable", Int(clamping: status.durable.rawValue))
          json.member("commit", Int(clamping: status.commit.rawValue))
          json.member("applied", Int(clamping: status.applied.rawValue))
        }
        json.object("level") { json in
          json.member("inForce", Int(status.configuration.level))
          json.member("newest", Int(status.newestLevel))
        }
        json.members(of: status)
        json.member("divergedAfter", status.divergedAfter.map { Int(clamping: $0.rawValue) })
        json.member("stopsBefore", status.stopsBefore.map { Int(clamping: $0.rawValue) })
        if let digest {
          json.object("digest") { json in
            json.member("index", Int(clamping: digest.index.rawValue))
            json.member("value", Hex.encode(digest.digest.prefix(8)))
          }
        }
        if let disk = api.cluster.disk { write(disk, &json) }
        write(api.cluster.scrub, &json)
        if let last = status.lastStepDown { write(last, &json) }
        json.array("peers") { json in
          for peer in status.peers { write(peer, &json) }
        }
        json.array("failingWebhooks") { json in
          for webhook in webhooks where webhook.isFailing { write(webhook, &json) }
        }
        if let timings { write(timings, &json) }
      }
    }
    var response = Response.api(.ok, content.body)
    response.fields.append("Muster-Index", "\(applied.rawValue)")
    return response
  }

  /// One whose posts are not taken: whoever relies on it hears nothing.
  private func write(_ webhook: Webhook, _ json: inout JSONWriter) {
    json.object { json in
      json.member("id", webhook.id.description)
      json.member("name", webhook.profile.name)
      json.time("failingSince", webhook.failingSince)
      json.member("failures", Int(webhook.failures))
    }
  }

  private func write(_ scrub: ScrubFigures, _ json: inout JSONWriter) {
    guard let end = scrub.endedAt else { return }
    json.object("lastScrub") { json in
      json.time("at", end)
      json.member("rows", Int(clamping: scrub.rows))
      json.member("fault", scrub.fault)
    }
  }

  private func write(_ disk: DiskFigures, _ json: inout JSONWriter) {
    json.object("diskBytes") { json in
      json.member("free", Int(disk.free))
      json.member("total", Int(disk.total))
      json.member("log", Int(disk.log))
      json.member("state", Int(disk.state))
    }
  }

  private func write(_ last: NodeStatus.StepDown, _ json: inout JSONWriter) {
    json.object("lastStepDown") { json in
      json.member("term", Int(clamping: last.term.rawValue))
      json.time("at", last.at)
      json.member("reason", last.why.words)
    }
  }

  private func write(_ peer: NodeStatus.Peer, _ json: inout JSONWriter) {
    json.object { json in
      json.member("node", Int(clamping: peer.node.rawValue))
      json.member("address", address(of: peer.node))
      json.member("connected", peer.isConnected)
      json.member("match", peer.match.map { Int(clamping: $0.rawValue) })
      json.member("clockOffsetMilliseconds", peer.clockOffset.map { Int(clamping: $0) })
      json.member("newestLevel", peer.level.map(Int.init))
    }
  }

  /// The middle of each hop of this node's latest writes.
  private func write(_ timings: WriteTimings.Medians, _ json: inout JSONWriter) {
    let microseconds = { (nanoseconds: Int64) in Int(clamping: nanoseconds / 1_000) }
    json.object("writeMicroseconds") { json in
      json.member("queue", microseconds(timings.queue))
      json.member("replication", microseconds(timings.replication))
      json.member("ownDisk", microseconds(timings.disk))
      json.member("apply", microseconds(timings.apply))
      json.member("answer", microseconds(timings.answer))
    }
  }

  private func address(of node: NodeID) -> String? {
    api.site.addresses.first { $0.node == node.rawValue }?.url
  }
}

extension Notice.Reason {
  /// Why a leadership ended, in words.
  fileprivate var words: String {
    switch self {
    case .higherTerm(let peer): "\(peer) told of a later term"
    case .noQuorum: "it heard too few of the others"
    case .diskStalled: "its own disk did not answer"
    case .transferred(let peer): "it handed over to \(peer)"
    case .removed: "it is no member any more"
    }
  }
}
