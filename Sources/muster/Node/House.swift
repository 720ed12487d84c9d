import EventLoop
import Gateway
import Replication
import TLS

/// A running node with its doors: opened after the node is there, closed before it goes.
@ClientLoop final class House {
  private let file: NodeFile
  private let node: Node
  private var gateway: Gateway?
  private var isClosing = false

  /// A house whose doors are still shut.
  nonisolated init(_ file: NodeFile, _ node: Node) {
    self.file = file
    self.node = node
  }

  /// Lets clients in.
  func open() async throws(GatewayError) {
    let gateway = try await Gateway.start(file.gateway, node: node)
    self.gateway = gateway
    Terminal.note("\(file.name) serves clients at \(file.client.address).")
  }

  /// Lets requests under way come to their answer, hands leadership over, and closes the files.
  ///
  /// - Returns: Whether this call did it; a second one while the first is at work does not.
  func close() async -> Bool {
    guard !isClosing else { return false }
    isClosing = true
    Terminal.note("\(file.name) stops.")
    await gateway?.stop()
    // It holds a reader of the state, which is closed before the node's own files.
    gateway = nil
    await node.stop()
    return true
  }

  /// Shows clients the certificate that now lies in the file.
  func reload() {
    do throws(TLSError) {
      try gateway?.replaceIdentity(with: file.identity)
      Terminal.note("\(file.name) shows the certificate in \(file.client.certificate).")
    } catch {
      // The old one holds: a node must not end because somebody copied half a file.
      Terminal.note("\(file.name) keeps its old certificate. \(error)")
    }
  }
}
