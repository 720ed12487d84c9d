import EventLoop
import HTTP
import Incidents
import Raft
import Replication
import Store

/// What a node tells to Prometheus, in its text format 0.0.4.
@ClientLoop extension Exchange {
  /// `GET /metrics`. Any person's token will do: a cluster's numbers are no secret within it, and
  /// no business of anybody else. Answers without a leader too.
  func showMetrics() async throws(Problem) -> Response {
    let proof = try self.proof()
    let reader = api.reader
    let webhooks = try reader.within(deadline) { () throws(Problem) in
      _ = try reader.principal(of: proof)
      return reader.webhooks()
    }
    let status = api.cluster.status
    var text = MetricsText()
    text.add("muster_raft_term", "The newest term that this node has seen.", status.term.rawValue)
    text.add("muster_raft_is_leader", "1 on the leader.", status.role == .leader ? 1 : 0)
    text.add("muster_raft_has_leader", "1 while a leader is known.", status.leader == nil ? 0 : 1)
    text.add("muster_raft_base_index", "The log begins after it.", status.base.rawValue)
    text.add("muster_raft_last_index", "The log ends with it.", status.last.rawValue)
    text.add("muster_raft_durable_index", "On this node's disk.", status.durable.rawValue)
    text.add("muster_raft_commit_index", "Known to be committed.", status.commit.rawValue)
    text.add("muster_raft_applied_index", "Applied here.", status.applied.rawValue)
    text.add(
      "muster_raft_voters", "Members that vote.", UInt64(status.configuration.voters.count))
    text.add(
      "muster_raft_learners", "Members that do not vote yet.",
      UInt64(status.configuration.learners.count))
    text.add(
      "muster_state_diverged", "1 while this node's state is not that of the others.",
      status.divergedAfter == nil ? 0 : 1)
    text.add(
      "muster_state_stopped", "1 while this node applies nothing, for it died of an entry twice.",
      status.stopsBefore == nil ? 0 : 1)
    text.add("muster_streams", "Readers who follow this node.", api.feeds.count)
    for name in Quota.Name.allCases {
      text.add(
        "muster_over_quota_total", "Requests that were refused for being over a quota.",
        api.fairness.refused(name), "quota=\"\(name.word)\"")
    }
    let scrub = api.cluster.scrub
    if let end = scrub.endedAt {
      text.add("muster_scrub_end_seconds", "When the ledger was last read through.", end / 1_000)
      text.add("muster_scrub_rows", "Rows that held together.", scrub.rows)
      text.add(
        "muster_scrub_failed", "1 after a row that did not.", scrub.fault == nil ? 0 : 1)
    }
    let search = api.cluster.search
    text.add("muster_search_indexed_index", "Found through it.", search.indexed.rawValue)
    text.add("muster_search_rows", "Rows of the ledger in the search index.", search.rows)
    text.add(
      "muster_search_failed", "1 while nothing can be searched.", search.trouble == nil ? 0 : 1)
    for webhook in webhooks {
      text.add(
        "muster_webhook_failing", "1 while the last post to it was not taken.",
        webhook.isFailing ? 1 : 0, "webhook=\"\(webhook.id)\"")
    }
    if let disk = api.cluster.disk {
      text.add("muster_disk_free_bytes", "What may still be written.", disk.free)
      text.add("muster_disk_log_bytes", "What the log takes.", disk.log)
      text.add("muster_disk_state_bytes", "What the state takes.", disk.state)
    }
    for peer in status.peers {
      text.add(
        "muster_peer_connected", "1 while frames can be sent to it.", peer.isConnected ? 1 : 0,
        "peer=\"\(peer.node)\"")
    }
    for peer in status.peers {
      guard let match = peer.match else { continue }
      text.add(
        "muster_peer_match_index", "What the leader knows it to hold.", match.rawValue,
        "peer=\"\(peer.node)\"")
    }
    for peer in status.peers {
      guard let offset = peer.clockOffset else { continue }
      text.add(
        "muster_peer_clock_offset_milliseconds", "Its clock less this one.", offset,
        "peer=\"\(peer.node)\"")
    }
    if let end = api.papersEnd {
      text.add("muster_certificates_end_seconds", "When the first runs out.", end / 1_000)
    }
    if let hops = await api.cluster.writeTimings().medians {
      for (hop, nanoseconds) in [
        ("queue", hops.queue), ("replication", hops.replication), ("disk", hops.disk),
        ("apply", hops.apply), ("answer", hops.answer),
      ] {
        text.add(
          "muster_write_hop_nanoseconds", "The middle of the latest writes of this node's clients.",
          nanoseconds, "hop=\"\(hop)\"")
      }
    }
    if let figures = ProcessFigures.now() { text.add(figures) }
    return Response.api(.ok, text.bytes, type: "text/plain; version=0.0.4")
  }
}

/// The lines of an answer to Prometheus. Every series here is a gauge but what its name calls a total.
struct MetricsText {
  private(set) var text = ""
  private var described: [String] = []

  var bytes: [UInt8] { Array(text.utf8) }

  /// Adds one value. Those of one name are added one after the other.
  mutating func add(
    _ name: String, _ help: String, _ value: some BinaryInteger, _ labels: String = ""
  ) {
    add(name, help, text: "\(value)", labels)
  }

  private mutating func add(_ name: String, _ help: String, text value: String, _ labels: String) {
    if !described.contains(name) {
      described.append(name)
      let type = name.hasSuffix("_total") ? "counter" : "gauge"
      text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }
    text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
  }

  /// The figures of the process, by the names that every client library of Prometheus gives them.
  mutating func add(_ process: ProcessFigures) {
    add(
      "process_cpu_seconds_total", "Time on a processor.",
      text: Self.seconds(process.processorMicroseconds, digits: 6), "")
    add("process_resident_memory_bytes", "Memory in use.", process.residentBytes)
    add("process_virtual_memory_bytes", "Address space taken.", process.virtualBytes)
    add("process_open_fds", "Open files and sockets.", process.openFiles)
    add("process_max_fds", "How many there may be.", process.mostFiles)
    add(
      "process_start_time_seconds", "When it began, since 1970.",
      text: Self.seconds(process.startedAt, digits: 3), "")
  }

  /// A count of parts as a decimal of whole seconds, with so many digits behind the point.
  static func seconds(_ parts: Int64, digits: Int) -> String {
    let text = String(parts)
    let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
    return "\(padded.dropLast(digits)).\(padded.suffix(digits))"
  }
}
