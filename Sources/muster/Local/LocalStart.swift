import EventLoop
import Glibc

/// Brings a local cluster up: makes it if need be, starts it, waits for a leader, plays the example.
struct LocalStart {
  private let cluster: LocalCluster
  private var folder: LocalFolder { cluster.folder }

  /// An election takes a second, opening the files of a full disk some more.
  /// A node that joins takes a state first: half a minute for a gigabyte on a busy machine.
  private static let patience = Duration.seconds(300)
  /// How often is looked whether they serve.
  private static let look = useconds_t(50_000)
  /// How often a new cluster's level is looked at: ten seconds.
  private static let mostLooks = 200

  init(_ cluster: LocalCluster) { self.cluster = cluster }

  /// Does all of it, and says what came of it.
  func run(example: String, isBare: Bool) throws(Failure) -> ExitCode {
    if cluster.exists && cluster.running.count == cluster.nodes.count {
      try checkExample()
      Terminal.print("It is up already.\n\n" + (try addresses()))
      return .done
    }
    let isNew = !cluster.exists
    if isNew { try make() }
    for node in cluster.nodes where cluster.process(of: node) == nil {
      Terminal.note("Starting \(node.name).")
      try cluster.start(node)
    }
    try waitUntilServing(cluster.nodes)
    if isNew { try waitForLevel() }
    Terminal.note("The cluster serves.")
    try checkExample()
    if !isBare && !Files.exists(folder.example) {
      Terminal.note("Setting up an example department, and playing one incident through it.\n")
      Terminal.print(try playExample(example) + "\n")
    }
    Terminal.print(try addresses())
    return .done
  }

  /// An example that was interrupted has half of its people: it cannot go on, nor begin twice.
  private func checkExample() throws(Failure) {
    guard Files.exists(folder.exampleBegun), !Files.exists(folder.example) else { return }
    throw Failure(
      .refused,
      "The cluster runs, and its example was interrupted before it was complete. "
        + "To begin again: ./Cluster/down, ./Cluster/wipe, ./Cluster/up")
  }

  private func playExample(_ alerts: String) throws(Failure) -> String {
    do throws(FileError) {
      try Files.write([], to: folder.exampleBegun, mode: LocalFolder.secretMode)
    } catch {
      throw Failure(.usage, "\(error)")
    }
    do throws(Failure) {
      return try ExampleDepartment(cluster, alerts: alerts).play()
    } catch {
      throw Failure(
        error.code,
        "\(error.message)\nThe cluster runs, and the example is not complete. "
          + "To begin again: ./Cluster/down, ./Cluster/wipe, ./Cluster/up")
    }
  }

  /// Waits until a new cluster is at the behaviour level that its program knows: it begins at the first, and
  /// what happens before is told as that level tells it. It takes a second, and is not waited for for ever.
  private func waitForLevel() throws(Failure) {
    for _ in 0..<Self.mostLooks {
      let isThere = try LocalView(cluster).nodes.allSatisfy { seen in
        guard let level = seen.status?["level"] else { return false }
        return level["inForce"]?.integer == level["newest"]?.integer
      }
      if isThere { return }
      usleep(Self.look)
    }
  }

  /// Waits until these nodes know a leader and can take work.
  func waitUntilServing(_ nodes: [LocalFolder.Node]) throws(Failure) {
    let names = nodes.map(\.name).joined(separator: ", ")
    let line = Progress.Line("Waiting until \(names) can take work", limit: Self.patience)
    try Progress.during(line) { _ throws(Failure) in try look(at: nodes) }
  }

  /// Looks at these nodes until they know a leader and can take work.
  private func look(at nodes: [LocalFolder.Node]) throws(Failure) {
    let deadline = Clock.monotonic() + Self.patience.nanoseconds
    while true {
      if let dead = nodes.first(where: { cluster.process(of: $0) == nil }) {
        throw Failure(
          .unavailable,
          "\(dead.name) has ended. Its log \(dead.log) says:\n\(cluster.endOfLog(dead))")
      }
      let view = try LocalView(cluster)
      let serving = view.nodes.filter { seen in
        nodes.contains(seen.node) && seen.status?["leader"]?.integer != nil
      }
      if serving.count == nodes.count && view.leader != nil { return }
      guard Clock.monotonic() < deadline else {
        let silent = nodes.filter { node in !serving.contains { $0.node == node } }
        throw Failure(
          .unavailable,
          "\(silent.map(\.name).joined(separator: ", ")) cannot take work after \(Self.patience.components.seconds) s; "
            + "see \(silent.map(\.log).joined(separator: ", ")).")
      }
      usleep(Self.look)
    }
  }

  private func make() throws(Failure) {
    let base = try Environment.value("MUSTER_LOCAL_PORT").map { text throws(Failure) in
      guard let base = Int(text) else {
        throw .usage("MUSTER_LOCAL_PORT is a port number, not \"\(text)\".")
      }
      return base
    }
    guard let ports = LocalPorts(base: base ?? LocalPorts.usual) else {
      throw .usage("MUSTER_LOCAL_PORT is a port from 1024 to 65518.")
    }
    let busy = LocalCluster.busyPorts(ports)
    guard busy.isEmpty else {
      throw Failure(
        .refused,
        "Somebody else listens at port \(busy.map { "\($0)" }.joined(separator: ", ")). "
          + "Choose other ports, such as MUSTER_LOCAL_PORT=9441 ./Cluster/up")
    }
    Terminal.note("Making an authority, certificates and a token in \(folder.path).")
    try cluster.make(ports: ports, now: Clock.now())
  }

  /// Where everything is, and what to try next.
  private func addresses() throws(Failure) -> String {
    let nodes = try cluster.endpoints().map { "https://\($0)" }
    let program = try Launcher.thisProgram()
    return """
      Nodes      \(nodes.joined(separator: "  "))
      Authority  \(folder.authority)
      Token      \(folder.token(of: "admin"))
      Elsewhere  . \(folder.environment)   tells another shell where they are

      To try next:
        \(program) incident list
        \(program) incident declare --title "Nobody can sign in" --service sign-in
        ./Cluster/kill leader

      """
  }
}
