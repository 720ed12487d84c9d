import EventLoop
import Glibc
import Replication
import Setup

/// `muster node`: runs one node until it is told to stop.
enum NodeVerb {
  static let verb = Verb(
    "node", "Run one node of a cluster, until SIGTERM.",
    options: [
      .value("config", "FILE", "The node's configuration, JSON.", isRequired: true),
      .flag(
        "trust-clock",
        "Take this machine's clock for right although it is far from the last entry's and the others'."
      ),
      .flag("check", "Only read the configuration and its certificates, and say what is wrong."),
    ],
    notes: [
      "SIGTERM or SIGINT stops it in good order: it finishes requests, hands leadership over and "
        + "closes its files. A second one ends it at once. SIGHUP makes it show clients and peers "
        + "the certificates that now lie in its files; connections that are open go on.",
      "A node whose clock is more than a minute from what the log and the time since say gives no "
        + "stamp until a majority of the members has the same time. --trust-clock is the way past "
        + "that, for this run.",
    ]
  ) { invocation throws(Failure) in
    var file = try NodeFile(at: invocation.required("config"))
    guard !invocation.flag("check") else {
      try file.checkPapers()
      for paper in file.papersToRenew(at: Clock.now()) { Terminal.note(paper) }
      Terminal.print("\(file.name), node \(file.node) of \(file.cluster): nothing is wrong.\n")
      return .done
    }
    try limitConnections(of: &file)
    run(try start(file, trustsClock: invocation.flag("trust-clock")), file)
  }

  /// A node serves at least so many clients, or does not start.
  private static let fewestConnections = 10

  /// Keeps the descriptors that the node needs itself out of the hands of clients.
  private static func limitConnections(of file: inout NodeFile) throws(Failure) {
    let descriptors = Descriptor.raiseLimit()
    let connections = file.connections(of: descriptors)
    guard connections >= fewestConnections else {
      throw Failure(
        .unavailable,
        "This process may have \(descriptors) descriptors, and a node needs "
          + "\(NodeFile.ownDescriptors) beside those of its clients. Raise the limit: "
          + "LimitNOFILE=, or ulimit -n.")
    }
    if connections < file.mostConnections {
      Terminal.note(
        "\(file.name) serves \(connections) clients at once, not \(file.mostConnections): "
          + "this process may have \(descriptors) descriptors.")
    }
    file.mostConnections = connections
  }

  private static func start(_ file: NodeFile, trustsClock: Bool) throws(Failure) -> Node {
    // What a node writes is its own business, whatever the shell that starts it allows.
    umask(0o077)
    Signals.ignoreBrokenPipes()
    do throws(NodeError) {
      var configuration = file.replication(now: Clock.now())
      configuration.trustsClock = trustsClock
      return try Node.start(configuration)
    } catch {
      throw Failure(.unavailable, "\(file.name) cannot start. \(error)")
    }
  }

  /// Never returns: the process ends where the house is closed.
  private static func run(_ node: Node, _ file: NodeFile) -> Never {
    let house = House(file, node)
    Signals.watch { signal in
      Task(name: "signal", executorPreference: ClientLoop.loop) { await obey(signal, house) }
    }
    Task(name: "doors", executorPreference: ClientLoop.loop) { await open(house, file) }
    // All work is done on threads of the house; this one only keeps the process.
    while true { pause() }
  }

  @ClientLoop private static func open(_ house: House, _ file: NodeFile) async {
    do {
      try await house.open()
    } catch {
      Terminal.note("\(file.name) cannot serve clients. \(error)")
      _ = await house.close()
      _exit(ExitCode.unavailable.rawValue)
    }
  }

  @ClientLoop private static func obey(_ signal: Signal, _ house: House) async {
    switch signal {
    case .reload: house.reload()
    case .stop:
      guard await house.close() else { _exit(ExitCode.refused.rawValue) }
      // Everything is closed; what other threads still hold needs no clearing up.
      _exit(ExitCode.done.rawValue)
    }
  }
}
