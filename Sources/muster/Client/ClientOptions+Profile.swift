/// The profile that the options and the environment mean.
extension ClientOptions {
  /// The standing of the profile to use whole, or `nil` where options, variables or a local cluster say it all.
  static func profile(_ invocation: Invocation, hasLocal: Bool) throws(Failure) -> Standing? {
    guard let folder = ProfileFolder.ofUser() else { return nil }
    let variables = ["MUSTER_ENDPOINT", "MUSTER_CA", "MUSTER_TOKEN", "MUSTER_TOKEN_FILE"]
    let name = try ProfileFolder.choice(
      option: invocation["profile"],
      others: ["endpoint", "ca", "token-file"].filter { invocation[$0] != nil }.map { "--\($0)" },
      variable: Environment.value("MUSTER_PROFILE"),
      isElsewhere: hasLocal || variables.contains { Environment.value($0) != nil },
      current: folder.current)
    guard let name else { return nil }
    let profile = try folder.profile(name)
    guard let standing = profile.standing(named: name) else {
      throw Failure(
        .unauthorised, "You are signed out of \(name). Sign in: muster login --profile \(name)")
    }
    return standing
  }
}
