import Access
import Bytes
import Crypto
import EventLoop
import JSON

/// `muster authority …` and `muster token new`: what a cluster on real servers is made of, before
/// any node runs. Nothing here asks a cluster.
enum AuthorityVerbs {
  static let all: [Verb] = [make, issue, newToken]

  private static let usualYears = 10
  private static let usualDays = 365
  private static let authorityMode: UInt32 = 0o600
  private static let publicMode: UInt32 = 0o644
  private static let folderMode: UInt32 = 0o700
  private static let largestFile = 64 * 1024

  private static let folder = Verb.Option.value(
    "folder", "PATH", "Where the authority's ca.crt and ca.key lie.", isRequired: true)

  private static let make = Verb(
    "authority init", "Make the authority that signs the nodes of a cluster.",
    options: [
      folder, .value("name", "TEXT", "What people read in it. Usually Muster authority."),
      .value("years", "N", "How long it holds, from 1 to 30. Usually \(usualYears)."),
    ], prints: .thing,
    notes: [
      "Keep the folder on a machine that only its keeper uses: whoever has ca.key can make nodes."
        + " Nodes and clients get ca.crt."
    ]
  ) { invocation throws(Failure) in
    let form = try Form(invocation)
    let folder = invocation.required("folder")
    let years = try invocation.number("years", in: 1...30, usual: usualYears)
    let now = Clock.now()
    try refuseToOverwrite(["\(folder)/ca.crt", "\(folder)/ca.key"])
    do {
      let authority = try CertificateAuthority(
        commonName: invocation["name"] ?? "Muster authority", at: now, days: Int64(years) * 365)
      try Files.makeFolder(folder, mode: folderMode)
      try write(try authority.keyPEM(), to: "\(folder)/ca.key", mode: authorityMode)
      try write(authority.certificate.pem, to: "\(folder)/ca.crt", mode: publicMode)
    } catch {
      throw Failure(.usage, "The authority cannot be made. \(error)")
    }
    let cluster = ID(version7At: now, random: randomUInt64Pair())
    let words = """
      Authority  \(folder)/ca.crt
      Its key    \(folder)/ca.key
      Cluster    \(cluster)   the id of a new cluster, for every node.json

      """
    Terminal.print(
      Output.thing.text(
        of: [
          "authority": JSONValue(text: "\(folder)/ca.crt"),
          "key": JSONValue(text: "\(folder)/ca.key"),
          "cluster": JSONValue(text: "\(cluster)"),
        ], words: words, as: form))
    return .done
  }

  private static let issue = Verb(
    "authority issue", "Issue a node its certificates and keys.",
    options: [
      folder,
      .value("cluster", "UUID", "The cluster's id, as in node.json.", isRequired: true),
      .value("node", "N", "The node's number, as in node.json.", isRequired: true),
      .value("dns", "NAME", "A name by which it is reached, such as n1.example.", repeats: true),
      .value("address", "IP", "An address by which it is reached.", repeats: true),
      .value("days", "N", "How long they hold, from 1 to 825. Usually \(usualDays)."),
      .value("to", "PATH", "The folder to write into.", isRequired: true),
      .flag("replace", "Write over the files of an earlier time, to renew them."),
    ],
    notes: [
      "Writes peer.crt and peer.key for the other nodes, client.crt and client.key for clients,"
        + " and the authority's ca.crt. The keys are readable by their owner alone: give them to the"
        + " user that the node runs as."
    ]
  ) { invocation throws(Failure) in
    let (to, days) = (
      invocation.required("to"), try invocation.number("days", in: 1...825, usual: usualDays)
    )
    let names = ["peer.crt", "peer.key", "client.crt", "client.key", "ca.crt"]
    if !invocation.flag("replace") { try refuseToOverwrite(names.map { "\(to)/\($0)" }) }
    let subject = try Subject(invocation)
    do {
      let authority = try authority(in: invocation.required("folder"))
      let now = Clock.now()
      let peer = try authority.issue(to: subject.peer, at: now, days: Int64(days))
      let client = try authority.issue(to: subject.client, at: now, days: Int64(days))
      try Files.makeFolder(to, mode: folderMode)
      for (name, text, mode) in [
        ("peer.key", peer.keyPEM, authorityMode), ("peer.crt", peer.certificate.pem, publicMode),
        ("client.key", client.keyPEM, authorityMode),
        ("client.crt", client.certificate.pem, publicMode),
        ("ca.crt", authority.certificate.pem, publicMode),
      ] { try write(text, to: "\(to)/\(name)", mode: mode) }
    } catch {
      throw Failure(.usage, "The certificates cannot be issued. \(error)")
    }
    Terminal.print("Node \(subject.node) has its certificates in \(to), for \(days) days.\n")
    return .done
  }

  private static let newToken = Verb(
    "token new", "Make a token for the first administrator, and its hash for node.json.",
    prints: .thing,
    notes: [
      "Whoever has the token is the administrator. The nodes know only the hash. Everybody else's"
        + " token comes from muster person token."
    ]
  ) { invocation throws(Failure) in
    let form = try Form(invocation)
    let token = Token.make()
    let hash = Hex.encode(token.hash)
    Terminal.print(
      Output.thing.text(
        of: ["token": JSONValue(text: token.spelling), "tokenHash": JSONValue(text: hash)],
        words: "Token      \(token.spelling)\ntokenHash  \(hash)\n", as: form))
    return .done
  }

  /// A node as its two certificates name it.
  private struct Subject {
    let node: UInt64
    let peer: CertificateSubject
    let client: CertificateSubject

    init(_ invocation: Invocation) throws(Failure) {
      guard let cluster = ID(invocation.required("cluster")) else {
        throw .usage("--cluster is a UUID, as muster authority init prints one.")
      }
      node = UInt64(try invocation.number("node", in: 1...999, usual: 1))
      let (dns, addresses) = (invocation.all("dns"), invocation.all("address"))
      guard !dns.isEmpty || !addresses.isEmpty else {
        throw .usage("Say how the node is reached: --dns n1.example or --address 10.0.0.1.")
      }
      peer = .node(node, cluster: cluster.description, dnsNames: dns, addresses: addresses)
      client = .server("Muster node \(node)", dnsNames: dns, addresses: addresses)
    }
  }

  /// The authority whose two files lie in a folder.
  static func authority(in folder: String) throws -> CertificateAuthority {
    func text(_ name: String) throws(FileError) -> String {
      String(decoding: try Files.read("\(folder)/\(name)", atMost: largestFile), as: UTF8.self)
    }
    return try CertificateAuthority(
      certificatePEM: try text("ca.crt"), keyPEM: try text("ca.key"))
  }

  private static func write(_ text: String, to path: String, mode: UInt32) throws(FileError) {
    try Files.write(Array(text.utf8), to: path, mode: mode)
  }

  /// A key that is written over is gone for good.
  private static func refuseToOverwrite(_ paths: [String]) throws(Failure) {
    guard let there = paths.first(where: Files.exists) else { return }
    throw Failure(.refused, "\(there) is there already, and nothing was written.")
  }
}
