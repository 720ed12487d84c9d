import Bytes
import JSON
import Setup
import TLS

/// The configuration that a node that has joined begins with.
enum NodeText {
  /// The text of node.json; `nil` if the new node is not among its members.
  ///
  /// It listens at its own addresses, or at all of the machine's where it is known by a name. What
  /// is not said is as usual: where the others have a `timing`, `log` or `limits` of their own, it is
  /// copied by hand.
  static func joining(_ welcome: JoinAnswer.Welcome, in folder: String) -> String? {
    guard let own = welcome.members.first(where: { $0.node == welcome.node }),
      let peer = Endpoint(own.peer), let client = Endpoint(String(own.client.dropFirst(8)))
    else { return nil }
    var json = JSONWriter(style: .pretty)
    json.beginObject()
    json.member("cluster", welcome.cluster.description)
    json.member("node", own.node)
    json.member("name", "n\(own.node)")
    json.member("dataFolder", "\(folder)/data")
    json.object("client") { json in
      listening(client, "client", folder, &json)
    }
    json.object("peer") { json in
      listening(peer, "peer", folder, &json)
      json.member("authority", "\(folder)/ca.crt")
    }
    json.name("members")
    json.beginArray()
    let others = welcome.members.filter { $0.node != own.node }.prefix(NodeFile.mostMembers - 1)
    for member in (others + [own]).sorted(by: { $0.node < $1.node }) {
      json.beginObject()
      json.member("node", member.node)
      json.member("peer", member.peer)
      json.member("client", member.client)
      json.endObject()
    }
    json.endArray()
    json.member("joining", ifTrue: true)
    json.member("epoch", welcome.epoch == 1 ? nil : welcome.epoch)
    json.endObject()
    return String(decoding: json.bytes, as: UTF8.self) + "\n"
  }

  private static func listening(
    _ endpoint: Endpoint, _ name: String, _ folder: String, _ json: inout JSONWriter
  ) {
    let address = SocketAddress(host: endpoint.host, port: endpoint.port)
    json.member("listen", address.map { "\($0)" } ?? "0.0.0.0:\(endpoint.port)")
    json.member("certificate", "\(folder)/\(name).crt")
    json.member("key", "\(folder)/\(name).key")
  }
}
