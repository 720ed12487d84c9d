import JSON

/// `muster me …`: what whoever asks signs in with when there is no token at hand.
enum SignInVerbs {
  static let all: [Verb] = [show, password, codes, clear]

  private static let show = ClientVerb.read(
    "me sign-in", "Show what you sign in with, and where you are signed in."
  ) { _, client throws(Failure) in
    let reply = try client.read("/v1/me/sign-in")
    let left = reply.value["codesLeft"]?.integer ?? 0
    var text = reply.value["password"]?.isTrue == true ? "You have a password.\n" : "No password.\n"
    text += "Printed codes left: \(left).\n"
    var table = TextTable("SIGNED IN WITH", "SINCE", "LAST USED", "UNTIL", "ID")
    for session in reply.value["sessions"]?.elements ?? [] {
      table.add(
        session["label"]?.text ?? "", IncidentText.time(session["issuedAt"]),
        session["lastUsedAt"] == nil ? "" : IncidentText.time(session["lastUsedAt"]),
        IncidentText.time(session["expiresAt"]), session["id"]?.text ?? "")
    }
    return .init(reply: reply, text: text + table.text(orElse: "You are signed in nowhere."))
  }

  private static let password = ClientVerb.write(
    "me password", "Choose a password, to sign in with when there is nothing else.",
    notes: [
      "It is asked for without showing it, the one that you have first, if you have one; from a pipe "
        + "it is read line by line. At least 12 characters of any kind: four words that do not belong "
        + "together are easy to keep in mind. Wherever else you are signed in, you are signed out."
    ]
  ) { _, client throws(Failure) in
    let has = try client.read("/v1/me/sign-in").value["password"]?.isTrue == true
    let current = has ? try Terminal.secret("The password that you have now: ") : nil
    let chosen = try Terminal.secret("A new password: ")
    if Terminal.isInteractive {
      guard try Terminal.secret("The same once more: ") == chosen else {
        throw Failure(
          .refused,
          "Those were two different ones. Nothing was changed. Again: muster me password")
      }
    }
    let reply = try client.write("/v1/me/password") { json in
      json.member("current", current)
      json.member("password", chosen)
    }
    return .init(reply: reply, text: "Your password is set.\n")
  }

  private static let codes = ClientVerb.write(
    "me codes", "Print ten codes, each of which signs you in once. Those before work no more.",
    options: [Consent.yes],
    notes: [
      "They are shown this once. Print them, and keep the paper where you would look at night."
    ]
  ) { invocation, client throws(Failure) in
    let left = try client.read("/v1/me/sign-in").value["codesLeft"]?.integer ?? 0
    if left > 0 {
      try Consent.obtain(
        "The \(left) printed codes that you have left work no more.", invocation)
    }
    let reply = try client.write("/v1/me/codes")
    let codes = reply.result?["codes"]?.elements.compactMap(\.text) ?? []
    guard !codes.isEmpty else {
      throw Failure(.refused, "These were shown before. Ask again for ten others.")
    }
    return .init(reply: reply, text: codes.map { $0 + "\n" }.joined())
  }

  private static let clear = ClientVerb.write(
    "person sign-out", "Take password and codes from somebody and end their sessions.",
    arguments: [.init("PERSON", "Their address or id; me is you.")],
    options: [Consent.yes],
    notes: ["For a lost phone or a stolen sheet. Tokens go on: muster person tokens lists them."]
  ) { invocation, client throws(Failure) in
    try Consent.obtain(
      "Password and printed codes of \(invocation.required("PERSON")) work no more, and their sessions "
        + "end.", invocation)
    let person = PathText.escaped(invocation.required("PERSON"))
    let reply = try client.write("/v1/people/\(person)/sign-in/removal")
    return .init(reply: reply, text: "Done.\n")
  }
}
