import JSON

/// `muster profile …`: the clusters that a person works with.
enum ProfileVerbs {
  static let all: [Verb] = LoginVerbs.all + [list, use, remove]

  private static let name = Verb.Argument("NAME", "The profile's name.")

  private static let list = Verb(
    "profile list", "List the clusters that you signed in to.", prints: .list(of: "items")
  ) { invocation throws(Failure) in
    let form = try Form(invocation)
    let folder = try folder()
    var table = TextTable("PROFILE", "IN USE", "SIGNED IN", "NODES")
    var items: [JSONValue] = []
    for name in try folder.names() {
      // The others are listed all the same; using this one says what is the matter.
      let profile = try? folder.profile(name)
      let isCurrent = name == folder.current
      table.add(
        name, isCurrent ? "yes" : "",
        profile.map { $0.credential == nil ? "no" : "yes" } ?? "cannot be used",
        profile?.endpoint ?? "")
      items.append([
        "name": JSONValue(.string(name)), "current": JSONValue(.bool(isCurrent)),
        "usable": JSONValue(.bool(profile != nil)),
        "signedIn": JSONValue(.bool(profile?.credential != nil)),
        "account": JSONValue(text: profile?.account),
        "sessionEnds": JSONValue(text: profile?.sessionEnd),
        "endpoint": JSONValue(text: profile?.endpoint), "ca": JSONValue(text: profile?.authority),
      ])
    }
    Terminal.print(
      Output.list(of: "items").text(
        of: ["items": JSONValue(.array(items))],
        words: table.text(orElse: "There are none. Sign in with: muster login"), as: form))
    return .done
  }

  private static let use = Verb(
    "profile use", "Use a profile from now on.", arguments: [name]
  ) { invocation throws(Failure) in
    try folder().use(invocation.required("NAME"))
    return .done
  }

  private static let remove = Verb(
    "profile remove", "Remove a profile and the token in it from this machine.", arguments: [name],
    options: [Consent.yes]
  ) { invocation throws(Failure) in
    try Consent.obtain(
      "The token of \(invocation.required("NAME")) is gone from this machine, and nothing shows it again. "
        + "It works until it is revoked.", invocation)
    try folder().remove(invocation.required("NAME"))
    return .done
  }

  static func folder() throws(Failure) -> ProfileFolder {
    guard let folder = ProfileFolder.ofUser() else {
      throw .usage("There is no folder for profiles: set HOME or XDG_CONFIG_HOME.")
    }
    return folder
  }
}
