extension Action {
  /// The first behaviour level at which every node knows it.
  package var level: UInt8 {
    switch self {
    case .found, .addPerson, .deactivatePerson, .addTeam, .setMember, .addService,
      .issueCredential, .issueIngestKey, .issueJoinToken, .useJoinToken, .revokeCredential,
      .assignOnCall, .declare, .incident, .alert, .closeCleared, .releaseLeavers:
      Command.firstLevel
    case .changeSettings(let change): change.extras == Settings.Extras() ? Command.firstLevel : 2
    case .attemptSignIn, .signIn, .changeMeans, .clearMeans, .extendSession, .noteUses, .keepSecret,
      .importDirectory, .breakGlass, .signHead, .noteAttempts, .noteReads, .issueServiceKey, .hold,
      .purge, .eraseContacts, .changeServicePolicy, .arrangeService, .confirmManual, .setLive:
      2
    }
  }
}
