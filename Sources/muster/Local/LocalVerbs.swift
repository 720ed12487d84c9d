import EventLoop
import Glibc
import JSON

/// `muster local …`: nodes on this machine, to try out, to develop with and to measure.
enum LocalVerbs {
  static let all: [Verb] = [
    up, status, down, kill, start, join, leave, wipe, leader, processes, healthy, startNode,
  ]

  /// Which folder, for all of them.
  private static let options: [Verb.Option] = [
    .value(
      "folder", "PATH", "Where the cluster lies. Else MUSTER_LOCAL_FOLDER, else .muster here.")
  ]
  private static let node = Verb.Argument("NODE", "Its name, such as n1.")

  /// The end of a node that was asked to stop takes a hand-over and a checkpoint.
  static let goodbye = Duration.seconds(30)
  /// A killed process is gone as soon as the kernel comes round to it.
  static let death = Duration.seconds(5)

  private static let up = Verb(
    "local up", "Start three nodes, and the first time set up an example department.",
    options: options + [
      .value("example", "PATH", "The folder with the alerts that the example is played with."),
      .flag("bare", "No example department: only an administrator."),
    ],
    notes: [
      "The nodes listen at 127.0.0.1, from port 8441 for clients, 8451 for one another and 8461 for "
        + "services with certificates; "
        + "MUSTER_LOCAL_PORT chooses another first port. They go on when the terminal closes."
    ]
  ) { invocation throws(Failure) in
    let cluster = try cluster(invocation)
    return try LocalStart(cluster).run(
      example: invocation["example"] ?? "Cluster/example", isBare: invocation.flag("bare"))
  }

  private static let status = Verb(
    "local status", "Show the nodes: who runs, who leads, how far each is.", options: options,
    prints: .list(of: "nodes")
  ) { invocation throws(Failure) in
    let form = try Form(invocation)
    let cluster = try existing(invocation)
    let view = try LocalView(cluster)
    let endpoints = try cluster.endpoints()
    var table = TextTable("NODE", "PROCESS", "ADDRESS", "ROLE", "TERM", "APPLIED")
    var nodes: [JSONValue] = []
    for (seen, endpoint) in zip(view.nodes, endpoints) {
      let number = { (value: Int?) in value.map { "\($0)" } ?? "-" }
      let process = cluster.process(of: seen.node)
      table.add(
        seen.node.name, process.map { "\($0.number)" } ?? "stopped", "https://\(endpoint)",
        seen.status?["role"]?.text ?? (process == nil ? "-" : "no answer"),
        number(seen.status?["term"]?.integer), number(seen.applied))
      nodes.append([
        "name": JSONValue(.string(seen.node.name)),
        "process": JSONValue(number: process.map { Int($0.number) }),
        "address": JSONValue(.string("https://\(endpoint)")),
        "role": JSONValue(text: seen.status?["role"]?.text),
        "term": JSONValue(number: seen.status?["term"]?.integer),
        "applied": JSONValue(number: seen.applied),
      ])
    }
    Terminal.print(
      Output.list(of: "nodes").text(
        of: ["nodes": JSONValue(.array(nodes))], words: table.text(orElse: ""), as: form))
    return cluster.running.isEmpty ? .unavailable : .done
  }

  private static let down = Verb(
    "local down", "Stop all nodes in good order, and wait for their end.", options: options
  ) { invocation throws(Failure) in
    let cluster = try existing(invocation)
    let processes = cluster.running.compactMap { node in
      cluster.process(of: node).map { (node, $0) }
    }
    for (_, process) in processes { process.signal(SIGTERM) }
    var stubborn: [String] = []
    let line = Progress.Line("Waiting for their end", limit: goodbye)
    try Progress.during(line) { _ throws(Failure) in
      for (node, process) in processes where !process.isGone(within: goodbye) {
        process.signal(SIGKILL)
        _ = process.isGone(within: death)
        stubborn.append(node.name)
      }
    }
    guard stubborn.isEmpty else {
      throw Failure(
        .refused,
        "\(stubborn.joined(separator: ", ")) did not end and had to be killed. What was acknowledged is "
          + "on disk; the logs in \(cluster.folder.path) say what held it.")
    }
    Terminal.print(processes.isEmpty ? "Nothing runs.\n" : "All nodes have stopped.\n")
    return .done
  }

  private static let kill = Verb(
    "local kill", "Kill a node as a power cut would: kill -9.",
    arguments: [.init("NODE", "leader, or a name such as n1.")], options: options
  ) { invocation throws(Failure) in
    let cluster = try existing(invocation)
    let word = invocation.required("NODE")
    let victim: LocalFolder.Node
    if word == "leader" {
      guard let leader = try LocalView(cluster).leader else {
        throw Failure(
          .unavailable,
          "There is no leader at the moment. See: muster local status, and say it again.")
      }
      victim = leader
    } else {
      victim = try node(word, of: cluster)
    }
    guard let process = cluster.process(of: victim) else {
      throw Failure(.refused, "\(victim.name) does not run. See: muster local status")
    }
    process.signal(SIGKILL)
    guard process.isGone(within: death) else {
      throw Failure(
        .refused,
        "\(victim.name), process \(process.number), does not die: its disk may hang. See: dmesg")
    }
    Terminal.print("\(victim.name) is dead. To bring it back: ./Cluster/start \(victim.name)\n")
    return .done
  }

  private static let start = Verb(
    "local start", "Start a node that does not run.", arguments: [node], options: options
  ) { invocation throws(Failure) in
    let cluster = try existing(invocation)
    let node = try node(invocation.required("NODE"), of: cluster)
    guard cluster.process(of: node) == nil else {
      Terminal.print("\(node.name) runs already.\n")
      return .done
    }
    try cluster.start(node)
    try LocalStart(cluster).waitUntilServing([node])
    Terminal.print("\(node.name) runs again.\n")
    return .done
  }

  private static let join = Verb(
    "local join", "Add a node to the cluster that runs: it joins with a token, and votes.",
    options: options
  ) { invocation throws(Failure) in
    try LocalMembership(try existing(invocation)).join()
  }

  private static let leave = Verb(
    "local leave", "Remove a node from the cluster that runs, and its files.", arguments: [node],
    options: options + [Consent.yes]
  ) { invocation throws(Failure) in
    let cluster = try existing(invocation)
    let node = try node(invocation.required("NODE"), of: cluster)
    try Consent.obtain(
      "\(node.name) leaves the cluster for good, and its data, keys and logs are removed.",
      invocation)
    return try LocalMembership(cluster).leave(node)
  }

  private static let wipe = Verb(
    "local wipe", "Remove everything: data, keys, logs. Refused while a node runs.",
    options: options + [Consent.yes]
  ) { invocation throws(Failure) in
    let cluster = try cluster(invocation)
    guard cluster.running.isEmpty else {
      throw Failure(.refused, "The cluster is up. Stop it before: ./Cluster/down")
    }
    guard cluster.exists || !cluster.nodes.isEmpty else {
      Terminal.print("There is nothing to remove.\n")
      return .done
    }
    try Consent.obtain(
      "Data, keys and logs in \(cluster.folder.path) are removed for good.", invocation)
    do throws(FileError) {
      try cluster.remove()
    } catch {
      throw Failure(.refused, "\(error)")
    }
    Terminal.print("Data, keys and logs in \(cluster.folder.path) are gone.\n")
    return .done
  }

  private static let leader = Verb(
    "local leader", "Print which node leads, for a script.", options: options, prints: .text
  ) { invocation throws(Failure) in
    guard let leader = try LocalView(try existing(invocation)).leader else {
      return .unavailable
    }
    Terminal.print("\(leader.name)\n")
    return .done
  }

  private static let processes = Verb(
    "local pids", "Print the process numbers of a node, for a script.", arguments: [node],
    options: options, prints: .text
  ) { invocation throws(Failure) in
    let cluster = try existing(invocation)
    guard let process = cluster.process(of: try node(invocation.required("NODE"), of: cluster))
    else { return .unavailable }
    Terminal.print("\(process.number)\n")
    return .done
  }

  private static let healthy = Verb(
    "local healthy", "End with 0 if all nodes answer, one leads, and nobody is behind.",
    options: options
  ) { invocation throws(Failure) in
    try LocalView(try existing(invocation)).isHealthy ? .done : .unavailable
  }

  private static let startNode = Verb(
    "local start-node", "Start a node and do not wait for it, for a script.", arguments: [node],
    options: options
  ) { invocation throws(Failure) in
    let cluster = try existing(invocation)
    try cluster.start(try node(invocation.required("NODE"), of: cluster))
    return .done
  }

  // MARK: What they have in common

  private static func cluster(_ invocation: Invocation) throws(Failure) -> LocalCluster {
    try LocalCluster(at: invocation["folder"])
  }

  private static func existing(_ invocation: Invocation) throws(Failure) -> LocalCluster {
    let cluster = try cluster(invocation)
    guard cluster.exists else {
      throw Failure(
        .refused, "There is no cluster in \(cluster.folder.path). To make one: ./Cluster/up")
    }
    return cluster
  }

  private static func node(
    _ word: String, of cluster: LocalCluster
  ) throws(Failure) -> LocalFolder.Node {
    guard let node = cluster.nodes.first(where: { $0.name == word || "\($0.number)" == word })
    else {
      let names = cluster.nodes.map(\.name).joined(separator: ", ")
      throw .usage("There are \(names), and no \"\(word)\".")
    }
    return node
  }
}
