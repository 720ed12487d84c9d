import Access
import Bytes
import Crypto
import EventLoop
import HTTP
import Incidents
import JSON
import Raft
import Replication
import Store

@ClientLoop extension Exchange {
  /// What reads a body into an action. It runs inside one read transaction.
  typealias ReadBody<Wanted> =
    @Sendable (Clerk<StateReader>, inout BodyReader) throws(Problem) -> Wanted

  /// A write whose answer is its outcome.
  func write(_ read: ReadBody<Action>) async throws(Problem) -> Response {
    let done = try await submit { _, clerk throws(Problem) in try self.read(clerk, read) }
    return done.response
  }

  /// Something about the incident that the path names.
  func act(
    on name: IncidentName, _ read: ReadBody<IncidentAction>
  ) async throws(Problem) -> Response {
    let done = try await submit { asker, clerk throws(Problem) in
      let incident = try asker.sight.incident(name)
      let action = try self.read(clerk, read)
      if case .note(let note) = action, let position = note.corrects {
        try self.checkEntry(position, of: incident.id, clerk.facts)
      }
      return .incident(incident.id, action)
    }
    return done.response
  }

  /// That an incident has an entry, which it then has for good: none is ever taken away.
  private func checkEntry(
    _ position: UInt64, of incident: ID, _ reader: StateReader
  ) throws(Problem) {
    let isThere = try reader.ask { reader throws(StoreError) in
      try reader.hasEntry(at: position, of: incident)
    }
    guard isThere else {
      var problem = Problem.invalid(
        "Entry \(position) is none of this incident. Its timeline says the position of each.",
        member: "/corrects")
      problem.mayBeNews = true
      throw problem
    }
  }

  /// `POST /v1/people/{person}/tokens`.
  func issueToken(to name: PersonName) async throws(Problem) -> Response {
    try await issue { asker, clerk, token, wish throws(Problem) in
      let person = try clerk.facts.person(name, asker: asker.principal.person)
      return .issueCredential(
        NewCredential(
          id: clerk.makeID(), person: person.id, hash: token.hash, label: wish.label,
          terms: wish.terms))
    }
  }

  /// `POST /v1/services/{service}/ingest-keys`.
  func issueIngestKey(for name: String) async throws(Problem) -> Response {
    try await issue { _, clerk, token, wish throws(Problem) in
      let service = try clerk.facts.service(name)
      return .issueIngestKey(
        NewIngestKey(
          id: clerk.makeID(), service: service.id, hash: token.hash, label: wish.label,
          terms: wish.terms))
    }
  }

  /// `POST /v1/services/{service}/keys`.
  func issueServiceKey(for name: String) async throws(Problem) -> Response {
    let token = Token.make()
    var isCertificate = false
    let done = try await submit { _, clerk throws(Problem) in
      let service = try clerk.facts.service(name)
      let new = try self.read(clerk) { clerk, body throws(Problem) in
        try clerk.serviceKey(of: service, token: token, &body)
      }
      isCertificate = new.isCertificate
      return .issueServiceKey(new)
    }
    return done.answer { json in
      json.member("token", done.isRepeat || isCertificate ? nil : token.spelling)
    }
  }

  /// Issues a credential and shows its secret.
  private func issue(
    _ make: (
      Asker, Clerk<StateReader>, Token, _ wish: (label: String, terms: TokenTerms)
    ) throws(Problem) -> Action
  ) async throws(Problem) -> Response {
    let token = Token.make()
    let done = try await submit { asker, clerk throws(Problem) in
      let wish = try self.read(clerk) { clerk, body throws(Problem) in
        try clerk.tokenWish(&body, prefix: token.shown)
      }
      return try make(asker, clerk, token, wish)
    }
    // A repeat issues nothing: the token that it is about was shown the first time, to whoever
    // asked then, and nobody has it any more.
    return done.answer { json in
      json.member("token", done.isRepeat ? nil : token.spelling)
    }
  }

  /// `POST /v1/people/{person}/deactivation`.
  func deactivate(_ name: PersonName) async throws(Problem) -> Response {
    let done = try await submit { asker, clerk throws(Problem) in
      try self.read(clerk) { clerk, body throws(Problem) in try clerk.nothing(&body) }
      return .deactivatePerson(
        try clerk.facts.person(name, asker: asker.principal.person).id)
    }
    return done.response
  }

  /// `POST /v1/alerts/alertmanager`.
  ///
  /// No idempotency key: that it is said again is news, and the domain counts it. So what was taken
  /// before the time was over may be sent again with the rest.
  func takeAlerts() async throws(Problem) -> Response {
    let (commands, leftOut) = try await knowingNews { proof throws(Problem) in
      try self.alertCommands(of: proof)
    }
    var done: [Done] = []
    for command in commands {
      do throws(Problem) {
        done.append(try await submit(command, foreseen: .proceed))
      } catch  where error.status == .serviceUnavailable && !done.isEmpty {
        throw .partlyTaken(done.count, of: commands.count)
      }
    }
    return Done.response(to: done, leftOut: leftOut)
  }

  /// Reads the alerts that whoever has `token` posts, in one read transaction.
  private func alertCommands(
    of proof: Proof
  ) throws(Problem) -> (commands: [Command], leftOut: UInt32) {
    let now = Wall.now()
    let reader = api.reader
    return try reader.within(deadline) { () throws(Problem) in
      let sender = try reader.alertSender(of: proof)
      let clerk = Clerk(facts: reader, now: now, random: randomUInt64Pair)
      return try read(clerk) { clerk, body throws(Problem) in
        let webhook = try AlertmanagerWebhook(&body)
        let commands = webhook.notifications(clerk, service: sender.service).map { notification in
          Command(
            actor: sender.actor, receivedAt: now, salt: secureRandom(Bound.salt),
            action: .alert(notification))
        }
        return (commands, leftOut: webhook.leftOut)
      }
    }
  }

  /// Reads the whole body.
  func read<Wanted>(
    _ clerk: Clerk<StateReader>, _ read: ReadBody<Wanted>
  ) throws(Problem) -> Wanted {
    var body = BodyReader(request.body)
    let wanted = try read(clerk, &body)
    try body.finish()
    return wanted
  }
}

/// The way of a write.
@ClientLoop extension Exchange {
  /// What was made of a request before anything was sent.
  struct Prepared<Value> {
    let asker: Asker
    let value: Value
  }

  /// Who asks, and when it came.
  struct Asker {
    let principal: Principal
    let now: Int64
    let sight: Sight

    /// A command of theirs.
    func command(
      _ action: Action, key: IdempotencyKey? = nil, expecting version: UInt64? = nil
    ) -> Command {
      Command(
        actor: principal.actor, key: key, receivedAt: now, salt: secureRandom(Bound.salt),
        expectedVersion: version, action: action)
    }
  }

  /// Authenticates and reads the request in one read transaction.
  func prepare<Value>(
    _ make: (Asker, Clerk<StateReader>) throws(Problem) -> Value
  ) async throws(Problem) -> Prepared<Value> {
    try await knowingNews { proof throws(Problem) in try self.prepareOnce(proof, make) }
  }

  /// Reads with the request's token.
  ///
  /// What this node does not know may be news that has not reached it yet. Before such an answer it
  /// makes sure that it has all that was acknowledged to anybody, and looks once more. Where nobody
  /// confirms that, it has nothing to say about the request but that nothing was done.
  private func knowingNews<Value>(
    _ read: (Proof) throws(Problem) -> Value
  ) async throws(Problem) -> Value {
    let proof = try self.proof()
    do throws(Problem) {
      return try read(proof)
    } catch {
      guard error.mayBeNews else { throw error }
      if error.needsToken { try admitStranger() }
      try await confirm(orElse: Problem.notAccepted)
      return try read(proof)
    }
  }

  private func prepareOnce<Value>(
    _ proof: Proof, _ make: (Asker, Clerk<StateReader>) throws(Problem) -> Value
  ) throws(Problem) -> Prepared<Value> {
    let now = Wall.now()
    let reader = api.reader
    return try reader.within(deadline) { () throws(Problem) in
      let principal = try reader.principal(of: proof)
      api.welcome(principal, proof, at: now)
      // What is decided here is only whether to send it.
      let sight = Sight(reader: reader, person: principal.person, certainty: .confirmed, now: now)
      let asker = Asker(principal: principal, now: now, sight: sight)
      let clerk = Clerk(
        facts: reader, now: now, asker: principal.scopes == nil ? principal.person.id : nil,
        random: randomUInt64Pair)
      return Prepared(asker: asker, value: try make(asker, clerk))
    }
  }

  /// Has an action done, and answers what came of it.
  func submit(
    _ make: (Asker, Clerk<StateReader>) throws(Problem) -> Action
  ) async throws(Problem) -> Done {
    _ = try proof()
    let key = try idempotencyKey()
    let expected = try expectedVersion()
    let isLeading = api.cluster.status.role == .leader
    let prepared = try await prepare { asker, clerk throws(Problem) in
      let action = try make(asker, clerk)
      try asker.sight.check(action)
      let command = asker.command(action, key: key, expecting: expected)
      return (command, isLeading ? try foresee(command) : .proceed)
    }
    return try await submit(prepared.value.0, foreseen: prepared.value.1)
  }

  /// Has a command done, unless its end is known already: a repeat, or a refusal by the leader.
  ///
  /// A refusal is a statement about the latest state, and a leader may have lost its office without
  /// knowing: so it is confirmed as a read is. Only refusals pay for that. Where nobody confirms,
  /// nothing was done and nothing is known to be wrong with it.
  func submit(_ command: Command, foreseen: Preflight) async throws(Problem) -> Done {
    if let done = try Self.end(foreseen, isLatest: false) { return done }
    if case .refused = foreseen {
      try await confirm(orElse: Problem.notAccepted)
      let reader = api.reader
      let latest = try reader.within(deadline) { () throws(Problem) in try foresee(command) }
      if let done = try Self.end(latest, isLatest: true) { return done }
    }

    let bytes = command.encoded()
    guard bytes.count <= Command.largest else { throw .commandTooLarge }
    guard deadline.isOpen else { throw .notAccepted(retryAfterMilliseconds: 1_000) }
    switch await api.cluster.submit(bytes, within: deadline.left) {
    case .outcome(let entry): return try Done(entry)
    case .notAccepted(let retryAfter, _):
      throw .notAccepted(retryAfterMilliseconds: retryAfter.nanoseconds / 1_000_000)
    case .unknown: throw .outcomeUnknown
    }
  }

  /// What a command comes to without being sent, if it does.
  ///
  /// - Parameter isLatest: Whether the state that foresaw it was confirmed, so that it may refuse.
  private nonisolated static func end(
    _ foreseen: Preflight, isLatest: Bool
  ) throws(Problem) -> Done? {
    switch foreseen {
    case .refused(let refusal) where isLatest: throw Problem(refusal)
    case .proceed, .refused: return nil
    case .keyReused: throw .keyReused
    case .remembered(let outcome, let position):
      return Done(position: position, outcome: outcome, isRepeat: true)
    }
  }

  /// What the latest state that this node has says about a command. Within a read transaction.
  func foresee(_ command: Command) throws(Problem) -> Preflight {
    try api.reader.ask { reader throws(StoreError) in
      try reader.preflight(command, now: Wall.now())
    }
  }
}
