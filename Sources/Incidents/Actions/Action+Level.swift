extension Action {
  /// The first behaviour level at which every node knows it.
  package var level: UInt8 {
    switch self {
    case .found, .addPerson, .deactivatePerson, .addTeam, .setMember, .addService,
      .issueCredential, .issueIngestKey, .issueJoinToken, .useJoinToken, .revokeCredential,
      .assignOnCall, .changeSettings, .declare, .incident, .alert, .closeCleared, .releaseLeavers:
      Command.firstLevel
    case .attemptSignIn, .signIn, .changeMeans, .clearMeans, .extendSession, .noteUses, .keepSecret,
      .importDirectory, .breakGlass, .signHead, .noteAttempts, .noteReads, .issueServiceKey:
      2
    }
  }
}
