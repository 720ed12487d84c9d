import Access
import EventLoop
import TLS

/// The options that every command of the client takes, and the client that they describe.
package enum ClientOptions {
  /// Where the nodes are, whom to trust, who asks.
  package static let common: [Verb.Option] = [
    .value(
      "endpoint", "A,B,C",
      "The nodes, as host:port. One that does not answer is passed over. Else MUSTER_ENDPOINT."),
    .value("ca", "FILE", "The authority to trust, a PEM file. Else MUSTER_CA."),
    .value(
      "token-file", "FILE",
      "The file with your token. Else MUSTER_TOKEN_FILE, or the token itself in MUSTER_TOKEN."),
    .value(
      "profile", "NAME",
      "What muster login kept under this name, in place of these three. Else MUSTER_PROFILE."),
    .value(
      "timeout", "SECONDS", "How long to keep trying, from 1 to 600. Usually \(usualTimeout)."),
  ]

  /// What reads take beside that.
  package static let read: [Verb.Option] =
    common + [
      .flag("stale", "Read what a node has, old or not: when no majority of the nodes is left.")
    ]

  /// What writes take beside that.
  package static let write: [Verb.Option] =
    common + [
      .value("key", "KEY", "The key of an earlier attempt whose end is not known: done once.")
    ]

  /// Long enough for an election and a slow disk.
  private static let usualTimeout = 15
  private static let timeouts = 1...600
  /// A token has 47 characters; the rest is room for a line end.
  private static let largestTokenFile = 1_024

  /// The client that the options and the environment describe; where neither says a word, the one of
  /// the local cluster in this folder.
  package static func client(_ invocation: Invocation) throws(Failure) -> Client {
    try client(of: try standing(invocation), invocation)
  }

  /// The client of a standing.
  static func client(
    of standing: Standing, _ invocation: Invocation
  ) throws(Failure) -> Client {
    let seconds = try invocation.number("timeout", in: timeouts, usual: usualTimeout)
    return try Client(
      try EndpointList.parse(standing.endpoints), authority: standing.authority,
      credential: standing.credential, renewal: standing.renewal, timeout: .seconds(seconds),
      key: try key(invocation), isStale: invocation.flag("stale"))
  }

  /// What follows the stream of the cluster that the options and the environment describe.
  static func follower(_ invocation: Invocation) throws(Failure) -> StreamFollower<TLSLine> {
    let standing = try standing(invocation)
    let seconds = try invocation.number("timeout", in: timeouts, usual: usualTimeout)
    return try StreamFollower(
      try EndpointList.parse(standing.endpoints), authority: standing.authority,
      credential: standing.credential, renewal: standing.renewal, after: invocation["after"],
      patience: .seconds(seconds))
  }

  private static func standing(_ invocation: Invocation) throws(Failure) -> Standing {
    let local = LocalCluster.here()
    if let standing = try profile(invocation, hasLocal: local != nil) { return standing }
    let (token, place) = try token(invocation, local)
    return Standing(
      endpoints: try endpoints(invocation, local), authority: try authority(invocation, local),
      credential: .token(token),
      renewal:
        "The cluster does not know the token of \(place): it was revoked, it ran out, or it is "
        + "of another cluster.\nSign in: muster login. Or have an administrator issue another: muster "
        + "person token.")
  }

  private static func endpoints(
    _ invocation: Invocation, _ local: LocalCluster?
  ) throws(Failure) -> String {
    if let text = invocation["endpoint"] ?? Environment.value("MUSTER_ENDPOINT") { return text }
    guard let local else {
      throw .usage(
        "Say where the nodes are: muster login, --endpoint host:port,… or MUSTER_ENDPOINT.")
    }
    return try local.endpoints().map(\.description).joined(separator: ",")
  }

  private static func authority(
    _ invocation: Invocation, _ local: LocalCluster?
  ) throws(Failure) -> String {
    guard let file = invocation["ca"] ?? Environment.value("MUSTER_CA") ?? local?.folder.authority
    else { throw .usage("Say whom to trust: muster login, --ca FILE or MUSTER_CA.") }
    return file
  }

  /// Reads the token in a file: the one of the options, or of the example.
  package static func token(in file: String) throws(Failure) -> String {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try Files.read(file, atMost: largestTokenFile)
    } catch {
      throw .usage(
        "The token cannot be read. \(error)\nSay where it is with --token-file or MUSTER_TOKEN_FILE, or "
          + "sign in: muster login")
    }
    return try checked(String(decoding: bytes, as: UTF8.self), from: file)
  }

  /// The token, and where it was.
  private static func token(
    _ invocation: Invocation, _ local: LocalCluster?
  ) throws(Failure) -> (token: String, place: String) {
    if let file = invocation["token-file"] { return (try token(in: file), file) }
    if let token = Environment.value("MUSTER_TOKEN") {
      return (try checked(token, from: "MUSTER_TOKEN"), "MUSTER_TOKEN")
    }
    if let file = Environment.value("MUSTER_TOKEN_FILE") { return (try token(in: file), file) }
    // The administrator of this folder's cluster is no secret to be sent anywhere else.
    let asksElsewhere = invocation["endpoint"] ?? Environment.value("MUSTER_ENDPOINT")
    if let local, asksElsewhere == nil {
      let file = local.folder.token(of: "admin")
      return (try token(in: file), file)
    }
    throw Failure(
      .unauthorised,
      "Say who you are: muster login, --token-file FILE, MUSTER_TOKEN_FILE or MUSTER_TOKEN.")
  }

  /// A slip is found here, before anything is sent. The token itself is never printed.
  static func checked(_ text: String, from place: String) throws(Failure) -> String {
    var text = text[...]
    while text.last?.isWhitespace == true { text.removeLast() }
    guard Token(text) != nil else {
      throw .usage(
        "There is no token in \(place): it begins with mst_ and has 47 characters.\nTo have one: muster "
          + "person token. To sign in with a password: muster login --account EMAIL")
    }
    return String(text)
  }

  private static func key(_ invocation: Invocation) throws(Failure) -> String? {
    guard let key = invocation["key"] else { return nil }
    guard (1...64).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { throw .usage("--key is 1 to 64 printable characters without spaces.") }
    return key
  }
}
