import Bytes
import Crypto
import JSON
import TLS

/// The files of a local cluster that people may read and change.
enum LocalText {
  /// The configuration of one node. People's and services' quotas are as good as none: here one token
  /// stands for everybody, and loads the cluster when it is measured. That of alerts is the usual one.
  static func configuration(
    of node: LocalFolder.Node, in folder: LocalFolder, cluster: ID, ports: LocalPorts,
    tokenHash: [UInt8]
  ) -> String {
    let members = folder.founders.map { member in
      "    { \"node\": \(member.number), \"peer\": \"127.0.0.1:\(ports.peer(member.number))\","
        + " \"client\": \"https://127.0.0.1:\(ports.client(member.number))\" }"
    }
    return """
      {
        "cluster": "\(cluster)",
        "node": \(node.number),
        "name": "\(node.name)",
        "dataFolder": \(quoted(node.data)),
        "client": {
          "listen": "127.0.0.1:\(ports.client(node.number))",
          "machines": "127.0.0.1:\(ports.machines(node.number))",
          "certificate": \(quoted(node.clientCertificate)),
          "key": \(quoted(node.clientKey))
        },
        "peer": {
          "listen": "127.0.0.1:\(ports.peer(node.number))",
          "certificate": \(quoted(node.peerCertificate)),
          "key": \(quoted(node.peerKey)),
          "authority": \(quoted(folder.authority))
        },
        "members": [
      \(members.joined(separator: ",\n"))
        ],
        "founding": {
          "administrator": {
            "name": "Administrator",
            "email": "administrator@department.example",
            "tokenHash": "\(Hex.encode(tokenHash))"
          },
          "team": "\(ExampleDepartment.secondLine)"
        },
        "limits": {
          "person": { "perSecond": 1000000 },
          "urgent": { "perSecond": 1000000 },
          "service": { "perSecond": 1000000 }
        }
      }

      """
  }

  /// What a shell needs to know so that `muster` finds the cluster.
  static func environment(_ folder: LocalFolder, _ endpoints: [Endpoint]) -> String {
    let nodes = endpoints.map { "\($0)" }
    return """
      export MUSTER_ENDPOINT=\(nodes.joined(separator: ","))
      export MUSTER_CA=\(shellQuoted(folder.authority))
      export MUSTER_TOKEN_FILE=\(shellQuoted(folder.token(of: "admin")))

      """
  }

  private static func quoted(_ text: String) -> String {
    var json = JSONWriter()
    json.value(text)
    return String(decoding: json.bytes, as: UTF8.self)
  }

  private static func shellQuoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
  }
}
