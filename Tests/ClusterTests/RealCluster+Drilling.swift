import EventLoop
import Glibc
import muster

/// Nodes that reach each other over ways that can be closed, each with a small disk of its own.
extension RealCluster {
  /// Makes node.json name the others as the ways do, and mounts the disks.
  static func arrange(_ local: LocalCluster, _ roads: Roads, megabytes: Int) throws {
    for node in nodes {
      let parts = local.folder.node(node)
      var text = String(
        decoding: try Files.read(parts.configuration, atMost: 1 << 20), as: UTF8.self)
      for other in nodes {
        text = text.replacing(
          "\"node\": \(other), \"peer\": \"127.0.0.1:",
          with: "\"node\": \(other), \"peer\": \"n\(other).\(Roads.domain):")
      }
      try Files.write(Array(text.utf8), to: parts.configuration, mode: 0o600)
      let hosts = "127.0.0.1 localhost\n" + roads.hosts(for: node)
      try Files.write(Array(hosts.utf8), to: "\(parts.path)/hosts", mode: 0o644)
      let status = unsafe mount(
        "tmpfs", parts.data, "tmpfs", 0, "size=\(megabytes)m,mode=0700")
      guard status == 0 else { throw Trouble("no small disk can be mounted at \(parts.data)") }
    }
  }

  /// The words that start a node's program where `/etc/hosts` is the node's own.
  static func within(_ hosts: String, _ program: String, _ arguments: [String]) -> [String] {
    let script = "mount --bind \"$0\" /etc/hosts && exec \"$@\""
    return ["/usr/bin/unshare", "--mount", "/bin/sh", "-c", script, hosts, program] + arguments
  }

  /// Ends the nodes and takes their disks away.
  func unmount() {
    for node in Self.nodes {
      kill(node)
      unsafe umount2(local.folder.node(node).data, Int32(MNT_DETACH))
    }
  }
}
