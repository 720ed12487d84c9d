import Access
import EventLoop
import Glibc
import JSON
import TLS

/// `muster cluster join` and what belongs to it: how a new machine becomes a node.
enum JoinVerbs {
  static let all = [join, tokens]

  private static let usualMinutes = 60
  /// The cluster takes no token that holds longer: seven days.
  private static let minutes = 1...10_080
  private static let largestToken = 1_024

  /// What `cluster add` and `cluster replace` take to invite a node instead of only adding it.
  static let inviting: [Verb.Option] = [
    .value(
      "authority", "PATH", "The folder with the authority's ca.crt and ca.key: print a token."),
    .value("at", "HOST:PORT", "With --authority: where the new machine reaches this one."),
    .value("minutes", "N", "With --authority: how long the token holds. Usually \(usualMinutes)."),
    .value("token-to", "FILE", "With --authority: write the token there, and print it nowhere."),
  ]

  static let notes = [
    "With --authority this prints a token, and waits until the new machine has come with it: "
      + "muster cluster join. The token is used once; whoever has it can make a node of this "
      + "cluster until then.",
    "Without, the node has its files already (muster authority issue) and runs with \"joining\": "
      + "true in its configuration and an empty data folder.",
  ]

  private static let join = Verb(
    "cluster join", "Make this machine a node of a cluster, with a token of muster cluster add.",
    options: [
      .value(
        "token-file", "FILE",
        "The file with the token; - asks for it, or reads standard input. As an option it would stand in "
          + "the list of processes, for all to read.", isRequired: true),
      .value("folder", "PATH", "Where the node's files shall lie.", isRequired: true),
    ],
    notes: [
      "Makes keys, which never leave the folder, has them certified, and writes node.json. Nothing "
        + "is sent before whoever answers has shown a certificate of the authority that the token "
        + "names. Afterwards the node is started with muster node."
    ]
  ) { invocation throws(Failure) in
    let token = try token(invocation)
    let node = NewNode(folder: try Environment.absolute(invocation.required("folder")))
    umask(0o077)
    let folder = node.folder
    let farewell: Interruption.Farewell = {
      "\(folder) may hold a part of the node's files, and the token may be used. See muster cluster "
        + "members: if the node is one, remove it; then begin again with another token and folder."
    }
    try Interruption.bidding(farewell) { () throws(Failure) in
      try Progress.during(.init("Joining")) { _ throws(Failure) in
        do throws(NewNode.Trouble) {
          try node.join(with: token, at: Clock.now())
        } catch {
          throw Failure(error.code, "\(error)")
        }
      }
    }
    Terminal.print(
      """
      This machine is a member of the cluster, and votes once it has caught up. To start it:
        muster node --config \(node.configuration)

      """)
    return .done
  }

  private static let tokens = ClientVerb.list(
    "cluster tokens", "List the tokens to join with; their secrets are shown nowhere.",
    options: DepartmentVerbs.page, notes: ["To revoke one: muster person revoke ID."]
  ) { invocation, client throws(Failure) in
    let reply = try DepartmentVerbs.list("/v1/cluster/join-tokens", invocation, &client)
    var table = TextTable("ID", "NODE", "ISSUED", "UNTIL", "USED OR REVOKED")
    for item in reply.items {
      table.add(
        item["id"]?.text ?? "", item["label"]?.text ?? "", IncidentText.time(item["issuedAt"]),
        IncidentText.time(item["expiresAt"]), IncidentText.time(item["revokedAt"]))
    }
    return .init(reply: reply, text: table.text(orElse: "None.") + IncidentText.more(reply))
  }

  /// Prints a token for `member` and waits until it has come.
  static func invite(
    _ member: NewMember, authority: String, _ invocation: Invocation, _ client: inout Client
  ) throws(Failure) -> ClientVerb.Printed {
    guard invocation["key"] == nil else {
      throw .usage("--key goes with one write, and an invitation is several.")
    }
    guard let place = invocation["at"].flatMap({ Endpoint($0) }),
      "\(place)".utf8.count <= JoinToken.longestAddress
    else { throw .usage("--at is where the new machine reaches this one, as host:port.") }
    let minutes = try invocation.number("minutes", in: minutes, usual: usualMinutes)
    let invitation = try Invitation(
      member, authority: authority, at: place, for: minutes * 60,
      by: { () throws(Failure) in try ClientOptions.client(invocation) })
    try show(invitation.token, invocation)
    Terminal.note(
      "On the new machine, within \(minutes) minutes:\n"
        + "  muster cluster join --token-file - --folder PATH\n"
        + "It asks for the token, or takes the file that it stands in.\n"
        + "This waits for it. To revoke the token: muster person revoke \(invitation.token.id)")
    let id = "\(invitation.token.id)"
    let farewell: Interruption.Farewell = {
      "Nobody has come, or not been told so yet. The token works until it is revoked: muster person "
        + "revoke \(id)\nSee muster cluster members for whether the node is one."
    }
    try Interruption.bidding(farewell) { () throws(Failure) in
      let line = Progress.Line("Waiting for the new machine", limit: .seconds(minutes * 60))
      try Progress.during(line) { _ throws(Failure) in try invitation.wait() }
    }
    let reply = try client.read("/v1/cluster")
    return .init(
      reply: reply,
      text: "n\(member.node) has its certificates.\n" + ClusterText.members(reply.value))
  }

  private static func show(_ token: JoinToken, _ invocation: Invocation) throws(Failure) {
    if let file = invocation["token-to"] {
      do throws(FileError) {
        try Files.write(Array("\(token.spelling)\n".utf8), to: file, mode: LocalFolder.secretMode)
      } catch {
        throw .usage("The token cannot be written. \(error)")
      }
    } else if try Form(invocation) != .words {
      // Standard output is one answer: that at the end.
      Terminal.note(token.spelling)
    } else {
      Terminal.print(token.spelling + "\n")
    }
  }

  private static func token(_ invocation: Invocation) throws(Failure) -> JoinToken {
    let file = invocation.required("token-file")
    var text: Substring
    if file == "-" {
      text = try Terminal.secret("The token: ")[...]
    } else {
      do throws(FileError) {
        text = String(decoding: try Files.read(file, atMost: largestToken), as: UTF8.self)[...]
      } catch {
        throw .usage("The token cannot be read. \(error)")
      }
    }
    while text.last?.isWhitespace == true { text.removeLast() }
    guard let token = JoinToken(text) else {
      throw .usage(
        "This is no token to join with: it begins with msj_, and is all of what muster cluster add "
          + "printed.")
    }
    return token
  }
}

extension NewNode.Trouble {
  /// How the process ends.
  fileprivate var code: ExitCode {
    switch self {
    case .unreachable: .unavailable
    case .files: .usage
    case .expired, .foreignAuthority, .refused, .strangeAnswer: .refused
    }
  }
}
