import EventLoop
import Gateway
import Notifier
import Replication
import Setup
import TLS

/// A running node with its doors: opened after the node is there, closed before it goes.
@ClientLoop final class House {
  private let file: NodeFile
  private let node: Node
  private var gateway: Gateway?
  private var notifier: Notifier?
  private var isClosing = false

  private static let day = Duration.seconds(86_400)

  /// A house whose doors are still shut.
  nonisolated init(_ file: NodeFile, _ node: Node) {
    self.file = file
    self.node = node
  }

  /// Lets clients in.
  func open() async throws(GatewayError) {
    let configuration: GatewayConfiguration
    do throws(TLSError) {
      configuration = try file.gateway()
    } catch {
      throw .identity(error)
    }
    let gateway = try await Gateway.start(configuration, node: node)
    self.gateway = gateway
    openPost()
    Terminal.note("\(file.name) serves clients at \(file.client.address).")
    watchPapers()
  }

  /// Begins to send what is posted to webhooks.
  private func openPost() {
    let carrier: Carrier
    do throws(TLSError) {
      carrier = try file.carrier()
    } catch {
      // Incidents go on without it: pages are shown, and what waits is sent by another node.
      return Terminal.note("\(file.name) sends nothing to webhooks. \(error)")
    }
    let notifier = Notifier(cluster: node, carrier: carrier, site: file.notifierSite)
    notifier.start()
    self.notifier = notifier
  }

  /// Says once a day what has to be renewed.
  private func watchPapers() {
    guard !isClosing else { return }
    for paper in file.papersToRenew(at: Clock.now()) { Terminal.note("\(file.name): \(paper)") }
    gateway?.showEnd(ofPapers: file.papersEnd)
    _ = ClientLoop.loop.schedule(after: Self.day) { self.watchPapers() }
  }

  /// Hands leadership over while requests under way come to their answer, and closes the files.
  ///
  /// The others lead as soon as they can, however slow a client is here: what still reaches this
  /// node goes on to the next leader.
  ///
  /// - Returns: Whether this call did it; a second one while the first is at work does not.
  func close() async -> Bool {
    guard !isClosing else { return false }
    isClosing = true
    Terminal.note("\(file.name) stops.")
    node.handOver()
    await gateway?.stop()
    // It holds a reader of the state, which is closed before the node's own files.
    gateway = nil
    await notifier?.stop()
    notifier = nil
    await node.stop()
    return true
  }

  /// Shows clients and peers the certificates that now lie in the files.
  func reload() {
    do throws(TLSError) {
      try gateway?.replaceIdentity(with: file.identity)
      try node.reloadPeerIdentity()
      gateway?.showEnd(ofPapers: file.papersEnd)
      Terminal.note(
        "\(file.name) shows the certificates in \(file.client.certificate)"
          + " and \(file.peer.certificate).")
    } catch {
      // The old one holds: a node must not end because somebody copied half a file.
      Terminal.note("\(file.name) keeps its old certificate. \(error)")
    }
  }
}
