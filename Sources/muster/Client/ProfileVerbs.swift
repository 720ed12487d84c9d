/// `muster login`, `muster logout` and `muster profile …`: the clusters that a person works with.
enum ProfileVerbs {
  static let all: [Verb] = [login, logout, list, use, remove]

  private static let profile = Verb.Option.value(
    "profile", "NAME", "Its name. Else MUSTER_PROFILE, or the one in use.")
  private static let name = Verb.Argument("NAME", "The profile's name.")

  private static let login = Verb(
    "login", "Keep where a cluster is, whom to trust and your token, for every later command.",
    options: [
      .value("endpoint", "A,B,C", "The nodes, as host:port. Else MUSTER_ENDPOINT."),
      .value("ca", "FILE", "The authority to trust, a PEM file. Else MUSTER_CA."),
      .value("profile", "NAME", "What to call it. Else MUSTER_PROFILE, or \(ProfileFolder.usual)."),
      .value("timeout", "SECONDS", "How long to keep trying, from 1 to 600."),
    ],
    notes: [
      "The token is asked for without showing it; from a pipe it is read as a line; else it is that of "
        + "MUSTER_TOKEN. It is shown to the cluster before anything is kept, and lies in a file that "
        + "only you may read, in $XDG_CONFIG_HOME/muster or ~/.config/muster.",
      "A profile is used whole. One that is named goes before the environment; the one in use counts "
        + "where no option, variable or local cluster says which cluster is meant.",
    ]
  ) { invocation throws(Failure) in
    let folder = try folder()
    let name =
      invocation["profile"] ?? Environment.value("MUSTER_PROFILE") ?? ProfileFolder.usual
    let file = try folder.file(name)
    guard let endpoint = invocation["endpoint"] ?? Environment.value("MUSTER_ENDPOINT") else {
      throw .usage("Say where the nodes are: --endpoint host:port,… or MUSTER_ENDPOINT.")
    }
    guard let authority = invocation["ca"] ?? Environment.value("MUSTER_CA") else {
      throw .usage("Say whom to trust: --ca FILE or MUSTER_CA.")
    }
    var profile = Profile(
      endpoint: endpoint, authority: try Environment.absolute(authority), token: nil)
    if let token = Environment.value("MUSTER_TOKEN") {
      profile.token = try ClientOptions.checked(token, from: "MUSTER_TOKEN")
    } else {
      profile.token = try ClientOptions.checked(
        try Terminal.secret("Your token: "), from: "what was given")
    }
    var client = try ClientOptions.client(of: profile, invocation)
    let person = try client.read("/v1/me").value["name"]?.text ?? "somebody"
    try folder.keep(profile, as: name)
    try folder.use(name)
    Terminal.print("You are \(Terminal.harmless(person)). Kept in \(file).\n")
    return .done
  }

  private static let logout = Verb(
    "logout", "Forget the token of a profile. Where the cluster is stays known.",
    options: [profile],
    notes: ["The token itself goes on to work, until: muster person revoke TOKEN-ID."]
  ) { invocation throws(Failure) in
    let folder = try folder()
    guard
      let name = invocation["profile"] ?? Environment.value("MUSTER_PROFILE") ?? folder.current
    else { throw .usage("No profile is in use. See: muster profile list") }
    var profile = try folder.profile(name)
    profile.token = nil
    try folder.keep(profile, as: name)
    Terminal.print("The token of \(name) is forgotten. It works until it is revoked.\n")
    return .done
  }

  private static let list = Verb(
    "profile list", "List the clusters that you signed in to."
  ) { _ throws(Failure) in
    let folder = try folder()
    var table = TextTable("PROFILE", "IN USE", "SIGNED IN", "NODES")
    for name in try folder.names() {
      // The others are listed all the same; using this one says what is the matter.
      let profile = try? folder.profile(name)
      table.add(
        name, name == folder.current ? "yes" : "",
        profile.map { $0.token == nil ? "no" : "yes" } ?? "cannot be used",
        profile?.endpoint ?? "")
    }
    Terminal.print(table.text(orElse: "There are none. Sign in with: muster login"))
    return .done
  }

  private static let use = Verb(
    "profile use", "Use a profile from now on.", arguments: [name]
  ) { invocation throws(Failure) in
    try folder().use(invocation.required("NAME"))
    return .done
  }

  private static let remove = Verb(
    "profile remove", "Remove a profile and the token in it from this machine.", arguments: [name]
  ) { invocation throws(Failure) in
    try folder().remove(invocation.required("NAME"))
    return .done
  }

  private static func folder() throws(Failure) -> ProfileFolder {
    guard let folder = ProfileFolder.ofUser() else {
      throw .usage("There is no folder for profiles: set HOME or XDG_CONFIG_HOME.")
    }
    return folder
  }
}
