import Incidents

/// `muster login` and `muster logout`: who works with a cluster from this machine.
enum LoginVerbs {
  static let all: [Verb] = [login, logout]

  private static let login = Verb(
    "login", "Sign in to a cluster, with a password or a token, for every later command.",
    options: [
      .value("endpoint", "A,B,C", "The nodes, as host:port. Else MUSTER_ENDPOINT."),
      .value("ca", "FILE", "The authority to trust, a PEM file. Else MUSTER_CA."),
      .value("account", "EMAIL", "Sign in as this person, with their password."),
      .flag("code", "With --account: a printed code of yours instead of the password."),
      .value("profile", "NAME", "What to call it. Else MUSTER_PROFILE, or \(ProfileFolder.usual)."),
      .value("timeout", "SECONDS", "How long to keep trying, from 1 to 600."),
    ],
    notes: [
      "With --account it asks for your password, and a session begins: it ends after twelve hours, or "
        + "half an hour after your last command. Without, it asks for your token, which works until "
        + "it is revoked or runs out. To sign in again it is enough to name the profile.",
      "Password, code and token are asked for without showing them; from a pipe they are read as a line; "
        + "a token may be that of MUSTER_TOKEN. What is kept was shown to the cluster, and lies in a file "
        + "that only you may read, in $XDG_CONFIG_HOME/muster or ~/.config/muster. A password is kept "
        + "nowhere.",
      "A profile is used whole. One that is named goes before the environment; the one in use counts "
        + "where no option, variable or local cluster says which cluster is meant.",
    ]
  ) { invocation throws(Failure) in
    let folder = try ProfileVerbs.folder()
    let name =
      invocation["profile"] ?? Environment.value("MUSTER_PROFILE") ?? ProfileFolder.usual
    let file = try folder.file(name)
    var profile = try begun(invocation, folder.known(name))
    let said: String
    if let account = invocation["account"] ?? profile.account,
      invocation["account"] != nil || Environment.value("MUSTER_TOKEN") == nil
    {
      said = try signIn(account, &profile, invocation)
    } else {
      guard !invocation.flag("code") else {
        throw .usage("--code goes with --account: say whose code it is.")
      }
      profile.token = try token()
      (profile.session, profile.sessionEnd, profile.account) = (nil, nil, nil)
      said = ""
    }
    guard let standing = profile.standing(named: name) else {
      preconditionFailure("Whoever signed in has a credential.")
    }
    var client = try ClientOptions.client(of: standing, invocation)
    let person = try client.read("/v1/me").value["name"]?.text ?? "somebody"
    try folder.keep(profile, as: name)
    try folder.use(name)
    Terminal.print("You are \(Terminal.harmless(person)). Kept in \(file).\n\(said)")
    return .done
  }

  /// Where the cluster is and whom to trust, by the options, the environment or an earlier time.
  private static func begun(
    _ invocation: Invocation, _ known: Profile?
  ) throws(Failure) -> Profile {
    let endpoint =
      invocation["endpoint"] ?? Environment.value("MUSTER_ENDPOINT") ?? known?.endpoint
    guard let endpoint else {
      throw .usage("Say where the nodes are: --endpoint host:port,… or MUSTER_ENDPOINT.")
    }
    let authority = invocation["ca"] ?? Environment.value("MUSTER_CA") ?? known?.authority
    guard let authority else { throw .usage("Say whom to trust: --ca FILE or MUSTER_CA.") }
    var profile = Profile(
      endpoint: endpoint, authority: try Environment.absolute(authority), token: nil)
    // What was given by one cluster is shown to no other.
    if known?.endpoint == endpoint {
      (profile.account, profile.device) = (known?.account, known?.device)
    }
    return profile
  }

  private static func token() throws(Failure) -> String {
    if let token = Environment.value("MUSTER_TOKEN") {
      return try ClientOptions.checked(token, from: "MUSTER_TOKEN")
    }
    return try ClientOptions.checked(
      try Terminal.secret("Your token: "), from: "what was given")
  }

  /// Begins a session, and says how long it goes on.
  private static func signIn(
    _ account: String, _ profile: inout Profile, _ invocation: Invocation
  ) throws(Failure) -> String {
    let shown = Terminal.harmless(account, keepingLines: false)
    let secret: SignInSecret =
      invocation.flag("code")
      ? .code(try Terminal.secret("A printed code of \(shown): "))
      : .password(try Terminal.secret("Password of \(shown): "))
    var client = try ClientOptions.client(
      of: Standing(
        endpoints: profile.endpoint, authority: profile.authority,
        credential: .stranger(device: profile.device), renewal: ""), invocation)
    let signedIn = try client.signIn(account, with: secret)
    (profile.session, profile.sessionEnd) = (signedIn.session, signedIn.endsAt)
    profile.account = account
    profile.device = signedIn.device ?? profile.device
    let minutes = SignInSession.Rule.standard.idle / 60_000
    let end = Timestamp.parse(signedIn.endsAt).map { DisplayTime.text($0) } ?? signedIn.endsAt
    return "Your session ends at \(end), or \(minutes) minutes after your last command.\n"
  }

  private static let logout = Verb(
    "logout", "Sign out of a cluster. Where it is stays known.",
    options: [
      .value("profile", "NAME", "Its name. Else MUSTER_PROFILE, or the one in use."),
      .value("timeout", "SECONDS", "How long to keep trying, from 1 to 600."),
    ],
    notes: [
      "A session is ended, wherever its secret may have gone. A token is only forgotten here, and goes "
        + "on to work until: muster person revoke TOKEN-ID."
    ]
  ) { invocation throws(Failure) in
    let folder = try ProfileVerbs.folder()
    guard
      let name = invocation["profile"] ?? Environment.value("MUSTER_PROFILE") ?? folder.current
    else { throw .usage("No profile is in use. See: muster profile list") }
    var profile = try folder.profile(name)
    var said = "The token of \(name) is forgotten. It works until it is revoked.\n"
    if profile.session != nil, let standing = profile.standing(named: name) {
      do throws(Failure) {
        var client = try ClientOptions.client(of: standing, invocation)
        _ = try client.write("/v1/sign-out")
        said = "Your session with \(name) is over.\n"
      } catch {
        // It is forgotten all the same. One that the cluster does not know is over already.
        said =
          error.code == .unauthorised
          ? "Your session with \(name) was over already.\n"
          : "Your session with \(name) is forgotten here, and no node took the end of it: it goes on "
            + "until \(profile.sessionEnd ?? "its time is over"), or half an hour without a command.\n"
      }
    }
    profile.signOut()
    try folder.keep(profile, as: name)
    Terminal.print(said)
    return .done
  }
}
